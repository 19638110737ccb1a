import type {
  V1Disk,
  V1Interface,
  V1VirtualMachine,
  V1Volume,
} from '@kubevirt-ui-ext/kubevirt-api/kubevirt';
import { toQuantity } from '~/k8s/quantity';
import { toBytes } from '~/kubevirt/create/amount';
import { toDisk, toTemplate, toVolume } from '~/kubevirt/create/draftDisk';
import { toAffinity, toTolerations } from '~/kubevirt/create/placement';
import { type CustomCompute, type DraftNic, isMade, type VmDraft } from '~/kubevirt/create/vmDraft';

export const cloudInitDisk = 'cloudinitdisk';

/**
 * More user data than this is refused in a VM and has to be in a Secret
 * (KubeVirt pkg/virt-api/webhooks/validating-webhook/admitters/vmi-create-admitter.go at d923fdb,
 * cloudInitUserMaxLen and cloudInitNetworkMaxLen).
 */
export const maxInlineBytes = 2048;

/** A volume of cloud-init cannot be without any data. */
const noUserData = '#cloud-config\n';

export const sysprepDisk = 'sysprepdisk';

export function sysprepSecretName(vmName: string): string {
  return `${vmName}-sysprep`;
}

export function cloudInitSecretName(vmName: string): string {
  return `${vmName}-cloudinit`;
}

/** Whether cloud-init's data has to be kept in a Secret. */
export function needsSecret({ userData, networkData }: VmDraft): boolean {
  const isLong = (text: string) => new TextEncoder().encode(text).length > maxInlineBytes;
  return isLong(userData) || isLong(networkData);
}

/**
 * The manifest of one VM of a draft. Storage class and modes that are not chosen are left to the
 * StorageProfile, which `storage` instead of `pvc` means; bus and model that are not chosen to the
 * preference, and are virtio without one (KubeVirt's own default is SATA).
 */
export function draftVm(draft: VmDraft, name: string): V1VirtualMachine {
  const { namespace, description, labels, compute, preference, nodeSelector } = draft;
  // Keys of a Secret come to the guest by cloud-init's volume (KubeVirt vmi-create-admitter.go at d923fdb).
  const hasCloudInit = draft.userData !== '' || draft.networkData !== '' || draft.sshSecret !== '';
  const selector = nodeSelector.filter(([key]) => key !== '');
  const instanceLabels = draft.instanceLabels.filter(([key]) => key !== '');
  const affinity = toAffinity(draft.rules);
  const disks: V1Disk[] = draft.disks.map((disk) => toDisk(disk, preference !== undefined));
  if (hasCloudInit) disks.push({ name: cloudInitDisk, disk: { bus: 'virtio' } });
  // Windows looks for its answers on CD-ROMs, for which it needs no driver.
  if (draft.sysprep.kind !== '') disks.push({ name: sysprepDisk, cdrom: { bus: 'sata' } });
  const volumeName = (disk: string) => `${name}-${disk}`;
  const templates = draft.disks
    .filter(isMade)
    .map((disk) => toTemplate(disk, volumeName(disk.name)));
  const firmware = toFirmware(draft.firmware);
  return {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachine',
    metadata: {
      ...{ name, namespace },
      ...(Object.keys(labels).length > 0 && { labels: { ...labels } }),
      ...(description !== '' && { annotations: { description } }),
    },
    spec: {
      runStrategy: draft.runStrategy,
      ...(compute.kind === 'instancetype' && { instancetype: { ...compute.type } }),
      ...(preference && { preference: { ...preference } }),
      ...(templates.length > 0 && { dataVolumeTemplates: templates }),
      template: {
        ...(instanceLabels.length > 0 && {
          metadata: { labels: Object.fromEntries(instanceLabels) },
        }),
        spec: {
          domain: {
            ...(compute.kind === 'custom' && toCompute(compute)),
            ...firmware,
            devices: {
              disks,
              ...toDevices(draft),
              interfaces: draft.nics.map((nic) => toInterface(nic, preference !== undefined)),
              ...(draft.nics.length === 0 && { autoattachPodInterface: false }),
              rng: {},
            },
          },
          ...(selector.length > 0 && { nodeSelector: Object.fromEntries(selector) }),
          ...(affinity && { affinity }),
          ...(draft.tolerations.length > 0 && { tolerations: toTolerations(draft.tolerations) }),
          ...(draft.evictionStrategy !== '' && { evictionStrategy: draft.evictionStrategy }),
          ...(draft.priorityClass !== '' && { priorityClassName: draft.priorityClass }),
          ...(draft.sshSecret !== '' && {
            accessCredentials: [
              {
                sshPublicKey: {
                  source: { secret: { secretName: draft.sshSecret } },
                  propagationMethod: { noCloud: {} },
                },
              },
            ],
          }),
          networks: draft.nics.map(({ name: nic, network }) =>
            network === 'pod'
              ? { name: nic, pod: {} }
              : { name: nic, multus: { networkName: network } },
          ),
          volumes: [
            ...draft.disks.flatMap((disk) => toVolume(disk, volumeName(disk.name)) ?? []),
            ...(hasCloudInit ? [cloudInitVolume(draft, name)] : []),
            ...sysprepVolumes(draft, name),
          ],
        },
      },
    },
  };
}

