import { FitAddon } from '@xterm/addon-fit';
import { Terminal } from '@xterm/xterm';
import '@xterm/xterm/css/xterm.css';
import { Observable } from './ConsoleState';

export type TerminalOptions = {
  /** Name of where keys go, for screen readers. */
  label: string;
  onCopy: (text: string) => void;
  /** What was typed or pasted. */
  onInput: (bytes: Uint8Array<ArrayBuffer>) => void;
  onResize?: (size: { columns: number; rows: number }) => void;
};

/** A terminal in an element: what it shows stays when a connection goes, and is searched and copied. */
export class ConsoleTerminal {
  /** Whether anything was shown since `expectOutput`. */
  readonly hasOutput = new Observable(false);
  readonly #terminal = new Terminal({
    cursorBlink: true,
    scrollback: 5_000,
    screenReaderMode: true,
  });
  readonly #fit = new FitAddon();
  readonly #resizes: ResizeObserver;
  readonly #encoder = new TextEncoder();
  #found: { row: number; column: number; text: string } | undefined;

  constructor(
    target: HTMLElement,
    private readonly options: TerminalOptions,
  ) {
    this.#terminal.loadAddon(this.#fit);
    this.#terminal.open(target);
    this.#terminal.textarea?.setAttribute('aria-label', options.label);
    this.#terminal.onData((data) => {
      options.onInput(this.#encoder.encode(data));
    });
    this.#terminal.onBinary((data) => {
      options.onInput(Uint8Array.from(data, (character) => character.charCodeAt(0)));
    });
    this.#terminal.onResize(({ cols, rows }) => options.onResize?.({ columns: cols, rows }));
    this.#terminal.attachCustomKeyEventHandler((event) => this.#isForGuest(event));
    this.#resizes = new ResizeObserver(() => {
      this.#fit.fit();
    });
    this.#resizes.observe(target);
  }

  get size(): { columns: number; rows: number } {
    return { columns: this.#terminal.cols, rows: this.#terminal.rows };
  }

  close(): void {
    this.#resizes.disconnect();
    this.#terminal.dispose();
  }

  expectOutput(): void {
    this.hasOutput.set(false);
  }

  write(bytes: Uint8Array): void {
    if (!this.hasOutput.get()) this.hasOutput.set(true);
    this.#terminal.write(bytes);
  }

  /** A line of our own between what the guest wrote, in grey. */
  note(text: string): void {
    // Out of whatever mode a program of the ended connection left behind: another screen, mouse, colours.
    this.#terminal.write(`\u001b[?1049l\u001b[?1000;1002;1003;2004l\u001b[0m`);
    const { cursorX } = this.#terminal.buffer.active;
    this.#terminal.write(`${cursorX > 0 ? '\r\n' : ''}\u001b[90m${text}\u001b[0m\r\n`);
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
   * Shows the nearest place before the present find that has the text, and marks it; from the newest
   * on when there is none. False when it is nowhere.
   */
  find(text: string): boolean {
    const wanted = text.toLowerCase();
    if (wanted === '') return false;
    const { active } = this.#terminal.buffer;
    const rowAt = (row: number) => active.getLine(row)?.translateToString(true).toLowerCase() ?? '';
    const last = this.#found?.text === wanted ? this.#found : undefined;
    const start = last?.row ?? active.length;
    for (let step = last === undefined ? 1 : 0; step <= active.length; step += 1) {
      const row = (start - step + active.length) % active.length;
      const line = rowAt(row);
      // In the row of the present find only what is before it.
      const isSame = step === 0 && last !== undefined;
      const column = isSame
        ? line.slice(0, last.column + wanted.length - 1).lastIndexOf(wanted)
        : line.lastIndexOf(wanted);
      if (column < 0) continue;
      this.#found = { row, column, text: wanted };
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

  /** All that the terminal still holds; a line that was wrapped is one line. */
  wholeText(): string {
    const buffer = this.#terminal.buffer.active;
    let text = '';
    for (let row = 0; row < buffer.length; row += 1) {
      const line = buffer.getLine(row);
      const goesOn = buffer.getLine(row + 1)?.isWrapped ?? false;
      text += (line?.translateToString(!goesOn) ?? '') + (goesOn ? '' : '\n');
    }
    return text.trimEnd();
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
}
