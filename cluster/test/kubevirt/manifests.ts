import type { DataVolume } from '../../src/cdi/resources.ts';
import type { Draft } from '../../src/client/KubeClient.ts';
import type { VirtualMachine } from '../../src/kubevirt/resources.ts';

type VmSpec = VirtualMachine['spec'];

export interface VmOptions {
  runStrategy?: string;
  memory?: string;
  /** Changes the finished object. */
  change?: (vm: Draft<VirtualMachine>) => void;
}

/** A VM without disks. */
export function plainVm(name: string, options: VmOptions = {}): Draft<VirtualMachine> {
  const vm: Draft<VirtualMachine> = {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachine',
    metadata: { name, namespace: 'default' },
    spec: {
      runStrategy: options.runStrategy ?? 'Always',
      template: {
        metadata: { labels: { app: name } },
        spec: {
          terminationGracePeriodSeconds: 30,
          domain: { memory: { guest: options.memory ?? '256Mi' }, devices: {} },
        },
      },
    },
  };
  options.change?.(vm);
  return vm;
}

/** A VM that names an instance type and a preference instead of sizes. */
export function sizedVm(name: string, spec: Partial<VmSpec>, runStrategy = 'Always') {
  return plainVm(name, {
    runStrategy,
    change(vm) {
      Object.assign(vm.spec, spec);
      delete vm.spec.template.spec?.domain.memory;
    },
  });
}

export const blankDisk = (
  name: string,
  size = '64Mi',
): NonNullable<VmSpec['dataVolumeTemplates']>[number] => ({
  metadata: { name },
  spec: { source: { blank: {} }, storage: { resources: { requests: { storage: size } } } },
});

/** A disk of the boot source `micro`. */
export const microDisk = (name: string): NonNullable<VmSpec['dataVolumeTemplates']>[number] => ({
  metadata: { name },
  spec: {
    sourceRef: { kind: 'DataSource', name: 'micro', namespace: 'kubevirt-os-images' },
    storage: {},
  },
});

/** A VM whose one disk is made by a DataVolume template, blank unless told otherwise. */
export function diskVm(
  name: string,
  options: VmOptions & { template?: NonNullable<VmSpec['dataVolumeTemplates']>[number] } = {},
): Draft<VirtualMachine> {
  const template = options.template ?? blankDisk(`${name}-root`);
  return plainVm(name, {
    ...options,
    change(vm) {
      vm.spec.dataVolumeTemplates = [template];
      const { spec } = vm.spec.template;
      if (!spec) return;
      spec.domain.devices.disks = [{ name: 'root', disk: { bus: 'virtio' } }];
      spec.volumes = [{ name: 'root', dataVolume: { name: template.metadata?.name ?? '' } }];
      options.change?.(vm);
    },
  });
}

export const dataVolume = (name: string, spec: DataVolume['spec']): Draft<DataVolume> => ({
  apiVersion: 'cdi.kubevirt.io/v1beta1',
  kind: 'DataVolume',
  metadata: { name, namespace: 'default' },
  spec,
});
