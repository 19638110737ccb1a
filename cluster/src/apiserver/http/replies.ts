import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { FastifyReply } from 'fastify';
import { ApiError, internal, RawReplyError } from '../ApiError.ts';
import type { ApiReply, WholeReply } from '../ApiReply.ts';
import { messageOf } from '../../client/messageOf.ts';

/** Smaller bodies are not worth the work (the API server's own threshold). */
const gzipFromBytes = 128 * 1024;

const compress = promisify(gzip);

/** Makes the reply of what a handler threw; what is no ApiError is a defect and logged in full. */
export function failureReply(error: unknown, log: (message: string) => void): WholeReply {
  if (error instanceof RawReplyError) return error.reply;
  if (error instanceof ApiError) return { code: error.code, json: error.status };
  log(error instanceof Error ? (error.stack ?? error.message) : String(error));
  const text = messageOf(error);
  return { code: 500, json: internal(text).status };
}

/** The body of a reply with its media type. */
export function encodeReply(reply: WholeReply): { contentType: string; body: Buffer } {
  if ('json' in reply) {
    return { contentType: 'application/json', body: Buffer.from(JSON.stringify(reply.json)) };
  }
  if ('text' in reply) {
    return { contentType: 'text/plain; charset=utf-8', body: Buffer.from(reply.text) };
  }
  if ('bytes' in reply) return { contentType: reply.contentType, body: Buffer.from(reply.bytes) };
  return { contentType: '', body: Buffer.alloc(0) };
}

export async function sendReply(
  to: FastifyReply,
  reply: ApiReply,
  warnings: readonly string[],
  acceptEncoding: string | undefined,
): Promise<FastifyReply> {
  to.code(reply.code);
  to.header('cache-control', 'no-cache, private');
  const texts = [...warnings, ...(reply.warnings ?? [])];
  if (texts.length > 0) {
    to.header(
      'warning',
      texts.map((text) => `299 - ${JSON.stringify(oneLine(text))}`),
    );
  }
  if ('stream' in reply) return to.header('content-type', reply.contentType).send(reply.stream);
  const { contentType, body } = encodeReply(reply);
  if (contentType !== '') to.header('content-type', contentType);
  const isGzip = body.length >= gzipFromBytes && (acceptEncoding ?? '').includes('gzip');
  if (!isGzip) return to.send(body);
  to.header('content-encoding', 'gzip').header('vary', 'Accept-Encoding');
  return to.send(await compress(body, { level: 1 }));
}

/** Headers hold no line breaks and no characters beyond Latin-1. */
function oneLine(text: string): string {
  return text.replace(/[^\x20-\x7e\xa0-\xff]+/g, ' ');
}
