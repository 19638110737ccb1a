import type { Readable } from 'node:stream';

/**
 * What a handler answers. Without `json`, `text` and `bytes` the body is empty, as virt-api's 202 to
 * a start request.
 */
export type WholeReply = { code: number; warnings?: readonly string[] } & (
  | { json: unknown }
  | { text: string }
  | { bytes: Uint8Array; contentType: string }
  | { empty: true }
);

/** A body that is sent as it comes, until the stream ends or the client goes away. */
export interface StreamReply {
  code: number;
  warnings?: readonly string[];
  stream: Readable;
  contentType: string;
}

export type ApiReply = WholeReply | StreamReply;
