import type { ServerResponse } from 'node:http';
import type { WebSocket } from 'ws';
import type { ApiContext } from '../ApiContext.ts';
import type { Answer } from './RequestPipeline.ts';
import { WatchSession } from './WatchSession.ts';

type WatchAnswer = Extract<Answer, { kind: 'watch' }>;

/** A watch over chunked HTTP: one JSON text per line. */
export function streamWatch(
  context: ApiContext,
  { target, form }: WatchAnswer,
  query: URLSearchParams,
  response: ServerResponse,
): void {
  const session = new WatchSession(context, target, query, form, {
    write: (frame) => response.write(frame),
    end: () => response.end(),
    abort: () => response.destroy(),
  });
  response.writeHead(200, {
    'content-type': 'application/json',
    'cache-control': 'no-cache, private',
  });
  response.flushHeaders();
  response.on('drain', () => {
    session.resume();
  });
  response.once('close', () => {
    session.close();
  });
  session.start();
}

/** More than this in the socket means that its reader is slow. */
const highWaterBytes = 256 * 1024;

/** A watch over a WebSocket: one text frame per event. */
export function socketWatch(
  context: ApiContext,
  { target, form }: WatchAnswer,
  query: URLSearchParams,
  socket: WebSocket,
): void {
  const session = new WatchSession(context, target, query, form, {
    write: (frame) => {
      socket.send(frame, { binary: false }, () => {
        if (socket.bufferedAmount < highWaterBytes) session.resume();
      });
      return socket.bufferedAmount < highWaterBytes;
    },
    end: () => {
      socket.close(1000);
    },
    abort: () => {
      socket.terminate();
    },
  });
  socket.once('close', () => {
    session.close();
  });
  session.start();
}
