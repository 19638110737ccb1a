import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { hasReason } from '../apiserver/ApiError.ts';
import { annotations } from '../cdi/claims.ts';
import { populatorOf } from '../cdi/populators/resources.ts';
import type { DiskImages } from '../cdi/DiskImages.ts';
import type { EventRecorder } from '../client/EventRecorder.ts';
import { findNewest } from '../client/findNewest.ts';
import { type Informer, keyText } from '../client/Informer.ts';
import type { KubeClient, ObjectKey } from '../client/KubeClient.ts';
import {
  type PersistentVolume,
  type PersistentVolumeClaim,
  persistentVolumeClaims,
  persistentVolumes,
  type Pod,
  type StorageClass,
  type TypedReference,
} from '../client/resources.ts';
import type { VirtualMachineInstance } from '../kubevirt/resources.ts';
import { parseQuantity } from '../quantity.ts';
import { messageOf } from '../client/messageOf.ts';
import type { SnapshotFolders } from './SnapshotFolders.ts';
import { waitsForFirstConsumer } from './waitsForFirstConsumer.ts';

export const provisioner = 'kubevirt.io.hostpath-provisioner';

/** The file system may be made larger. */
const capacityRetryMs = 60_000;

interface Dependencies {
  client: KubeClient;
  claims: Informer<PersistentVolumeClaim>;
  volumes: Informer<PersistentVolume>;
  classes: Informer<StorageClass>;
  /** With the index `claim`. */
  pods: Informer<Pod>;
  /** With the index `volume`. */
  vmis: Informer<VirtualMachineInstance>;
  images: DiskImages;
  snapshots: SnapshotFolders;
  /** Makes a disk larger where a guest has it open, else in its folder. */
  expand: (claim: PersistentVolumeClaim, folder: string, bytes: number) => Promise<void>;
  recorder: EventRecorder;
  /** Each volume is a folder in this one. */
  folder: string;
  /** Bytes that the file system under the folder has, used or not. */
  capacity: () => Promise<number>;
}

/**
 * Gives each PersistentVolumeClaim of its storage classes a folder of the data folder, makes it larger when
 * the claim asks for it, and removes it when a volume with reclaim policy Delete is released. All nodes are
 * on one machine, so every volume can be read and written from all of them.
 */
export class HostpathProvisioner {
  readonly #is: Dependencies;

  constructor(dependencies: Dependencies) {
    this.#is = dependencies;
  }

