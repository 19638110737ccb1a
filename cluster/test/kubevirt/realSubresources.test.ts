import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';

import { dataVolumes } from '../../src/cdi/resources.ts';
import type { VirtualMachineInstance } from '../../src/kubevirt/resources.ts';
import { QemuRuntime } from '../../src/kubevirt/virt-launcher/QemuRuntime.ts';
import { microImage, microSources } from '../virt-launcher/testGuest.ts';
import { adminToken, startCluster, vmAction, vmiAction } from './clusterFixture.ts';
import { listenOnce } from './listenOnce.ts';
import { dataVolume } from './manifests.ts';
import { createMicro, isUp } from './microGuests.ts';
import { accepted, done, vmiConflict } from './virtApi.ts';
import { bootPatienceMs, untilVm, untilVmi } from './watching.ts';

// Made once for all runs; its making is not what is tested here.
beforeAll(() => microImage());

const patience = { timeout: bootPatienceMs, interval: 200 };

/** One guest to which everything is done that can be asked of it, and which is asked itself what it saw. */
test('a guest does what the subresources ask, as it sees it itself', async () => {
  const cluster = await startCluster({
    runtime: await QemuRuntime.create(),
    guestImages: microSources(),
  });
  const { client, send } = cluster;
  await createMicro(cluster, 'web');
  let vmi = await untilVmi(client, 'web', isUp, bootPatienceMs);
  const guest = () => cluster.cluster.guestOf(vmi);
  /** What a script in the guest writes; '' while its agent is not there. */
  const shell = async (script: string) => {
    const result = await guest()
      ?.agent?.execute('/bin/sh', ['-c', script], 5000)
      .catch(() => undefined);
    return result?.output.trim() ?? '';
  };
  const ask = (action: string, body?: object) => send('PUT', vmiAction('web', action), { body });
  const read = async (action: string) => (await send('GET', vmiAction('web', action))).body;
  const bootId = () => shell('cat /proc/sys/kernel/random/boot_id');
  const until = (wanted: (now: VirtualMachineInstance) => boolean) =>
    untilVmi(client, 'web', wanted, bootPatienceMs);

  // The agent's words.
  expect(await read('guestosinfo')).toMatchObject({
    hostname: 'web',
    os: { id: 'virtdeck-micro' },
    guestAgentVersion: expect.stringMatching(/^\d/) as string,
  });
  expect(await read('userlist')).toMatchObject({ items: [] });
  expect((await read('filesystemlist'))['items']).toContainEqual(
    expect.objectContaining({ mountPoint: '/', fileSystemType: 'ext4' }),
  );

  // A guest that stands still answers nobody.
  expect(await ask('pause')).toMatchObject(done);
  await untilVm(client, 'web', 'Paused');
  expect(guest()?.state).toBe('paused');
  expect(await bootId()).toBe('');
  expect(await ask('pause')).toMatchObject(vmiConflict('web', 'VMI is already paused'));
  expect(await ask('unpause')).toMatchObject(done);
  await untilVm(client, 'web', 'Running');
  await expect.poll(bootId, patience).toMatch(/-/);

  // Frozen, it takes no writes.
  expect(await ask('freeze', { unfreezeTimeout: '5m0s' })).toMatchObject(done);
  await until(({ status }) => status?.fsFreezeStatus === 'frozen');
  expect(await read('guestosinfo')).toMatchObject({ fsFreezeStatus: 'frozen' });
  expect(await ask('unfreeze')).toMatchObject(done);
  await until(({ status }) => !status?.fsFreezeStatus);
  expect(await shell('echo thawed > /root/mark; sync; cat /root/mark')).toBe('thawed');

  // A disk comes and goes.
  const storage = { resources: { requests: { storage: '32Mi' } } };
  await client.create(dataVolumes, dataVolume('extra', { source: { blank: {} }, storage }));
  const volumeSource = { dataVolume: { name: 'extra' } };
  const disk = { disk: { bus: 'virtio' }, serial: 'EXTRA' };
  expect(
    await send('PUT', vmAction('web', 'addvolume'), {
      body: { name: 'extra', disk, volumeSource },
    }),
  ).toMatchObject(accepted);
  const serials = () => shell('cat /sys/block/vd*/serial');
  await expect.poll(serials, patience).toContain('EXTRA');
  expect(
    await send('PUT', vmAction('web', 'removevolume'), { body: { name: 'extra' } }),
  ).toMatchObject(accepted);
  await expect
    .poll(() => shell('ls /sys/block; cat /sys/block/vd*/serial'), patience)
    .not.toMatch(/EXTRA|^$/);

  // Three ways to start again: by its button, by its agent, and as a new instance.
  for (const action of ['reset', 'softreboot']) {
    const before = await bootId();
    expect(await ask(action)).toMatchObject(done);
    await expect.poll(bootId, patience).toMatch(/-/);
    await expect.poll(async () => ['', before].includes(await bootId()), patience).toBe(false);
  }
  const { uid } = vmi.metadata;
  expect(
    await send('PUT', vmAction('web', 'restart'), { body: { gracePeriodSeconds: 0 } }),
  ).toMatchObject(accepted);
  vmi = await until((now) => now.metadata.uid !== uid && isUp(now));
  expect(await shell('cat /root/mark')).toBe('thawed');

  // A port of it by a WebSocket.
  const { url } = await listenOnce(cluster.cluster.api);
  const socket = new WebSocket(
    `${url}${vmiAction('web', 'portforward/80')}`,
    ['plain.kubevirt.io'],
    {
      headers: { authorization: `Bearer ${adminToken}` },
      ca: cluster.cluster.api.certificateAuthority,
    },
  );
  onTestFinished(() => socket.terminate());
  let heard = '';
  socket.on('message', (data: Buffer) => (heard += data.toString('latin1')));
  socket.once('open', () => socket.send(Buffer.from('GET /cgi-bin/index.cgi HTTP/1.0\r\n\r\n')));
  await expect.poll(() => heard, patience).toContain('<title>web<');

  // Stopped at once, and begun paused.
  expect(await send('PUT', vmAction('web', 'stop'), { body: { gracePeriod: 0 } })).toMatchObject(
    accepted,
  );
  await untilVm(client, 'web', 'Stopped');
  expect(await send('PUT', vmAction('web', 'start'), { body: { paused: true } })).toMatchObject(
    accepted,
  );
  await untilVm(client, 'web', 'Paused');
  vmi = await until(({ status }) => status?.phase === 'Running');
  expect(guest()?.state).toBe('paused');
  expect(await ask('unpause')).toMatchObject(done);
  await until(isUp);
}, 240_000);
