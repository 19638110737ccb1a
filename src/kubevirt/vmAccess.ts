import type { V1VirtualMachine, V1Volume } from '@kubevirt-ui-ext/kubevirt-api/kubevirt';
import { editVm, templateSpec } from '~/kubevirt/editVm';

/** What cloud-init reads in the guest at its first start. */
export interface CloudInit {
  userData: string;
  networkData: string;
  /** Kept in secrets, or in a form that is not edited here. */
  isElsewhere: boolean;
}

const diskName = 'cloudinitdisk';

function cloudInitVolume(volumes: readonly V1Volume[]): V1Volume | undefined {
  return volumes.find((one) => one.cloudInitNoCloud ?? one.cloudInitConfigDrive);
}

export function readCloudInit(vm: V1VirtualMachine): CloudInit {
  const volume = cloudInitVolume(templateSpec(vm).volumes ?? []);
  const source = volume?.cloudInitNoCloud ?? volume?.cloudInitConfigDrive;
  return {
    userData: source?.userData ?? fromBase64(source?.userDataBase64),
    networkData: source?.networkData ?? fromBase64(source?.networkDataBase64),
    isElsewhere: source?.secretRef !== undefined || source?.networkDataSecretRef !== undefined,
  };
}

function fromBase64(text: string | undefined): string {
  if (text === undefined) return '';
  return new TextDecoder().decode(Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)));
}

/**
 * Writes what is changed of cloud-init's data, as plain text; a VM without gets a disk for it. What stays may be
 * kept in base 64, and be more than a text.
 */
export function writeCloudInit(
  vm: V1VirtualMachine,
  { userData, networkData }: Pick<CloudInit, 'userData' | 'networkData'>,
): V1VirtualMachine {
  const before = readCloudInit(vm);
  const isOther = {
    user: userData !== before.userData,
    network: networkData !== before.networkData,
  };
  if (!isOther.user && !isOther.network) return vm;
  return editVm(vm, (_draft, spec) => {
    spec.volumes ??= [];
    let volume = cloudInitVolume(spec.volumes);
    if (volume === undefined) {
      volume = { name: diskName, cloudInitNoCloud: {} };
      spec.volumes.push(volume);
      spec.domain.devices.disks ??= [];
      spec.domain.devices.disks.push({ name: diskName, disk: { bus: 'virtio' } });
    }
    const source = volume.cloudInitNoCloud ?? volume.cloudInitConfigDrive ?? {};
    // KubeVirt wants user data with any network data.
    if (isOther.user || !(source.userData ?? source.userDataBase64 ?? source.secretRef)) {
      delete source.userDataBase64;
      source.userData = userData;
    }
    if (isOther.network) {
      delete source.networkDataBase64;
      if (networkData === '') delete source.networkData;
      else source.networkData = networkData;
    }
  });
}

/** SSH keys that come from a secret. */
export interface SshKeys {
  /** Empty for none. */
  secret: string;
  /** At the first start by cloud-init, or at any time by the guest agent. */
  way: 'noCloud' | 'qemuGuestAgent';
  /** Users in the guest that get the keys; of the guest agent's way. */
  users: readonly string[];
}

export function readSshKeys(vm: V1VirtualMachine): SshKeys {
  const key = templateSpec(vm).accessCredentials?.find((one) => one.sshPublicKey)?.sshPublicKey;
  const agent = key?.propagationMethod.qemuGuestAgent;
  return {
    secret: key?.source.secret?.secretName ?? '',
    way: agent ? 'qemuGuestAgent' : 'noCloud',
    users: agent?.users ?? [],
  };
}

/** Takes the keys of a secret; other credentials, such as passwords, stay. */
export function writeSshKeys(
  vm: V1VirtualMachine,
  { secret, way, users }: SshKeys,
): V1VirtualMachine {
  return editVm(vm, (_draft, spec) => {
    const others = (spec.accessCredentials ?? []).filter((one) => !one.sshPublicKey);
    const keys = {
      sshPublicKey: {
        source: { secret: { secretName: secret } },
        propagationMethod:
          way === 'noCloud' ? { noCloud: {} } : { qemuGuestAgent: { users: [...users] } },
      },
    };
    const all = secret === '' ? others : [...others, keys];
    if (all.length === 0) delete spec.accessCredentials;
    else spec.accessCredentials = all;
  });
}
