import type { Clock } from '../../../client/Clock.ts';
import type { EventRecorder } from '../../../client/EventRecorder.ts';
import type { Informer } from '../../../client/Informer.ts';
import type { KubeClient, ObjectKey } from '../../../client/KubeClient.ts';
import type { Pod } from '../../../client/resources.ts';
import { needsOtherNetwork } from '../../podNetworks.ts';
import {
  type VirtualMachineInstance,
  type VirtualMachineInstanceMigration,
  virtualMachineInstanceMigrations,
} from '../../resources.ts';
import { findCondition } from '../conditions.ts';
import { hasRoom } from './hasRoom.ts';
import { migrationBackoff } from '../migration/migrationBackoff.ts';
import { isOver } from '../migration/migrationPhases.ts';

interface Dependencies {
  client: KubeClient;
  vmis: Informer<VirtualMachineInstance>;
  /** With the index `vmi`. */
  migrations: Informer<VirtualMachineInstanceMigration>;
  /** With the index `createdBy`. */
  pods: Informer<Pod>;
  recorder: EventRecorder;
  clock: Clock;
}

const prefix = 'kubevirt-workload-update-';

/**
 * Moves a VMI whose processors or memory are to grow into a pod with room for them, and one that is to be on
 * another network into a pod on that
 * (pkg/virt-controller/watch/workload-updater/workload-updater.go, d923fdb).
 */
export class WorkloadUpdater {
  readonly #is: Dependencies;

  constructor(dependencies: Dependencies) {
    this.#is = dependencies;
  }

  async reconcile(key: ObjectKey): Promise<{ requeueAfterMs?: number }> {
    const vmi = this.#is.vmis.get(key);
    if (!vmi || vmi.metadata.deletionTimestamp || vmi.status?.phase !== 'Running') return {};
    const is = (type: string) => findCondition(vmi.status?.conditions, type)?.status === 'True';
    const grows = is('HotVCPUChange') || is('HotMemoryChange');
    const changesNetwork = is('MigrationRequired');
    if (!is('LiveMigratable') || !(grows || changesNetwork)) return {};
    const pod = this.#is.pods
      .byIndex('createdBy', vmi.metadata.uid)
      .find(
        ({ spec, status }) => spec.nodeName === vmi.status?.nodeName && status?.phase === 'Running',
      );
    // It has moved already: virt-handler is about to plug them in.
    if (hasRoom(pod, vmi) && !needsOtherNetwork(pod, vmi)) return {};
    const { namespace = '', name } = vmi.metadata;
    const all = this.#is.migrations.byIndex('vmi', `${namespace}/${name}`);
    if (all.some((migration) => !isOver(migration))) return {};
    const wait = migrationBackoff(all, prefix, this.#is.clock.now());
    if (wait > 0) {
      this.#is.recorder.warning(
        vmi,
        'MigrationBackoff',
        `backoff migrating vmi ${namespace}/${name}`,
      );
      return { requeueAfterMs: wait };
    }
    await this.#is.client.create(virtualMachineInstanceMigrations, {
      apiVersion: 'kubevirt.io/v1',
      kind: 'VirtualMachineInstanceMigration',
      metadata: { generateName: prefix, namespace },
      spec: { vmiName: name },
    });
    return {};
  }
}
