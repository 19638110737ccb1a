import {
  createHash,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  type KeyObject,
} from 'node:crypto';

import { expect, it } from 'vitest';
import { SshDataWriter } from './sshLibrary';
import { x25519 } from './x25519';

/** A number as the SSH library writes it: RFC 4251 section 5. */
function mpint(bytes: Buffer): Buffer {
  const hex = bytes.toString('hex').replace(/^(?:00)+/, '');
  const digits = Buffer.from(hex, 'hex');
  return (digits[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.alloc(1), digits]) : digits;
}

function written(...values: readonly Buffer[]): Buffer {
  const writer = new SshDataWriter(Buffer.alloc(256));
  for (const value of values) writer.writeBinary(value);
  return writer.toBuffer();
}

function sha256(data: Buffer): Buffer {
  return createHash('sha256').update(data).digest();
}

/** A server's key whose first byte is as wished: numbers and strings differ by it. */
function serverKey(isWished: (first: number) => boolean): { point: Buffer; privateKey: KeyObject } {
  for (;;) {
    const { publicKey, privateKey } = generateKeyPairSync('x25519');
    const point = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url');
    if (isWished(point[0] ?? 0)) return { point, privateKey };
  }
}

/** DER before the 32 bytes of a public key: RFC 8410. */
const spki = Buffer.from('302a300506032b656e032100', 'hex');

it.each([
  ['a high first bit', (first: number) => first >= 0x80],
  ['a zero at first', (first: number) => first === 0],
  ['neither', (first: number) => first > 0 && first < 0x80],
])('both sides have one secret and one hash: %s', async (_name, isWished) => {
  const server = serverKey(isWished);
  const exchange = x25519[0]?.createKeyExchange();
  if (!exchange) throw new Error('There is no such algorithm.');
  const own = await exchange.startKeyExchange();
  const secret = await exchange.decryptKeyExchange(server.point);
  const shared = diffieHellman({
    privateKey: server.privateKey,
    publicKey: createPublicKey({
      key: Buffer.concat([spki, own]),
      format: 'der',
      type: 'spki',
    }),
  });
  expect(secret).toEqual(mpint(shared));

  // As the library writes it, and as RFC 8731 wants it.
  const before = written(Buffer.from('SSH-2.0-one'), Buffer.from('SSH-2.0-two'));
  const library = written(mpint(own), mpint(server.point), mpint(shared));
  const wanted = written(own, server.point, mpint(shared));
  const hash = sha256(Buffer.concat([before, wanted]));
  expect(await exchange.sign(Buffer.concat([before, library]))).toEqual(hash);
  // What the keys are made of is hashed as it is.
  const keys = Buffer.concat([written(mpint(shared)), hash, Buffer.from('A'), hash]);
  expect(await exchange.sign(keys)).toEqual(sha256(keys));
});

it('a point of a small order, by which everybody would know the secret, is refused', async () => {
  const exchange = x25519[0]?.createKeyExchange();
  await exchange?.startKeyExchange();
  await expect(exchange?.decryptKeyExchange(Buffer.alloc(32))).rejects.toThrow();
});
