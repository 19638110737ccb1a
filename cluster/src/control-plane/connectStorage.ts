import { statfs } from 'node:fs/promises';
import { join } from 'node:path';

import { LiveDisks } from '../hostpath-provisioner/LiveDisks.ts';
import { SnapshotFolders } from '../hostpath-provisioner/SnapshotFolders.ts';
import { StorageCapacities } from '../hostpath-provisioner/StorageCapacities.ts';
import { VolumeSnapshotController } from '../hostpath-provisioner/VolumeSnapshotController.ts';
import { HostpathProvisioner } from '../hostpath-provisioner/HostpathProvisioner.ts';
import { beginsToUse } from '../hostpath-provisioner/waitsForFirstConsumer.ts';
import { type AnyInformer, keyText } from '../client/Informer.ts';
import { type Cdi, connectCdi } from './connectCdi.ts';
import type { ControllerOptions, Wiring } from './ControllerOptions.ts';
import { identities } from './identities.ts';

/** Wakes CDI and the hostpath provisioner on what they depend on. */
export function connectStorage(wiring: Wiring): Cdi {
  connectProvisioner(wiring.as('hostpath-provisioner'));
  connectCapacities(wiring.as('hostpath-provisioner'));
  return connectCdi(wiring);
}

/** How large the file system of the volumes is, and how much of it is free; undefined where disks take no room. */
async function roomOf({ runtime, dataDir }: ControllerOptions) {
  if (runtime.name === 'simulated') return undefined;
  const { blocks, bavail, bsize } = await statfs(dataDir);
  return { bytes: blocks * bsize, available: bavail * bsize };
}

function connectCapacities({ options, informers: sets, queue }: Wiring): void {
  const client = options.clientFor(identities.hostpathProvisioner);
  const informers = sets.pick(client, ['classes', 'nodes']);
  const available = async () => (await roomOf(options))?.available;
  const capacities = new StorageCapacities({ ...informers, client, available });
  const capacityQueue = queue('storage-capacity', () => capacities.reconcile(), 1);
  for (const informer of [informers.classes, informers.nodes] as AnyInformer[]) {
    informer.onChange(({ before, after }) => {
      if (!before || !after) capacityQueue.add('all');
    });
  }
}

function connectProvisioner({ options, informers: sets, queue, recorder, guestOf }: Wiring): void {
  const client = options.clientFor(identities.hostpathProvisioner);
  const informers = sets.pick(client, [
    ...(['claims', 'volumes', 'classes', 'pods', 'vmis'] as const),
    ...(['volumeSnapshots', 'snapshotContents', 'snapshotClasses'] as const),
  ]);
  const { claims, volumes, classes, pods, vmis, volumeSnapshots, snapshotContents } = informers;
  const { images } = options;
  const folders = new SnapshotFolders(options.dataDir, volumeSnapshots, snapshotContents);
  const live = new LiveDisks({ pods, vmis, guestOf });
  const provisioner = new HostpathProvisioner({
    ...options,
    ...informers,
    client,
    recorder: recorder(client, 'hostpath-provisioner'),
    folder: join(options.dataDir, 'volumes'),
    capacity: async () => (await roomOf(options))?.bytes ?? Infinity,
    snapshots: folders,
    async expand(claim, folder, bytes) {
      const found = live.find(claim);
      if (found) await found.guest.disks.resize(found.disk, bytes);
      else await images.grow(folder, bytes);
    },
  });
  const claimQueue = queue('hostpath-provisioner', (key) => provisioner.reconcileClaim(key));
  const volumeQueue = queue('hostpath-reclaim', (key) => provisioner.reconcileVolume(key));
  claims.onChange(({ key, before, after }) => {
    claimQueue.add(keyText(key));
    const volume = (after ?? before)?.spec.volumeName;
    if (volume) volumeQueue.add(volume);
  });
  volumes.onChange(({ key, before, after }) => {
    volumeQueue.add(keyText(key));
    const claim = (after ?? before)?.spec.claimRef;
    // It was given to another claim, or is gone.
    if (claim?.name && claim.uid !== (after ? before?.spec.claimRef?.uid : undefined)) {
      claimQueue.add(keyText({ namespace: claim.namespace, name: claim.name }));
    }
  });
  classes.onChange(() => {
    for (const { metadata } of claims.list()) claimQueue.add(keyText(metadata));
  });
  const wakeConsumed = (namespace: string | undefined, name: string | undefined) => {
    if (name) claimQueue.add(keyText({ namespace, name }));
  };
  pods.onChange(({ before, after }) => {
    if (before || !after) return;
    for (const { persistentVolumeClaim } of after.spec.volumes ?? []) {
      wakeConsumed(after.metadata.namespace, persistentVolumeClaim?.claimName);
    }
  });
  vmis.onChange(({ before, after }) => {
    if (!after || !beginsToUse(before, after)) return;
    for (const { persistentVolumeClaim, dataVolume } of after.spec.volumes ?? []) {
      wakeConsumed(after.metadata.namespace, persistentVolumeClaim?.claimName ?? dataVolume?.name);
    }
  });

  const snapshots = new VolumeSnapshotController({
    ...options,
    ...informers,
    client,
    live,
    folders,
    recorder: recorder(client, 'snapshot-controller'),
  });
  const snapshotQueue = queue('volumesnapshot', (key) => snapshots.reconcile(key));
  volumeSnapshots.onChange(({ key }) => snapshotQueue.add(keyText(key)));
  informers.snapshotClasses.onChange(() => {
    for (const { metadata } of volumeSnapshots.list()) snapshotQueue.add(keyText(metadata));
  });
}
