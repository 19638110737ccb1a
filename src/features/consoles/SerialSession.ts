import { FitAddon } from '@xterm/addon-fit';
import { Terminal } from '@xterm/xterm';
import '@xterm/xterm/css/xterm.css';
import { serialUrl, streamProtocol } from '~/api/consoles';
import type { VmRef } from '~/api/vms';
import { ConsoleSession, type Dial } from './ConsoleSession';
import { Observable } from './ConsoleState';

/** The serial line of one VirtualMachineInstance in a terminal. */
export class SerialSession extends ConsoleSession {
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
  #found: { row: number; text: string } | undefined;

  constructor(
    vmi: VmRef,
    target: HTMLElement,
    private readonly options: { label: string; onCopy: (text: string) => void },
  ) {
    super(vmi, 'console', false);
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

  protected dial({ connected, ended }: Dial): void {
    this.hasOutput.set(false);
    const socket = new WebSocket(serialUrl(this.vmi), [streamProtocol]);
    socket.binaryType = 'arraybuffer';
    this.#socket = socket;
    socket.onopen = connected;
    socket.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (!(data instanceof ArrayBuffer)) return;
      if (!this.hasOutput.get()) this.hasOutput.set(true);
      this.#terminal.write(new Uint8Array(data));
    };
    socket.onclose = () => {
      this.#socket = undefined;
      ended();
    };
  }

  protected hangUp(): void {
    const socket = this.#socket;
    this.#socket = undefined;
    if (socket === undefined) return;
    socket.onclose = null;
    socket.close();
  }

  override close(): void {
    super.close();
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

  /**
   * Shows the line before the present find that has the text, and marks it; from the newest on when
   * there is none. False when no line has it.
   */
  find(text: string): boolean {
    const { active } = this.#terminal.buffer;
    const wanted = text.toLowerCase();
    if (wanted === '') return false;
    const last = this.#found?.text === wanted ? this.#found.row : active.length;
    for (let step = 1; step <= active.length; step += 1) {
      const row = (last - step + active.length) % active.length;
      const column = active.getLine(row)?.translateToString(true).toLowerCase().indexOf(wanted);
      if (column === undefined || column < 0) continue;
      this.#found = { row, text: wanted };
      this.#terminal.select(column, row, text.length);
      this.#terminal.scrollToLine(Math.max(0, row - Math.floor(this.#terminal.rows / 2)));
      return true;
    }
    return false;
  }

  /** The selected text, or all that the terminal still holds. */
  text(): string {
    const selected = this.#terminal.getSelection();
    return selected === '' ? this.wholeText() : selected;
  }

  /** All that the terminal still holds. */
  wholeText(): string {
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

  #send(bytes: Uint8Array<ArrayBuffer>): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(bytes);
  }
}
