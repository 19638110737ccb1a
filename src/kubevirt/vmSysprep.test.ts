import type { V1VirtualMachine } from '@kubevirt-ui-ext/kubevirt-api/kubevirt';
import { expect, test } from 'vitest';

import { readSysprep, writeSysprep } from './vmSysprep';

const vm: V1VirtualMachine = {
  spec: {
    template: {
      spec: {
        domain: { devices: { disks: [{ name: 'root', disk: {} }] } },
        volumes: [{ name: 'root', dataVolume: { name: 'root' } }],
      },
    },
  },
};

test('an answer file comes on a CD-ROM, is exchanged, and goes with it', () => {
  const added = writeSysprep(vm, { kind: 'configMap', name: 'answers' });
  expect(readSysprep(added)).toEqual({ kind: 'configMap', name: 'answers' });
  expect(added.spec.template.spec?.domain.devices.disks).toEqual([
    { name: 'root', disk: {} },
    { name: 'sysprep', cdrom: { bus: 'sata' } },
  ]);
  const other = writeSysprep(added, { kind: 'secret', name: 'hidden' });
  expect(other.spec.template.spec?.volumes?.at(-1)).toEqual({
    name: 'sysprep',
    sysprep: { secret: { name: 'hidden' } },
  });
  expect(other.spec.template.spec?.domain.devices.disks).toHaveLength(2);
  expect(writeSysprep(other, { kind: 'secret', name: '' })).toEqual(vm);
});

test('nothing is changed where nothing is asked for', () => {
  expect(writeSysprep(vm, { kind: 'configMap', name: '' })).toBe(vm);
});
