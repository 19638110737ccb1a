import { type RefObject, useEffect, useRef, useState } from 'react';
import { useSyncExternalStore } from 'use-sync-external-store/shim';
import type { ConsoleState } from './ConsoleState';
import type { Guest } from './useGuest';

type Session = {
  state: { get: () => ConsoleState; subscribe: (listener: () => void) => () => void };
  open(): void;
  hold(): void;
  close(): void;
};

const idle: ConsoleState = { phase: 'idle' };
const none = { get: () => idle, subscribe: () => () => undefined };

/**
 * Ties a session to an element and to the guest: made when the element is there, opened whenever
 * the guest runs (also again, after a restart), closed when the page goes. `create` must keep its
 * identity for one guest.
 */
export function useConsoleSession<S extends Session>(
  guest: Guest,
  create: (target: HTMLElement) => S,
): { target: RefObject<HTMLDivElement>; session: S | undefined; state: ConsoleState } {
  const target = useRef<HTMLDivElement>(null);
  const [session, setSession] = useState<S>();

  // The session lives outside React, in an element that React leaves alone.
  useEffect(() => {
    if (target.current === null) return undefined;
    const created = create(target.current);
    setSession(created);
    return () => {
      created.close();
      setSession(undefined);
    };
  }, [create]);

  const run = guest.state === 'running' ? guest.run : undefined;
  // Connects to the guest, and again to the next one of the same name.
  useEffect(() => {
    if (run === undefined) session?.hold();
    else session?.open();
  }, [session, run]);

  const source = session?.state ?? none;
  const state = useSyncExternalStore(source.subscribe, source.get);
  return { target, session, state };
}
