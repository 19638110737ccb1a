import { annotations, isFilled } from '../../../cdi/claims.ts';
import { type Informer, keyText } from '../../../client/Informer.ts';
import type { PersistentVolume, PersistentVolumeClaim, Pod } from '../../../client/resources.ts';
import type { SnapshotFolders } from '../../../hostpath-provisioner/SnapshotFolders.ts';
import type { VirtualMachine, VirtualMachineInstance } from '../../resources.ts';
import type {
  VirtualMachineSnapshot,
  VirtualMachineSnapshotContent,
} from '../snapshot/resources.ts';
import { claimName } from '../templates.ts';
import type { VirtualMachineExport } from './resources.ts';

interface Dependencies {
  vms: Informer<VirtualMachine>;
  vmis: Informer<VirtualMachineInstance>;
  claims: Informer<PersistentVolumeClaim>;
  volumes: Informer<PersistentVolume>;
  /** With the index `claim`. */
  pods: Informer<Pod>;
  vmSnapshots: Informer<VirtualMachineSnapshot>;
  vmSnapshotContents: Informer<VirtualMachineSnapshotContent>;
  folders: SnapshotFolders;
}

/** A volume that can be downloaded. */
export interface ExportVolume {
  name: string;
  /** `disk`: what a guest has as a disk. `archive`: files. */
  kind: 'disk' | 'archive';
  /** Where it is on this machine. */
  folder: string;
}

export interface Exported {
  volumes: ExportVolume[];
  /** The VM as it is or was, for manifests; the volume of a disk by the disk's name. */
  vm?: { source: Pick<VirtualMachine, 'metadata' | 'spec'>; volumeOf: Map<string, string> };
}

/** Why there is nothing to download: reason and text of a condition. */
export interface Waiting {
  condition: 'Ready' | 'PVCReady' | 'VolumesCreated';
  reason: string;
  message: string;
  /** There will never be anything. */
  isSkipped?: true;
}

const notReady = (reason: string, message: string): Waiting => ({
  condition: 'Ready',
  reason,
  message,
});

/** What a VirtualMachineExport is of. KubeVirt: pkg/storage/export/export (d923fdb). */
export class ExportSources {
  readonly #is: Dependencies;

  constructor(dependencies: Dependencies) {
    this.#is = dependencies;
  }

  /** The volumes of the export, or why there are none now. */
  find({ metadata: { namespace, name }, spec: { source } }: VirtualMachineExport) {
    const key = { namespace, name: source.name };
    switch (source.kind) {
      case 'PersistentVolumeClaim':
        return this.#claims([key.name], namespace);
      case 'VirtualMachine':
        return this.#ofVm(key);
      default:
        return this.#ofSnapshot(key, name);
    }
  }

  #ofVm(key: { namespace: string | undefined; name: string }): Exported | Waiting {
    const vm = this.#is.vms.get(key);
    if (!vm) {
      return notReady('VMNotFound', `Virtual Machine ${keyText(key)} not found`);
    }
    const named = (vm.spec.template.spec?.volumes ?? []).flatMap((volume) => {
      const claim = claimName(volume);
      return claim ? [[volume.name, claim] as const] : [];
    });
    if (named.length === 0) {
      const message = `Virtual Machine ${keyText(key)} has no volumes`;
      return { ...notReady('VMNoVolumes', message), isSkipped: true };
    }
    if (this.#is.vmis.get(key)) {
      return notReady('InUse', `Virtual Machine ${keyText(key)} is running`);
    }
    const claims = this.#claims(
      named.map(([, claim]) => claim),
      key.namespace,
    );
    if ('volumes' in claims) return { ...claims, vm: { source: vm, volumeOf: new Map(named) } };
    if (claims.reason === 'InUse') return claims;
    const message = `Not all volumes in the Virtual Machine ${keyText(key)} are populated`;
    return notReady('VolumesNotPopulated', message);
  }

  #claims(names: readonly string[], namespace: string | undefined): Exported | Waiting {
    const volumes: ExportVolume[] = [];
    for (const name of names) {
      const claim = this.#is.claims.get({ namespace, name });
      const key = keyText({ namespace, name });
      if (!claim) {
        const message = `PersistentVolumeClaim ${key} not found`;
        return { condition: 'PVCReady', reason: 'PVCNotFound', message };
      }
      const volume = this.#is.volumes.get({ name: claim.spec.volumeName ?? '' });
      const folder = volume?.spec.hostPath?.path;
      if (claim.status?.phase !== 'Bound' || folder === undefined || !isFilled(claim)) {
        return notReady('PVCPending', `PersistentVolumeClaim ${key} is not populated`);
      }
      const users = this.#is.pods
        .byIndex('claim', key)
        .filter(({ status }) => status?.phase !== 'Succeeded' && status?.phase !== 'Failed');
      if (users.length > 0) {
        return notReady('InUse', `PersistentVolumeClaim ${key} is in use`);
      }
      const { [annotations.contentType]: content, 'kubevirt.io/memory-dump': dump } =
        claim.metadata.annotations ?? {};
      const hasFiles = dump !== undefined || content === 'archive';
      volumes.push({ name, kind: hasFiles ? 'archive' : 'disk', folder });
    }
    return { volumes };
  }

  #ofSnapshot(
    key: { namespace: string | undefined; name: string },
    exportName: string,
  ): Exported | Waiting {
    const snapshot = this.#is.vmSnapshots.get(key);
    const { namespace } = key;
    if (!snapshot) {
      const message = `VirtualMachineSnapshot ${keyText(key)} not found`;
      return notReady('VMSnapshotNotFound', message);
    }
    const content = this.#is.vmSnapshotContents.get({
      namespace,
      name: snapshot.status?.virtualMachineSnapshotContentName ?? '',
    });
    if (!snapshot.status?.readyToUse || !content) {
      const message = `VirtualMachineSnapshot ${keyText(key)} is not ready to use`;
      return notReady('NotAllPVCsCreated', message);
    }
    const backups = content.spec.volumeBackups ?? [];
    if (backups.length === 0) {
      const message = `VirtualMachineSnapshot ${keyText(key)} does not contain any volume snapshots`;
      const reason = 'VMSnapshotNoVolumes';
      return { condition: 'VolumesCreated', reason, message, isSkipped: true };
    }
    const nameOf = (volume: string) => `${exportName}-${volume}`;
    return {
      volumes: backups.map(({ volumeName, volumeSnapshotName }) => ({
        name: nameOf(volumeName),
        kind: 'disk',
        folder: this.#is.folders.folderOf({ namespace, name: volumeSnapshotName }),
      })),
      vm: {
        source: content.spec.source.virtualMachine,
        volumeOf: new Map(backups.map(({ volumeName }) => [volumeName, nameOf(volumeName)])),
      },
    };
  }
}
