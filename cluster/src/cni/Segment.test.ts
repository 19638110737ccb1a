import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { Segments } from './Segments.ts';

/** Stands for QEMU: it listens for a segment, and says what its guest received. */
class Station {
  readonly received: Buffer[] = [];
  #socket: Socket | undefined;
  #server: Server | undefined;
  #connected: Promise<void> | undefined;
  #wake: () => void = () => undefined;

  async listen(name: string): Promise<void> {
    const server = createServer();
    this.#server = server;
    server.listen(join(folder, name));
    await once(server, 'listening');
    this.#connected = once(server, 'connection').then(([socket]: Socket[]) => {
      this.#socket = socket;
      let rest = Buffer.alloc(0);
      socket?.on('data', (chunk: Buffer) => {
        rest = Buffer.concat([rest, chunk]);
        while (rest.length >= 4 && rest.length >= 4 + rest.readUInt32BE(0)) {
          const end = 4 + rest.readUInt32BE(0);
          this.received.push(rest.subarray(4, end));
          rest = rest.subarray(end);
        }
        this.#wake();
      });
    });
  }

  connected(): Promise<void> | undefined {
    return this.#connected;
  }

  write(bytes: Buffer): void {
    this.#socket?.write(bytes);
  }

  async untilReceived(count: number): Promise<Buffer[]> {
    while (this.received.length < count) {
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
    return this.received;
  }

  close(): void {
    this.#socket?.destroy();
    this.#server?.close();
  }
}

let folder: string;
let segments: Segments;
let stations: Station[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'virtdeck-segment-'));
  segments = new Segments();
  stations = [];
});

afterEach(async () => {
  segments.close();
  for (const station of stations) station.close();
  await rm(folder, { recursive: true, force: true });
});

async function station(socket: string, segment: string, onlyFrom?: string): Promise<Station> {
  const made = new Station();
  stations.push(made);
  await made.listen(socket);
  await segments.connect({ directory: folder, socket, segment, ...(onlyFrom && { onlyFrom }) });
  await made.connected();
  return made;
}

const everybody = 'ffffffffffff';
const macOf = (n: number) => `02000000000${n}`;

function frame(to: string, from: string, text: string): Buffer {
  return Buffer.concat([Buffer.from(`${to}${from}0800`, 'hex'), Buffer.from(text)]);
}

function packet(body: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length);
  return Buffer.concat([length, body]);
}

const texts = (frames: Buffer[]) => frames.map((each) => each.subarray(14).toString());

test('frames reach those on the segment alone, and once learned only their station', async () => {
  const a = await station('a', 'blue');
  const b = await station('b', 'blue');
  const c = await station('c', 'blue');
  const red = await station('d', 'red');
  a.write(packet(frame(everybody, macOf(1), 'to all')));
  expect(texts(await b.untilReceived(1))).toEqual(['to all']);
  await c.untilReceived(1);
  b.write(packet(frame(macOf(1), macOf(2), 'to a')));
  expect(texts(await a.untilReceived(1))).toEqual(['to a']);
  // What is sent after it comes after it: had c got the frame for a, it would be there by now.
  b.write(packet(frame(everybody, macOf(2), 'last')));
  expect(texts(await c.untilReceived(2))).toEqual(['to all', 'last']);
  expect(red.received).toEqual([]);
});

test('frames in pieces and many at once come whole', async () => {
  const a = await station('a', 'blue');
  const b = await station('b', 'blue');
  const bytes = Buffer.concat(
    Array.from({ length: 50 }, (_, n) => packet(frame(everybody, macOf(1), `frame ${n}`))),
  );
  for (let at = 0; at < bytes.length; at += 7) a.write(bytes.subarray(at, at + 7));
  expect(texts(await b.untilReceived(50)).at(-1)).toBe('frame 49');
});

test('a station that moves is found behind its new port', async () => {
  const a = await station('a', 'blue');
  const b = await station('b', 'blue');
  const target = await station('target', 'blue');
  b.write(packet(frame(everybody, macOf(2), 'here')));
  await a.untilReceived(1);
  await target.untilReceived(1);
  target.write(packet(frame(everybody, macOf(2), 'moved')));
  await a.untilReceived(2);
  a.write(packet(frame(macOf(2), macOf(1), 'for you')));
  expect(texts(await target.untilReceived(2)).at(-1)).toBe('for you');
});

test('another address than its own is dropped where that is asked for, and all is counted', async () => {
  const a = await station('a', 'blue', '02:00:00:00:00:01');
  const b = await station('b', 'blue');
  a.write(packet(frame(everybody, macOf(9), 'forged')));
  a.write(packet(frame(everybody, macOf(1), 'true')));
  expect(texts(await b.untilReceived(1))).toEqual(['true']);
  expect(segments.counters(folder, 'a')?.transmitted).toEqual({
    bytes: 18,
    packets: 1,
    errors: 0,
    dropped: 1,
  });
  expect(segments.counters(folder, 'b')?.received).toMatchObject({ bytes: 18, packets: 1 });
  expect(segments.counters(folder, 'c')).toBeUndefined();
});

test('who sends no frames is cut off', async () => {
  const a = await station('a', 'blue');
  const closed = new Promise<void>((resolve) => {
    const look = () => (segments.counters(folder, 'a') ? setTimeout(look, 5) : resolve());
    look();
  });
  a.write(Buffer.from('not frames at all'));
  await closed;
});

test('a guest whose QEMU does not listen is an error', async () => {
  await expect(
    segments.connect({ directory: folder, socket: 'nobody', segment: 'blue' }),
  ).rejects.toThrow('ENOENT');
});
