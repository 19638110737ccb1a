import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

import type { Guest } from '../../src/kubevirt/virt-launcher/GuestRuntime.ts';
import { QemuRuntime } from '../../src/kubevirt/virt-launcher/QemuRuntime.ts';
import { agentConnected, microDomain, microImage, Reader } from './testGuest.ts';

// One guest for all: a boot takes longer than what is tested here.
let folder: string;
let runtime: QemuRuntime;
let guest: Guest;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'virtdeck-agent-'));
  runtime = await QemuRuntime.create();
  const domain = await microDomain(folder, await microImage());
  domain.disks.forEach((disk) => (disk.serial = 'D1'));
  guest = await runtime.launch(folder, domain);
  await agentConnected(guest);
});

afterAll(async () => {
  await guest.destroy();
  await rm(folder, { recursive: true, force: true });
});

function agent() {
  if (!guest.agent) throw new Error('The agent is not connected');
  return guest.agent;
}

test('it tells its version, commands and time zone', async () => {
  const { version, commands, timezone } = await agent().details();
  expect(version).toMatch(/^\d+\.\d+/);
  expect(commands).toContainEqual({ name: 'guest-fsfreeze-freeze', enabled: true });
  expect(timezone).toBe('UTC, 0');
});

test('it tells the file systems with the disks that they are on', async () => {
  const root = (await agent().filesystems()).find(({ mountPoint }) => mountPoint === '/');
  expect(root).toMatchObject({ type: 'ext4', disks: [{ busType: 'virtio' }] });
  expect(root?.totalBytes).toBeGreaterThan(root?.usedBytes ?? Infinity);
  expect(root?.usedBytes).toBeGreaterThan(2 ** 20);
});

test('it tells who is logged in', async () => {
  expect(await agent().users()).toEqual([]);
  const stream = await guest.openSerial();
  const serial = new Reader(stream);
  stream.write('\n');
  await serial.until('login: ');
  stream.write('root\n');
  await serial.until(':/root# ');
  const [user] = await agent().users();
  expect(user?.name).toBe('root');
  expect(Math.abs((user?.loginTime ?? 0) - Date.now() / 1000)).toBeLessThan(3600);
  stream.write('exit\n');
  await serial.until('login: ');
});

test('it runs programs, and gives their exit code and what they wrote', async () => {
  const script = 'echo to-out; echo to-err >&2; exit 3';
  expect(await agent().execute('/bin/sh', ['-c', script], 5000)).toEqual({
    exitCode: 3,
    output: 'to-out\nto-err\n',
  });
  await expect(agent().execute('/bin/sleep', ['9'], 300)).rejects.toThrow('did not end');
  await expect(agent().execute('/bin/nothing', [], 300)).rejects.toThrow('refused guest-exec');
});

test('a password and keys that it sets are there', async () => {
  await agent().setPassword('root', 'sesame');
  await agent().setSshKeys('root', ['ssh-ed25519 AAAA somebody']);
  const read = 'cut -d: -f2 /etc/passwd; cat /root/.ssh/authorized_keys';
  const { output } = await agent().execute('/bin/sh', ['-c', read], 5000);
  expect(output).toMatch(/^\$\d\$.+\nssh-ed25519 AAAA somebody$/);
  const clear = "sed -i 's/^root:[^:]*:/root::/' /etc/passwd";
  await agent().execute('/bin/sh', ['-c', clear], 5000);
});

test('a frozen guest takes no writes until it is thawed', async () => {
  await guest.freeze(0);
  expect(await guest.agentInfo()).toMatchObject({ frozen: true });
  await guest.freeze(0);
  await expect(agent().users()).rejects.toThrow('The guest agent refused');
  await guest.thaw();
  expect(await guest.agentInfo()).toMatchObject({ frozen: false, os: { id: 'virtdeck-micro' } });
});

test('it thaws by itself after the time-out, also when the program was started anew', async () => {
  await guest.freeze(2);
  guest.detach();
  const found = await runtime.attach(folder);
  if (!found) throw new Error('The guest was not found');
  guest = found;
  expect(await agent().frozen()).toBe(true);
  await expect.poll(() => agent().frozen(), { timeout: 10_000 }).toBe(false);
});

test('a soft reboot restarts it by the agent, without it by the power button', async () => {
  const gone = (): Promise<void> =>
    new Promise((resolve) => {
      const stop = guest.subscribe((event) => {
        if (event.type !== 'agent' || event.connected) return;
        stop();
        resolve();
      });
    });
  const boots = async () => {
    const read = ['-c', 'cat /proc/sys/kernel/random/boot_id'];
    return (await agent().execute('/bin/sh', read, 5000)).output;
  };
  const first = await boots();
  let lost = gone();
  await guest.softReboot();
  await lost;
  await agentConnected(guest);
  const second = await boots();
  expect(second).not.toBe(first);
  lost = gone();
  // The agent ends and is not started again: only the power button is left.
  const end = agent().execute(
    '/bin/sh',
    ['-c', 'sed -i /agent.sh/d /etc/inittab; kill -HUP 1'],
    5000,
  );
  await end.catch(() => undefined);
  await lost;
  expect(guest.agent).toBeUndefined();
  const serial = new Reader(await guest.openSerial());
  await guest.softReboot();
  await serial.until('login: ');
  expect(guest.state).toBe('running');
});
