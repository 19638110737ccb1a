/**
 * What a handler answers. Without `json`, `text` and `bytes` the body is empty, as virt-api's 202 to
 * a start request.
 */
export type ApiReply = { code: number; warnings?: readonly string[] } & (
  | { json: unknown }
  | { text: string }
  | { bytes: Uint8Array; contentType: string }
  | { empty: true }
);
