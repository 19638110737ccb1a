import type {
  V1DataVolumeTemplateSpec,
  V1VirtualMachine,
  V1Volume,
} from '@kubevirt-ui-ext/kubevirt-api/kubevirt';
import { toQuantity } from '~/k8s/quantity';
import type { RunStrategy } from '~/kubevirt/vmCan';

export type BootSource =
  { kind: 'DataSource'; namespace: string; name: string } | { kind: 'blank' };

export type VmValues = {
  name: string;
  namespace: string;
  description?: string | undefined;
  bootSource: BootSource;
  diskBytes: number;
  /** Virtual CPUs: cores of one socket. */
  cores: number;
  memoryBytes: number;
  runStrategy: RunStrategy;
  /** Cloud-init user data, as the guest reads it; no cloud-init disk without. */
  userData?: string | undefined;
};

const rootDisk = 'rootdisk';
const cloudInitDisk = 'cloudinitdisk';

/**
 * The manifest of a new VM: one disk, made by CDI from a DataSource or empty, one network card on
 * the pod network. Masquerade is the binding that every cluster permits (KubeVirt's
 * permitBridgeInterfaceOnPodNetwork may forbid bridge). Storage class and access mode are left to
 * the StorageProfile, which `storage` instead of `pvc` means.
 */
export function buildVm(values: VmValues): V1VirtualMachine {
  const { name, namespace, description, cores, memoryBytes, runStrategy, userData } = values;
  const disk = rootDiskTemplate(values);
  const cloudInit = userData === undefined || userData === '' ? [] : [cloudInitVolume(userData)];
  const volumes: V1Volume[] = [
    { name: rootDisk, dataVolume: { name: diskName(name) } },
    ...cloudInit,
  ];
  return {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachine',
    metadata: {
      name,
      namespace,
      ...(description !== undefined && description !== '' && { annotations: { description } }),
    },
    spec: {
      runStrategy,
      dataVolumeTemplates: [disk],
      template: {
        spec: {
          domain: {
            cpu: { sockets: 1, cores, threads: 1 },
            memory: { guest: toQuantity(memoryBytes) },
            devices: {
              disks: volumes.map((volume) => ({ name: volume.name, disk: { bus: 'virtio' } })),
              interfaces: [{ name: 'default', model: 'virtio', masquerade: {} }],
              rng: {},
            },
          },
          networks: [{ name: 'default', pod: {} }],
          volumes,
        },
      },
    },
  };
}

function diskName(vmName: string): string {
  return `${vmName}-${rootDisk}`;
}

function rootDiskTemplate({ name, bootSource, diskBytes }: VmValues): V1DataVolumeTemplateSpec {
  const source =
    bootSource.kind === 'blank'
      ? { source: { blank: {} } }
      : {
          sourceRef: {
            kind: bootSource.kind,
            namespace: bootSource.namespace,
            name: bootSource.name,
          },
        };
  return {
    metadata: { name: diskName(name) },
    spec: { ...source, storage: { resources: { requests: { storage: toQuantity(diskBytes) } } } },
  };
}

function cloudInitVolume(userData: string): V1Volume {
  return { name: cloudInitDisk, cloudInitNoCloud: { userData } };
}
