import type { DiskImages } from '../cdi/DiskImages.ts';
import { annotations } from '../cdi/claims.ts';
import type { Clock } from '../client/Clock.ts';
import { ensure } from '../client/ensure.ts';
import type { EventRecorder } from '../client/EventRecorder.ts';
import { ignoreGone } from '../client/ignoreGone.ts';
import type { Informer } from '../client/Informer.ts';
import type { KubeClient, ObjectKey } from '../client/KubeClient.ts';
import type { PersistentVolume, PersistentVolumeClaim } from '../client/resources.ts';
import { timestamp } from '../client/timestamp.ts';
import { formatBytes, parseQuantity } from '../quantity.ts';
import { messageOf } from '../client/messageOf.ts';
import { provisioner } from './HostpathProvisioner.ts';
import type { LiveDisks } from './LiveDisks.ts';
import type { SnapshotFolders } from './SnapshotFolders.ts';
import {
  type VolumeSnapshot,
  type VolumeSnapshotClass,
  type VolumeSnapshotContent,
  volumeSnapshotContents,
  volumeSnapshots,
} from './snapshotResources.ts';

interface Dependencies {
  client: KubeClient;
  volumeSnapshots: Informer<VolumeSnapshot>;
  snapshotContents: Informer<VolumeSnapshotContent>;
  snapshotClasses: Informer<VolumeSnapshotClass>;
  claims: Informer<PersistentVolumeClaim>;
  volumes: Informer<PersistentVolume>;
  images: DiskImages;
  live: LiveDisks;
  folders: SnapshotFolders;
  recorder: EventRecorder;
  clock: Clock;
}

const finalizer = 'snapshot.storage.kubernetes.io/volumesnapshot-bound-protection';
const defaultClass = 'snapshot.storage.kubernetes.io/is-default-class';
const retryMs = 1000;

/**
 * Takes the snapshots of volumes, as external-snapshotter and a CSI driver do together. One of a disk that a
 * guest writes to is what the guest had written at that moment.
 */
export class VolumeSnapshotController {
  readonly #is: Dependencies;

  constructor(dependencies: Dependencies) {
    this.#is = dependencies;
  }

