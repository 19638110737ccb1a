import { createHash, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { isObject, type JsonObject } from '../json.ts';

/** The public part of a key as `/openid/v1/jwks` shows it (RFC 7517). */
export interface JsonWebKey {
  readonly use: 'sig';
  readonly kty: string;
  readonly kid: string;
  readonly alg: 'ES256';
  readonly crv: string;
  readonly x: string;
  readonly y: string;
}

/** `key` is an EC key on P-256. */
export function publicJwk(key: KeyObject): JsonWebKey {
  const { kty = '', crv = '', x = '', y = '' } = createPublicKey(key).export({ format: 'jwk' });
  // RFC 7638: a hash over the required members in the order of their names.
  const kid = createHash('sha256').update(JSON.stringify({ crv, kty, x, y })).digest('base64url');
  return { use: 'sig', kty, kid, alg: 'ES256', crv, x, y };
}

/** A JSON Web Token in the compact form of RFC 7515, signed with ES256. */
export function signJwt(claims: JsonObject, key: KeyObject): string {
  const header = { alg: 'ES256', kid: publicJwk(key).kid };
  const signed = `${encode(header)}.${encode(claims)}`;
  const signature = sign('sha256', Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' });
  return `${signed}.${signature.toString('base64url')}`;
}

/** The claims of a token that this key has signed; undefined for every other text. */
export function verifyJwt(token: string, key: KeyObject): JsonObject | undefined {
  const [header, claims, signature, ...rest] = token.split('.');
  if (header === undefined || claims === undefined || signature === undefined) return undefined;
  if (rest.length > 0 || decode(header)?.['alg'] !== 'ES256') return undefined;
  const isOurs = verify(
    'sha256',
    Buffer.from(`${header}.${claims}`),
    { key, dsaEncoding: 'ieee-p1363' },
    Buffer.from(signature, 'base64url'),
  );
  return isOurs ? decode(claims) : undefined;
}

const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');

function decode(part: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString());
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
