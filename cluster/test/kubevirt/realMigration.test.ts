import { beforeAll, expect, test } from 'vitest';

import { QemuRuntime } from '../../src/kubevirt/virt-launcher/QemuRuntime.ts';
import { virtualMachines } from '../../src/kubevirt/resources.ts';
import { microImage, microSources, Reader } from '../virt-launcher/testGuest.ts';
import { startCluster, vmAction } from './clusterFixture.ts';
import { diskVm, microDisk } from './manifests.ts';
import { bootPatienceMs, untilVm, untilVmi } from './watching.ts';
import type { Duplex } from 'node:stream';

// Made once for all runs; its making is not what is tested here.
beforeAll(() => microImage());

test('a real guest moves between nodes and back with what it has in memory', async () => {
  const { client, cluster, send } = await startCluster({
    runtime: await QemuRuntime.create(),
    guestImages: microSources(),
    nodes: 2,
  });
  const template = microDisk('web');
  const vm = diskVm('web', { template, memory: '256Mi' });
  const { spec } = vm.spec.template;
  if (spec) {
    spec.networks = [{ name: 'default', pod: {} }];
    spec.domain.devices.interfaces = [{ name: 'default', masquerade: {}, model: 'virtio' }];
    // Disks of its own move along.
    spec.domain.devices.disks?.push({ name: 'seed', disk: { bus: 'virtio' } });
    spec.domain.devices.disks?.push({ name: 'scratch', disk: { bus: 'virtio' } });
    spec.volumes?.push({ name: 'seed', cloudInitNoCloud: { userData: '#!/bin/sh\n' } });
    spec.volumes?.push({ name: 'scratch', emptyDisk: { capacity: '16Mi' } });
  }
  await client.create(virtualMachines, vm);
  const isReady = ({ status }: { status?: { conditions?: { type: string }[] } }) =>
    status?.conditions?.some(({ type }) => type === 'AgentConnected') ?? false;
  const first = await untilVmi(client, 'web', isReady, bootPatienceMs);
  const shell = async () => {
    const vmi = await untilVmi(client, 'web', 'Running');
    const stream = (await cluster.guestOf(vmi)?.openSerial()) as Duplex;
    return { serial: new Reader(stream), write: (text: string) => void stream.write(text), stream };
  };
  const before = await shell();
  before.write('\nroot\n');
  await before.serial.until(':/root# ');
  before.write('keep=4711; echo moved-data > /dev/vdc; sync; echo $((6 * 7))-done\n');
  await before.serial.until('42-done');
  const closed = new Promise<void>((resolve) => before.stream.once('close', () => resolve()));

  const moveTo = async (node: string | undefined) => {
    expect(await send('PUT', vmAction('web', 'migrate'))).toMatchObject({ code: 202 });
    return untilVmi(
      client,
      'web',
      ({ status }) => status?.nodeName === node && status?.migrationState?.completed === true,
      bootPatienceMs,
    );
  };
  const other = first.status?.nodeName === 'node-1' ? 'node-2' : 'node-1';
  const moved = await moveTo(other);
  // Who looked at it sees the end of the stream and opens a new one.
  await closed;
  expect(moved.status?.migrationMethod).toBe('BlockMigration');
  expect(moved.status?.interfaces?.[0]?.ipAddress).not.toBe(
    first.status?.interfaces?.[0]?.ipAddress,
  );
  const there = await shell();
  there.write('echo $((keep + 1))-kept; head -c 10 /dev/vdc; echo\n');
  await there.serial.until('4712-kept');
  await there.serial.until('moved-data');
  await moveTo(first.status?.nodeName);
  const back = await shell();
  back.write('echo $((keep + 2))-back\n');
  await back.serial.until('4713-back');
  expect(await send('PUT', vmAction('web', 'stop'))).toMatchObject({ code: 202 });
  await untilVm(client, 'web', 'Stopped');
});
