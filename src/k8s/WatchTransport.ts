export type SocketHandlers = {
  opened(): void;
  message(text: string): void;
  /** Once, also when the socket never opened; never after `close()` was called. */
  closed(): void;
};

/** How the watch store reaches the API server. `path` starts with `/api` or `/apis`. */
export type WatchTransport = {
  fetchJson(path: string, signal: AbortSignal): Promise<unknown>;
  openSocket(path: string, handlers: SocketHandlers): { close(): void };
};
