import { join } from 'node:path';

import { DataSourceController } from '../cdi/DataSourceController.ts';
import { DataVolumeController } from '../cdi/DataVolumeController.ts';
import { keyText } from '../client/Informer.ts';
import { HostpathProvisioner } from '../hostpath-provisioner/HostpathProvisioner.ts';
import type { ControllerOptions, Queue, Recorders } from './ControllerOptions.ts';
import type { Informers } from './informers.ts';

/** Wakes CDI and the hostpath provisioner on what they depend on. */
export function connectStorage(
  options: ControllerOptions,
  informers: Informers,
  queue: Queue,
  recorder: Recorders,
): DataVolumeController {
  const { claims, volumes, classes, dataVolumes: imports, dataSources: sources } = informers;
  const controller = new DataVolumeController({
    ...options,
    ...informers,
    recorder: recorder('datavolume-controller'),
  });
  const sourceController = new DataSourceController({ ...options, ...informers });
  const provisioner = new HostpathProvisioner({
    ...options,
    ...informers,
    recorder: recorder('hostpath-provisioner'),
    folder: join(options.dataDir, 'volumes'),
  });
  const importQueue = queue('datavolume', (key) => controller.reconcile(key));
  const sourceQueue = queue('datasource', (key) => sourceController.reconcile(key));
  const claimQueue = queue('hostpath-provisioner', (key) => provisioner.reconcileClaim(key));
  const volumeQueue = queue('hostpath-reclaim', (key) => provisioner.reconcileVolume(key));
  controller.onProgress((key) => importQueue.add(keyText(key)));

  /** A claim or its import changed: so may what is copied from it. */
  const wakeCopies = (id: string) => {
    for (const { metadata } of imports.byIndex('source', id)) importQueue.add(keyText(metadata));
    for (const { metadata } of sources.byIndex('claim', id)) {
      sourceQueue.add(keyText(metadata));
      for (const copy of imports.byIndex('source', keyText(metadata))) {
        importQueue.add(keyText(copy.metadata));
      }
    }
  };
  imports.onChange(({ key }) => {
    importQueue.add(keyText(key));
    wakeCopies(keyText(key));
  });
  sources.onChange(({ key }) => {
    sourceQueue.add(keyText(key));
    for (const { metadata } of imports.byIndex('source', keyText(key))) {
      importQueue.add(keyText(metadata));
    }
  });
  claims.onChange(({ key, before, after }) => {
    claimQueue.add(keyText(key));
    importQueue.add(keyText(key));
    wakeCopies(keyText(key));
    const volume = (after ?? before)?.spec.volumeName;
    if (volume) volumeQueue.add(volume);
  });
  informers.pods.onChange(({ before, after }) => {
    if (after && after.status?.phase === before?.status?.phase) return;
    const { metadata, spec } = after ?? before ?? {};
    for (const { persistentVolumeClaim } of spec?.volumes ?? []) {
      const name = persistentVolumeClaim?.claimName;
      if (name) wakeCopies(keyText({ namespace: metadata?.namespace, name }));
    }
  });
  volumes.onChange(({ key, after }) => {
    volumeQueue.add(keyText(key));
    const claim = after?.spec.claimRef;
    if (claim?.name) importQueue.add(keyText({ namespace: claim.namespace, name: claim.name }));
  });
  classes.onChange(() => {
    for (const { metadata } of claims.list()) claimQueue.add(keyText(metadata));
  });
  return controller;
}