  async reconcileClaim(key: ObjectKey): Promise<{ requeueAfterMs?: number }> {
    const claim = this.#is.claims.get(key);
    if (!claim || claim.metadata.deletionTimestamp) return {};
    const storageClass = this.#is.classes.get({ name: claim.spec.storageClassName ?? '' });
    if (!storageClass) this.#tellMissing(claim);
    if (storageClass?.provisioner !== provisioner) return {};
    if (claim.status?.phase === 'Lost') return {};
    if (claim.status?.phase === 'Bound') {
      if (!(await this.#tellLost(claim))) await this.#expand(claim);
      return {};
    }
    if (waitsForFirstConsumer(claim, this.#is)) {
      this.#is.recorder.normal(
        claim,
        'WaitForFirstConsumer',
        'waiting for first consumer to be created before binding',
      );
      return {};
    }
    const shortage = await this.#shortage(claim);
    if (shortage !== undefined) {
      const text = `failed to provision volume with StorageClass "${storageClass.metadata.name}": ${shortage}`;
      this.#is.recorder.warning(claim, 'ProvisioningFailed', text);
      return { requeueAfterMs: capacityRetryMs };
    }
    if (populatorOf(claim)) {
      await this.#bindPopulated(claim, storageClass);
      return {};
    }
    const name = `pvc-${claim.metadata.uid}`;
    const path = join(this.#is.folder, name);
    await mkdir(path, { recursive: true });
    if (!(await this.#copySource(claim, path))) return {};
    await this.#createVolume(claim, storageClass, name, path);
    await this.#bind(claim, storageClass, name);
    return {};
  }

  /** Of a claim that nothing will fill. Kubernetes pkg/controller/volume/persistentvolume/pv_controller.go. */
  #tellMissing(claim: PersistentVolumeClaim): void {
    const { storageClassName, volumeName } = claim.spec;
    if (volumeName || claim.status?.phase === 'Bound') return;
    if (storageClassName) {
      const text = `storageclass.storage.k8s.io "${storageClassName}" not found`;
      this.#is.recorder.warning(claim, 'ProvisioningFailed', text);
    } else {
      const text = 'no persistent volumes available for this claim and no storage class is set';
      this.#is.recorder.normal(claim, 'FailedBinding', text);
    }
  }

  /** Has somebody deleted the volume of a bound claim? Source: as above, syncBoundClaim. */
  async #tellLost(claim: PersistentVolumeClaim): Promise<boolean> {
    const key = { name: claim.spec.volumeName ?? '' };
    if (this.#is.volumes.get(key)) return false;
    if (await findNewest(this.#is.client, persistentVolumes, key)) return false;
    const text = 'Bound claim has lost its PersistentVolume. Data on the volume is lost!';
    this.#is.recorder.warning(claim, 'ClaimLost', text);
    const body = { status: { phase: 'Lost', capacity: null, accessModes: null } };
    const part = { subresource: 'status' };
    const patch = { type: 'merge', body } as const;
    await this.#is.client.patch(persistentVolumeClaims, claim.metadata, patch, part);
    return true;
  }

  /**
   * Disks take room only as they are written to, so all claims together may ask for more than there is; but
   * one alone that could never be filled is refused: gives why.
   */
  async #shortage({ spec }: PersistentVolumeClaim): Promise<string | undefined> {
    const wanted = parseQuantity(spec.resources?.requests?.['storage'] ?? '') ?? 0;
    const capacity = await this.#is.capacity();
    if (wanted <= capacity) return undefined;
    const why = `${wanted} bytes are asked for, the storage pool has ${capacity}`;
    return `rpc error: code = ResourceExhausted desc = not enough capacity: ${why}`;
  }

  /** A claim that a populator fills gets the volume that was filled for it. */
  async #bindPopulated(claim: PersistentVolumeClaim, storageClass: StorageClass): Promise<void> {
    const { uid } = claim.metadata;
    const [volume] = this.#is.volumes.byIndex('claim', uid);
    if (volume) await this.#bind(claim, storageClass, volume.metadata.name);
  }

  /** A claim may begin as a copy of a snapshot or of another claim. False while that is not there. */
  async #copySource(claim: PersistentVolumeClaim, path: string): Promise<boolean> {
    const source = claim.spec.dataSource ?? claim.spec.dataSourceRef;
    if (!source) return true;
    if ((await this.#is.images.sizeOf(path)) !== undefined) return true;
    const bytes = parseQuantity(claim.spec.resources?.requests?.['storage'] ?? '') ?? 0;
    try {
      await this.#is.images.clone(this.#folderOfSource(claim, source), path, { bytes });
      return true;
    } catch (error) {
      const message = messageOf(error);
      this.#is.recorder.warning(claim, 'ProvisioningFailed', message);
      throw error;
    }
  }

  #folderOfSource({ metadata }: PersistentVolumeClaim, { kind, name }: TypedReference): string {
    const key = { namespace: metadata.namespace, name };
    if (kind === 'VolumeSnapshot') return this.#is.snapshots.folderOf(key);
    if (kind !== 'PersistentVolumeClaim') throw new Error(`a claim cannot be made from a ${kind}`);
    const from = this.#is.claims.get(key);
    const volume = this.#is.volumes.get({ name: from?.spec.volumeName ?? '' });
    if (!volume?.spec.hostPath) throw new Error(`the source claim ${name} is not bound`);
    if (from && this.#is.pods.byIndex('claim', keyText(from.metadata)).length > 0) {
      throw new Error(`the source claim ${name} is in use`);
    }
    return volume.spec.hostPath.path;
  }

  /** A bound claim that asks for more than it has gets it, also while a guest runs on it. */
  async #expand(claim: PersistentVolumeClaim): Promise<void> {
    const wanted = claim.spec.resources?.requests?.['storage'] ?? '0';
    const bytes = parseQuantity(wanted) ?? 0;
    const now = parseQuantity(claim.status?.capacity?.['storage'] ?? '0') ?? 0;
    if (bytes <= now) return;
    const volume = this.#is.volumes.get({ name: claim.spec.volumeName ?? '' });
    const path = volume?.spec.hostPath?.path;
    if (!volume || path === undefined) return;
    // The disk of a claim that is being filled gets its size from its capacity, at the end.
    const filling =
      claim.metadata.annotations?.[annotations.contentType] !== undefined &&
      claim.metadata.annotations[annotations.podPhase] !== 'Succeeded';
    if (filling) return;
    const shortage = await this.#shortage(claim);
    if (shortage !== undefined) {
      const text = `resize volume "${volume.metadata.name}" by resizer "${provisioner}" failed: ${shortage}`;
      this.#is.recorder.warning(claim, 'VolumeResizeFailed', text);
      return;
    }
    this.#is.recorder.normal(
      claim,
      'Resizing',
      `External resizer is resizing volume ${volume.metadata.name}`,
    );
    await this.#is.expand(claim, path, bytes);
    await this.#is.client.patch(persistentVolumes, volume.metadata, {
      type: 'merge',
      body: { spec: { capacity: { storage: wanted } } },
    });
    await this.#is.client.patch(
      persistentVolumeClaims,
      claim.metadata,
      { type: 'merge', body: { status: { capacity: { storage: wanted }, conditions: null } } },
      { subresource: 'status' },
    );
    this.#is.recorder.normal(
      claim,
      'FileSystemResizeSuccessful',
      'MountVolume.NodeExpandVolume succeeded for volume',
    );
  }

  async #createVolume(
    claim: PersistentVolumeClaim,
    storageClass: StorageClass,
    name: string,
    path: string,
  ): Promise<void> {
    try {
      await this.#is.client.create(persistentVolumes, {
        apiVersion: 'v1',
        kind: 'PersistentVolume',
        metadata: { name, annotations: { 'pv.kubernetes.io/provisioned-by': provisioner } },
        spec: {
          accessModes: claim.spec.accessModes ?? ['ReadWriteMany'],
          capacity: { storage: claim.spec.resources?.requests?.['storage'] ?? '0' },
          claimRef: {
            apiVersion: 'v1',
            kind: 'PersistentVolumeClaim',
            namespace: claim.metadata.namespace ?? '',
            name: claim.metadata.name,
            uid: claim.metadata.uid,
          },
          hostPath: { path, type: 'DirectoryOrCreate' },
          persistentVolumeReclaimPolicy: storageClass.reclaimPolicy ?? 'Delete',
          storageClassName: storageClass.metadata.name,
          volumeMode: claim.spec.volumeMode ?? 'Filesystem',
        },
        status: { phase: 'Bound' },
      });
      this.#is.recorder.normal(
        claim,
        'ProvisioningSucceeded',
        `Successfully provisioned volume ${name}`,
      );
    } catch (error) {
      if (!hasReason(error, 'AlreadyExists')) throw error;
    }
    await this.#is.client.patch(
      persistentVolumes,
      { name },
      { type: 'merge', body: { status: { phase: 'Bound' } } },
      { subresource: 'status' },
    );
  }

  async #bind(
    claim: PersistentVolumeClaim,
    storageClass: StorageClass,
    volumeName: string,
  ): Promise<void> {
    await this.#is.client.patch(persistentVolumeClaims, claim.metadata, {
      type: 'merge',
      body: {
        metadata: {
          annotations: {
            'pv.kubernetes.io/bind-completed': 'yes',
            'volume.kubernetes.io/storage-provisioner': provisioner,
          },
        },
        spec: { volumeName, storageClassName: storageClass.metadata.name },
      },
    });
    const capacity = claim.spec.resources?.requests?.['storage'];
    await this.#is.client.patch(
      persistentVolumeClaims,
      claim.metadata,
      {
        type: 'merge',
        body: {
          status: {
            phase: 'Bound',
            accessModes: claim.spec.accessModes ?? ['ReadWriteMany'],
            ...(capacity && { capacity: { storage: capacity } }),
          },
        },
      },
      { subresource: 'status' },
    );
  }

  /** A volume whose claim is gone is released; with reclaim policy Delete its folder goes too. */
  async reconcileVolume(key: ObjectKey): Promise<void> {
    const volume = this.#is.volumes.get(key);
    const claimRef = volume?.spec.claimRef;
    const made = volume?.metadata.annotations?.['pv.kubernetes.io/provisioned-by'] === provisioner;
    if (!volume || !made || !claimRef?.name) return;
    const claim = await findNewest(this.#is.client, persistentVolumeClaims, {
      namespace: claimRef.namespace,
      name: claimRef.name,
    });
    if (claim?.metadata.uid === claimRef.uid) return;
    if (volume.spec.persistentVolumeReclaimPolicy !== 'Delete') {
      if (volume.status?.phase === 'Released') return;
      await this.#is.client.patch(
        persistentVolumes,
        key,
        { type: 'merge', body: { status: { phase: 'Released' } } },
        { subresource: 'status' },
      );
      return;
    }
    const path = volume.spec.hostPath?.path;
    // Only what this provisioner made is ever removed.
    if (path === join(this.#is.folder, key.name)) await this.#is.images.remove(path);
    await this.#is.client.delete(persistentVolumes, key);
  }
}
