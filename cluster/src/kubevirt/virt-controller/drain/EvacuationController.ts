import type { Clock } from '../../../client/Clock.ts';
import type { EventRecorder } from '../../../client/EventRecorder.ts';
import type { Informer } from '../../../client/Informer.ts';
import type { KubeClient, ObjectKey } from '../../../client/KubeClient.ts';
import type { Node } from '../../../client/resources.ts';
import {
  type KubeVirt,
  type VirtualMachineInstance,
  type VirtualMachineInstanceMigration,
  virtualMachineInstanceMigrations,
} from '../../resources.ts';
import { migrationBackoff } from '../migration/migrationBackoff.ts';
import { migrationConfiguration } from '../migration/migrationConfiguration.ts';
import { isOver } from '../migration/migrationPhases.ts';
import { messageOf } from '../../../client/messageOf.ts';
import { isMigratable, movesOnEviction } from './evictionRules.ts';

interface Dependencies {
  client: KubeClient;
  nodes: Informer<Node>;
  /** With the index `node`. */
  vmis: Informer<VirtualMachineInstance>;
  kubeVirts: Informer<KubeVirt>;
  recorder: EventRecorder;
  clock: Clock;
}

const prefix = 'kubevirt-evacuation-';
/** On a migration: the node that its VMI leaves. */
const evacuationMigration = 'kubevirt.io/evacuationMigration';
/** How long to wait for a place among the parallel migrations. */
const turnMs = 5000;

/**
 * Moves the VMIs off a node that they have to leave: those that an eviction has marked, and all that would
 * move when the node has the taint of a drain. KubeVirt: pkg/virt-controller/watch/drain/evacuation (d923fdb).
 */
export class EvacuationController {
  readonly #is: Dependencies;
  /** UIDs of VMIs of which was told that they cannot move. */
  readonly #told = new Set<string>();

  constructor(dependencies: Dependencies) {
    this.#is = dependencies;
  }

  /** One node; the key is its name. */
  async reconcile({ name }: ObjectKey): Promise<{ requeueAfterMs?: number }> {
    const node = this.#is.nodes.get({ name });
    if (!node) return {};
    const limits = migrationConfiguration(this.#is.kubeVirts.list()[0]);
    const drained = node.spec?.taints?.some(
      ({ key, effect }) => key === limits.nodeDrainTaintKey && effect === 'NoSchedule',
    );
    const here = this.#is.vmis.byIndex('node', name);
    const leaving = here.filter(
      (vmi) =>
        vmi.status?.phase === 'Running' &&
        !vmi.metadata.deletionTimestamp &&
        movesOnEviction(vmi) &&
        (drained === true || vmi.status.evacuationNodeName === name),
    );
    if (leaving.length === 0) return {};
    // From the API: what this function has just made must count.
    const { items: all } = await this.#is.client.list(virtualMachineInstanceMigrations);
    const active = all.filter((migration) => !isOver(migration));
    const moving = new Set(active.map(vmiKeyOf));
    const candidates = leaving.filter((vmi) => !moving.has(keyOf(vmi)));
    const movable = candidates.filter(isMigratable);
    for (const vmi of candidates) if (!movable.includes(vmi)) this.#tell(vmi);
    const outbound = here.filter((vmi) => moving.has(keyOf(vmi))).length;
    const free = Math.min(
      limits.parallelMigrationsPerCluster - active.length,
      limits.parallelOutboundMigrationsPerNode - outbound,
    );
    return this.#move(movable, free, all, name);
  }

  async #move(
    vmis: readonly VirtualMachineInstance[],
    free: number,
    all: readonly VirtualMachineInstanceMigration[],
    node: string,
  ): Promise<{ requeueAfterMs?: number }> {
    let left = free;
    let soonest = Infinity;
    for (const vmi of vmis) {
      const own = all.filter((migration) => vmiKeyOf(migration) === keyOf(vmi));
      const wait = migrationBackoff(own, prefix, this.#is.clock.now());
      if (wait > 0) {
        const text = `backoff migrating vmi ${keyOf(vmi)}`;
        this.#is.recorder.warning(vmi, 'MigrationBackoff', text);
        soonest = Math.min(soonest, wait);
      } else if (left > 0) {
        left--;
        await this.#migrate(vmi, node);
      } else {
        soonest = Math.min(soonest, turnMs);
      }
    }
    return soonest === Infinity ? {} : { requeueAfterMs: soonest };
  }

  async #migrate(vmi: VirtualMachineInstance, node: string): Promise<void> {
    const { namespace = '', name } = vmi.metadata;
    try {
      const made = await this.#is.client.create(virtualMachineInstanceMigrations, {
        apiVersion: 'kubevirt.io/v1',
        kind: 'VirtualMachineInstanceMigration',
        metadata: {
          generateName: prefix,
          namespace,
          annotations: { [evacuationMigration]: node },
        },
        spec: { vmiName: name },
      });
      this.#is.recorder.normal(vmi, 'SuccessfulCreate', `Created Migration ${made.metadata.name}`);
    } catch (error) {
      const why = messageOf(error);
      this.#is.recorder.warning(vmi, 'FailedCreate', `Error creating a Migration: ${why}`);
      throw error;
    }
  }

  #tell(vmi: VirtualMachineInstance): void {
    if (this.#told.has(vmi.metadata.uid)) return;
    this.#told.add(vmi.metadata.uid);
    const text = 'VirtualMachineInstance is not migrateable';
    this.#is.recorder.warning(vmi, 'FailedCreate', text);
  }
}

const keyOf = ({ metadata }: VirtualMachineInstance) =>
  `${metadata.namespace ?? ''}/${metadata.name}`;
const vmiKeyOf = ({ metadata, spec }: VirtualMachineInstanceMigration) =>
  `${metadata.namespace ?? ''}/${spec.vmiName ?? ''}`;
