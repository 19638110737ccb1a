import { toAmount } from '~/kubevirt/create/amount';
import type { Appliance } from '~/kubevirt/create/appliance/openAppliance';
import {
  customCompute,
  type DraftDisk,
  type DraftNic,
  diskDraft,
  podNic,
  rootDisk,
  type VmDraft,
} from '~/kubevirt/create/vmDraft';

/** How an appliance is to fit into this cluster. */
export interface ApplianceChoice {
  /** By the place of its disk; empty for the default class. */
  storageClasses: readonly string[];
  /** Of the volumes that the images are sent into, by the place of the disk; empty for an empty disk. */
  volumes: readonly string[];
  /** By the name that the OVF has: `pod`, a NetworkAttachmentDefinition, or empty to leave it out. */
  networks: Readonly<Record<string, string>>;
  /** Devices that need drivers of virtio in the guest, or such as any guest knows. */
  devices: 'virtio' | 'common';
}

/** A name for a VM or a disk out of any text: `Web Server (1)` becomes `web-server-1`. */
export function dnsName(text: string, otherwise: string): string {
  const name = text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 50)
    .replace(/-+$/, '');
  return name === '' ? otherwise : name;
}

/** Names of networks, each once, in the order of the interfaces. */
export function networksOf({ nics }: Appliance): readonly string[] {
  return [...new Set(nics.map(({ network }) => network))];
}

/** The draft with what the appliance has: its CPU and memory, firmware, disks and interfaces. */
export function applianceDraft(
  draft: VmDraft,
  appliance: Appliance,
  choice: ApplianceChoice,
): VmDraft {
  const { cpus, coresPerSocket } = appliance;
  const cores = cpus % coresPerSocket === 0 ? coresPerSocket : cpus;
  return {
    ...draft,
    name: dnsName(appliance.name, draft.name),
    count: 1,
    description: appliance.description,
    compute: {
      ...customCompute,
      ...{ sockets: cpus / cores, cores },
      memory: toAmount(appliance.memoryBytes),
    },
    preference: undefined,
    firmware: appliance.firmware,
    disks: appliance.disks.map((_disk, index) => diskOf(appliance, choice, index)),
    nics: nicsOf(appliance, choice),
    // The system is set up already.
    userData: '',
    networkData: '',
    yaml: undefined,
  };
}

function diskOf(appliance: Appliance, choice: ApplianceChoice, index: number): DraftDisk {
  const volume = choice.volumes[index] ?? '';
  const name = index === 0 ? rootDisk : `disk-${index + 1}`;
  return {
    ...diskDraft(
      name,
      volume === '' ? { kind: 'blank' } : { kind: 'dataVolume', name: volume },
      appliance.disks[index]?.bytes,
    ),
    storageClass: choice.storageClasses[index] ?? '',
    bus: choice.devices === 'virtio' ? 'virtio' : 'sata',
    bootOrder: index === 0 ? 1 : undefined,
  };
}

/** Only one interface can be on the pod network: a further one that is to be there too is left out. */
function nicsOf({ nics }: Appliance, { networks, devices }: ApplianceChoice): DraftNic[] {
  const model = devices === 'virtio' ? 'virtio' : 'e1000e';
  let hasPod = false;
  return nics.flatMap((nic, index) => {
    const network = networks[nic.network] ?? '';
    if (network === '' || (network === 'pod' && hasPod)) return [];
    hasPod ||= network === 'pod';
    const binding = network === 'pod' ? 'masquerade' : 'bridge';
    return [{ ...podNic, name: `nic-${index + 1}`, network, binding, model }];
  });
}
