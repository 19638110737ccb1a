import { join } from 'node:path';

import { CdiConfigController } from '../cdi/CdiConfigController.ts';
import { ClaimFiller } from '../cdi/ClaimFiller.ts';
import { ClaimReports } from '../cdi/ClaimReports.ts';
import { cloneRefusal, serviceAccount } from '../cdi/cloneAccess.ts';
import { DataImportCronController } from '../cdi/data-import-cron/DataImportCronController.ts';
import { cronLabel } from '../cdi/data-import-cron/cronObjects.ts';
import { DataSourceController } from '../cdi/DataSourceController.ts';
import { DataVolumeController } from '../cdi/DataVolumeController.ts';
import { Importer } from '../cdi/importer/Importer.ts';
import { PopulatorController } from '../cdi/populators/PopulatorController.ts';
import { populatorOf } from '../cdi/populators/resources.ts';
import { StorageProfileController } from '../cdi/StorageProfileController.ts';
import { ScratchClaims } from '../cdi/ScratchClaims.ts';
import { cdiLabel, TransferPods } from '../cdi/TransferPods.ts';
import { Transfers } from '../cdi/Transfers.ts';
import { TransferStarts } from '../cdi/TransferStarts.ts';
import { UploadProxy } from '../cdi/uploadproxy/UploadProxy.ts';
import { UploadSlots } from '../cdi/uploadproxy/UploadSlots.ts';
import type { DataImportCron } from '../cdi/resources.ts';
import { type AnyInformer, keyText } from '../client/Informer.ts';
import type { KubeClient } from '../client/KubeClient.ts';
import { persistentVolumeClaims } from '../client/resources.ts';
import { beginsToUse } from '../hostpath-provisioner/waitsForFirstConsumer.ts';
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
    ...(['storageProfiles', 'volumeSnapshots', 'snapshotContents', 'cdiConfigs', 'cdis'] as const),
  ]);
  const { claims, volumes, dataVolumes: imports, dataSources: sources, pods, vmis } = informers;
  const { volumeSnapshots, snapshotContents, storageProfiles } = informers;
  const slots = new UploadSlots();
  const importer = new Importer({ ...options, client });
  const crons = connectCrons(wiring, client, importer);
  const { processes } = options;
  const imported = recorder(client, 'import-controller');
  const transferPods = new TransferPods({ client, pods, processes, clock: options.clock });
  const scratch = new ScratchClaims({ ...informers, client, recorder: imported });
  const log = (message: string) => wiring.log.error(message);
  const filler = new ClaimFiller({
    ...options,
    ...informers,
    starts: new TransferStarts({ pods: transferPods, scratch, importer, log }),
    reports: new ClaimReports({
      client,
      recorders: { import: imported, upload: recorder(client, 'upload-controller') },
    }),
    scratch,
    pods: transferPods,
    importer,
    transfers: new Transfers(options.clock),
    slots,
    snapshots: new SnapshotFolders(options.dataDir, volumeSnapshots, snapshotContents),
  });
  connectPopulators(wiring, client, filler);
  const controller = new DataVolumeController({
    ...options,
    ...informers,
    client,
    filler,
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
    if (!after && before?.metadata.labels?.[cdiLabel]) void processes.forget(before.metadata.uid);
    const { metadata, spec } = after ?? before ?? {};
    // It tells by its conditions that it cannot be scheduled.
    const owner = metadata?.labels?.[cdiLabel] && metadata.ownerReferences?.[0];
    if (owner) importQueue.add(keyText({ namespace: metadata.namespace, name: owner.name }));
    if (after && after.status?.phase === before?.status?.phase) return;
    for (const { persistentVolumeClaim } of spec?.volumes ?? []) {
      const name = persistentVolumeClaim?.claimName;
      if (name) wakeCopies(keyText({ namespace: metadata?.namespace, name }));
    }
  });
  vmis.onChange(({ before, after }) => {
    if (!beginsToUse(before, after)) return;
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
  const uploads = new UploadProxy({
    ...options,
    claims,
    slots,
    tokens: options.uploadTokens,
    portFile: join(options.dataDir, 'cdi-uploadproxy.port'),
    log: wiring.as('cdi-uploadproxy').log,
  });
  const config = connectConfig(wiring, client);
  return {
    async listen() {
      const port = await uploads.listen();
      config.open(port);
      return port;
    },
    close() {
      uploads.close();
      crons.close();
      filler.close();
    },
  };
}

/** `open` is told the port of the upload proxy. */
function connectConfig(
  { options, informers: sets, queue }: Wiring,
  client: KubeClient,
): { open: (port: number) => void } {
  const informers = sets.pick(client, ['cdis', 'cdiConfigs', 'classes']);
  let uploads: { uploadProxyURL: string; uploadProxyCA?: string } | undefined;
  const controller = new CdiConfigController({ ...informers, client, uploads: () => uploads });
  const configs = queue('cdiconfig', () => controller.reconcile(), 1);
  const { cdis, cdiConfigs, classes } = informers;
  for (const informer of [cdis, cdiConfigs, classes] as AnyInformer[]) {
    informer.onChange(() => configs.add('config'));
  }
  return {
    open(port) {
      uploads = {
        uploadProxyURL: `http://127.0.0.1:${port}`,
        ...(options.certificateAuthority && { uploadProxyCA: options.certificateAuthority }),
      };
      configs.add('config');
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

function connectCrons(
  { options, informers: sets, queue, recorder }: Wiring,
  client: KubeClient,
  importer: Importer,
): { close(): void } {
  const informers = sets.pick(client, [
    ...(['dataImportCrons', 'dataVolumes', 'dataSources', 'claims', 'volumeSnapshots'] as const),
    ...(['classes', 'storageProfiles'] as const),
  ]);
  const { dataImportCrons, dataVolumes, dataSources, claims, volumeSnapshots } = informers;
  const { classes, storageProfiles } = informers;
  const controller = new DataImportCronController({
    ...options,
    ...informers,
    client,
    digestOf: (cron, signal) => digestOf(cron, client, importer, signal),
    async mayImport({ metadata: { namespace = '' }, spec }) {
      const account = serviceAccount(namespace, spec.serviceAccountName ?? 'default');
      return !(await cloneRefusal(client, spec.template.spec, namespace, account));
    },
    recorder: recorder(client, 'dataimportcron-controller'),
  });
  const crons = queue('dataimportcron', (key) => controller.reconcile(key));
  dataImportCrons.onChange(({ key }) => crons.add(keyText(key)));
  for (const informer of [dataVolumes, dataSources, claims, volumeSnapshots] as AnyInformer[]) {
    informer.onChange(({ before, after }) => {
      const { namespace, labels } = (after ?? before)?.metadata ?? {};
      const name = labels?.[cronLabel];
      if (name) crons.add(keyText({ namespace, name }));
    });
  }
  for (const informer of [classes, storageProfiles] as AnyInformer[]) {
    informer.onChange(() => {
      for (const { metadata } of dataImportCrons.list()) crons.add(keyText(metadata));
    });
  }
  return controller;
}

/** What the source of a cron is now: the digest of an image, or which claim it is. */
async function digestOf(
  { metadata: { namespace = '' }, spec }: DataImportCron,
  client: KubeClient,
  importer: Importer,
  signal: AbortSignal,
): Promise<string> {
  const { registry, pvc } = spec.template.spec.source ?? {};
  if (registry) return importer.digest(registry, namespace, signal);
  const key = { namespace: pvc?.namespace || namespace, name: pvc?.name ?? '' };
  return `uid:${(await client.get(persistentVolumeClaims, key)).metadata.uid}`;
}

function connectPopulators(
  { options, informers: sets, queue, recorder }: Wiring,
  client: KubeClient,
  filler: ClaimFiller,
): void {
  const informers = sets.pick(client, [
    ...(['importSources', 'uploadSources', 'cloneSources', 'claims', 'volumes'] as const),
    ...(['classes', 'dataVolumes', 'volumeSnapshots', 'pods', 'vmis'] as const),
  ]);
  const { claims, pods, vmis, volumeSnapshots, dataVolumes } = informers;
  const controller = new PopulatorController({
    ...options,
    ...informers,
    client,
    filler,
    recorder: recorder(client, 'populator-controller'),
  });
  const populations = queue('populator', (key) => controller.reconcile(key));
  controller.onProgress((key) => populations.add(keyText(key)));
  const wakeWaiting = (namespace = '') => {
    for (const { metadata } of claims.byIndex('unfilled', namespace)) {
      populations.add(keyText(metadata));
    }
  };
  claims.onChange(({ key, before, after }) => {
    if (before && (!after || after.metadata.deletionTimestamp)) controller.end(before.metadata.uid);
    const { metadata } = after ?? before ?? {};
    const owner = metadata?.ownerReferences?.find(({ controller: is }) => is);
    if (after && populatorOf(after)) populations.add(keyText(key));
    else if (owner?.kind === 'PersistentVolumeClaim') {
      populations.add(keyText({ namespace: key.namespace, name: owner.name }));
    } else if (after?.status?.phase !== before?.status?.phase) wakeWaiting(key.namespace);
  });
  const { importSources, uploadSources, cloneSources } = informers;
  const others = [importSources, uploadSources, cloneSources, volumeSnapshots, dataVolumes];
  for (const informer of others as AnyInformer[]) {
    informer.onChange(({ key }) => wakeWaiting(key.namespace));
  }
  // A first consumer came, or one that used what is to be cloned went.
  vmis.onChange(({ key, before, after }) => {
    if (!after || beginsToUse(before, after)) wakeWaiting(key.namespace);
  });
  pods.onChange(({ key, before, after }) => {
    const isCdi = after?.metadata.labels?.[cdiLabel] !== undefined;
    if (isCdi || before?.status?.phase !== after?.status?.phase) wakeWaiting(key.namespace);
  });
}
