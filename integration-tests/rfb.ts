import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A viewer that looks at nothing and shares its clipboard: RFC 6143, as much as that takes. */
export class ClipboardPeer {
  /** What somebody else put into the clipboard last. */
  text = '';
  readonly #socket: Socket;
  #bytes = Buffer.alloc(0);

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (bytes: Buffer) => {
      this.#bytes = Buffer.concat([this.#bytes, bytes]);
    });
  }

  static async connect(path: string): Promise<ClipboardPeer> {
    const socket = connect(path);
    await once(socket, 'connect');
    const peer = new ClipboardPeer(socket);
    await peer.#take(12);
    socket.write('RFB 003.008\n');
    const [types = 0] = await peer.#take(1);
    await peer.#take(types);
    // No authentication; then others may look as well.
    socket.write(Buffer.from([1]));
    await peer.#take(4);
    socket.write(Buffer.from([1]));
    const server = await peer.#take(24);
    await peer.#take(server.readUInt32BE(20));
    void peer.#listen();
    return peer;
  }

  offer(text: string): void {
    const head = Buffer.from([6, 0, 0, 0, 0, 0, 0, 0]);
    head.writeUInt32BE(text.length, 4);
    this.#socket.write(Buffer.concat([head, Buffer.from(text, 'latin1')]));
  }

  close(): void {
    this.#socket.destroy();
  }

  async #take(count: number): Promise<Buffer> {
    while (this.#bytes.length < count) await once(this.#socket, 'data');
    const taken = this.#bytes.subarray(0, count);
    this.#bytes = this.#bytes.subarray(count);
    return taken;
  }

  /** Pictures were not asked for: of what else comes only the bell and clipboards are known. */
  async #listen(): Promise<void> {
    for (;;) {
      const [type] = await this.#take(1);
      if (type === 2) continue;
      if (type !== 3) throw new Error(`the screen sent a message of type ${type ?? ''}`);
      const head = await this.#take(7);
      this.text = (await this.#take(head.readUInt32BE(3))).toString('latin1');
    }
  }
}
