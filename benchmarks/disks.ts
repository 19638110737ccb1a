import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, open, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';

import { NetworkGuard } from '../cluster/src/cdi/importer/NetworkGuard.ts';
import { openHttp } from '../cluster/src/cdi/importer/httpSource.ts';
import { cdiConfigs, dataVolumes } from '../cluster/src/cdi/resources.ts';
import type { Cluster } from '../cluster/src/createCluster.ts';
import { Qcow2Images } from '../cluster/src/hostpath-provisioner/Qcow2Images.ts';
import type { Figure } from './Figure.ts';
import { admin, until, withCluster } from './withCluster.ts';

const run = promisify(execFile);
const mebibyte = 2 ** 20;
const imageMebibytes = 1024;
const rounds = 5;
const key = { namespace: 'default', name: 'upload' };

/**
 * Imports over HTTP against what one does by hand, and what CDI's importer does with its scratch space: `curl` of the
 * same URL to a file, which `qemu-img convert` then makes a disk of; ours may take 1.2 times as long. Both read the same
 * bytes from the same server, and are done when the disk is on the disk, which `-t writeback` asks of qemu-img, as CDI
 * does. qemu-img cannot be given the URL: its driver for HTTP is another package of Debian, and that of QEMU 7.2 waits
 * for ever at the end of a file. What it takes for the same image when that is a local file already is printed beside
 * it; there is no transfer then, and holes need not be read, so that no import can come near it. Medians of rounds in
 * turns, as other programs disturb all of them.
 */
export function importDisks(): Promise<Figure[]> {
  return withImages(async (images, folder) => {
    const raw = await writeImage(join(folder, 'image.raw'));
    const qcow2 = join(folder, 'image.qcow2');
    await run('qemu-img', ['convert', '-f', 'raw', '-O', 'qcow2', raw, qcow2]);
    const server = await startServer(folder);
    try {
      return [
        ...(await importOf(images, { folder, format: 'raw', path: raw, port: server.port })),
        ...(await importOf(images, { folder, format: 'qcow2', path: qcow2, port: server.port })),
      ];
    } finally {
      server.child.kill();
    }
  });
}

/** An upload of a raw image through the proxy. */
export function upload(): Promise<Figure[]> {
  return withCluster([], async (cluster) => {
    const folder = await mkdtemp(join(tmpdir(), 'virtdeck-disks-'));
    try {
      const path = await writeImage(join(folder, 'image.raw'));
      const url = await uploadTarget(cluster);
      const took = await seconds(() => run(process.execPath, ['-e', sender, path, ...url]));
      await until(cluster, dataVolumes, key, ({ status }) => status?.phase === 'Succeeded');
      return [{ name: 'upload', value: Math.round((await sizeOf(path)) / took), unit: 'MB/s' }];
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
}

/** Makes a DataVolume that waits for its upload; gives the URL and the token for it. */
async function uploadTarget(cluster: Cluster): Promise<[string, string]> {
  const client = cluster.api.clientFor(admin);
  await client.create(dataVolumes, {
    apiVersion: 'cdi.kubevirt.io/v1beta1',
    kind: 'DataVolume',
    metadata: key,
    spec: {
      source: { upload: {} },
      storage: { resources: { requests: { storage: `${imageMebibytes}Mi` } } },
    },
  });
  await until(cluster, dataVolumes, key, ({ status }) => status?.phase === 'UploadReady');
  const reply = await cluster.api.inject({
    method: 'POST',
    url: `/apis/upload.cdi.kubevirt.io/v1beta1/namespaces/${key.namespace}/uploadtokenrequests`,
    headers: { authorization: 'Bearer admin', 'content-type': 'application/json' },
    payload: JSON.stringify({ spec: { pvcName: key.name } }),
  });
  const { status } = reply.json<{ status: { token: string } }>();
  const config = await client.get(cdiConfigs, { name: 'config' });
  return [`${config.status?.uploadProxyURL ?? ''}/v1beta1/upload`, status.token];
}

/** The other side of a transfer, as a program of its own: it must not take the time of this one. */
const sender = `
const [path, url, token] = process.argv.slice(1);
const { size } = require('fs').statSync(path);
const headers = { authorization: 'Bearer ' + token, 'content-length': size };
const request = require('http').request(url, { method: 'POST', headers }, (reply) => {
  reply.resume();
  reply.once('end', () => process.exit(reply.statusCode === 200 ? 0 : 1));
});
require('fs').createReadStream(path, { highWaterMark: 2 ** 20 }).pipe(request);
`;
const receiver = `
require('http').createServer((request, response) => {
  const path = process.argv[1] + request.url;
  require('fs').createReadStream(path, { highWaterMark: 2 ** 20 }).pipe(response);
}).listen(0, '127.0.0.1', function () { console.log(this.address().port); });
`;

/** Serves the files of a folder. */
async function startServer(folder: string): Promise<{ child: ChildProcess; port: number }> {
  const child = spawn(process.execPath, ['-e', receiver, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, port: Number(line.toString()) };
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

interface Import {
  folder: string;
  format: string;
  path: string;
  port: number;
}

async function importOf(
  images: Qcow2Images,
  { folder, format, path, port }: Import,
): Promise<Figure[]> {
  const url = `http://127.0.0.1:${port}/${basename(path)}`;
  const { signal } = new AbortController();
  const plain: number[] = [];
  const local: number[] = [];
  const ours: number[] = [];
  for (let round = 0; round < rounds; round++) {
    plain.push(await seconds(() => byHand(url, folder, format)));
    local.push(await seconds(() => convert(path, folder, format)));
    const volume = join(folder, 'volumes', `${format}-${round}`);
    ours.push(
      await seconds(async () => {
        const reply = await openHttp({ url }, new NetworkGuard(), signal);
        await images.write(reply, volume, { bytes: imageMebibytes * mebibyte }, signal);
      }),
    );
    await images.remove(volume);
  }
  const name = `import-${format}`;
  const took = median(ours);
  const ratio = (to: number[]) => round2(took / median(to));
  return [
    { name, value: Math.round((await sizeOf(path)) / took), unit: 'MB/s' },
    { name: `${name}-ratio`, value: ratio(plain), unit: 'of curl and qemu-img convert' },
    {
      name: `${name}-local-ratio`,
      value: ratio(local),
      unit: 'of qemu-img convert of a local file',
    },
  ];
}

async function byHand(url: string, folder: string, format: string): Promise<void> {
  const fetched = join(folder, 'fetched');
  await run('curl', ['--silent', '--fail', '--noproxy', '*', '--output', fetched, url]);
  await convert(fetched, folder, format);
  await rm(fetched);
}

async function convert(path: string, folder: string, format: string): Promise<void> {
  const out = join(folder, 'plain.qcow2');
  await run('qemu-img', ['convert', '-t', 'writeback', '-f', format, '-O', 'qcow2', path, out]);
  await rm(out);
}

async function cloneOf(images: Qcow2Images, folder: string): Promise<Figure> {
  const from = join(folder, 'volumes', 'from');
  const disk = { bytes: 10 * 1024 * mebibyte };
  await images.createBlank(from, disk);
  const took = await seconds(() => images.clone(from, join(folder, 'volumes', 'to'), disk));
  return { name: 'clone', value: round2(took), unit: 's' };
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

const median = (values: number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;
const round2 = (value: number) => Math.round(value * 100) / 100;
/** In MB. */
const sizeOf = async (path: string) => (await stat(path)).size / 1e6;
