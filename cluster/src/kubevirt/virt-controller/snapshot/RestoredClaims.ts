import { annotations } from '../../../cdi/claims.ts';
import { type DataVolume, dataVolumes } from '../../../cdi/resources.ts';
import { ensure } from '../../../client/ensure.ts';
import { findNewest } from '../../../client/findNewest.ts';
import { ignoreGone } from '../../../client/ignoreGone.ts';
import type { Informer } from '../../../client/Informer.ts';
import type { KubeClient, OwnerReference } from '../../../client/KubeClient.ts';
import { type PersistentVolumeClaim, persistentVolumeClaims } from '../../../client/resources.ts';
import type { VolumeSnapshot } from '../../../hostpath-provisioner/snapshotResources.ts';
import type { VirtualMachine } from '../../resources.ts';
import { claimDraft, claimNameFor, isMadeBy, madeBy, RestoreFailure } from './restoredClaim.ts';
import type { VirtualMachineRestore, VolumeBackup } from './resources.ts';

interface Dependencies {
  client: KubeClient;
  claims: Informer<PersistentVolumeClaim>;
  dataVolumes: Informer<DataVolume>;
  volumeSnapshots: Informer<VolumeSnapshot>;
}

/** Makes the claims of a restore from the snapshots of volumes, and gives them to the VM. */
export class RestoredClaims {
  readonly #is: Dependencies;

  constructor(dependencies: Dependencies) {
    this.#is = dependencies;
  }

  /** Makes those that are not there yet; true when all are bound. Throws a RestoreFailure when one cannot be made. */
  async make(
    restore: VirtualMachineRestore,
    backups: readonly VolumeBackup[],
    vm: Pick<VirtualMachine, 'metadata'>,
  ): Promise<boolean> {
    const inPlace = restore.spec.volumeRestorePolicy === 'InPlace';
    for (const backup of backups) {
      if (inPlace && !(await this.#makeWay(restore, backup))) return false;
      await this.#create(restore, backup, vm);
    }
    const { namespace } = restore.metadata;
    return backups.every((backup) => {
      const claim = this.#is.claims.get({ namespace, name: claimNameFor(restore, backup) });
      return claim?.status?.phase === 'Bound' && isMadeBy(claim, restore);
    });
  }

  /**
   * A claim that is restored in place is another one of the same name: the one that is there goes first. Its
   * DataVolume stays, and takes the new one as it is. True when there is none in the way.
   */
  async #makeWay(restore: VirtualMachineRestore, backup: VolumeBackup): Promise<boolean> {
    const key = { namespace: restore.metadata.namespace, name: claimNameFor(restore, backup) };
    const claim = await findNewest(this.#is.client, persistentVolumeClaims, key);
    if (!claim || isMadeBy(claim, restore)) return true;
    if (claim.metadata.deletionTimestamp) return false;
    if (this.#is.dataVolumes.get(key)) {
      const body = { metadata: { annotations: { [annotations.prePopulated]: key.name } } };
      await ignoreGone(this.#is.client.patch(dataVolumes, key, { type: 'merge', body }));
    }
    const { uid } = claim.metadata;
    await ignoreGone(
      this.#is.client.delete(persistentVolumeClaims, key, { preconditions: { uid } }),
    );
    return (await findNewest(this.#is.client, persistentVolumeClaims, key)) === undefined;
  }

  async #create(
    restore: VirtualMachineRestore,
    backup: VolumeBackup,
    vm: Pick<VirtualMachine, 'metadata'>,
  ): Promise<void> {
    const { namespace } = restore.metadata;
    const name = claimNameFor(restore, backup);
    if (this.#is.claims.get({ namespace, name })?.metadata.annotations?.[madeBy]) return;
    const snapshot = this.#is.volumeSnapshots.get({ namespace, name: backup.volumeSnapshotName });
    if (!snapshot)
      throw new RestoreFailure(`VolumeSnapshot ${backup.volumeSnapshotName} does not exist`);
    const asked = backup.persistentVolumeClaim.spec.resources?.requests?.['storage'];
    const dataVolume = this.#is.dataVolumes.get({ namespace, name });
    const draft = claimDraft(restore, backup, {
      size: snapshot.status?.restoreSize ?? asked ?? '0',
      owners: dataVolume ? [ownedBy(dataVolume, true)] : [],
      vm: vm.metadata,
    });
    await ensure(this.#is.client, persistentVolumeClaims, draft);
    const made = await this.#is.client.get(persistentVolumeClaims, { namespace, name });
    if (!isMadeBy(made, restore)) throw new RestoreFailure(`PVC ${name} already exists`);
  }

  /** Lets the claims go with the VM, which has no other tie to those that no DataVolume has made. */
  async give(
    restore: VirtualMachineRestore,
    backups: readonly VolumeBackup[],
    vm: VirtualMachine,
  ): Promise<void> {
    if (restore.spec.volumeOwnershipPolicy === 'None') return;
    for (const backup of backups) {
      const key = { namespace: vm.metadata.namespace, name: claimNameFor(restore, backup) };
      const claim = await findNewest(this.#is.client, persistentVolumeClaims, key);
      if (!claim || claim.metadata.ownerReferences?.length) continue;
      const body = { metadata: { ownerReferences: [ownedBy(vm, false)] } };
      await ignoreGone(this.#is.client.patch(persistentVolumeClaims, key, { type: 'merge', body }));
    }
  }

  /** Removes DataVolumes that a VM does not use any more, and their claims if a restore has made them. */
  async drop(namespace: string | undefined, names: readonly string[]): Promise<void> {
    for (const name of names) {
      const key = { namespace, name };
      await ignoreGone(this.#is.client.delete(dataVolumes, key));
      if (this.#is.claims.get(key)?.metadata.annotations?.[madeBy] === undefined) continue;
      await ignoreGone(this.#is.client.delete(persistentVolumeClaims, key));
    }
  }
}

const ownedBy = (
  { apiVersion, kind, metadata }: VirtualMachine | DataVolume,
  controller: boolean,
): OwnerReference => ({
  apiVersion,
  kind,
  name: metadata.name,
  uid: metadata.uid,
  ...(controller && { controller, blockOwnerDeletion: true }),
});
