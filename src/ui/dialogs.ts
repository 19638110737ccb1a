import type { ReactNode } from 'react';

/** Draws a dialog; `close` takes it away. */
export type Dialog = (close: () => void) => ReactNode;

let open: { dialog: Dialog; close: () => void; id: number } | undefined;
let nextId = 1;
const listeners = new Set<() => void>();

function publish(next: typeof open): void {
  open = next;
  for (const listener of [...listeners]) listener();
}

/**
 * Shows a dialog above the page; one that is open gives way. The store belongs to the module, so that
 * a row of a table can open one and be gone meanwhile. Each page of ours renders a `DialogHost`.
 */
export function dialogOpen(dialog: Dialog): void {
  const id = nextId;
  nextId += 1;
  const close = () => {
    if (open?.id === id) publish(undefined);
  };
  publish({ dialog, close, id });
}

export function dialogsSubscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

export function dialogNow(): typeof open {
  return open;
}
