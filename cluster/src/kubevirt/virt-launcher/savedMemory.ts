import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectInDirectory } from './connectInDirectory.ts';
import type { Qmp } from './Qmp.ts';
import { guestFiles } from './qemuArguments.ts';

const SOCKET = 'memory.sock';
const POLL_MS = 50;
/** The guest stands still meanwhile. */
const ARRIVAL_POLL_MS = 5;
/** More than any disk writes: the guest is stopped, nothing is to be spared. */
const BYTES_PER_SECOND = 10 * 2 ** 30;

export function hasSavedMemory(directory: string): boolean {
  return existsSync(join(directory, guestFiles.memory));
}

export async function forgetMemory(directory: string): Promise<void> {
  await rm(join(directory, guestFiles.memory), { force: true });
}

/**
 * Writes the memory and devices of a stopped guest to its folder, as QEMU's migration stream; the file
 * has its name only once it is whole and on the disk. QEMU must be ended after this.
 */
export async function saveMemory(directory: string, qmp: Qmp): Promise<void> {
  const partial = join(directory, `${guestFiles.memory}.partial`);
  await qmp.execute('migrate-set-parameters', { 'max-bandwidth': BYTES_PER_SECOND });
  const { server, connection } = await listenInDirectory(directory);
  try {
    await qmp.execute('migrate', { uri: `unix:${SOCKET}` });
    const ended = migrationEnd(qmp);
    // A migration that fails at once never connects: its end is the only sign.
    const stream = await Promise.race([connection, ended.then(() => connection)]);
    await pipeline(stream, createWriteStream(partial, { mode: 0o600 }));
    await ended;
  } finally {
    server.close();
  }
  const file = await open(partial, 'r+');
  await file.sync();
  await file.close();
  await rename(partial, join(directory, guestFiles.memory));
}

/** Fills a guest that was started to await its memory; it is paused afterwards. */
export async function restoreMemory(directory: string, qmp: Qmp): Promise<void> {
  await qmp.execute('migrate-incoming', { uri: `unix:${SOCKET}` });
  const socket = await connectInDirectory(directory, SOCKET);
  await pipeline(createReadStream(join(directory, guestFiles.memory)), socket);
  await memoryArrived(qmp);
}

/** Waits until QEMU has read what was sent to it; rejects when it ended instead. */
export async function memoryArrived(qmp: Qmp): Promise<void> {
  for (;;) {
    const { status } = (await qmp.execute('query-status')) as { status: string };
    if (status !== 'inmigrate') return;
    await sleep(ARRIVAL_POLL_MS);
  }
}

async function migrationEnd(qmp: Qmp): Promise<void> {
  for (;;) {
    const state = (await qmp.execute('query-migrate')) as { status: string; 'error-desc'?: string };
    if (state.status === 'completed') return;
    if (state.status === 'failed' || state.status === 'cancelled')
      throw new Error(`QEMU could not save the memory: ${state['error-desc'] ?? state.status}`);
    await sleep(POLL_MS);
  }
}

/** Listens for one connection on the socket in `directory`; see connectInDirectory for the way there. */
async function listenInDirectory(
  directory: string,
): Promise<{ server: Server; connection: Promise<Socket> }> {
  await rm(join(directory, SOCKET), { force: true });
  const handle = await open(directory, 'r');
  const server = createServer();
  const connection = new Promise<Socket>((resolve) => server.once('connection', resolve));
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(`/proc/self/fd/${handle.fd}/${SOCKET}`, resolve);
    });
  } catch (error) {
    await handle.close();
    throw error;
  }
  // The server removes its socket by that name when it closes.
  server.once('close', () => void handle.close());
  return { server, connection };
}
