import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createConnection, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

import type { RawDisk } from '../cdi/DiskImages.ts';
import { NbdConnection } from './NbdConnection.ts';

const chunkBytes = 2 ** 20;
/** Reads that are under way at a time. */
const ahead = 4;
const openWithinMs = 10_000;
const pollMs = 10;

/**
 * The content of a qcow2 image with all its layers, as a guest sees it, without a copy of it: `qemu-nbd`
 * reads it for us. Nobody may write to the image meanwhile.
 */
export async function openRaw(file: string): Promise<RawDisk> {
  const folder = await mkdtemp(join(tmpdir(), 'virtdeck-nbd-'));
  const socketPath = join(folder, 'nbd');
  const args = ['--read-only', '--format=qcow2', '--cache=writeback', `--socket=${socketPath}`];
  const server = spawn('qemu-nbd', [...args, file], { stdio: ['ignore', 'ignore', 'pipe'] });
  let complaint = '';
  server.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString('utf8')));
  const ended = new Promise<void>((resolve) => {
    server.once('error', (error) => {
      complaint ||= error.message;
      resolve();
    });
    server.once('close', () => {
      resolve();
    });
  });
  const close = async () => {
    server.kill();
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const refused = ended.then(() => {
      throw new Error(complaint.trim() || 'qemu-nbd has ended');
    });
    const socket = await Promise.race([connectWhenThere(socketPath), refused]);
    refused.catch(() => undefined);
    const disk = await NbdConnection.open(socket);
    return {
      bytes: disk.size,
      read: (start, end) => Readable.from(chunks(disk, start, end), { objectMode: false }),
      async close() {
        disk.close();
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** `end` is not read any more. */
async function* chunks(disk: NbdConnection, start: number, end: number): AsyncGenerator<Buffer> {
  const reads: Promise<Buffer>[] = [];
  let next = start;
  const fill = () => {
    while (reads.length < ahead && next < end) {
      const bytes = Math.min(chunkBytes, end - next);
      const read = disk.read(next, bytes);
      // It is awaited in its turn.
      read.catch(() => undefined);
      reads.push(read);
      next += bytes;
    }
  };
  fill();
  while (reads.length > 0) {
    const data = await reads.shift();
    fill();
    if (data) yield data;
  }
}

/** qemu-nbd says nothing when it listens. */
async function connectWhenThere(path: string): Promise<Socket> {
  for (let waited = 0; ; waited += pollMs) {
    try {
      return await connect(path);
    } catch (error) {
      if (waited >= openWithinMs) throw error;
      await sleep(pollMs);
    }
  }
}

function connect(path: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(path, () => {
      resolve(socket);
    });
    socket.once('error', reject);
  });
}
