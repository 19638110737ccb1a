import type { GuestEnd } from './GuestRuntime.ts';

export interface Ending {
  end: GuestEnd;
  detail: string;
}

/** How a guest ends, in words for people. */
export const endings = {
  shutdown: { end: 'shutdown', detail: 'The guest powered itself off' },
  watchdog: { end: 'shutdown', detail: 'The watchdog switched the guest off' },
  destroyed: { end: 'destroyed', detail: 'The guest was ended' },
  signal: { end: 'destroyed', detail: 'The guest was ended by a signal from outside' },
  panic: { end: 'crashed', detail: "The guest's kernel panicked; its serial log may tell why" },
} as const satisfies Record<string, Ending>;

/** ShutdownCause of QEMU's qapi/run-state.json. */
export function shutdownEnding(cause: string): Ending {
  switch (cause) {
    case 'guest-shutdown':
      return endings.shutdown;
    case 'guest-panic':
      return endings.panic;
    case 'host-signal':
      return endings.signal;
    default:
      return endings.destroyed;
  }
}