function toCompute(compute: CustomCompute) {
  const { sockets, cores, threads, memory, maxSockets, maxMemory, hugepages } = compute;
  return {
    cpu: {
      ...{ sockets, cores, threads },
      ...(maxSockets !== undefined && { maxSockets }),
      ...(compute.isDedicated && { dedicatedCpuPlacement: true }),
    },
    memory: {
      guest: toQuantity(toBytes(memory)),
      ...(maxMemory && { maxGuest: toQuantity(toBytes(maxMemory)) }),
      ...(hugepages !== '' && { hugepages: { pageSize: hugepages } }),
    },
  };
}

function toDevices({ devices }: VmDraft) {
  const of = (wanted: 'gpu' | 'hostDevice') =>
    devices
      .filter(({ kind }) => kind === wanted)
      .map(({ name, deviceName }) => ({ name, deviceName }));
  const [gpus, hostDevices] = [of('gpu'), of('hostDevice')];
  return { ...(gpus.length > 0 && { gpus }), ...(hostDevices.length > 0 && { hostDevices }) };
}

function toInterface(nic: DraftNic, hasPreference: boolean): V1Interface {
  const model = nic.model !== '' ? nic.model : hasPreference ? undefined : 'virtio';
  return {
    name: nic.name,
    ...(model !== undefined && nic.binding !== 'sriov' && { model }),
    ...(nic.mac !== '' && { macAddress: nic.mac }),
    ...(!nic.isLinkUp && { state: 'down' }),
    ...(nic.bootOrder !== undefined && { bootOrder: nic.bootOrder }),
    ...(nic.binding === 'l2bridge' ? { binding: { name: nic.binding } } : { [nic.binding]: {} }),
  };
}

function toFirmware(firmware: VmDraft['firmware']) {
  switch (firmware) {
    case '':
      return {};
    case 'BIOS':
      return { firmware: { bootloader: { bios: {} } } };
    case 'UEFI':
      return { firmware: { bootloader: { efi: { secureBoot: false } } } };
    case 'SecureBoot':
      // Secure Boot needs SMM (KubeVirt vmi-create-admitter.go at d923fdb).
      return {
        features: { smm: { enabled: true } },
        firmware: { bootloader: { efi: { secureBoot: true } } },
      };
  }
}

function sysprepVolumes({ sysprep }: VmDraft, vmName: string): V1Volume[] {
  switch (sysprep.kind) {
    case '':
      return [];
    case 'ConfigMap':
      return [{ name: sysprepDisk, sysprep: { configMap: { name: sysprep.name } } }];
    case 'Secret':
      return [{ name: sysprepDisk, sysprep: { secret: { name: sysprep.name } } }];
    case 'typed':
      return [{ name: sysprepDisk, sysprep: { secret: { name: sysprepSecretName(vmName) } } }];
  }
}

function cloudInitVolume(draft: VmDraft, vmName: string): V1Volume {
  const { userData, networkData } = draft;
  if (needsSecret(draft)) {
    const secret = { name: cloudInitSecretName(vmName) };
    return {
      name: cloudInitDisk,
      cloudInitNoCloud: {
        ...(userData !== '' && { secretRef: secret }),
        ...(networkData !== '' && { networkDataSecretRef: secret }),
      },
    };
  }
  return {
    name: cloudInitDisk,
    cloudInitNoCloud: {
      ...(userData !== '' && { userData }),
      ...(networkData !== '' && { networkData }),
      ...(userData === '' && networkData === '' && { userData: noUserData }),
    },
  };
}
