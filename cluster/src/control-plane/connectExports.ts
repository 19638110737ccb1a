import { join } from 'node:path';

import { type ChangeListener, keyText } from '../client/Informer.ts';
import type { KubeObject, ObjectKey } from '../client/KubeClient.ts';
import { SnapshotFolders } from '../hostpath-provisioner/SnapshotFolders.ts';
import { ExportController } from '../kubevirt/virt-controller/export/ExportController.ts';
import { ExportSources } from '../kubevirt/virt-controller/export/ExportSources.ts';
import { ExportProxy } from '../kubevirt/virt-exportproxy/ExportProxy.ts';
import type { Wiring } from './ControllerOptions.ts';
import { identities } from './identities.ts';

export interface Exports {
  /** Opens the export proxy; resolves with its port. */
  listen(): Promise<number>;
  close(): void;
}

/** Wakes the controller of VirtualMachineExports, and makes the proxy that serves them. */
export function connectExports({ options, informers: sets, queue, recorder, as }: Wiring): Exports {
  const client = options.clientFor(identities.virtController);
  const informers = sets.pick(client, [
    ...(['vms', 'vmis', 'claims', 'pods', 'vmExports', 'vmSnapshots'] as const),
    ...(['vmSnapshotContents'] as const),
  ]);
  // Where volumes are is known to the provisioner alone.
  const storage = sets.pick(options.clientFor(identities.hostpathProvisioner), [
    ...(['volumes', 'volumeSnapshots', 'snapshotContents'] as const),
  ]);
  const { volumeSnapshots, snapshotContents } = storage;
  const folders = new SnapshotFolders(options.dataDir, volumeSnapshots, snapshotContents);
  const sources = new ExportSources({ ...informers, volumes: storage.volumes, folders });
  const proxyWiring = as('virt-exportproxy');
  const proxy = new ExportProxy({
    ...proxyWiring.options,
    ...informers,
    client,
    sources,
    folders,
    portFile: join(options.dataDir, 'virt-exportproxy.port'),
    log: proxyWiring.log,
  });
  const controller = new ExportController({
    ...options,
    ...informers,
    client,
    sources,
    origins: () => proxy.origins,
    recorder: recorder(client, 'export-controller'),
  });
  const exportQueue = queue('virtualmachineexport', (key) => controller.reconcile(key));
  const { vmExports, claims, vms } = informers;
  const wakeAll = (namespace?: string) => {
    for (const { metadata } of vmExports.list(namespace)) exportQueue.add(keyText(metadata));
  };
  const wakeOf = ({ key }: { key: ObjectKey }) => {
    for (const { metadata } of vmExports.byIndex('source', keyText(key))) {
      exportQueue.add(keyText(metadata));
    }
  };
  /** Whether a claim is of an exported VM is for the controller to say; exports are few. */
  const wakeNamespace: ChangeListener<KubeObject> = ({ key, before, after }) => {
    if (!before || !after) wakeAll(key.namespace);
  };
  vmExports.onChange(({ key }) => exportQueue.add(keyText(key)));
  vms.onChange(wakeOf);
  informers.vmis.onChange(wakeOf);
  informers.vmSnapshots.onChange(wakeOf);
  claims.onChange(({ key }) => {
    wakeAll(key.namespace);
  });
  informers.pods.onChange(wakeNamespace);
  storage.volumes.onChange(({ after }) => {
    wakeAll(after?.spec.claimRef?.namespace);
  });
  return {
    async listen() {
      const port = await proxy.listen();
      // Another program may have had the port of the last run.
      wakeAll();
      return port;
    },
    close() {
      proxy.close();
    },
  };
}
