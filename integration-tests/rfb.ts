import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { constants, inflateSync } from 'node:zlib';

/** Pseudo-encoding and flags of the extended clipboard (https://github.com/rfbproto/rfbproto). */
const extendedClipboard = [0xc0, 0xa1, 0xe5, 0xce];
const textFlag = 1;
const capabilitiesFlag = 1 << 24;
const requestFlag = 1 << 25;
const notifyFlag = 1 << 27;
const provideFlag = 1 << 28;

/** A viewer that looks at nothing and shares its clipboard: as much of RFC 6143 as that takes. */
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
    // Who does not know the extended one is not told of others' texts.
    socket.write(Buffer.from([2, 0, 0, 1, ...extendedClipboard]));
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
      const length = (await this.#take(7)).readInt32BE(3);
      const message = await this.#take(Math.abs(length));
      if (length >= 0) this.text = message.toString('latin1');
      else this.#extended(message.readUInt32BE(0), message.subarray(4));
    }
  }

  #extended(flags: number, packed: Buffer): void {
    // What the server can do names the other flags as well.
    if ((flags & textFlag) === 0 || (flags & capabilitiesFlag) !== 0) return;
    if ((flags & notifyFlag) !== 0) {
      const request = Buffer.from([6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
      request.writeInt32BE(-4, 4);
      request.writeUInt32BE(requestFlag | textFlag, 8);
      this.#socket.write(request);
    }
    if ((flags & provideFlag) !== 0) {
      const text = inflateSync(packed, { finishFlush: constants.Z_SYNC_FLUSH });
      // Its length, the text, and a zero at its end.
      this.text = text
        .subarray(4, 4 + text.readUInt32BE(0))
        .toString('utf8')
        .replace(/\0$/, '');
    }
  }
}
