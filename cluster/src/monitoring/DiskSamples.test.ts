import { expect, test } from 'vitest';

import type { Informer } from '../client/Informer.ts';
import type { PersistentVolumeClaim } from '../client/resources.ts';
import type { VirtualMachine } from '../kubevirt/resources.ts';
import { DiskSamples } from './DiskSamples.ts';

const claimOf = (storage: string) =>
  ({
    metadata: { name: 'root', namespace: 'default' },
    spec: { resources: { requests: { storage } } },
  }) as unknown as PersistentVolumeClaim;

test('a disk is told with the size of its claim, also when only that has changed', () => {
  let claim: PersistentVolumeClaim | undefined;
  const disks = new DiskSamples({ get: () => claim } as unknown as Informer<PersistentVolumeClaim>);
  const volumes = [{ name: 'disk', persistentVolumeClaim: { claimName: 'root' } }];
  const vm = {
    metadata: { name: 'web', namespace: 'default' },
    spec: { template: { spec: { volumes } } },
  } as unknown as VirtualMachine;
  const lines = () => disks.of(vm).map(([, line]) => line);
  expect(lines()).toEqual([]);
  claim = claimOf('1Gi');
  const of =
    'kubevirt_vm_disk_allocated_size_bytes{name="web",namespace="default",persistentvolumeclaim="root",volume_mode="Filesystem",device="disk"}';
  expect(lines()).toEqual([`${of} 1073741824`]);
  expect(disks.of(vm)).toBe(disks.of(vm));
  claim = claimOf('2Gi');
  expect(lines()).toEqual([`${of} 2147483648`]);
});
