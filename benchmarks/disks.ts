import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { mkdtemp, open, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { NetworkGuard } from '../cluster/src/cdi/importer/NetworkGuard.ts';
import { openHttp } from '../cluster/src/cdi/importer/httpSource.ts';
import { Qcow2Images } from '../cluster/src/hostpath-provisioner/Qcow2Images.ts';
import type { Figure } from './Figure.ts';

const run = promisify(execFile);
const mebibyte = 2 ** 20;
const imageMebibytes = 1024;

/** Imports over HTTP against qemu-img's conversion of the same file. */
export function disks(): Promise<Figure[]> {
  return withImages(async (images, folder) => {
    const raw = await writeImage(join(folder, 'image.raw'));
    const qcow2 = join(folder, 'image.qcow2');
    await run('qemu-img', ['convert', '-f', 'raw', '-O', 'qcow2', raw, qcow2]);
    return [
      ...(await importOf(images, folder, 'raw', raw)),
      ...(await importOf(images, folder, 'qcow2', qcow2)),
    ];
  });
}

/** The clone of a sparse disk of 10 GiB. */
export function clone(): Promise<Figure[]> {
  return withImages(async (images, folder) => [await cloneOf(images, folder)]);
}

async function withImages<T>(work: (images: Qcow2Images, folder: string) => Promise<T>) {
  const folder = await mkdtemp(join(tmpdir(), 'virtdeck-disks-'));
  try {
    return await work(new Qcow2Images(folder), folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Half data, half zeros. */
async function writeImage(path: string): Promise<string> {
  const file = await open(path, 'w');
  for (let at = 0; at < imageMebibytes; at += 2) {
    await file.write(randomBytes(mebibyte), 0, mebibyte, at * mebibyte);
  }
  await file.truncate(imageMebibytes * mebibyte);
  await file.close();
  return path;
}

async function importOf(
  images: Qcow2Images,
  folder: string,
  format: string,
  path: string,
): Promise<Figure[]> {
  const plain = await seconds(() =>
    run('qemu-img', ['convert', '-f', format, '-O', 'qcow2', path, join(folder, 'plain.qcow2')]),
  );
  const server = createServer((_request, response) => {
    createReadStream(path, { highWaterMark: mebibyte }).pipe(response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const { signal } = new AbortController();
  const took = await seconds(async () => {
    const reply = await openHttp({ url }, new NetworkGuard(), signal);
    const disk = { bytes: imageMebibytes * mebibyte };
    await images.write(reply, join(folder, 'volumes', format), disk, signal);
  });
  server.close();
  const sent = (await stat(path)).size / 1e6;
  return [
    { name: `import-${format}`, value: Math.round(sent / took), unit: 'MB/s' },
    { name: `import-${format}-ratio`, value: round(took / plain), unit: 'of qemu-img convert' },
  ];
}

async function cloneOf(images: Qcow2Images, folder: string): Promise<Figure> {
  const from = join(folder, 'volumes', 'from');
  const disk = { bytes: 10 * 1024 * mebibyte };
  await images.createBlank(from, disk);
  const took = await seconds(() => images.clone(from, join(folder, 'volumes', 'to'), disk));
  return { name: 'clone', value: round(took), unit: 's' };
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

const round = (value: number) => Math.round(value * 100) / 100;
