import { join } from 'node:path';

import { DataSourceController } from '../cdi/DataSourceController.ts';
import { DataVolumeController } from '../cdi/DataVolumeController.ts';
import { keyText } from '../client/Informer.ts';
import { HostpathProvisioner } from '../hostpath-provisioner/HostpathProvisioner.ts';
import type { Wiring } from './ControllerOptions.ts';
import { identities } from './identities.ts';

/** Wakes CDI and the hostpath provisioner on what they depend on. */
export function connectStorage(wiring: Wiring): DataVolumeController {
  connectProvisioner(wiring);
  const { options, informers: sets, queue, recorder } = wiring;
  const client = options.clientFor(identities.cdi);
  const informers = sets.pick(client, ['claims', 'volumes', 'dataVolumes', 'dataSources', 'pods']);
  const { claims, volumes, dataVolumes: imports, dataSources: sources } = informers;
  const controller = new DataVolumeController({
    ...options,
    ...informers,
    client,
    recorder: recorder(client, 'datavolume-controller'),
  });
  const sourceController = new DataSourceController({ ...options, ...informers, client });
  const importQueue = queue('datavolume', (key) => controller.reconcile(key));
  const sourceQueue = queue('datasource', (key) => sourceController.reconcile(key));
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
  claims.onChange(({ key }) => {
    importQueue.add(keyText(key));
    wakeCopies(keyText(key));
  });
  informers.pods.onChange(({ before, after }) => {
    if (after && after.status?.phase === before?.status?.phase) return;
    const { metadata, spec } = after ?? before ?? {};
    for (const { persistentVolumeClaim } of spec?.volumes ?? []) {
      const name = persistentVolumeClaim?.claimName;
      if (name) wakeCopies(keyText({ namespace: metadata?.namespace, name }));
    }
  });
  volumes.onChange(({ after }) => {
    const claim = after?.spec.claimRef;
    if (claim?.name) importQueue.add(keyText({ namespace: claim.namespace, name: claim.name }));
  });
  return controller;
}

function connectProvisioner({ options, informers: sets, queue, recorder }: Wiring): void {
  const client = options.clientFor(identities.hostpathProvisioner);
  const informers = sets.pick(client, ['claims', 'volumes', 'classes']);
  const { claims, volumes, classes } = informers;
  const provisioner = new HostpathProvisioner({
    ...options,
    ...informers,
    client,
    recorder: recorder(client, 'hostpath-provisioner'),
    folder: join(options.dataDir, 'volumes'),
  });
  const claimQueue = queue('hostpath-provisioner', (key) => provisioner.reconcileClaim(key));
  const volumeQueue = queue('hostpath-reclaim', (key) => provisioner.reconcileVolume(key));
  claims.onChange(({ key, before, after }) => {
    claimQueue.add(keyText(key));
    const volume = (after ?? before)?.spec.volumeName;
    if (volume) volumeQueue.add(volume);
  });
  volumes.onChange(({ key }) => volumeQueue.add(keyText(key)));
  classes.onChange(() => {
    for (const { metadata } of claims.list()) claimQueue.add(keyText(metadata));
  });
}
