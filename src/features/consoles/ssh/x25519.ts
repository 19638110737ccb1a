import { Buffer } from 'buffer';
import { KeyExchangeAlgorithm, SshDataWriter } from './sshLibrary';

/** As Web Cryptography calls it. */
const webName = 'X25519';
const webHash = 'SHA-256';
const keyLength = 32;

/** A number as SSH writes it, without its length: no zeros before it, but one where it would look negative. */
function mpint(bytes: Buffer): Buffer {
  const start = bytes.findIndex((byte) => byte !== 0);
  if (start < 0) return Buffer.alloc(0);
  const digits = bytes.subarray(start);
  return (digits[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.alloc(1), digits]) : digits;
}

function withLengths(values: readonly Buffer[]): Buffer {
  const writer = new SshDataWriter(Buffer.alloc(128));
  for (const value of values) writer.writeBinary(value);
  return writer.toBuffer();
}

/** One exchange of keys as RFC 8731 has it; the arithmetic is the browser's. */
class X25519Exchange {
  readonly digestLength = keyLength;
  #privateKey: CryptoKey | undefined;
  #own: Buffer = Buffer.alloc(0);
  #other: Buffer = Buffer.alloc(0);
  #secret: Buffer = Buffer.alloc(0);

  async startKeyExchange(): Promise<Buffer> {
    const pair = await crypto.subtle.generateKey(webName, false, ['deriveBits']);
    if (!('privateKey' in pair)) throw new TypeError('A pair of keys is expected.');
    this.#privateKey = pair.privateKey;
    this.#own = Buffer.from(await crypto.subtle.exportKey('raw', pair.publicKey));
    return this.#own;
  }

  /** The secret that both sides have now. Rejects what is no point, and one that would make it known to all. */
  async decryptKeyExchange(exchangeValue: Buffer): Promise<Buffer> {
    if (this.#privateKey === undefined) throw new Error('The exchange of keys has not begun.');
    if (exchangeValue.length !== keyLength) throw new Error('A key of 32 bytes is expected.');
    this.#other = Buffer.from(exchangeValue);
    const point = new Uint8Array(exchangeValue);
    const other = await crypto.subtle.importKey('raw', point, webName, false, []);
    const bits = await crypto.subtle.deriveBits(
      { name: webName, public: other },
      this.#privateKey,
      keyLength * 8,
    );
    this.#secret = mpint(Buffer.from(bits));
    return this.#secret;
  }

  /**
   * The hash of what both sides have said. It ends with both points and the secret; the library writes
   * all three as numbers, RFC 8731 section 3.1 the points as they are.
   */
  async sign(data: Buffer): Promise<Buffer> {
    const asNumbers = withLengths([mpint(this.#own), mpint(this.#other), this.#secret]);
    const at = data.length - asNumbers.length;
    const isExchange = at >= 0 && asNumbers.equals(data.subarray(at));
    const hashed = isExchange
      ? Buffer.concat([data.subarray(0, at), withLengths([this.#own, this.#other, this.#secret])])
      : data;
    return Buffer.from(await crypto.subtle.digest(webHash, new Uint8Array(hashed)));
  }

  dispose(): void {
    this.#privateKey = undefined;
  }
}

/** The exchange of keys that servers prefer, and some ask for; the SSH library does not bring it. */
class X25519 extends KeyExchangeAlgorithm {
  constructor(name: string) {
    super(name, keyLength * 8, 'SHA2-256', keyLength);
  }

  createKeyExchange(): X25519Exchange {
    return new X25519Exchange();
  }
}

/** By both of its names: the second is that of servers older than RFC 8731. */
export const x25519 = ['curve25519-sha256', 'curve25519-sha256@libssh.org'].map(
  (name) => new X25519(name),
);

/** Whether this browser has the curve; all do since 2025. */
export async function hasX25519(): Promise<boolean> {
  try {
    await crypto.subtle.generateKey(webName, false, ['deriveBits']);
    return true;
  } catch {
    return false;
  }
}
