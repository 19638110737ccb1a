import { beforeAll, test } from 'vitest';

import { dataVolumes } from '../../src/cdi/resources.ts';
import { virtualMachines } from '../../src/kubevirt/resources.ts';
import { QemuRuntime } from '../../src/kubevirt/virt-launcher/QemuRuntime.ts';
import { microImage, microSources } from '../virt-launcher/testGuest.ts';
import { startCluster } from './clusterFixture.ts';
import { dataVolume, diskVm, microDisk } from './manifests.ts';
import { Shell } from './microGuests.ts';
import { until } from './watching.ts';

// Made once for all runs; its making is not what is tested here.
beforeAll(() => microImage());

const key = (name: string) => ({ namespace: 'default', name });

test('a guest that began with an empty drive reads a medium, and no more when it is taken out', async () => {
  const made = await startCluster({
    runtime: await QemuRuntime.create(),
    guestImages: microSources(),
  });
  const { client } = made;
  await client.create(
    dataVolumes,
    dataVolume('installer', {
      source: { blank: {} },
      storage: { resources: { requests: { storage: '64Mi' } } },
    }),
  );
  await until(client, dataVolumes, key('installer'), ({ status }) => {
    return status?.phase === 'Succeeded';
  });
  const vm = diskVm('web', {
    template: microDisk('web'),
    memory: '192Mi',
    change({ spec: { template } }) {
      // The micro guest's kernel has no driver for SATA.
      template.spec?.domain.devices.disks?.push({ name: 'drive', cdrom: { bus: 'scsi' } });
    },
  });
  const { spec } = await client.create(virtualMachines, vm);
  const shell = await Shell.open(made, 'web');
  await shell.until('[ "$(head -c 1 /dev/sr0 | wc -c)" = 0 ]');
  const root = spec.template.spec?.volumes ?? [];
  const put = (volumes: object[]) =>
    client.patch(virtualMachines, key('web'), {
      type: 'merge',
      body: { spec: { template: { spec: { volumes } } } },
    });
  const persistentVolumeClaim = { claimName: 'installer', hotpluggable: true };
  await put([...root, { name: 'drive', persistentVolumeClaim }]);
  await shell.until('[ "$(head -c 1 /dev/sr0 | wc -c)" = 1 ]');
  await put(root);
  await shell.until('[ "$(head -c 1 /dev/sr0 | wc -c)" = 0 ]');
}, 180_000);
