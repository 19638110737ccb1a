import { FitAddon } from '@xterm/addon-fit';
import { Terminal } from '@xterm/xterm';
import '@xterm/xterm/css/xterm.css';
import { explainSocketFailure, serialUrl, streamProtocol } from '~/api/consoles';
import type { VmRef } from '~/api/vms';
import { type ConsoleState, droppedFailure, Observable, retryDelay } from './ConsoleState';

/** The serial line of one VirtualMachineInstance in a terminal. */
export class SerialSession {
  readonly state = new Observable<ConsoleState>({ phase: 'idle' });
  /** Whether anything came through this connection; a serial line says nothing unasked. */
  readonly hasOutput = new Observable(false);
  readonly #terminal = new Terminal({
    cursorBlink: true,
    scrollback: 5_000,
    screenReaderMode: true,
  });
  readonly #fit = new FitAddon();
  readonly #resizes: ResizeObserver;
  readonly #encoder = new TextEncoder();
  #socket: WebSocket | undefined;
  #retryTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly vmi: VmRef,
    target: HTMLElement,
    private readonly options: { label: string; onCopy: (text: string) => void },
  ) {
    this.#terminal.loadAddon(this.#fit);
    this.#terminal.open(target);
    this.#terminal.textarea?.setAttribute('aria-label', options.label);
    this.#terminal.onData((data) => {
      this.#send(this.#encoder.encode(data));
    });
    this.#terminal.onBinary((data) => {
      this.#send(Uint8Array.from(data, (character) => character.charCodeAt(0)));
    });
    this.#terminal.attachCustomKeyEventHandler((event) => this.#isForGuest(event));
    this.#resizes = new ResizeObserver(() => {
      this.#fit.fit();
    });
    this.#resizes.observe(target);
  }

  open(): void {
    this.#connect(0);
  }

  #connect(attempt: number): void {
    this.#disconnect();
    this.state.set({ phase: 'connecting' });
    this.hasOutput.set(false);
    let wasOpen = false;
    const socket = new WebSocket(serialUrl(this.vmi), [streamProtocol]);
    socket.binaryType = 'arraybuffer';
    this.#socket = socket;
    socket.onopen = () => {
      wasOpen = true;
      this.state.set({ phase: 'connected' });
    };
    socket.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (!(data instanceof ArrayBuffer)) return;
      if (!this.hasOutput.get()) this.hasOutput.set(true);
      this.#terminal.write(new Uint8Array(data));
    };
    socket.onclose = () => {
      this.#socket = undefined;
      if (wasOpen) this.state.set({ phase: 'closed', failure: droppedFailure, inUse: false });
      else void this.#explain(attempt);
    };
  }

  hold(): void {
    this.#disconnect();
    this.state.set({ phase: 'idle' });
  }

  close(): void {
    this.#disconnect();
    this.#resizes.disconnect();
    this.#terminal.dispose();
  }

  focus(): void {
    this.#terminal.focus();
  }

  release(): void {
    this.#terminal.blur();
  }

  clear(): void {
    this.#terminal.clear();
    this.focus();
  }

  /** The selected text, or all that the terminal still holds. */
  text(): string {
    const selected = this.#terminal.getSelection();
    if (selected !== '') return selected;
    const buffer = this.#terminal.buffer.active;
    const lines = Array.from(
      { length: buffer.length },
      (_, index) => buffer.getLine(index)?.translateToString(true) ?? '',
    );
    return lines.join('\n').trimEnd();
  }

  paste(text: string): void {
    this.#terminal.paste(text);
    this.focus();
  }

  /** Ctrl+Shift+C copies, as in other terminals; Ctrl+Shift+V is the browser's paste. */
  #isForGuest(event: KeyboardEvent): boolean {
    if (!event.ctrlKey || !event.shiftKey) return true;
    if (event.code === 'KeyC') {
      if (event.type === 'keydown' && this.#terminal.hasSelection()) {
        this.options.onCopy(this.#terminal.getSelection());
      }
      event.preventDefault();
      return false;
    }
    return event.code !== 'KeyV';
  }

  async #explain(attempt: number): Promise<void> {
    const before = this.state.get();
    const failure = await explainSocketFailure(this.vmi, 'console');
    if (this.state.get() !== before) return;
    const delay = retryDelay(failure, attempt);
    if (delay === undefined) {
      this.state.set({ phase: 'closed', failure, inUse: false });
      return;
    }
    this.#retryTimer = setTimeout(() => {
      this.#connect(attempt + 1);
    }, delay);
  }

  #send(bytes: Uint8Array<ArrayBuffer>): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(bytes);
  }

  #disconnect(): void {
    clearTimeout(this.#retryTimer);
    const socket = this.#socket;
    this.#socket = undefined;
    if (socket === undefined) return;
    socket.onclose = null;
    socket.close();
  }
}
