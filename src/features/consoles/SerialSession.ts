import { serialUrl, streamProtocol } from '~/api/consoles';
import type { VmRef } from '~/api/vms';
import { ConsoleSession, type Dial } from './ConsoleSession';
import { ConsoleTerminal, type TerminalOptions } from './ConsoleTerminal';

/** The serial line of one VirtualMachineInstance in a terminal. */
export class SerialSession extends ConsoleSession {
  readonly terminal: ConsoleTerminal;
  #socket: WebSocket | undefined;

  constructor(vmi: VmRef, target: HTMLElement, options: Pick<TerminalOptions, 'label' | 'onCopy'>) {
    super(vmi, 'console', 'exclusive');
    this.terminal = new ConsoleTerminal(target, {
      ...options,
      onInput: (bytes) => {
        if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(bytes);
      },
    });
  }

  protected dial({ connected, ended }: Dial): void {
    // A serial line says nothing unasked.
    this.terminal.expectOutput();
    const socket = new WebSocket(serialUrl(this.vmi), [streamProtocol]);
    socket.binaryType = 'arraybuffer';
    this.#socket = socket;
    socket.onopen = connected;
    socket.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (data instanceof ArrayBuffer) this.terminal.write(new Uint8Array(data));
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
    this.terminal.close();
  }
}
