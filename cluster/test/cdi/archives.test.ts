import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, mkdir, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

import { expect, test } from 'vitest';

import { type DataVolume, dataVolumes } from '../../src/cdi/resources.ts';
import { QemuRuntime } from '../../src/kubevirt/virt-launcher/QemuRuntime.ts';
import { startCluster, temporaryFolder } from '../kubevirt/clusterFixture.ts';
import { dataVolume } from '../kubevirt/manifests.ts';
import { until } from '../kubevirt/watching.ts';
import { serve } from './imageServer.ts';
import { check, contentOf, converted, diskOf, rawImage } from './testDisks.ts';

const run = promisify(execFile);
const key = (name: string) => ({ namespace: 'default', name });
const storage = (size: string) => ({ resources: { requests: { storage: size } } });
const succeeded = ({ status }: DataVolume) => status?.phase === 'Succeeded';
const messageOf = ({ status }: DataVolume) => {
  const running = status?.conditions?.find(({ type }) => type === 'Running');
  return running?.reason === 'Error' ? running.message : undefined;
};

/** Serves the files of a folder by their names. */
const serveFolder = (folder: string) =>
  serve((request, response) => {
    createReadStream(join(folder, request.url ?? '')).pipe(response);
  });

const digestOf = (content: Buffer) => createHash('sha256').update(content).digest('hex');

/** A folder with a file system layer of a container disk that holds the image as `/disk/image`. */
async function layerOf(folder: string, image: string): Promise<Buffer> {
  const root = join(folder, 'root');
  await mkdir(join(root, 'disk'), { recursive: true });
  await run('cp', [image, join(root, 'disk', 'image')]);
  await run('tar', ['-czf', join(folder, 'layer.tgz'), '-C', root, 'disk']);
  return readFile(join(folder, 'layer.tgz'));
}

/** Writes files by their paths, and packs them in their order. */
async function packed(folder: string, name: string, files: Record<string, Buffer>) {
  const root = join(folder, `${name}-files`);
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  }
  await run('tar', ['-cf', join(folder, name), '-C', root, ...Object.keys(files)]);
}

test('a disk is taken out of an appliance and of a container image in a file', async () => {
  const folder = await temporaryFolder();
  const raw = await rawImage(folder);
  const vmdk = await converted(raw, 'vmdk', '-o', 'subformat=streamOptimized');
  await packed(folder, 'appliance.ova', {
    'appliance.ovf': Buffer.from('<Envelope/>'),
    'appliance-disk1.vmdk': await readFile(vmdk),
    'appliance-disk2.vmdk': Buffer.from('another one'),
  });
  const layer = await layerOf(folder, await converted(raw, 'qcow2'));
  const blob = (content: Buffer) => `blobs/sha256/${digestOf(content)}`;
  const config = Buffer.from('{}');
  const manifest = Buffer.from(
    JSON.stringify({ layers: [{ digest: `sha256:${digestOf(layer)}` }] }),
  );
  const index = { manifests: [{ digest: `sha256:${digestOf(manifest)}` }] };
  await packed(folder, 'oci.tar', {
    'oci-layout': Buffer.from('{"imageLayoutVersion":"1.0.0"}'),
    'index.json': Buffer.from(JSON.stringify(index)),
    [blob(config)]: config,
    [blob(manifest)]: manifest,
    [blob(layer)]: layer,
  });
  await packed(folder, 'docker.tar', {
    'layer/layer.tar': layer,
    'manifest.json': Buffer.from(JSON.stringify([{ Layers: ['layer/layer.tar'] }])),
  });
  await run('gzip', ['-k', join(folder, 'appliance.ova')]);
  const url = await serveFolder(folder);
  const { client, dataDir } = await startCluster({ runtime: await QemuRuntime.create() });
  const expected = await readFile(raw);
  const names = ['appliance.ova', 'appliance.ova.gz', 'oci.tar', 'docker.tar'];
  for (const name of names) {
    const source = { http: { url: `${url}/${name}` } };
    await client.create(dataVolumes, dataVolume(name, { source, storage: storage('8Mi') }));
    await until(client, dataVolumes, key(name), succeeded);
    const disk = await diskOf(client, name);
    await check(disk);
    expect(expected.equals(await contentOf(disk, folder)), name).toBe(true);
  }
  const layers = await readdir(join(dataDir, 'layers'));
  for (const one of layers)
    expect(await readdir(join(dataDir, 'layers', one))).toEqual(['disk.qcow2']);
});

