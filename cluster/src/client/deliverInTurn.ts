/**
 * Hands over items in order, in a later turn than they came: a watcher never runs inside the write
 * that it sees. Nothing is delivered after `close`.
 */
export function deliverInTurn<T>(deliver: (item: T) => void): {
  push(item: T): void;
  close(): void;
} {
  let waiting: T[] = [];
  let closed = false;
  let scheduled = false;

  const drain = () => {
    scheduled = false;
    const items = waiting;
    waiting = [];
    for (const item of items) {
      if (isClosed()) return;
      deliver(item);
    }
  };
  const isClosed = () => closed;

  return {
    push(item) {
      waiting.push(item);
      if (scheduled || closed) return;
      scheduled = true;
      setImmediate(drain);
    },
    close() {
      closed = true;
      waiting = [];
    },
  };
}
