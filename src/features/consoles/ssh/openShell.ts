import { Buffer } from 'buffer';
import { ed25519, hasEd25519 } from './ed25519';
import {
  AuthenticationInfoResponseMessage,
  ChannelRequestMessage,
  JsonWebKeyFormatter,
  type KeyPair,
  SshAlgorithms,
  type SshAuthenticatingEventArgs,
  SshAuthenticationType,
  SshClientSession,
  type SshDataWriter,
  SshSessionConfiguration,
  WebSocketStream,
} from './sshLibrary';
import { hasX25519, x25519 } from './x25519';

/** Size of a terminal, in characters. */
export type TerminalSize = { columns: number; rows: number };

/** Who logs in, with what. It is used here and goes nowhere else: the guest gets a signature or the password. */
export type Credentials = {
  user: string;
  /** An empty one is tried as well: some guests want none. */
  secret: { password: string } | { key: JsonWebKey };
};

/** The guest's key, by which it is known. */
export type HostKey = {
  /** As SSH names it: `ssh-ed25519`, `ecdsa-sha2-nistp256`, `ssh-rsa` ... */
  type: string;
  /** `SHA256:` and the hash in base 64 without padding, as ssh shows it. */
  fingerprint: string;
};

export type ShellOptions = {
  credentials: Credentials;
  /** Types of keys that this guest is known by: it is asked for one of these first. */
  knownTypes: readonly string[];
  size: TerminalSize;
  /** Whether the guest is the one that it should be; decides before any secret is sent. */
  isTrusted: (key: HostKey) => Promise<boolean>;
  onOutput: (bytes: Uint8Array) => void;
  /** The shell has ended (`true`), or the connection has. */
  onEnd: (byGuest: boolean) => void;
};

export type Shell = {
  send: (bytes: Uint8Array) => void;
  resize: (size: TerminalSize) => void;
  close: () => void;
};

/** How far it came: to know what to tell. */
export class ShellError extends Error {
  constructor(
    readonly stage: 'handshake' | 'hostKey' | 'login' | 'shell',
    cause: unknown,
  ) {
    super(cause instanceof Error ? cause.message : '', { cause });
  }
}

/**
 * Logs in over an open WebSocket and starts a shell in a terminal. Rejects with a ShellError.
 */
export async function openShell(socket: WebSocket, options: ShellOptions): Promise<Shell> {
  const stream = new WebSocketStream(socket);
  const { secret, user } = options.credentials;
  const session = new SshClientSession(await configuration(options.knownTypes));
  const answer = 'password' in secret ? secret.password : undefined;
  session.onAuthenticating((event) => {
    event.authenticationPromise = authenticate(event, options, answer);
  });
  try {
    await session.connect(stream);
  } catch (error) {
    throw new ShellError('handshake', error);
  }
  try {
    if (!(await session.authenticateServer())) throw new ShellError('hostKey', undefined);
    if (!(await logIn(session, user, secret))) throw new ShellError('login', undefined);
  } catch (error) {
    session.dispose();
    throw error instanceof ShellError ? error : new ShellError('login', error);
  }
  try {
    return await startShell(session, options);
  } catch (error) {
    session.dispose();
    throw new ShellError('shell', error);
  }
}

async function configuration(knownTypes: readonly string[]): Promise<SshSessionConfiguration> {
  const config = new SshSessionConfiguration();
  const { publicKey, keyExchange } = SshAlgorithms;
  const last = keyExchange['ecdhNistp521Sha512'];
  // None at all in this list would mean that a connection without encryption is well.
  if (last) config.keyExchangeAlgorithms.push(last);
  if (await hasX25519()) config.keyExchangeAlgorithms.unshift(...x25519);
  // Guests that make their keys when asked have an elliptic one much sooner than RSA's.
  const all = [
    ...((await hasEd25519()) ? [ed25519] : []),
    ...[publicKey['ecdsaSha2Nistp256'], publicKey['ecdsaSha2Nistp384']],
    ...[publicKey['rsaWithSha512'], publicKey['rsaWithSha256']],
  ].flatMap((algorithm) => (algorithm ? [algorithm] : []));
  const isKnown = (type: string) => Number(knownTypes.includes(type));
  all.sort((a, b) => isKnown(b.keyAlgorithmName) - isKnown(a.keyAlgorithmName));
  config.publicKeyAlgorithms.splice(0, config.publicKeyAlgorithms.length, ...all);
  config.keepAliveTimeoutInSeconds = 20;
  return config;
}

