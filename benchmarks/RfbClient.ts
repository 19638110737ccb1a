import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** Message types of RFC 6143. */
const message = { setEncodings: 2, updateRequest: 3, keyEvent: 4, update: 0, bell: 2, cutText: 3 };
const noSecurity = 1;
const rawEncoding = 0;

/** The least that a VNC client must do: asks for pictures, presses keys, and tells when something changed. */
export class RfbClient {
  private received = Buffer.alloc(0);
  private wake: (() => void) | undefined;
  private size = { width: 0, height: 0 };
  private bytesOfPixel = 4;

  private constructor(private readonly socket: Socket) {
    socket.on('data', (chunk: Buffer) => {
      this.received = Buffer.concat([this.received, chunk]);
      this.wake?.();
    });
  }

  /** Logs in at the socket of a VNC server that asks for no password. */
  static async connect(path: string): Promise<RfbClient> {
    const socket = connect(path);
    await once(socket, 'connect');
    const client = new RfbClient(socket);
    await client.logIn();
    return client;
  }

  /** Presses a key (its X11 keysym); resolves with the next change of the picture. */
  async press(keysym: number): Promise<void> {
    // What came before the key is no answer to it.
    while (this.received.length > 0) await this.changed();
    const next = this.changed();
    this.sendKey(keysym, true);
    await next;
  }

  /** Lets a key go. */
  release(keysym: number): void {
    this.sendKey(keysym, false);
  }

  private sendKey(keysym: number, isDown: boolean): void {
    const event = Buffer.alloc(8);
    event.writeUInt8(message.keyEvent, 0);
    event.writeUInt8(isDown ? 1 : 0, 1);
    event.writeUInt32BE(keysym, 4);
    this.socket.write(event);
  }

  /** Resolves when a part of the picture has come that changed; asks for the next at once. */
  async changed(): Promise<void> {
    while (!(await this.readMessage()));
    this.ask(true);
  }

  close(): void {
    this.socket.destroy();
  }

  private async logIn(): Promise<void> {
    await this.read(12);
    this.socket.write('RFB 003.008\n');
    const count = (await this.read(1)).readUInt8();
    await this.read(count);
    this.socket.write(Buffer.from([noSecurity]));
    await this.read(4);
    this.socket.write(Buffer.from([1]));
    const server = await this.read(24);
    this.size = { width: server.readUInt16BE(0), height: server.readUInt16BE(2) };
    this.bytesOfPixel = server.readUInt8(4) / 8;
    await this.read(server.readUInt32BE(20));
    const encodings = Buffer.alloc(8);
    encodings.writeUInt8(message.setEncodings, 0);
    encodings.writeUInt16BE(1, 2);
    encodings.writeInt32BE(rawEncoding, 4);
    this.socket.write(encodings);
    this.ask(false);
    await this.changed();
  }

  private ask(isIncremental: boolean): void {
    const request = Buffer.alloc(10);
    request.writeUInt8(message.updateRequest, 0);
    request.writeUInt8(isIncremental ? 1 : 0, 1);
    request.writeUInt16BE(this.size.width, 6);
    request.writeUInt16BE(this.size.height, 8);
    this.socket.write(request);
  }

  /** True for a part of the picture. */
  private async readMessage(): Promise<boolean> {
    const type = (await this.read(1)).readUInt8();
    if (type === message.bell) return false;
    if (type === message.cutText) {
      await this.read((await this.read(7)).readUInt32BE(3));
      return false;
    }
    if (type !== message.update) throw new Error(`the server sent a message of type ${type}`);
    const count = (await this.read(3)).readUInt16BE(1);
    for (let index = 0; index < count; index += 1) {
      const rectangle = await this.read(12);
      const pixels = rectangle.readUInt16BE(4) * rectangle.readUInt16BE(6);
      await this.read(pixels * this.bytesOfPixel);
    }
    return count > 0;
  }

  private async read(length: number): Promise<Buffer> {
    while (this.received.length < length) {
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
    const bytes = this.received.subarray(0, length);
    this.received = this.received.subarray(length);
    return bytes;
  }
}
