import { beforeAll, expect, test } from 'vitest';

import { dataVolumes } from '../../src/cdi/resources.ts';
import { kubeVirts, virtualMachines } from '../../src/kubevirt/resources.ts';
import { QemuRuntime } from '../../src/kubevirt/virt-launcher/QemuRuntime.ts';
import { orphans } from '../faults/orphans.ts';
import { microImage, microSources } from '../virt-launcher/testGuest.ts';
import { startCluster, temporaryFolder, type TestCluster, vmAction } from './clusterFixture.ts';
import { dataVolume, diskVm, microDisk } from './manifests.ts';
import { isUp } from './microGuests.ts';
import { bootPatienceMs, until, untilVm, untilVmi } from './watching.ts';

// Made once for all runs; its making is not what is tested here.
beforeAll(() => microImage());

const key = (name: string) => ({ namespace: 'default', name });

/** Runs a line of shell in the guest by its agent. */
async function inGuest({ client, cluster }: TestCluster, line: string): Promise<string> {
  const vmi = await untilVmi(client, 'web', isUp, bootPatienceMs);
  let output: string | undefined;
  await expect
    .poll(
      async () => {
        const result = await cluster.guestOf(vmi)?.agent?.execute('/bin/sh', ['-c', line], 10_000);
        output = result?.output.trim();
        return result?.exitCode;
      },
      { timeout: 30_000 },
    )
    .toBe(0);
  return output ?? '';
}

test('a guest whose disk moved when the program was ended goes on, with all of its disk', async () => {
  const dataDir = await temporaryFolder();
  const options = {
    dataDir,
    runtime: await QemuRuntime.create(),
    guestImages: microSources(),
    nodes: 2,
  };
  const first = await startCluster(options);
  // The memory takes its time, and the disk is kept in step meanwhile.
  await first.client.patch(
    kubeVirts,
    { namespace: 'kubevirt', name: 'kubevirt' },
    {
      type: 'merge',
      body: { spec: { configuration: { migrations: { bandwidthPerMigration: '1Mi' } } } },
    },
  );
  await first.client.create(
    dataVolumes,
    dataVolume('moved', {
      source: { blank: {} },
      storage: { resources: { requests: { storage: '2Gi' } } },
    }),
  );
  const vm = diskVm('web', {
    template: microDisk('web'),
    memory: '192Mi',
    change({ spec: { template } }) {
      if (!template.spec) return;
      template.spec.networks = [{ name: 'default', pod: {} }];
      template.spec.domain.devices.interfaces = [{ name: 'default', masquerade: {} }];
    },
  });
  await first.client.create(virtualMachines, vm);
  await inGuest(first, 'echo stays > /proof; sync');
  const bootId = await inGuest(first, 'cat /proc/sys/kernel/random/boot_id');
  await first.client.patch(virtualMachines, key('web'), {
    type: 'merge',
    body: {
      spec: {
        updateVolumesStrategy: 'Migration',
        dataVolumeTemplates: [],
        template: { spec: { volumes: [{ name: 'root', dataVolume: { name: 'moved' } }] } },
      },
    },
  });
  await untilVmi(
    first.client,
    'web',
    ({ status }) => !!status?.migrationState?.startTimestamp,
    bootPatienceMs,
  );
  await first.close({ leaveGuests: true });

  const second = await startCluster(options);
  const { client, send } = second;
  const config = { bandwidthPerMigration: null };
  await client.patch(
    kubeVirts,
    { namespace: 'kubevirt', name: 'kubevirt' },
    {
      type: 'merge',
      body: { spec: { configuration: { migrations: config } } },
    },
  );
  const after = await untilVmi(
    client,
    'web',
    ({ status }) => !!status?.migrationState?.endTimestamp,
    bootPatienceMs,
  );
  expect(after.status?.phase).toBe('Running');
  expect(await inGuest(second, 'cat /proc/sys/kernel/random/boot_id')).toBe(bootId);
  expect(await inGuest(second, 'echo 3 > /proc/sys/vm/drop_caches; cat /proof')).toBe('stays');
  // It is tried again until it has moved.
  await untilVmi(
    client,
    'web',
    ({ spec, status }) =>
      spec.volumes?.[0]?.dataVolume?.name === 'moved' && status?.migratedVolumes === undefined,
    bootPatienceMs,
  );
  await inGuest(second, 'echo later >> /proof; sync');
  await until(client, virtualMachines, key('web'), ({ status }) => !status?.volumeUpdateState);
  await send('PUT', vmAction('web', 'stop'), { body: { gracePeriod: 0 } });
  await untilVm(client, 'web', 'Stopped');
  await expect.poll(() => orphans(dataDir, client), { timeout: 30_000 }).toEqual([]);
  await send('PUT', vmAction('web', 'start'));
  expect(await inGuest(second, 'cat /proof')).toBe('stays\nlater');
}, 240_000);
