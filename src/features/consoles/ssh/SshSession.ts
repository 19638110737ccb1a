import { type ConsoleKind, portUrl, streamProtocol } from '~/api/consoles';
import type { VmRef } from '~/api/vms';
import { type Failure, ownFailure } from '~/k8s/errors';
import { ConsoleSession, type Dial } from '../ConsoleSession';
import { Observable } from '../ConsoleState';
import { ConsoleTerminal, type TerminalOptions } from '../ConsoleTerminal';
import { forgetHostKeys, knownHostKeys, rememberHostKey } from './hostKeys';
import { type Credentials, type HostKey, openShell, type Shell, ShellError } from './openShell';

/** Who logs in where. It is kept while the page is open, for a connection that has to be made again. */
export type Login = Credentials & { port: number };

/** A key that somebody has to say something about. */
export type HostKeyQuestion =
  | { kind: 'unknown'; key: HostKey; answer: (isTrusted: boolean) => void }
  | { kind: 'changed'; key: HostKey; known: HostKey };

type Options = Pick<TerminalOptions, 'label' | 'onCopy'> & {
  /** Of the VM, by which its keys are remembered. */
  machine: string;
  /** Written between the end of one shell and the beginning of the next. */
  againText: string;
};

/** A shell of the guest's SSH server, over a port of the guest that the cluster's API forwards. */
export class SshSession extends ConsoleSession {
  readonly terminal: ConsoleTerminal;
  readonly question = new Observable<HostKeyQuestion | undefined>(undefined);
  #login: Login | undefined;
  #socket: WebSocket | undefined;
  #shell: Shell | undefined;
  #hadShell = false;

  constructor(
    vmi: VmRef,
    target: HTMLElement,
    private readonly options: Options,
  ) {
    super(vmi, portKind(22), 'many');
    this.terminal = new ConsoleTerminal(target, {
      ...options,
      onInput: (bytes) => this.#shell?.send(bytes),
      onResize: (size) => this.#shell?.resize(size),
    });
  }

  logIn(login: Login): void {
    this.#login = login;
    this.#hadShell = false;
    this.kind = portKind(login.port);
    super.open();
  }

  /** Ends the session and forgets who it was. */
  logOut(): void {
    this.#login = undefined;
    this.hold();
  }

  /** Once logged in, whatever comes after a restart or a move of the guest is a loss to come back from. */
  override open(): void {
    if (this.#login === undefined) this.hold();
    else if (this.#hadShell) this.comeBack();
    else super.open();
  }

  override close(): void {
    this.#login = undefined;
    super.close();
    this.terminal.close();
  }

  /** Takes the guest's new key for the right one; the next login asks as at the first. */
  forgetKeys(): void {
    forgetHostKeys(this.options.machine);
    this.question.set(undefined);
    this.logOut();
  }

  protected dial(dial: Dial): void {
    const login = this.#login;
    this.question.set(undefined);
    if (login === undefined) return;
    const socket = new WebSocket(portUrl(this.vmi, login.port), [streamProtocol]);
    socket.binaryType = 'arraybuffer';
    this.#socket = socket;
    socket.onclose = () => dial.ended();
    socket.onopen = () => void this.#begin(socket, login, dial);
  }

  protected hangUp(): void {
    const socket = this.#socket;
    this.#socket = undefined;
    this.#shell?.close();
    this.#shell = undefined;
    if (socket === undefined) return;
    socket.onclose = null;
    socket.onopen = null;
    socket.close();
  }

  protected override explainSilence(): Failure {
    return silenceFailure;
  }

  async #begin(socket: WebSocket, login: Login, { connected, ended }: Dial): Promise<void> {
    try {
      const shell = await openShell(socket, {
        credentials: login,
        knownTypes: Object.keys(knownHostKeys(this.options.machine)),
        size: this.terminal.size,
        isTrusted: (key) => this.#isTrusted(key),
        onOutput: (bytes) => this.terminal.write(bytes),
        onEnd: (byGuest) => {
          if (socket !== this.#socket) return;
          this.#shell = undefined;
          if (!byGuest) {
            ended();
            return;
          }
          this.#login = undefined;
          ended(endedFailure);
        },
      });
      if (socket !== this.#socket) {
        shell.close();
        return;
      }
      if (this.#hadShell) this.terminal.note(this.options.againText);
      this.#hadShell = true;
      this.#shell = shell;
      // It may have been resized while the shell was being opened.
      shell.resize(this.terminal.size);
      connected();
      this.terminal.focus();
    } catch (error) {
      if (socket !== this.#socket) return;
      const refusal = refusalOf(error);
      // Asked again with the same, it would say the same.
      if (refusal !== undefined) this.#login = undefined;
      socket.close();
      ended(refusal);
    }
  }

  async #isTrusted(key: HostKey): Promise<boolean> {
    const { machine } = this.options;
    const keys = knownHostKeys(machine);
    if (keys[key.type] === key.fingerprint) return true;
    // A guest that hides the kind of key that it is known by is not known.
    const [type = '', fingerprint = ''] =
      Object.entries(keys).find(([one]) => one === key.type) ?? Object.entries(keys)[0] ?? [];
    if (type !== '') {
      this.question.set({ kind: 'changed', key, known: { type, fingerprint } });
      return false;
    }
    const isTrusted = await new Promise<boolean>((answer) => {
      this.question.set({ kind: 'unknown', key, answer });
    });
    this.question.set(undefined);
    if (isTrusted) rememberHostKey(machine, key.type, key.fingerprint);
    return isTrusted;
  }
}

function portKind(port: number): ConsoleKind {
  return `portforward/${port}/tcp`;
}

/** Why a shell did not come about, where asking again would not help. */
function refusalOf(error: unknown): Failure | undefined {
  if (!(error instanceof ShellError)) return ownFailure('The SSH session failed', String(error));
  switch (error.stage) {
    case 'hostKey':
      return ownFailure('The login was given up', 'The host key of the guest was not accepted.');
    case 'login':
      return error.message === ''
        ? ownFailure('The guest refused the login', 'User name, password or key are not right.')
        : ownFailure('The guest refused the login', error.message);
    case 'shell':
      return ownFailure('The SSH session failed', error.message);
    case 'handshake':
      // What both sides can do does not meet; else the line was cut, or nobody speaks SSH there.
      return /^Failed .* negotiation/.test(error.message)
        ? ownFailure('No SSH method in common', error.message)
        : undefined;
  }
}

const endedFailure = ownFailure('The SSH session has ended', 'The shell was left.');

const silenceFailure = ownFailure(
  'No SSH server answers',
  'The cluster forwards the port, but nothing speaks SSH there. The guest may still be starting, or have no SSH server.',
);