  async reconcile(key: ObjectKey): Promise<{ requeueAfterMs?: number }> {
    const snapshot = this.#is.volumeSnapshots.get(key);
    if (!snapshot) return {};
    if (snapshot.metadata.deletionTimestamp) {
      await this.#remove(snapshot);
      return {};
    }
    if (snapshot.status?.readyToUse) return {};
    if (!snapshot.metadata.finalizers?.includes(finalizer)) {
      const finalizers = [...(snapshot.metadata.finalizers ?? []), finalizer];
      await this.#is.client.patch(volumeSnapshots, key, {
        type: 'merge',
        body: { metadata: { finalizers } },
      });
      return {};
    }
    try {
      await this.#take(snapshot);
      return {};
    } catch (error) {
      const message = messageOf(error);
      if (snapshot.status?.error?.message !== message) {
        this.#is.recorder.warning(snapshot, 'SnapshotContentCreationFailed', message);
        const time = timestamp(this.#is.clock.now());
        const status = { ...snapshot.status, readyToUse: false, error: { time, message } };
        await ignoreGone(this.#is.client.updateStatus(volumeSnapshots, { ...snapshot, status }));
      }
      return { requeueAfterMs: retryMs };
    }
  }

  async #take(snapshot: VolumeSnapshot): Promise<void> {
    const { claim, volume, snapshotClass } = this.#sourceOf(snapshot);
    const { uid } = snapshot.metadata;
    const content = `snapcontent-${uid}`;
    await ensure(this.#is.client, volumeSnapshotContents, {
      apiVersion: 'snapshot.storage.k8s.io/v1',
      kind: 'VolumeSnapshotContent',
      metadata: { name: content },
      spec: {
        deletionPolicy: snapshotClass.deletionPolicy,
        driver: provisioner,
        volumeSnapshotClassName: snapshotClass.metadata.name,
        source: { volumeHandle: volume.metadata.name },
        sourceVolumeMode: volume.spec.volumeMode ?? 'Filesystem',
        volumeSnapshotRef: {
          apiVersion: 'snapshot.storage.k8s.io/v1',
          kind: 'VolumeSnapshot',
          namespace: snapshot.metadata.namespace ?? '',
          name: snapshot.metadata.name,
          uid,
        },
      },
    });
    const folder = this.#is.folders.of(uid);
    if ((await this.#is.images.sizeOf(folder)) === undefined) {
      const live = this.#is.live.find(claim);
      const from = volume.spec.hostPath?.path ?? '';
      await this.#is.images.snapshot(
        from,
        folder,
        live && ((overlay) => live.guest.disks.snapshot(live.disk, overlay)),
      );
    }
    const capacity = claim.status?.capacity?.['storage'] ?? '0';
    const bytes = (await this.#is.images.sizeOf(folder)) ?? parseQuantity(capacity) ?? 0;
    const now = this.#is.clock.now();
    const ready = { readyToUse: true, creationTime: now * 1e6, restoreSize: bytes };
    await this.#is.client.patch(
      volumeSnapshotContents,
      { name: content },
      { type: 'merge', body: { status: { ...ready, snapshotHandle: uid } } },
      { subresource: 'status' },
    );
    const status = {
      boundVolumeSnapshotContentName: content,
      creationTime: timestamp(now),
      readyToUse: true,
      restoreSize: formatBytes(bytes),
    };
    await this.#is.client.updateStatus(volumeSnapshots, { ...snapshot, status });
    this.#is.recorder.normal(
      snapshot,
      'SnapshotReady',
      `Snapshot ${snapshot.metadata.namespace ?? ''}/${snapshot.metadata.name} is ready to use.`,
    );
  }

  #sourceOf({ metadata, spec }: VolumeSnapshot) {
    const name = spec.source.persistentVolumeClaimName;
    if (!name) throw new Error('only snapshots of a persistentVolumeClaim can be taken here');
    const claim = this.#is.claims.get({ namespace: metadata.namespace, name });
    if (!claim) throw new Error(`persistentvolumeclaims "${name}" not found`);
    const volume = this.#is.volumes.get({ name: claim.spec.volumeName ?? '' });
    if (claim.status?.phase !== 'Bound' || !volume) {
      throw new Error(`the source claim ${name} is not bound`);
    }
    const { [annotations.contentType]: imported, [annotations.podPhase]: phase } =
      claim.metadata.annotations ?? {};
    if (imported !== undefined && phase !== 'Succeeded') {
      throw new Error(`the source claim ${name} is not filled yet`);
    }
    const classes = this.#is.snapshotClasses.list().filter(({ driver }) => driver === provisioner);
    const wanted = spec.volumeSnapshotClassName;
    const snapshotClass = wanted
      ? classes.find((one) => one.metadata.name === wanted)
      : classes.find((one) => one.metadata.annotations?.[defaultClass] === 'true');
    if (!snapshotClass) throw new Error(`failed to get input parameters: no snapshot class found`);
    return { claim, volume, snapshotClass };
  }

  async #remove(snapshot: VolumeSnapshot): Promise<void> {
    const name = `snapcontent-${snapshot.metadata.uid}`;
    const content = this.#is.snapshotContents.get({ name });
    if (content?.spec.deletionPolicy === 'Delete') {
      await this.#is.images.remove(this.#is.folders.of(snapshot.metadata.uid));
      await ignoreGone(this.#is.client.delete(volumeSnapshotContents, { name }));
    }
    const finalizers = snapshot.metadata.finalizers?.filter((one) => one !== finalizer) ?? [];
    await ignoreGone(
      this.#is.client.patch(volumeSnapshots, snapshot.metadata, {
        type: 'merge',
        body: { metadata: { finalizers } },
      }),
    );
  }
}
