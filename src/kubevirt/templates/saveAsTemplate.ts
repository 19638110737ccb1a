import type { V1VirtualMachine } from '@kubevirt-ui-ext/kubevirt-api/kubevirt';

import { apiVersion, vmTemplates } from '~/k8s/models';

import type { VmTemplate } from './templateRow';

type Vm = V1VirtualMachine;
type DataVolumeTemplate = NonNullable<Vm['spec']['dataVolumeTemplates']>[number];
type Volume = NonNullable<NonNullable<Vm['spec']['template']['spec']>['volumes']>[number];

export interface TemplateChoice {
  name: string;
  namespace: string;
  title: string;
  description: string;
  /** From where the disks of new VMs come: as the VM's own did, or as they are now. */
  disks: 'sources' | 'copies';
}

/** The disk of a volume, where it is one that can be copied. */
function claimOf({ dataVolume, persistentVolumeClaim }: Volume): string | undefined {
  return dataVolume?.name ?? persistentVolumeClaim?.claimName;
}

/** Labels and annotations that KubeVirt or a template gave to this one VM. */
const ofOneVm = /^(kubevirt\.io|vm\.kubevirt\.io|kubectl\.kubernetes\.io|cdi\.kubevirt\.io)\//;

function kept(pairs: { [key: string]: string } | undefined): { [key: string]: string } {
  return Object.fromEntries(Object.entries(pairs ?? {}).filter(([key]) => !ofOneVm.test(key)));
}

/** Name of a disk of a new VM: the VM's own name in it gives way to the new one's. */
function diskName(claim: string, vm: string): string {
  return claim.startsWith(vm) ? claim.replace(vm, () => '${NAME}') : `\${NAME}-${claim}`;
}

/**
 * A template that makes VMs like this one. What belongs to the one machine is left out: its status,
 * MAC addresses, serial number and UUID, and the revisions that it was pinned to.
 */
export function saveAsTemplate(vm: Vm, choice: TemplateChoice): VmTemplate {
  const { name: vmName = '', namespace: vmNamespace = '' } = vm.metadata ?? {};
  // JSON, of which a copy may be changed at will.
  const spec = structuredClone(vm.spec);
  const { instancetype, preference, dataVolumeTemplates = [] } = spec;
  if (instancetype) delete instancetype.revisionName;
  if (preference) delete preference.revisionName;
  const machine = spec.template.spec;
  const firmware = machine?.domain.firmware;
  if (firmware) {
    delete firmware.uuid;
    delete firmware.serial;
    if (Object.keys(firmware).length === 0) delete machine.domain.firmware;
  }
  for (const nic of machine?.domain.devices.interfaces ?? []) delete nic.macAddress;
  if (machine?.hostname === vmName) delete machine.hostname;

  const disks: DataVolumeTemplate[] = [];
  const volumes = machine?.volumes?.map((volume): Volume => {
    const claim = claimOf(volume);
    if (claim === undefined) return volume;
    const own = dataVolumeTemplates.find(({ metadata }) => metadata?.name === claim);
    const name = diskName(claim, vmName);
    const isCopied = choice.disks === 'copies' || own === undefined;
    disks.push({
      metadata: { name },
      spec: isCopied
        ? {
            source: { pvc: { namespace: vmNamespace, name: claim } },
            storage: own?.spec.storage ?? {},
          }
        : own.spec,
    });
    return { name: volume.name, dataVolume: { name } };
  });
  if (machine && volumes) machine.volumes = volumes;
  if (disks.length > 0) spec.dataVolumeTemplates = disks;
  const labels = kept(vm.metadata?.labels);
  const annotations = kept(vm.metadata?.annotations);
  delete annotations['description'];
  const podMetadata = spec.template.metadata;
  if (podMetadata?.labels) podMetadata.labels = kept(podMetadata.labels);
  // It says how this one machine's devices were numbered.
  if (podMetadata?.annotations) delete podMetadata.annotations['kubevirt.io/pci-topology-version'];
  return {
    apiVersion: apiVersion(vmTemplates),
    kind: vmTemplates.kind,
    metadata: {
      name: choice.name,
      namespace: choice.namespace,
      annotations: {
        ...(choice.title && { 'openshift.io/display-name': choice.title }),
        ...(choice.description && { description: choice.description }),
      },
    },
    spec: {
      virtualMachine: {
        apiVersion: 'kubevirt.io/v1',
        kind: 'VirtualMachine',
        metadata: {
          name: '${NAME}',
          ...(Object.keys(labels).length > 0 && { labels }),
          ...(Object.keys(annotations).length > 0 && { annotations }),
        },
        spec,
      },
      parameters: [
        {
          name: 'NAME',
          description: 'Name of the new virtual machine',
          required: true,
          generate: 'expression',
          from: `${choice.name.replaceAll('.', '-').slice(0, 50)}-[a-z0-9]{5}`,
        },
      ],
    },
  };
}
