import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { hasReason } from '../apiserver/ApiError.ts';
import type { EventRecorder } from '../client/EventRecorder.ts';
import type { Informer } from '../client/Informer.ts';
import type { KubeClient, ObjectKey } from '../client/KubeClient.ts';
import {
  type PersistentVolume,
  type PersistentVolumeClaim,
  persistentVolumeClaims,
  persistentVolumes,
  type StorageClass,
} from '../client/resources.ts';

export const provisioner = 'kubevirt.io.hostpath-provisioner';

interface Dependencies {
  client: KubeClient;
  claims: Informer<PersistentVolumeClaim>;
  volumes: Informer<PersistentVolume>;
  classes: Informer<StorageClass>;
  recorder: EventRecorder;
  /** Each volume is a folder in this one. */
  folder: string;
}

/**
 * Gives each PersistentVolumeClaim of its storage classes a folder of the data folder, and removes the
 * folder when a volume with reclaim policy Delete is released. All nodes are on one machine, so every
 * volume can be read and written from all of them.
 */
export class HostpathProvisioner {
  readonly #is: Dependencies;

  constructor(dependencies: Dependencies) {
    this.#is = dependencies;
  }

  async reconcileClaim(key: ObjectKey): Promise<void> {
    const claim = this.#is.claims.get(key);
    if (!claim || claim.metadata.deletionTimestamp) return;
    if (claim.status?.phase === 'Bound') return;
    const storageClass = this.#classOf(claim);
    if (!storageClass || storageClass.provisioner !== provisioner) return;
    const name = `pvc-${claim.metadata.uid}`;
    const path = join(this.#is.folder, name);
    await mkdir(path, { recursive: true });
    await this.#createVolume(claim, storageClass, name, path);
    await this.#bind(claim, storageClass, name);
  }

  #classOf(claim: PersistentVolumeClaim): StorageClass | undefined {
    const { storageClassName } = claim.spec;
    if (storageClassName) return this.#is.classes.get({ name: storageClassName });
    return this.#is.classes
      .list()
      .find(
        ({ metadata }) =>
          metadata.annotations?.['storageclass.kubernetes.io/is-default-class'] === 'true',
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
    const claim = await this.#claimOf(claimRef.namespace, claimRef.name);
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
    if (path === join(this.#is.folder, key.name)) await rm(path, { recursive: true, force: true });
    await this.#is.client.delete(persistentVolumes, key);
  }

  async #claimOf(
    namespace: string | undefined,
    name: string,
  ): Promise<PersistentVolumeClaim | undefined> {
    try {
      return await this.#is.client.get(persistentVolumeClaims, { namespace, name });
    } catch (error) {
      if (hasReason(error, 'NotFound')) return undefined;
      throw error;
    }
  }
}
