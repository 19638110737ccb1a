import { Buffer } from 'buffer';
import { PrivateKeyError } from './PrivateKeyError';
import { SshDataReader } from './sshLibrary';

const magic = 'openssh-key-v1\0';

/**
 * Reads a private key as `ssh-keygen` writes it, or as PKCS #8 or PKCS #1 in PEM. Rejects with a
 * PrivateKeyError. Source: openssh-portable PROTOCOL.key.
 */
export async function privateKeyJwk(text: string, passphrase: string): Promise<JsonWebKey> {
  const [, label = '', body = ''] =
    /-----BEGIN ([A-Z ]*PRIVATE KEY)-----([\s\S]*?)-----END/.exec(text) ?? [];
  if (label === '') throw new PrivateKeyError('This is not a private key.');
  if (body.includes(':')) throw new PrivateKeyError('This kind of key is not supported here.');
  const bytes = Buffer.from(body.replaceAll(/\s/g, ''), 'base64');
  switch (label) {
    case 'OPENSSH PRIVATE KEY':
      return openSshJwk(bytes, passphrase);
    case 'PRIVATE KEY':
      return pkcs8Jwk(bytes);
    case 'RSA PRIVATE KEY':
      return pkcs8Jwk(pkcs8OfRsa(bytes));
    default:
      throw new PrivateKeyError('This kind of key is not supported here.');
  }
}

async function openSshJwk(bytes: Buffer, passphrase: string): Promise<JsonWebKey> {
  if (bytes.subarray(0, magic.length).toString('latin1') !== magic) {
    throw new PrivateKeyError('This is not a private key.');
  }
  const reader = new SshDataReader(bytes.subarray(magic.length));
  const cipher = reader.readString('ascii');
  const derivation = reader.readString('ascii');
  const options = reader.readBinary();
  if (reader.readUInt32() !== 1) {
    throw new PrivateKeyError('This kind of key is not supported here.');
  }
  reader.readBinary();
  const stored = reader.readBinary();
  if (cipher === 'none') return openKeyJwk(stored);
  // What ssh-keygen writes since OpenSSH 6.9 (2015).
  if (derivation !== 'bcrypt' || cipher !== 'aes256-ctr') {
    throw new PrivateKeyError('This kind of key is not supported here.');
  }
  if (passphrase === '') throw new PrivateKeyError('The key needs its passphrase.');
  return openKeyJwk(await decrypt(stored, options, passphrase));
}

async function decrypt(stored: Buffer, options: Buffer, passphrase: string): Promise<Buffer> {
  // A chunk of its own: most keys have no passphrase.
  const { pbkdf } = await import('bcrypt-pbkdf');
  const reader = new SshDataReader(options);
  const salt = reader.readBinary();
  const rounds = reader.readUInt32();
  const phrase = Buffer.from(passphrase, 'utf8');
  const derived = new Uint8Array(48);
  pbkdf(phrase, phrase.length, salt, salt.length, derived, derived.length, rounds);
  const name = 'AES-CTR';
  const bytes = derived.slice(0, 32);
  const key = await crypto.subtle.importKey('raw', bytes, name, false, ['decrypt']);
  const counter = { name, counter: derived.slice(32), length: 128 };
  return Buffer.from(await crypto.subtle.decrypt(counter, key, new Uint8Array(stored)));
}

function openKeyJwk(bytes: Buffer): JsonWebKey {
  const reader = new SshDataReader(bytes);
  if (reader.readUInt32() !== reader.readUInt32()) {
    throw new PrivateKeyError('The passphrase is wrong.');
  }
  const type = reader.readString('ascii');
  if (type === 'ssh-ed25519') {
    const x = reader.readBinary();
    const d = reader.readBinary().subarray(0, 32);
    return { kty: 'OKP', crv: 'Ed25519', x: base64Url(x), d: base64Url(d) };
  }
  if (type === 'ssh-rsa') {
    const [n, e, d, qi, p, q] = Array.from({ length: 6 }, () => unsigned(reader.readBinary()));
    if (!n || !e || !d || !qi || !p || !q) throw new PrivateKeyError('This is not a private key.');
    return {
      ...{ kty: 'RSA', n: base64Url(n), e: base64Url(e), d: base64Url(d), qi: base64Url(qi) },
      ...{ p: base64Url(p), q: base64Url(q) },
      ...{ dp: base64Url(remainder(d, p)), dq: base64Url(remainder(d, q)) },
    };
  }
  const curve = /^ecdsa-sha2-nistp(256|384)$/.exec(type)?.[1];
  if (curve === undefined) throw new PrivateKeyError('This kind of key is not supported here.');
  reader.readString('ascii');
  // An uncompressed point: 4, then both coordinates.
  const point = reader.readBinary().subarray(1);
  const half = point.length / 2;
  const scalar = unsigned(reader.readBinary());
  const d = Buffer.concat([Buffer.alloc(half - scalar.length), scalar]);
  const [x, y] = [point.subarray(0, half), point.subarray(half)];
  return { kty: 'EC', crv: `P-${curve}`, x: base64Url(x), y: base64Url(y), d: base64Url(d) };
}

/** Exponents modulo p-1 and q-1, which OpenSSH leaves out and Web Cryptography wants. */
function remainder(d: Buffer, prime: Buffer): Buffer {
  const value = BigInt(`0x${d.toString('hex')}`) % (BigInt(`0x${prime.toString('hex')}`) - 1n);
  const hex = value.toString(16);
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
}

/** Without the zero that keeps a number of SSH from being negative. */
function unsigned(number: Buffer): Buffer {
  return number[0] === 0 ? number.subarray(1) : number;
}

function base64Url(bytes: Buffer): string {
  const text = bytes.toString('base64');
  return text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

const kinds = [
  { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-512' },
  { name: 'ECDSA', namedCurve: 'P-256' },
  { name: 'ECDSA', namedCurve: 'P-384' },
  { name: 'Ed25519' },
];

/** The browser reads PKCS #8 itself, but has to be told what is in it. */
async function pkcs8Jwk(bytes: Buffer): Promise<JsonWebKey> {
  for (const kind of kinds) {
    try {
      const key = await crypto.subtle.importKey('pkcs8', new Uint8Array(bytes), kind, true, [
        'sign',
      ]);
      return await crypto.subtle.exportKey('jwk', key);
    } catch {
      continue;
    }
  }
  throw new PrivateKeyError('This kind of key is not supported here.');
}

/** PKCS #1 in the frame of PKCS #8: version 0, rsaEncryption, the key (RFC 5208 section 5). */
function pkcs8OfRsa(key: Buffer): Buffer {
  const algorithm = Buffer.from('300d06092a864886f70d0101010500', 'hex');
  return der(0x30, Buffer.concat([Buffer.from('020100', 'hex'), algorithm, der(0x04, key)]));
}

/** A value in DER with a length of two bytes, enough for keys. */
function der(tag: number, content: Buffer): Buffer {
  return Buffer.concat([
    Buffer.from([tag, 0x82, content.length >> 8, content.length & 0xff]),
    content,
  ]);
}
