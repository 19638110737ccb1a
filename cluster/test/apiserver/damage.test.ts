import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync } from 'node:fs';
import { open, stat, truncate } from 'node:fs/promises';
import { onTestFinished, expect, test } from 'vitest';
import { ObjectStore } from '../../src/apiserver/storage/ObjectStore.ts';
import type { AnyObject } from '../../src/apiserver/ResourceDefinition.ts';
import { temporaryFolder } from './apiServerFixture.ts';

const map = (name: string, text: string): AnyObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'default', uid: name, resourceVersion: '', creationTimestamp: '' },
  data: { text },
});

/** A closed store of 200 objects. */
async function filledStore(): Promise<{ folder: string; file: string }> {
  const folder = await temporaryFolder();
  const store = new ObjectStore(folder);
  const names = Array.from({ length: 200 }, (_, index) => `m${index}`);
  for (const name of names) store.create('configmaps', map(name, 'needle'.repeat(50)), '');
  await store.close();
  return { folder, file: `${folder}/objects.lmdb` };
}

async function overwrite(file: string, position: number, bytes: Buffer): Promise<void> {
  const handle = await open(file, 'r+');
  await handle.write(bytes, 0, bytes.length, position);
  await handle.close();
}

test('a changed bit in one object is found, and the object is named', async () => {
  const { folder, file } = await filledStore();
  const handle = await open(file, 'r');
  const { buffer } = await handle.read(Buffer.alloc(1 << 20), 0, 1 << 20, 0);
  await handle.close();
  // The newest page that holds the object: an older one may be free by now. What is packed follows the key.
  const key = 'configmaps\ndefault\nm57';
  const at = buffer.lastIndexOf(key) + key.length + 60;
  await overwrite(file, at, Buffer.from([(buffer[at] ?? 0) ^ 1]));
  expect(() => new ObjectStore(folder)).toThrow(
    /is damaged: configmaps default m57 does not fit its checksum/,
  );
});

test('a header of something else is refused before it is mapped', async () => {
  const { folder, file } = await filledStore();
  await overwrite(file, 0, Buffer.alloc(8192, 0x5a));
  expect(() => new ObjectStore(folder)).toThrow(/its header is not that of a store/);
});

/** Where the newest state's tree of objects begins: both header pages name a root, the newer one counts. */
async function rootPage(file: string): Promise<number> {
  const handle = await open(file, 'r');
  const { buffer } = await handle.read(Buffer.alloc(0x2000), 0, 0x2000, 0);
  await handle.close();
  const transaction = (page: number) => buffer.readBigUInt64LE(page + 0x98);
  const newest = transaction(0) > transaction(0x1000) ? 0 : 0x1000;
  return Number(buffer.readBigUInt64LE(newest + 0x88)) * 0x1000;
}

test.each<[string, number, (length: number) => Buffer]>([
  ['was overwritten', 0, (length) => Buffer.alloc(length, 0x5a)],
  ['was never written', 0, (length) => Buffer.alloc(length)],
  ['was written in half', 2048, (length) => Buffer.alloc(length / 2, 0x77)],
  ['has an impossible header', 18, () => Buffer.from([1, 0, 0xff, 0xff, 0, 0])],
])('an inner page that %s is refused', async (_what, from, bytes) => {
  const { folder, file } = await filledStore();
  await overwrite(file, (await rootPage(file)) + from, bytes(4096));
  expect(() => new ObjectStore(folder)).toThrow(/is damaged: page \d+ /);
});

test('a page of objects that is another one is refused', async () => {
  const { folder, file } = await filledStore();
  const root = await rootPage(file);
  const handle = await open(file, 'r');
  const { buffer } = await handle.read(Buffer.alloc(4096), 0, 4096, root);
  await handle.close();
  const child = buffer.readUInt32LE(24 + buffer.readUInt16LE(24)) * 4096;
  await overwrite(file, child, buffer);
  expect(() => new ObjectStore(folder)).toThrow(
    /is damaged: page \d+ is not what was written there/,
  );
});

test('a file that is cut off is refused', async () => {
  const { folder, file } = await filledStore();
  await truncate(file, (await stat(file)).size - 4096);
  expect(() => new ObjectStore(folder)).toThrow(/its end is cut off/);
});

test('a file whose last pages were counted but never written is whole', async () => {
  const { folder, file } = await filledStore();
  const handle = await open(file, 'r+');
  for (const lastPage of [0x90, 0x1000 + 0x90]) {
    const { buffer } = await handle.read(Buffer.alloc(8), 0, 8, lastPage);
    buffer.writeBigUInt64LE(buffer.readBigUInt64LE() + 3n);
    await handle.write(buffer, 0, 8, lastPage);
  }
  await handle.close();
  const store = new ObjectStore(folder);
  expect(store.list('configmaps', 'default')).toHaveLength(200);
  await store.close();
});

test.skipIf(process.getuid?.() !== 0)(
  'a full disk fails the write and says so; what was acknowledged is kept',
  async () => {
    const folder = await temporaryFolder();
    const disk = `${folder}/disk`;
    mkdirSync(disk);
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'none', disk]);
    expect(mounted.status).toBe(0);
    onTestFinished(() => void spawnSync('umount', ['--lazy', disk]));
    const program = new URL('fillDisk.ts', import.meta.url).pathname;
    const ran = spawnSync(process.execPath, ['--import', 'tsx', program, disk], {
      encoding: 'utf8',
    });
    const { acknowledged, refusal, read } = JSON.parse(ran.stdout) as {
      acknowledged: string[];
      refusal: string;
      read: number;
    };
    expect(refusal).toMatch(/cannot write to the store .*is its disk full/);
    expect(read).toBeGreaterThanOrEqual(acknowledged.length);
    const copy = `${folder}/copy`;
    cpSync(`${disk}/store`, copy, { recursive: true });
    const again = new ObjectStore(copy);
    const names = again.list('configmaps', 'default').map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(acknowledged));
    expect(acknowledged.length).toBeGreaterThan(3);
    await again.close();
  },
);
