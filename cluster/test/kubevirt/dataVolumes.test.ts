import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, onTestFinished, test } from 'vitest';

import { readQcow2Header } from '../../src/cdi/importer/readQcow2Header.ts';
import { qemuImg } from '../../src/cdi/importer/qemuImg.ts';
import { type DataVolume, dataVolumes } from '../../src/cdi/resources.ts';
import { persistentVolumeClaims, persistentVolumes } from '../../src/client/resources.ts';
import type { GuestImage } from '../../src/guest-images/guestImages.ts';
import { QemuRuntime } from '../../src/kubevirt/virt-launcher/QemuRuntime.ts';
import { virtualMachines } from '../../src/kubevirt/resources.ts';
import { startCluster, temporaryFolder, vmAction } from './clusterFixture.ts';
import { blankDisk, dataVolume, diskVm } from './manifests.ts';
import { testImage } from './testImage.ts';
import { eventsOf, until, untilGone, untilVm } from './watching.ts';

const key = (name: string) => ({ namespace: 'default', name });
const storage = (size: string) => ({ resources: { requests: { storage: size } } });
const copyOf = (name: string, size: string) =>
  dataVolume(name, {
    source: { pvc: { namespace: 'default', name: 'source' } },
    storage: storage(size),
  });
const running = ({ status }: DataVolume) =>
  status?.conditions?.find(({ type }) => type === 'Running');

test('a copy into a claim that is too small says so; its VM shows the error', async () => {
  const { client } = await startCluster({ runtime: await QemuRuntime.create() });
  await client.create(
    dataVolumes,
    dataVolume('source', { source: { blank: {} }, storage: storage('64Mi') }),
  );
  await until(client, dataVolumes, key('source'), ({ status }) => status?.phase === 'Succeeded');
  const template = { metadata: { name: 'small' }, spec: copyOf('small', '32Mi').spec };
  await client.create(virtualMachines, diskVm('web', { template }));
  const failed = await until(
    client,
    dataVolumes,
    key('small'),
    (found) => running(found)?.reason === 'Error',
  );
  const message = `Unable to process data: target resources requests storage size is smaller than the source: ${32 * 2 ** 20} < ${64 * 2 ** 20}`;
  expect(running(failed)).toMatchObject({ status: 'False', reason: 'Error', message });
  expect(failed.status?.phase).toBe('CSICloneInProgress');
  await until(client, dataVolumes, key('small'), ({ status }) => status?.restartCount === 1);
  await untilVm(client, 'web', 'DataVolumeError');
  await expect
    .poll(async () => (await eventsOf(client, failed)).map(({ reason }) => reason))
    .toContain('CloneFailed');
  // A copy that is as large, or grows, is whole.
  await client.create(dataVolumes, copyOf('large', '128Mi'));
  await until(client, dataVolumes, key('large'), ({ status }) => status?.phase === 'Succeeded');
  const claim = await client.get(persistentVolumeClaims, key('large'));
  const volume = await client.get(persistentVolumes, { name: claim.spec.volumeName ?? '' });
  const disk = join(volume.spec.hostPath?.path ?? '', 'disk.qcow2');
  expect((await readQcow2Header(disk))?.virtualBytes).toBe(128 * 2 ** 20);
});

test('events tell of each step of an import', async () => {
  const image = testImage(() => Promise.resolve(''));
  const { client } = await startCluster({ guestImages: [image] });
  const spec = { source: { registry: { url: image.url } }, storage: storage('64Mi') };
  const made = await client.create(dataVolumes, dataVolume('web', spec));
  await until(client, dataVolumes, key('web'), ({ status }) => status?.phase === 'Succeeded');
  const told = async () =>
    (await eventsOf(client, made)).map(({ reason, message }) => `${reason}: ${message ?? ''}`);
  await expect
    .poll(told)
    .toEqual(
      expect.arrayContaining([
        'Bound: PVC web Bound',
        'ImportScheduled: Import into web scheduled',
        'ImportInProgress: Import into web in progress',
        'ImportSucceeded: Successfully imported into PVC web',
      ]),
    );
});