async function authenticate(
  event: SshAuthenticatingEventArgs,
  { isTrusted }: ShellOptions,
  answer: string | undefined,
): Promise<object | null> {
  switch (event.authenticationType) {
    case SshAuthenticationType.serverPublicKey: {
      if (event.publicKey === null) return null;
      return (await isTrusted(await hostKeyOf(event.publicKey))) ? {} : null;
    }
    case SshAuthenticationType.clientInteractive: {
      // Servers that ask by a dialogue ask for the password, or ask nothing.
      const asked = event.infoRequest?.prompts?.length ?? 0;
      if (answer === undefined || asked > 1) return null;
      event.infoResponse = new AuthenticationInfoResponseMessage();
      event.infoResponse.responses = asked === 1 ? [answer] : [];
      return null;
    }
    default:
      return null;
  }
}

async function hostKeyOf(pair: KeyPair): Promise<HostKey> {
  const bytes = await pair.getPublicKeyBytes();
  if (bytes === null) throw new Error('The guest showed no key.');
  const hash = Buffer.from(await crypto.subtle.digest('SHA-256', new Uint8Array(bytes)));
  const fingerprint = `SHA256:${hash.toString('base64').replace(/=+$/, '')}`;
  return { type: pair.keyAlgorithmName, fingerprint };
}

async function logIn(
  session: SshClientSession,
  username: string,
  secret: Credentials['secret'],
): Promise<boolean> {
  if ('key' in secret) {
    return session.authenticateClient({ username, publicKeys: [await keyPairOf(secret.key)] });
  }
  const { password } = secret;
  if (password !== '' && (await session.authenticateClient({ username, password }))) return true;
  // Without a password, then by the dialogue of PAM.
  return session.authenticateClient({ username });
}

async function keyPairOf(jwk: JsonWebKey): Promise<KeyPair> {
  if (jwk.kty === 'OKP') {
    const pair = ed25519.createKeyPair();
    await pair.importJwk(jwk);
    return pair;
  }
  const { publicKey } = SshAlgorithms;
  if (jwk.kty === 'RSA') {
    const pair = publicKey['rsaWithSha512']?.createKeyPair();
    await pair?.importParameters(JsonWebKeyFormatter.parseRsa(jwk, true));
    if (pair) return pair;
  }
  const curve = curves.find(({ name }) => name === jwk.crv);
  const pair = curve && publicKey[curve.algorithm]?.createKeyPair();
  if (!pair) throw new Error('This kind of key is not supported here.');
  // The key of the library's curves is their OID; the name goes on to the browser.
  await pair.importParameters({ ...JsonWebKeyFormatter.parseEC(jwk, true), curve });
  return pair;
}

const curves = [
  { name: 'P-256', oid: '1.2.840.10045.3.1.7', algorithm: 'ecdsaSha2Nistp256' },
  { name: 'P-384', oid: '1.3.132.0.34', algorithm: 'ecdsaSha2Nistp384' },
];

async function startShell(session: SshClientSession, options: ShellOptions): Promise<Shell> {
  const channel = await session.openChannel('session');
  let ended = false;
  const end = (byGuest: boolean) => {
    if (ended) return;
    ended = true;
    session.dispose();
    options.onEnd(byGuest);
  };
  const take = (bytes: Buffer) => {
    // The library uses its memory again before a terminal has drawn it.
    options.onOutput(Uint8Array.from(bytes));
    channel.adjustWindow(bytes.length);
  };
  channel.onDataReceived(take);
  channel.onExtendedDataReceived(({ data }) => take(data));
  channel.onClosed(({ error }) => end(error === undefined));
  session.onClosed(() => end(false));
  session.onKeepAliveFailed((times) => {
    if (times >= 2) end(false);
  });
  if (!(await channel.request(new TerminalRequest('pty-req', options.size)))) {
    throw new Error('The guest gives no terminal.');
  }
  if (!(await channel.request(new ChannelRequestMessage('shell', true)))) {
    throw new Error('The guest gives no shell.');
  }
  const lost = () => end(false);
  return {
    send: (bytes) => void channel.send(Buffer.from(bytes)).catch(lost),
    resize: (size) => void channel.request(new TerminalRequest('window-change', size)).catch(lost),
    close: () => {
      ended = true;
      session.dispose();
    },
  };
}

/** RFC 4254 sections 6.2 and 6.7. */
class TerminalRequest extends ChannelRequestMessage {
  constructor(
    private readonly kind: 'pty-req' | 'window-change',
    private readonly size: TerminalSize,
  ) {
    super(kind, kind === 'pty-req');
  }

  protected override onWrite(writer: SshDataWriter): void {
    super.onWrite(writer);
    if (this.kind === 'pty-req') writer.writeString('xterm-256color', 'ascii');
    writer.writeUInt32(this.size.columns);
    writer.writeUInt32(this.size.rows);
    // Its size in pixels: not told.
    writer.writeUInt32(0);
    writer.writeUInt32(0);
    // No modes but the guest's own: the end of the list.
    if (this.kind === 'pty-req') writer.writeBinary(Buffer.from([0]));
  }
}
