import type { Draft } from '../../../src/client/KubeClient.ts';
import type { VirtualMachine } from '../../../src/kubevirt/resources.ts';
import { blankDisk, diskVm } from '../manifests.ts';

export const P = 'spec.template.spec';
export const D = `${P}.domain`;

export type Spec = NonNullable<VirtualMachine['spec']['template']['spec']>;
export type Change = (spec: Spec, vm: Draft<VirtualMachine>) => void;

/** A row of the catalogue of KubeVirt's validation: one mistake and the cause that tells it. */
export type Mistake = [
  row: number,
  name: string,
  make: Change,
  reason: string,
  field: string,
  message: string | RegExp,
];

/** A VM with one blank disk and one interface, in which each row makes one mistake. */
export function broken(change: Change): Draft<VirtualMachine> {
  return diskVm('web', {
    runStrategy: 'Halted',
    change(vm) {
      const { spec } = vm.spec.template;
      if (!spec) throw new Error('the manifest has no spec');
      spec.networks = [{ name: 'default', pod: {} }];
      spec.domain.devices.interfaces = [{ name: 'default', masquerade: {} }];
      change(spec, vm);
    },
  });
}

export const nic = (spec: Spec) => spec.domain.devices.interfaces?.[0] ?? { name: '' };
export const disk = (spec: Spec) => spec.domain.devices.disks?.[0] ?? { name: '' };
export const template = (vm: Draft<VirtualMachine>) =>
  vm.spec.dataVolumeTemplates?.[0] ?? blankDisk('');
export const cloudInit = (
  spec: Spec,
  source: NonNullable<NonNullable<Spec['volumes']>[0]['cloudInitNoCloud']>,
) => {
  spec.volumes?.push({ name: 'init', cloudInitNoCloud: source });
  spec.domain.devices.disks?.push({ name: 'init', disk: {} });
};
export const resources = (
  spec: Spec,
  requests: Record<string, string>,
  limits: Record<string, string> = {},
) => {
  spec.domain.resources = { requests, limits };
};
export const invalid = 'FieldValueInvalid';
export const required = 'FieldValueRequired';
export const notSupported = 'FieldValueNotSupported';
export const duplicate = 'FieldValueDuplicate';
