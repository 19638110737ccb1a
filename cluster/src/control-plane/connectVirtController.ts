import { keyText } from '../client/Informer.ts';
import type { ObjectKey } from '../client/KubeClient.ts';
import { pods } from '../client/resources.ts';
import { virtualMachineInstances } from '../kubevirt/resources.ts';
import { WorkloadUpdater } from '../kubevirt/virt-controller/live-update/WorkloadUpdater.ts';
import { MemoryDumpController } from '../kubevirt/virt-controller/memorydump/MemoryDumpController.ts';
import { MigrationController } from '../kubevirt/virt-controller/migration/MigrationController.ts';
import { VirtualMachineController } from '../kubevirt/virt-controller/VirtualMachineController.ts';
import { VirtualMachineInstanceController } from '../kubevirt/virt-controller/VirtualMachineInstanceController.ts';
import type { Wiring } from './ControllerOptions.ts';
import { identities } from './identities.ts';

/** Wakes the controllers of VMs and VMIs on what they depend on. */
export function connectVirtController({ options, informers: sets, queue, recorder }: Wiring): void {
  const client = options.clientFor(identities.virtController);
  const informers = sets.pick(client, [
    ...(['vms', 'vmis', 'pods', 'claims', 'dataVolumes', 'cdiConfigs'] as const),
    ...([
      'resourceQuotas',
      'migrations',
      'policies',
      'kubeVirts',
      'namespaces',
      'snapshotClasses',
    ] as const),
  ]);
  const { vms, vmis, claims, dataVolumes: volumes } = informers;
  const vmController = new VirtualMachineController({
    ...options,
    ...informers,
    client,
    recorder: recorder(client, 'virtualmachine-controller'),
  });
  const vmiController = new VirtualMachineInstanceController({
    ...options,
    ...informers,
    client,
    recorder: recorder(client, 'virtualmachine-controller'),
  });
  const vmQueue = queue('virtualmachine', (key) => vmController.reconcile(key), 32);
  const vmiQueue = queue('virtualmachineinstance', (key) => vmiController.reconcile(key), 32);
  const dumps = new MemoryDumpController({ ...options, ...informers, client });
  const dumpQueue = queue('memory-dump', (key) => dumps.reconcile(key));
  const migrationController = new MigrationController({
    ...options,
    ...informers,
    client,
    recorder: recorder(client, 'virtualmachine-controller'),
  });
  // One at a time: each counts those that run already.
  const migrationQueue = queue('migration', (key) => migrationController.reconcile(key), 1);
  const updater = new WorkloadUpdater({
    ...options,
    ...informers,
    client,
    recorder: recorder(client, 'workload-update-controller'),
  });
  const updaterQueue = queue('workload-updater', (key) => updater.reconcile(key));
  const wakeMigrations = (vmi: ObjectKey) => {
    for (const { metadata } of informers.migrations.byIndex('vmi', keyText(vmi))) {
      migrationQueue.add(keyText(metadata));
    }
  };
  informers.migrations.onChange(({ key, before, after }) => {
    migrationQueue.add(keyText(key));
    const name = (after ?? before)?.spec.vmiName;
    if (name) updaterQueue.add(keyText({ namespace: key.namespace, name }));
  });
  vms.onChange(({ key, after }) => {
    vmQueue.add(keyText(key));
    if (after?.status?.memoryDumpRequest) dumpQueue.add(keyText(key));
  });
  vmis.onChange(({ key }) => {
    // The VM has the name of its VMI.
    vmQueue.add(keyText(key));
    vmiQueue.add(keyText(key));
    if (vms.get(key)?.status?.memoryDumpRequest) dumpQueue.add(keyText(key));
    wakeMigrations(key);
    updaterQueue.add(keyText(key));
  });
  informers.pods.onChange(({ key, before, after }) => {
    for (const { kind, name } of (after ?? before)?.metadata.ownerReferences ?? []) {
      if (kind === virtualMachineInstances.kind) {
        vmiQueue.add(keyText({ namespace: key.namespace, name }));
        wakeMigrations({ namespace: key.namespace, name });
      } else if (kind === pods.kind) {
        // An attachment pod: what it brings is for the VMI of its launcher pod.
        const launcher = informers.pods.get({ namespace: key.namespace, name });
        const vmi = launcher?.metadata.ownerReferences?.[0]?.name;
        if (vmi) vmiQueue.add(keyText({ namespace: key.namespace, name: vmi }));
      }
    }
  });
  const wakeUsers = ({ key }: { key: ObjectKey }) => {
    const id = keyText(key);
    for (const { metadata } of vms.byIndex('volume', id)) vmQueue.add(keyText(metadata));
    for (const { metadata, status } of vmis.byIndex('volume', id)) {
      vmiQueue.add(keyText(metadata));
      // It waits for the claims that its volumes move to.
      if (status?.migratedVolumes) updaterQueue.add(keyText(metadata));
    }
  };
  claims.onChange(wakeUsers);
  volumes.onChange(wakeUsers);
}
