import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { persistentVolumeClaims } from '../../src/client/resources.ts';
import { virtualMachineInstances, virtualMachines } from '../../src/kubevirt/resources.ts';
import { QemuRuntime } from '../../src/kubevirt/virt-launcher/QemuRuntime.ts';
import { Reader } from '../virt-launcher/testGuest.ts';
import { startCluster, vmAction } from './clusterFixture.ts';
import { plainVm } from './manifests.ts';
import { bootPatienceMs, untilGone, untilVm, untilVmi } from './watching.ts';

const key = { namespace: 'default', name: 'web' };

test('variables that the firmware wrote are there again at the next start', async () => {
  const { client, cluster, dataDir, send } = await startCluster({
    runtime: await QemuRuntime.create(),
  });
  const vm = plainVm('web', {
    memory: '128Mi',
    change({ spec }) {
      const domain = spec.template.spec?.domain;
      if (domain)
        domain.firmware = { bootloader: { efi: { secureBoot: false, persistent: true } } };
    },
  });
  await client.create(virtualMachines, vm);
  const first = await untilVmi(client, 'web', 'Running', bootPatienceMs);
  const folderOf = ({ metadata, status }: typeof first) =>
    join(dataDir, 'nodes', status?.nodeName ?? '', 'guests', metadata.uid);
  const guest = cluster.guestOf(first);
  if (!guest) throw new Error('there is no guest');
  // It tries what it has made boot options of, so they are written.
  await new Reader(await guest.openSerial()).until('PXE', bootPatienceMs);
  expect((await send('PUT', vmAction('web', 'stop'), { body: { gracePeriod: 0 } })).code).toBe(202);
  await untilGone(client, virtualMachineInstances, key);
  await untilVm(client, 'web', 'Stopped');

  const { items } = await client.list(persistentVolumeClaims, { namespace: 'default' });
  const claim = items.find(({ metadata }) => metadata.name.startsWith('persistent-state-for-web'));
  const kept = await readFile(join(dataDir, 'volumes', claim?.spec.volumeName ?? '', 'nvram.fd'));
  const body = { spec: { template: { spec: { startStrategy: 'Paused' } } } };
  await client.patch(virtualMachines, key, { type: 'merge', body });
  expect((await send('PUT', vmAction('web', 'start'), { body: {} })).code).toBe(202);
  // Its firmware has not run yet.
  const second = await untilVmi(client, 'web', 'Running', bootPatienceMs);
  const loaded = await readFile(join(folderOf(second), 'nvram.fd'));
  expect(loaded.equals(kept)).toBe(true);
  // What an unused firmware has is not that.
  const template = await readFile('/usr/share/OVMF/OVMF_VARS_4M.fd');
  expect(kept.equals(template)).toBe(false);
});
