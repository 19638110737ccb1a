import type { Socket } from 'node:net';

const magic = {
  option: Buffer.from('IHAVEOPT'),
  server: Buffer.from('NBDMAGICIHAVEOPT'),
  request: 0x25609513,
  reply: 0x67446698,
};
/** NBD_OPT_GO: use the export with this name. */
const optionGo = 7;
const repliedAck = 1;
const repliedInfo = 3;
const infoExport = 0;
const commandRead = 0;
const commandDisconnect = 2;

/**
 * Reads a disk that a server offers by the Network Block Device protocol: fixed newstyle negotiation and
 * simple replies (github.com/NetworkBlockDevice/nbd, doc/proto.md).
 */
export class NbdConnection {
  readonly #socket: Socket;
  #received: Buffer[] = [];
  #length = 0;
  #wanted:
    { bytes: number; take: (data: Buffer) => void; fail: (error: Error) => void } | undefined;
  #failure: Error | undefined;
  readonly #reads = new Map<
    bigint,
    { bytes: number; done: (data: Buffer) => void; fail: (error: Error) => void }
  >();
  #cookie = 0n;
  #size = 0;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => {
      this.#received.push(chunk);
      this.#length += chunk.length;
      this.#serve();
    });
    socket.on('error', (error) => {
      this.#end(error);
    });
    socket.on('close', () => {
      this.#end(new Error('the NBD server has closed the connection'));
    });
  }

  /** Asks for the server's only disk. */
  static async open(socket: Socket): Promise<NbdConnection> {
    const connection = new NbdConnection(socket);
    await connection.#negotiate();
    void connection.#follow();
    return connection;
  }

  /** Bytes. */
  get size(): number {
    return this.#size;
  }

  /** Several may be under way. */
  read(offset: number, bytes: number): Promise<Buffer> {
    if (this.#failure) return Promise.reject(this.#failure);
    const cookie = this.#cookie++;
    const request = Buffer.alloc(28);
    request.writeUInt32BE(magic.request, 0);
    request.writeUInt16BE(commandRead, 6);
    request.writeBigUInt64BE(cookie, 8);
    request.writeBigUInt64BE(BigInt(offset), 16);
    request.writeUInt32BE(bytes, 24);
    return new Promise((done, fail) => {
      this.#reads.set(cookie, { bytes, done, fail });
      this.#socket.write(request);
    });
  }

  close(): void {
    const request = Buffer.alloc(28);
    request.writeUInt32BE(magic.request, 0);
    request.writeUInt16BE(commandDisconnect, 6);
    this.#socket.end(request);
  }

  async #negotiate(): Promise<void> {
    const greeting = await this.#take(18);
    if (!greeting.subarray(0, 16).equals(magic.server)) throw new Error('this is no NBD server');
    const noZeroesAndFixed = 3;
    const flags = Buffer.alloc(4);
    flags.writeUInt32BE(noZeroesAndFixed & greeting.readUInt16BE(16));
    const option = Buffer.alloc(14);
    option.writeUInt32BE(optionGo, 0);
    // An empty name, and no information is asked for.
    option.writeUInt32BE(6, 4);
    this.#socket.write(Buffer.concat([flags, magic.option, option]));
    for (;;) {
      const head = await this.#take(20);
      const type = head.readUInt32BE(12);
      const data = await this.#take(head.readUInt32BE(16));
      if (type === repliedAck) return;
      if (type !== repliedInfo) {
        throw new Error(`the NBD server refuses its disk: ${data.toString('utf8')}`);
      }
      if (data.readUInt16BE(0) === infoExport) this.#size = Number(data.readBigUInt64BE(2));
    }
  }

  async #follow(): Promise<void> {
    try {
      for (;;) {
        const head = await this.#take(16);
        if (head.readUInt32BE(0) !== magic.reply) throw new Error('no reply of an NBD server');
        const cookie = head.readBigUInt64BE(8);
        const read = this.#reads.get(cookie);
        if (!read) throw new Error('the NBD server answers what was not asked');
        this.#reads.delete(cookie);
        const code = head.readUInt32BE(4);
        if (code === 0) read.done(await this.#take(read.bytes));
        else read.fail(new Error(`the disk cannot be read (error ${code})`));
      }
    } catch (error) {
      this.#end(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #take(bytes: number): Promise<Buffer> {
    return new Promise((take, fail) => {
      if (this.#failure) {
        fail(this.#failure);
        return;
      }
      this.#wanted = { bytes, take, fail };
      this.#serve();
    });
  }

  #serve(): void {
    const wanted = this.#wanted;
    if (!wanted || this.#length < wanted.bytes) return;
    this.#wanted = undefined;
    const all = this.#received.length === 1 ? this.#received[0] : Buffer.concat(this.#received);
    const data = all ?? Buffer.alloc(0);
    const rest = data.subarray(wanted.bytes);
    this.#received = rest.length > 0 ? [rest] : [];
    this.#length = rest.length;
    wanted.take(data.subarray(0, wanted.bytes));
  }

  #end(error: Error): void {
    this.#failure ??= error;
    this.#wanted?.fail(this.#failure);
    for (const { fail } of this.#reads.values()) fail(this.#failure);
    this.#reads.clear();
    this.#socket.destroy();
  }
}
