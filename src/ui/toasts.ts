/** One message that is shown above every page of ours until its time is over or it is closed. */
export interface Toast {
  id: number;
  tone: 'success' | 'danger' | 'warning' | 'info';
  title: string;
  detail?: string;
}

/** As long as PatternFly advises. Failures stay until they are closed: their text is needed to act on them. */
const SHOWN_FOR_MS = 8000;
/** More than these would cover the page; the oldest gives way. */
const MAX_TOASTS = 5;

let toasts: readonly Toast[] = [];
let nextId = 1;
const listeners = new Set<() => void>();

function publish(next: readonly Toast[]): void {
  toasts = next;
  for (const listener of listeners) listener();
}

/**
 * Shows a message. The store belongs to the module and not to a page, so that a message about an
 * action survives the navigation that follows it.
 */
export function toastAdd(toast: Omit<Toast, 'id'>): number {
  const id = nextId;
  nextId += 1;
  publish([...toasts, { ...toast, id }].slice(-MAX_TOASTS));
  if (toast.tone !== 'danger') setTimeout(() => toastRemove(id), SHOWN_FOR_MS);
  return id;
}

export function toastRemove(id: number): void {
  if (toasts.some((toast) => toast.id === id)) publish(toasts.filter((toast) => toast.id !== id));
}

export function toastsSubscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

export function toastsNow(): readonly Toast[] {
  return toasts;
}
