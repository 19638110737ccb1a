import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DomainSpec, Guest } from '../../src/kubevirt/virt-launcher/GuestRuntime.ts';
import { QemuRuntime } from '../../src/kubevirt/virt-launcher/QemuRuntime.ts';
import { agentConnected, ended, microDomain, microImage, Reader } from './testGuest.ts';

// One guest goes through its life from test to test: a boot takes longer than all the rest.
let root: string;
let directory: string;
let runtime: QemuRuntime;
let spec: DomainSpec;
let guest: Guest;
let serial: Reader;
let write: (text: string) => void;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'virtdeck-launcher-'));
  // Longer than the address of a unix socket may be.
  directory = join(root, 'a-folder-with-a-long-name'.repeat(6));
  spec = await microDomain(directory, await microImage());
  runtime = await QemuRuntime.create();
});

afterAll(async () => {
  const left = await runtime.attach(directory);
  await left?.destroy();
  await rm(root, { recursive: true, force: true });
});

async function openSerial(): Promise<void> {
  const stream = await guest.openSerial();
  serial = new Reader(stream);
  write = (text) => void stream.write(text);
}

async function logIn(): Promise<void> {
  await openSerial();
  await serial.until('login: ');
  write('root\n');
  await serial.until(':/root# ');
}

test('a guest outlives the program that started it, and is found again', async () => {
  const script = new URL('./launchGuest.ts', import.meta.url).pathname;
  const args = ['--import', 'tsx', script, directory, JSON.stringify(spec)];
  const program = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const said = await new Promise<string>((resolve) =>
    program.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString())),
  );
  const gone = new Promise((resolve) => program.once('exit', resolve));
  program.kill('SIGKILL');
  await gone;

  const found = await runtime.attach(directory);
  if (found === undefined) throw new Error('The guest was not found');
  guest = found;
  expect(guest.state).toBe('running');
  expect(said).toBe(`launched ${guest.pid ?? ''}\n`);
  await expect(runtime.launch(directory, spec)).rejects.toThrow('runs in');
});

test('it boots to a login prompt on its serial line and echoes', async () => {
  await logIn();
  write('keep=4711; echo kept > /root/file; sync; echo $((6 * 7))-done\n');
  await serial.until('42-done');
});

test('its screen speaks RFB, and has a picture', async () => {
  const first = await guest.openVnc();
  const banner = new Reader(first);
  await banner.until('RFB 003.008\n');
  const closed = new Promise((resolve) => first.once('close', resolve));
  const second = new Reader(await guest.openVnc());
  await closed;
  await second.until('RFB 003.008\n');
  const picture = await guest.screenshot();
  expect(picture.subarray(1, 4).toString()).toBe('PNG');
  expect(picture.length).toBeGreaterThan(1000);
});

test('its agent tells who it is, and its ports can be reached', async () => {
  await agentConnected(guest);
  const info = await guest.agentInfo();
  expect(info?.hostname).toBe('web');
  expect(info?.os?.id).toBe('virtdeck-micro');
  const nic = info?.interfaces.find((entry) => entry.mac === '02:00:00:00:00:01');
  expect(nic?.addresses).toContain('10.0.2.15');
  const port = await guest.openPort(80);
  port.write('GET / HTTP/1.0\r\n\r\n');
  await new Reader(port).until('<h1>web</h1>');
});

test('it pauses and goes on', async () => {
  const events: string[] = [];
  guest.subscribe((event) => events.push(event.type));
  await guest.pause();
  expect(guest.state).toBe('paused');
  await guest.resume();
  expect(guest.state).toBe('running');
  expect(events).toEqual(['paused', 'resumed']);
});

test('a paused guest that was suspended goes on where it was', async () => {
  await guest.pause();
  await guest.suspend(1000);
  expect(await runtime.attach(directory)).toBeUndefined();
  guest = await runtime.launch(directory, spec);
  expect(guest.state).toBe('paused');
  await guest.resume();
  await openSerial();
  write('echo $((keep + 1))-kept\n');
  await serial.until('4712-kept');
});

test('the power button ends it as shutdown', async () => {
  await guest.powerdown();
  expect((await ended(guest)).end).toBe('shutdown');
  expect(guest.state).toBe('ended');
});

test('its disk keeps what it wrote; its end is known even if nobody followed', async () => {
  guest = await runtime.launch(directory, spec);
  await logIn();
  write('cat /root/file\n');
  await serial.until('kept');
  await guest.powerdown();
  guest.detach();
  let end: Guest['end'];
  while (end === undefined) {
    const found = await runtime.attach(directory);
    expect(found).toBeDefined();
    end = found?.end;
    if (end === undefined) {
      found?.detach();
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
  expect(end.end).toBe('shutdown');
});

test('the end of the program shuts down a guest that listens, and does not wait for one that cannot', async () => {
  guest = await runtime.launch(directory, spec);
  await logIn();
  const deaf = join(root, 'deaf');
  const empty = await runtime.launch(deaf, await microDomain(deaf));
  const begin = Date.now();
  const patience = 600_000;
  await Promise.all([guest.suspend(patience), empty.suspend(patience)]);
  expect(guest.end?.end).toBe('shutdown');
  expect(empty.end?.end).toBe('destroyed');
  expect(Date.now() - begin).toBeLessThan(patience / 2);
});

test('a guest whose process is killed has crashed', async () => {
  const other = join(root, 'other');
  const killed = await runtime.launch(other, await microDomain(other));
  process.kill(killed.pid ?? 0, 'SIGKILL');
  expect(await ended(killed)).toEqual({
    end: 'crashed',
    detail: "The guest's QEMU process ended unexpectedly (SIGKILL)",
  });
});

test('a guest that cannot start says why', async () => {
  const other = join(root, 'missing');
  const domain = await microDomain(other);
  const disks = domain.disks.map((disk) => ({
    ...disk,
    file: { path: '/no/such/disk.qcow2', format: 'qcow2' as const },
  }));
  await expect(runtime.launch(other, { ...domain, disks })).rejects.toThrow(
    "The guest could not be started: Could not open '/no/such/disk.qcow2': No such file or directory",
  );
});
