import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Guest } from '../../src/kubevirt/virt-launcher/GuestRuntime.ts';
import { QemuRuntime } from '../../src/kubevirt/virt-launcher/QemuRuntime.ts';
import { agentConnected, at, microDomain, microImage, Reader } from './testGuest.ts';

// One guest goes from node to node from test to test: a boot takes longer than all the rest.
let root: string;
let runtime: QemuRuntime;
let guest: Guest;
const folder = (node: string) => join(root, node, 'guests', 'f3b9c0de');
const quickly = { bandwidth: 0, maxDowntimeMs: 900, autoConverge: false, postCopy: false };

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'virtdeck-migration-'));
  runtime = await QemuRuntime.create();
  const spec = await microDomain(folder('one'), await microImage());
  guest = await runtime.launch(folder('one'), spec);
});

afterAll(async () => {
  await guest.destroy();
  // A test that failed may have left another.
  for (const node of ['one', 'two']) await (await runtime.attach(folder(node)))?.destroy();
  await rm(root, { recursive: true, force: true });
});

async function shell(): Promise<{ serial: Reader; write: (text: string) => void }> {
  const stream = await guest.openSerial();
  return { serial: new Reader(stream), write: (text) => void stream.write(text) };
}

test('a cancelled migration leaves the guest running where it was', async () => {
  const { serial, write } = await shell();
  await serial.until('login: ');
  write('root\n');
  await serial.until(':/root# ');
  write('keep=4711; echo kept > /root/file; echo $((6 * 7))-done\n');
  await serial.until('42-done');
  const target = await runtime.receive(folder('two'), folder('one'), at('127.64.19.8'));
  expect(target.state).toBe('incoming');
  const migration = await guest.migrate(folder('two'), { ...quickly, bandwidth: 1024 });
  // QEMU knows how much there is once it has prepared the migration.
  await expect
    .poll(async () => (await migration.progress()).totalBytes)
    .toBeGreaterThan(256 * 2 ** 20);
  await migration.cancel();
  expect(await migration.end).toEqual({ outcome: 'cancelled' });
  await target.destroy();
  expect(guest.state).toBe('running');
  write('echo $((keep + 1))-here\n');
  await serial.until('4712-here');
});

test('a guest goes on in another process with its memory, its disk and its agent', async () => {
  const target = await runtime.receive(folder('two'), folder('one'), at('127.64.19.8'));
  const migration = await guest.migrate(folder('two'), quickly);
  expect(await migration.end).toMatchObject({ outcome: 'completed' });
  await target.takeOver(true);
  await guest.destroy();
  await rm(folder('one'), { recursive: true });
  guest = target;
  expect(guest.state).toBe('running');
  const { serial, write } = await shell();
  write('echo $((keep + 2))-moved; sync; cat /root/file\n');
  await serial.until('4713-moved');
  await serial.until('kept');
  await agentConnected(guest);
  expect((await guest.agentInfo())?.hostname).toBe('web');
  const port = await guest.openPort(80);
  port.write('GET / HTTP/1.0\r\n\r\n');
  await new Reader(port).until('<h1>web</h1>');
});

test('its ports answer at the address of its new node, and it can go back', async () => {
  const target = await runtime.receive(folder('one'), folder('two'), at('127.64.19.7'));
  const migration = await guest.migrate(folder('one'), quickly);
  expect(await migration.end).toMatchObject({ outcome: 'completed' });
  // The program that follows them may start anew at any moment.
  guest.detach();
  target.detach();
  const found = await runtime.attach(folder('two'));
  expect(await found?.migration?.end).toMatchObject({ outcome: 'completed' });
  const arrived = await runtime.attach(folder('one'));
  if (arrived === undefined) throw new Error('the incoming guest was not found');
  expect(arrived.state).toBe('incoming');
  await arrived.takeOver(true);
  await found?.destroy();
  guest = arrived;
  const { serial, write } = await shell();
  write('echo $((keep + 3))-back\n');
  await serial.until('4714-back');
});

/** Slower than the guest below writes, so that a migration of it never ends by itself. */
const never = { ...quickly, bandwidth: 4 * 2 ** 20, maxDowntimeMs: 1 };

/** Lets the guest write to its memory again and again. */
async function keepBusy(): Promise<void> {
  const { serial, write } = await shell();
  write('(while :; do dd if=/dev/urandom of=/tmp/busy bs=1M count=16 2> /dev/null; done) &\n');
  write('echo $((keep + 10))-busy\n');
  await serial.until('4721-busy');
}

test('a guest that writes faster than it is sent goes on at the target by post-copy', async () => {
  await keepBusy();
  await rm(folder('two'), { recursive: true, force: true });
  const target = await runtime.receive(folder('two'), folder('one'), at('127.64.19.8'));
  const migration = await guest.migrate(folder('two'), { ...never, postCopy: true });
  await expect.poll(async () => (await migration.progress()).transferredBytes).toBeGreaterThan(0);
  await Promise.all([target.takeOver(true), migration.startPostCopy()]);
  expect(await migration.end).toMatchObject({ outcome: 'completed' });
  await guest.destroy();
  guest = target;
  const { serial, write } = await shell();
  write('echo $((keep + 11))-there\n');
  await serial.until('4722-there');
});

test('a guest that writes faster than it is sent is sent while it stands still', async () => {
  await rm(folder('one'), { recursive: true, force: true });
  const target = await runtime.receive(folder('one'), folder('two'), at('127.64.19.7'));
  const reasons: string[] = [];
  guest.subscribe((event) => {
    if (event.type === 'paused') reasons.push(event.reason);
  });
  const migration = await guest.migrate(folder('one'), { ...never, bandwidth: 64 * 2 ** 20 });
  await migration.hold();
  expect(await migration.end).toMatchObject({ outcome: 'completed' });
  expect(reasons).toEqual(['migration']);
  await target.takeOver(true);
  await guest.destroy();
  guest = target;
  const { serial, write } = await shell();
  write('kill $!; echo $((keep + 12))-back\n');
  await serial.until('4723-back');
});

test('a migration fails when its target is killed, and the guest stays', async () => {
  await rm(folder('two'), { recursive: true, force: true });
  const target = await runtime.receive(folder('two'), folder('one'), at('127.64.19.8'));
  const migration = await guest.migrate(folder('two'), { ...quickly, bandwidth: 1024 });
  process.kill(target.pid ?? 0, 'SIGKILL');
  expect(await migration.end).toMatchObject({
    outcome: 'failed',
    reason: expect.stringMatching(/./) as string,
  });
  expect(guest.state).toBe('running');
  const { serial, write } = await shell();
  write('echo $((keep + 4))-still\n');
  await serial.until('4715-still');
});
