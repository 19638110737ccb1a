import { DataSourceController } from '../cdi/DataSourceController.ts';
import { DataVolumeController } from '../cdi/DataVolumeController.ts';
import { Importer } from '../cdi/importer/Importer.ts';
import { StorageProfileController } from '../cdi/StorageProfileController.ts';
import { Transfers } from '../cdi/Transfers.ts';
import { UploadProxy } from '../cdi/uploadproxy/UploadProxy.ts';
import { UploadSlots } from '../cdi/uploadproxy/UploadSlots.ts';
import { keyText } from '../client/Informer.ts';
import type { KubeClient } from '../client/KubeClient.ts';
import { SnapshotFolders } from '../hostpath-provisioner/SnapshotFolders.ts';
import type { Wiring } from './ControllerOptions.ts';
import { identities } from './identities.ts';

export interface Cdi {
  /** Opens the upload proxy; resolves with its port. */
  listen(): Promise<number>;
  close(): void;
}

/** Wakes CDI's controllers on what they depend on. */
export function connectCdi(wiring: Wiring): Cdi {
  const { options, informers: sets, queue, recorder } = wiring;
  const client = options.clientFor(identities.cdi);
  connectProfiles(wiring, client);
  const informers = sets.pick(client, [
    ...(['claims', 'volumes', 'classes', 'dataVolumes', 'dataSources', 'pods', 'vmis'] as const),
    ...(['storageProfiles', 'volumeSnapshots', 'snapshotContents'] as const),
  ]);
  const { claims, volumes, dataVolumes: imports, dataSources: sources, pods, vmis } = informers;
  const { volumeSnapshots, snapshotContents, storageProfiles } = informers;
  const slots = new UploadSlots();
  const controller = new DataVolumeController({
    ...options,
    ...informers,
    client,
    importer: new Importer({ ...options, client }),
    transfers: new Transfers(options.clock),
    slots,
    snapshots: new SnapshotFolders(options.dataDir, volumeSnapshots, snapshotContents),
    recorder: recorder(client, 'datavolume-controller'),
  });
  const sourceController = new DataSourceController({ ...options, ...informers, client });
  const importQueue = queue('datavolume', (key) => controller.reconcile(key));
  const sourceQueue = queue('datasource', (key) => sourceController.reconcile(key));
  controller.onProgress((key) => importQueue.add(keyText(key)));

  /** A claim, a snapshot or a DataSource changed: so may what is copied from it, through DataSources too. */
  const wakeCopies = (id: string) => {
    const reached = new Set([id]);
    for (const from of reached) {
      for (const { metadata } of imports.byIndex('source', from)) {
        importQueue.add(keyText(metadata));
      }
      for (const { metadata } of sources.byIndex('source', from)) {
        sourceQueue.add(keyText(metadata));
        reached.add(keyText(metadata));
      }
    }
  };
  imports.onChange(({ key, before, after }) => {
    importQueue.add(keyText(key));
    if (before && (!after || after.metadata.deletionTimestamp)) controller.end(before.metadata.uid);
    wakeCopies(keyText(key));
  });
  sources.onChange(({ key }) => {
    sourceQueue.add(keyText(key));
    wakeCopies(keyText(key));
  });
  claims.onChange(({ key, before, after }) => {
    importQueue.add(keyText(key));
    if (before && (!after || after.metadata.deletionTimestamp)) controller.end(before.metadata.uid);
    wakeCopies(keyText(key));
  });
  volumeSnapshots.onChange(({ key }) => wakeCopies(keyText(key)));
  storageProfiles.onChange(() => {
    for (const { metadata, status } of imports.list()) {
      if (!status?.claimName) importQueue.add(keyText(metadata));
    }
  });
  pods.onChange(({ before, after }) => {
    if (after && after.status?.phase === before?.status?.phase) return;
    const { metadata, spec } = after ?? before ?? {};
    for (const { persistentVolumeClaim } of spec?.volumes ?? []) {
      const name = persistentVolumeClaim?.claimName;
      if (name) wakeCopies(keyText({ namespace: metadata?.namespace, name }));
    }
  });
  vmis.onChange(({ before, after }) => {
    if (before && after) return;
    // A first consumer came, for which a claim waits.
    for (const volume of after?.spec.volumes ?? []) {
      const name = volume.dataVolume?.name;
      if (name) importQueue.add(keyText({ namespace: after?.metadata.namespace, name }));
    }
  });
  volumes.onChange(({ after }) => {
    const claim = after?.spec.claimRef;
    if (claim?.name) importQueue.add(keyText({ namespace: claim.namespace, name: claim.name }));
  });
  const uploads = new UploadProxy({ claims, slots, tokens: options.uploadTokens });
  return {
    listen: () => uploads.listen(),
    close() {
      uploads.close();
      controller.close();
    },
  };
}

function connectProfiles({ options, informers: sets, queue }: Wiring, client: KubeClient): void {
  const informers = sets.pick(client, ['classes', 'snapshotClasses', 'storageProfiles']);
  const profiles = new StorageProfileController({ ...options, ...informers, client });
  const profileQueue = queue('storageprofile', (key) => profiles.reconcile(key));
  informers.classes.onChange(({ key }) => profileQueue.add(keyText(key)));
  informers.storageProfiles.onChange(({ key }) => profileQueue.add(keyText(key)));
  informers.snapshotClasses.onChange(() => {
    for (const { metadata } of informers.classes.list()) profileQueue.add(metadata.name);
  });
}
