import type { Clock } from '../../../client/Clock.ts';
import type { EventRecorder } from '../../../client/EventRecorder.ts';
import { ignoreGone } from '../../../client/ignoreGone.ts';
import type { Informer } from '../../../client/Informer.ts';
import type { KubeClient, ObjectKey } from '../../../client/KubeClient.ts';
import type { PersistentVolumeClaim, Pod } from '../../../client/resources.ts';
import { needsOtherNetwork } from '../../podNetworks.ts';
import {
  type VirtualMachineInstance,
  type VirtualMachineInstanceMigration,
  virtualMachineInstanceMigrations,
} from '../../resources.ts';
import { findCondition } from '../conditions.ts';
import { canReceive } from './migrateVolumes.ts';
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
  claims: Informer<PersistentVolumeClaim>;
  recorder: EventRecorder;
  clock: Clock;
}

const prefix = 'kubevirt-workload-update-';

/**
 * Moves a VMI whose processors or memory are to grow into a pod with room for them, one that is to be on another
 * network into a pod on that, and one whose volumes are to move into a pod with the claims that they move to
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
    const movesVolumes = is('VolumesChange');
    const { namespace = '', name } = vmi.metadata;
    const all = this.#is.migrations.byIndex('vmi', `${namespace}/${name}`);
    if (findCondition(vmi.status.conditions, 'VolumesChange')?.status === 'False')
      await this.#abort(all);
    if (!is('LiveMigratable') || !(grows || changesNetwork || movesVolumes)) return {};
    const findClaim = (claim: string) => this.#is.claims.get({ namespace, name: claim });
    if (movesVolumes && !canReceive(vmi, findClaim)) return {};
    const pod = this.#is.pods
      .byIndex('createdBy', vmi.metadata.uid)
      .find(
        ({ spec, status }) => spec.nodeName === vmi.status?.nodeName && status?.phase === 'Running',
      );
    // It has moved already: virt-handler is about to plug them in.
    if (!movesVolumes && hasRoom(pod, vmi) && !needsOtherNetwork(pod, vmi)) return {};
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
  /** The volumes are to stay where they are: what was to move them is taken back. */
  async #abort(all: readonly VirtualMachineInstanceMigration[]): Promise<void> {
    for (const migration of all) {
      const { name, deletionTimestamp } = migration.metadata;
      if (isOver(migration) || deletionTimestamp || !name.startsWith(prefix)) continue;
      await ignoreGone(
        this.#is.client.delete(virtualMachineInstanceMigrations, migration.metadata),
      );
    }
  }
}