test('an oci-archive is a file of the importer pod, which sees nothing of this machine but its volumes', async () => {
  const folder = await temporaryFolder();
  const raw = await rawImage(folder);
  const layer = await layerOf(folder, await converted(raw, 'qcow2'));
  const other = Buffer.from('no layer');
  const blob = (content: Buffer) => `blobs/sha256/${digestOf(content)}`;
  const manifestOf = (content: Buffer) =>
    Buffer.from(JSON.stringify({ layers: [{ digest: `sha256:${digestOf(content)}` }] }));
  const entry = (content: Buffer, name: string, architecture: string) => ({
    digest: `sha256:${digestOf(content)}`,
    platform: { architecture },
    annotations: { 'org.opencontainers.image.ref.name': name },
  });
  const manifests = [
    entry(manifestOf(other), 'wrong', 'amd64'),
    entry(manifestOf(other), 'os', 'arm64'),
    entry(manifestOf(layer), 'os', 'amd64'),
  ];
  await packed(folder, 'oci.tar', {
    'oci-layout': Buffer.from('{"imageLayoutVersion":"1.0.0"}'),
    'index.json': Buffer.from(JSON.stringify({ manifests })),
    [blob(manifestOf(other))]: manifestOf(other),
    [blob(manifestOf(layer))]: manifestOf(layer),
    [blob(layer)]: layer,
  });
  const { client, clock } = await startCluster({ runtime: await QemuRuntime.create() });
  const failsWith = async (name: string, url: string, path: string) => {
    const source = { registry: { url } };
    await client.create(dataVolumes, dataVolume(name, { source, storage: storage('8Mi') }));
    const failed = await until(client, dataVolumes, key(name), ({ status }) => {
      return status?.restartCount === 1;
    });
    expect(failed.status?.conditions?.find(({ type }) => type === 'Running')).toMatchObject({
      reason: 'ImagePullFailed',
      message: `Unable to process data: Unable to transfer source data to scratch space: Failed to read registry image: failed to pull image: creating temp directory: archive file not found: "${path}"`,
    });
  };
  // A file that is there on this machine, by its path and by one that leads out of a volume.
  const file = join(folder, 'oci.tar');
  await failsWith('host', `oci-archive://${file}`, file);
  await failsWith('out', `oci-archive:///data/../..${file}:os`, file);
  await failsWith('inside', 'oci-archive:///data/oci.tar:os', '/data/oci.tar');
  // Who may write to the volume may put one there; a link to the outside is none.
  const volume = dirname(await diskOf(client, 'inside'));
  await symlink(file, join(volume, 'oci.tar'));
  clock.skip(5000);
  await until(client, dataVolumes, key('inside'), ({ status }) => status?.restartCount === 2);
  await rm(join(volume, 'oci.tar'));
  await run('cp', [file, join(volume, 'oci.tar')]);
  await expect
    .poll(async () => {
      clock.skip(10_000);
      return succeeded(await client.get(dataVolumes, key('inside')));
    })
    .toBe(true);
  const content = await contentOf(await diskOf(client, 'inside'), folder);
  expect(content.equals(await readFile(raw))).toBe(true);
});

test('an archive without a disk is refused', async () => {
  const folder = await temporaryFolder();
  await packed(folder, 'other.tar', { 'readme.txt': Buffer.from('hello') });
  const url = await serveFolder(folder);
  const { client } = await startCluster({ runtime: await QemuRuntime.create() });
  const source = { http: { url: `${url}/other.tar` } };
  await client.create(dataVolumes, dataVolume('web', { source, storage: storage('8Mi') }));
  const failed = await until(client, dataVolumes, key('web'), (found) => !!messageOf(found));
  expect(messageOf(failed)).toBe(
    'Unable to process data: the archive is neither an appliance (OVA) nor an image of a container disk',
  );
});

test('content of the type archive is unpacked into the claim, whole or not at all, and nowhere else', async () => {
  const folder = await temporaryFolder();
  await packed(folder, 'site.tar', {
    'index.html': Buffer.from('<h1>hello</h1>'),
    'deep/note.txt': Buffer.from('note'),
  });
  await packed(folder, 'large.tar', { 'large.bin': Buffer.alloc(3 * 2 ** 20, 1) });
  // A link that leads out, and a file that is to be written through it.
  const evil = join(folder, 'evil');
  await mkdir(evil);
  await symlink(folder, join(evil, 'out'));
  await run('tar', ['-cf', join(folder, 'evil.tar'), '-C', evil, 'out']);
  await mkdir(join(folder, 'evil2', 'out'), { recursive: true });
  await writeFile(join(folder, 'evil2', 'out', 'escaped.txt'), 'escaped');
  await run('tar', [
    '-rf',
    join(folder, 'evil.tar'),
    '-C',
    join(folder, 'evil2'),
    'out/escaped.txt',
  ]);
  const url = await serveFolder(folder);
  const { client } = await startCluster({ runtime: await QemuRuntime.create() });
  const create = (name: string) =>
    client.create(
      dataVolumes,
      dataVolume(name, {
        source: { http: { url: `${url}/${name}.tar` } },
        contentType: 'archive',
        storage: storage('2Mi'),
      }),
    );
  await create('site');
  await until(client, dataVolumes, key('site'), succeeded);
  const claim = dirname(await diskOf(client, 'site'));
  expect((await readdir(claim)).sort()).toEqual(['deep', 'index.html']);
  expect(await readFile(join(claim, 'deep', 'note.txt'), 'utf8')).toBe('note');
  await create('large');
  const failed = await until(client, dataVolumes, key('large'), (found) => !!messageOf(found));
  expect(messageOf(failed)).toBe('DataVolume too small to contain image');
  expect(await readdir(dirname(await diskOf(client, 'large')))).toEqual([]);
  await create('evil');
  await until(client, dataVolumes, key('evil'), (found) => succeeded(found) || !!messageOf(found));
  await expect(stat(join(folder, 'escaped.txt'))).rejects.toThrow('ENOENT');
  const left = await lstat(join(dirname(await diskOf(client, 'evil')), 'out')).catch(
    () => undefined,
  );
  expect(left?.isSymbolicLink() ?? false).toBe(false);
  const blank = { source: { blank: {} }, contentType: 'archive', storage: storage('2Mi') } as const;
  await expect(client.create(dataVolumes, dataVolume('blank', blank))).rejects.toThrow(
    'SourceType cannot be blank and the contentType be archive',
  );
});
