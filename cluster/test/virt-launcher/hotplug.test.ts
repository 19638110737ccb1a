import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DomainDisk, Guest } from '../../src/kubevirt/virt-launcher/GuestRuntime.ts';
import { QemuRuntime } from '../../src/kubevirt/virt-launcher/QemuRuntime.ts';
import { at, microDomain, microImage, Reader } from './testGuest.ts';

// One guest gets and gives away its parts from test to test: a boot takes longer than all the rest.
let root: string;
let runtime: QemuRuntime;
let guest: Guest;
let serial: Reader;
let write: (text: string) => void;
const folder = (node: string) => join(root, node, 'guests', 'f3b9c0de');
const mebibyte = 2 ** 20;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'virtdeck-hotplug-'));
  runtime = await QemuRuntime.create();
  const spec = await microDomain(folder('one'), await microImage());
  guest = await runtime.launch(folder('one'), {
    ...spec,
    maxMemoryBytes: 1024 * mebibyte,
    disks: [...spec.disks, { name: 'cd', device: 'cdrom', bus: 'scsi', readOnly: true }],
  });
  await openShell();
  await serial.until('login: ');
  write('root\n');
  await serial.until(':/root# ');
});

afterAll(async () => {
  await guest.destroy();
  await rm(root, { recursive: true, force: true });
});

async function openShell(): Promise<void> {
  const stream = await guest.openSerial();
  serial = new Reader(stream);
  write = (text) => void stream.write(text);
}

async function extraDisk(name: string, bus: DomainDisk['bus'], size: string): Promise<DomainDisk> {
  const path = join(root, `${name}.qcow2`);
  await promisify(execFile)('qemu-img', ['create', '-q', '-f', 'qcow2', path, size]);
  const file = { path, format: 'qcow2' } as const;
  return { name, file, device: 'disk', bus, readOnly: false, serial: name };
}

/** Asks until the guest answers with the words; devices come a moment after they are plugged in. */
async function untilSeen(command: string, words: string): Promise<void> {
  write(
    `n=0; until { ${command}; } 2>/dev/null | grep -q '${words}' || [ $n -gt 99 ]; do usleep 100000; n=$((n + 1)); done; [ $n -gt 99 ] || echo see$((1))n\n`,
  );
  await serial.until('see1n', 20_000);
}

test.each([
  // As the guest's interface is called.
  ['virtio', 'vd', 17, 'default'],
  ['scsi', 'sd', 18, 'extra'],
] as const)('a %s disk comes and goes', async (bus, prefix, size, name) => {
  const disk = await extraDisk(name, bus, `${size}M`);
  const blocks = String((size * mebibyte) / 512);
  await guest.hotplug.attachDisk(disk);
  await untilSeen(`cat /sys/block/${prefix}*/size`, `^${blocks}$`);
  await guest.hotplug.detachDisk(disk.name);
  await untilSeen(`cat /sys/block/${prefix}*/size /etc/hostname | grep -cx ${blocks}`, '^0$');
  expect(guest.spec.disks.map(({ name }) => name)).toEqual(['root', 'cd']);
});

test('a medium is put into a drive and taken out', async () => {
  const { file } = await extraDisk('medium', 'sata', '19M');
  await guest.hotplug.changeMedium('cd', file);
  await untilSeen('head -c 1 /dev/sr0 | wc -c', '^1$');
  await guest.hotplug.changeMedium('cd', undefined);
  await untilSeen('head -c 1 /dev/sr0 | wc -c', '^0$');
});

test('processors and memory are plugged in', async () => {
  await guest.hotplug.plugSockets(2);
  await untilSeen('cat /sys/devices/system/cpu/online', '^0-1$');
  await guest.hotplug.plugMemory(512 * mebibyte);
  await expect.poll(() => guest.hotplug.memoryBytes(), { timeout: 10_000 }).toBe(512 * mebibyte);
  await untilSeen(
    'test $(sed -n "s/MemTotal: *//p" /proc/meminfo | cut -d" " -f1) -gt 400000 && echo much',
    'much',
  );
});

test('all that was plugged in moves along', async () => {
  const disk = await extraDisk('moving', 'virtio', '20M');
  await guest.hotplug.attachDisk(disk);
  write('echo travels > /tmp/keep; echo $((6 * 7))-done\n');
  await serial.until('42-done');
  const target = await runtime.receive(folder('two'), folder('one'), at('127.64.19.9'));
  const migration = await guest.migrate(folder('two'), {
    bandwidth: 0,
    maxDowntimeMs: 900,
    autoConverge: false,
    postCopy: false,
  });
  expect(await migration.end).toMatchObject({ outcome: 'completed' });
  await target.takeOver(true);
  await guest.destroy();
  guest = target;
  await openShell();
  write('cat /tmp/keep; cat /sys/devices/system/cpu/online; echo $((6 * 7))-here\n');
  await serial.until('travels');
  await serial.until('0-1');
  expect(await guest.hotplug.memoryBytes()).toBe(512 * mebibyte);
  await guest.hotplug.detachDisk('moving');
});