test('an import that failed is tried again, and then the VM runs', async () => {
  let fail = true;
  const image = testImage(() =>
    fail ? Promise.reject(new Error('the mirror is down')) : Promise.resolve(''),
  );
  const { client, clock } = await startCluster({ guestImages: [image] });
  const spec = { source: { registry: { url: image.url } }, storage: storage('64Mi') };
  await client.create(
    virtualMachines,
    diskVm('web', { template: { metadata: { name: 'web' }, spec } }),
  );
  await untilVm(client, 'web', 'DataVolumeError');
  const failed = await client.get(dataVolumes, key('web'));
  expect(running(failed)?.message).toBe('Unable to process data: the mirror is down');
  await until(client, dataVolumes, key('web'), ({ status }) => status?.restartCount === 1);
  fail = false;
  // The first retry comes after five seconds; it is appointed once the failure is written down.
  await expect
    .poll(async () => {
      clock.skip(5000);
      return (await client.get(dataVolumes, key('web'))).status?.phase;
    })
    .toBe('Succeeded');
  const vm = await untilVm(client, 'web', 'Running');
  expect(vm.status?.ready).toBeDefined();
});

test('a DataVolume that is deleted during its import ends it and leaves nothing', async () => {
  let aborted = false;
  const image = testImage(
    (_tell, signal) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          aborted = true;
          reject(new Error('aborted'));
        });
      }),
  );
  const { client, dataDir } = await startCluster({ guestImages: [image] });
  const spec = { source: { registry: { url: image.url } }, storage: storage('64Mi') };
  await client.create(dataVolumes, dataVolume('web', spec));
  const importing = ({ status }: DataVolume) => status?.phase === 'ImportInProgress';
  await until(client, dataVolumes, key('web'), importing);
  await client.delete(dataVolumes, key('web'));
  await untilGone(client, dataVolumes, key('web'));
  await untilGone(client, persistentVolumeClaims, key('web'));
  await expect.poll(() => aborted).toBe(true);
  // The folder that is left is that of the boot source.
  await expect.poll(() => readdir(join(dataDir, 'volumes'))).toHaveLength(1);
});

test('a disk that a guest uses is copied when the guest has ended', async () => {
  const { client, send } = await startCluster();
  const template = blankDisk('source');
  await client.create(virtualMachines, diskVm('web', { template }));
  await untilVm(client, 'web', 'Running');
  await client.create(dataVolumes, copyOf('copy', '64Mi'));
  const waiting = await until(
    client,
    dataVolumes,
    key('copy'),
    ({ status }) => status?.phase === 'CloneScheduled',
  );
  expect(running(waiting)?.message).toMatch(
    /^pod default\/virt-launcher-web-\w+ using PersistentVolumeClaim source$/,
  );
  await send('PUT', vmAction('web', 'stop'));
  await until(client, dataVolumes, key('copy'), ({ status }) => status?.phase === 'Succeeded');
});

test('an import that was cut off by a kill is made anew; no half disk is ever ready', async () => {
  const dataDir = await temporaryFolder();
  const program = new URL('importForever.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, ['--import', 'tsx', program, dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const ended = once(child, 'exit');
  const first: unknown[] = await Promise.race([once(child.stdout, 'data'), ended]);
  expect(String(first[0])).toBe('importing\n');
  child.kill('SIGKILL');
  await ended;

  const folder = await temporaryFolder();
  await qemuImg(['create', '-q', '-f', 'qcow2', join(folder, 'disk.qcow2'), '64M']);
  const image: GuestImage = testImage(() => Promise.resolve(join(folder, 'disk.qcow2')));
  const { client } = await startCluster({
    dataDir,
    guestImages: [image],
    runtime: await QemuRuntime.create(),
  });
  const source = { namespace: 'kubevirt-os-images', name: 'micro-777777777777' };
  await until(client, dataVolumes, source, ({ status }) => status?.phase === 'Succeeded');
  const claim = await client.get(persistentVolumeClaims, source);
  const volume = await client.get(persistentVolumes, { name: claim.spec.volumeName ?? '' });
  const path = volume.spec.hostPath?.path ?? '';
  expect(await readdir(path)).toEqual(['disk.qcow2']);
  expect((await readQcow2Header(join(path, 'disk.qcow2')))?.virtualBytes).toBe(64 * 2 ** 20);
  // What the killed program had begun is gone.
  expect(await readdir(join(dataDir, 'layers'))).toHaveLength(1);
});
