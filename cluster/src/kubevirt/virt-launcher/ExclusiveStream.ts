import type { Socket } from 'node:net';
import { connectInDirectory } from './connectInDirectory.ts';

/** A console of which only one may be open: a new stream ends the one before, as virt-handler does. */
export class ExclusiveStream {
  #directory: string;
  #name: string;
  #current: Socket | undefined;
  #opened = 0;

  constructor(directory: string, name: string) {
    this.#directory = directory;
    this.#name = name;
  }

  /** With `preserve` a console that somebody looks at is left to them, and the promise rejects. */
  async open(preserve = false): Promise<Socket> {
    if (preserve && this.#current && !this.#current.destroyed) {
      throw new Error('Active VNC connection. Request denied.');
    }
    const turn = ++this.#opened;
    this.#current?.destroy();
    const socket = await connectInDirectory(this.#directory, this.#name);
    if (turn !== this.#opened) {
      socket.destroy();
      throw new Error('The console was opened by somebody else in this moment');
    }
    this.#current = socket;
    return socket;
  }

  close(): void {
    this.#opened++;
    this.#current?.destroy();
    this.#current = undefined;
  }
}
