import { Buffer } from 'buffer';
import { type KeyPair, PublicKeyAlgorithm, SshDataReader, SshDataWriter } from './sshLibrary';

const name = 'ssh-ed25519';
/** The same as Web Cryptography calls it. */
const webName = 'Ed25519';
const signatureLength = 64;

/** A key as RFC 8709 has it; the arithmetic is the browser's (Web Cryptography's `Ed25519`). */
class Ed25519KeyPair implements KeyPair {
  readonly keyAlgorithmName = name;
  comment: string | null = null;
  publicKey: CryptoKey | undefined;
  privateKey: CryptoKey | undefined;
  #point: Buffer | undefined;

  get hasPublicKey(): boolean {
    return this.publicKey !== undefined;
  }

  get hasPrivateKey(): boolean {
    return this.privateKey !== undefined;
  }

  async setPublicKeyBytes(bytes: Buffer): Promise<void> {
    const reader = new SshDataReader(bytes);
    const algorithm = reader.readString('ascii');
    if (algorithm !== name) throw new Error(`Expected a key of type ${name}, got ${algorithm}.`);
    await this.#setPoint(reader.readBinary());
  }

  getPublicKeyBytes(): Promise<Buffer | null> {
    if (this.#point === undefined) return Promise.resolve(null);
    const writer = new SshDataWriter(Buffer.alloc(64));
    writer.writeString(name, 'ascii');
    writer.writeBinary(this.#point);
    return Promise.resolve(writer.toBuffer());
  }

  /** Takes a private key with its public part, `{kty: "OKP", crv: "Ed25519", x, d}`. */
  async importJwk(jwk: JsonWebKey): Promise<void> {
    this.privateKey = await crypto.subtle.importKey('jwk', jwk, webName, false, ['sign']);
    await this.#setPoint(Buffer.from(base64(jwk.x ?? ''), 'base64'));
  }

  async #setPoint(point: Buffer): Promise<void> {
    this.publicKey = await crypto.subtle.importKey('raw', bytesOf(point), webName, true, [
      'verify',
    ]);
    this.#point = point;
  }

  generate(): Promise<void> {
    return Promise.reject(new Error('Keys are not made here.'));
  }

  importParameters(): Promise<void> {
    return Promise.reject(new Error('An Ed25519 key has no parameters.'));
  }

  exportParameters(): Promise<object> {
    return Promise.reject(new Error('An Ed25519 key has no parameters.'));
  }

  dispose(): void {
    this.privateKey = undefined;
  }
}

/** The library's buffers are of an unknown kind of memory; Web Cryptography wants its own. */
function bytesOf(buffer: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(buffer);
}

function base64(text: string): string {
  return text.replaceAll('-', '+').replaceAll('_', '/');
}

function keyOf(pair: KeyPair): Ed25519KeyPair {
  if (!(pair instanceof Ed25519KeyPair)) throw new TypeError('An Ed25519 key is expected.');
  return pair;
}

/** The signatures of RFC 8709, which the SSH library does not bring. */
class Ed25519 extends PublicKeyAlgorithm {
  constructor() {
    super(name, name, 'SHA2-512');
  }

  createKeyPair(): Ed25519KeyPair {
    return new Ed25519KeyPair();
  }

  async generateKeyPair(): Promise<KeyPair> {
    const pair = new Ed25519KeyPair();
    await pair.generate();
    return pair;
  }

  createSigner(pair: KeyPair) {
    const { privateKey } = keyOf(pair);
    return {
      digestLength: signatureLength,
      async sign(data: Buffer): Promise<Buffer> {
        if (privateKey === undefined) throw new Error('The private key is not there.');
        return Buffer.from(await crypto.subtle.sign(webName, privateKey, bytesOf(data)));
      },
      dispose: () => undefined,
    };
  }

  createVerifier(pair: KeyPair) {
    const { publicKey } = keyOf(pair);
    return {
      digestLength: signatureLength,
      async verify(data: Buffer, signature: Buffer): Promise<boolean> {
        if (publicKey === undefined) throw new Error('The public key is not there.');
        return crypto.subtle.verify(webName, publicKey, bytesOf(signature), bytesOf(data));
      },
      dispose: () => undefined,
    };
  }
}

export const ed25519 = new Ed25519();

/** Whether this browser has the curve; all do since 2025. */
export async function hasEd25519(): Promise<boolean> {
  try {
    await crypto.subtle.generateKey(webName, false, ['sign', 'verify']);
    return true;
  } catch {
    return false;
  }
}
