import type { IncomingMessage, ServerResponse } from 'node:http';

import type { ComponentLog } from './ComponentLogs.ts';

/** Logs a request when it has been answered; without its query, which may hold a token. */
export function logAnswer(
  log: ComponentLog,
  { method, url = '' }: IncomingMessage,
  response: ServerResponse,
): void {
  response.once('close', () => {
    const path = url.split('?', 1)[0] ?? '';
    if (path === '/healthz') return;
    const { statusCode, writableFinished } = response;
    log.info(writableFinished ? 'request' : 'the client went away', {
      method,
      url: path,
      statusCode,
    });
  });
}
