import type { Clock } from '../../../client/Clock.ts';
import type { EventRecorder } from '../../../client/EventRecorder.ts';
import { ignoreGone } from '../../../client/ignoreGone.ts';
import type { Informer } from '../../../client/Informer.ts';
import type { KubeClient, ObjectKey } from '../../../client/KubeClient.ts';
import { type Pod, pods } from '../../../client/resources.ts';
import {
  type KubeVirt,
  type MigrationPolicy,
  names,
  type VirtualMachineInstance,
  type VirtualMachineInstanceMigration,
  virtualMachineInstanceMigrations,
  virtualMachineInstances,
} from '../../resources.ts';
import { findCondition } from '../conditions.ts';
import { messageOf } from '../../../client/messageOf.ts';
import { abortMigration } from './abortMigration.ts';
import { matchingPolicy, migrationConfiguration, withPolicy } from './migrationConfiguration.ts';
import {
  enterMigrationPhase,
  failureOf,
  isOver,
  isRunning,
  nextPhase,
  stateOf,
} from './migrationPhases.ts';
import { clusterConfiguration } from '../../clusterConfiguration.ts';
import type { GuestRuntime } from '../../virt-launcher/GuestRuntime.ts';
import { autoLimits, type LimitSources } from '../autoLimits.ts';
import { configuredLauncher } from '../launcherPod.ts';
import { stateClaimName } from '../backendStorage.ts';
import { targetPod, targetPodOf } from './targetPod.ts';

interface Dependencies extends LimitSources {
  client: KubeClient;
  /** With the index `vmi`. */
  migrations: Informer<VirtualMachineInstanceMigration>;
  policies: Informer<MigrationPolicy>;
  kubeVirts: Informer<KubeVirt>;
  runtime: Pick<GuestRuntime, 'acceleration'>;
  vmis: Informer<VirtualMachineInstance>;
  /** With the index `createdBy`. */
  pods: Informer<Pod>;
  recorder: EventRecorder;
  clock: Clock;
}

type Outcome = { requeueAfterMs?: number };

/** How long to wait for a place among the parallel migrations. */
const turnMs = 5000;
const unschedulableMs = 300_000;
const pendingMs = 900_000;
const rejectedByQuota = 'migrationRejectedByResourceQuota';
/** Finished migrations that are kept of each VMI. */
const kept = 5;

/**
 * Leads a migration through its phases: a target pod, the hand-over to the virt-handlers by the VMI's
 * `status.migrationState`, and its end. KubeVirt: pkg/virt-controller/watch/migration/migration.go (d923fdb).
 */
export class MigrationController {
  readonly #is: Dependencies;
  /** Migrations whose target pod was made here and may not be seen yet. */
  readonly #created = new Set<string>();

  constructor(dependencies: Dependencies) {
    this.#is = dependencies;
  }

  async reconcile(key: ObjectKey): Promise<Outcome> {
    const migration = this.#is.migrations.get(key);
    if (!migration) return {};
    const vmi = this.#vmiOf(migration);
    const launchers = vmi ? this.#is.pods.byIndex('createdBy', vmi.metadata.uid) : [];
    const pod = targetPodOf(launchers, migration);
    if (isOver(migration)) {
      await this.#cleanUp(migration, pod);
      return {};
    }
    const failure = failureOf(migration, vmi, pod);
    if (failure !== undefined || !vmi) {
      this.#is.recorder.warning(migration, 'FailedMigration', failure ?? '');
      await this.#enter(migration, 'Failed', vmi);
      return {};
    }
    if (migration.metadata.deletionTimestamp) await abortMigration(this.#is, migration, vmi);
    const next = nextPhase(migration, vmi, pod);
    if (next !== undefined) {
      if (next === 'Succeeded') {
        const text = 'Source node reported migration succeeded';
        this.#is.recorder.normal(migration, 'SuccessfulMigration', text);
      }
      await this.#enter(migration, next, vmi);
      return {};
    }
    const phase = migration.status?.phase;
    if (phase === 'Pending') return this.#createPod(migration, vmi);
    if (phase === 'Scheduling') return this.#watchScheduling(pod);
    if (phase === 'Scheduled' && pod) await this.#handOver(migration, vmi, pod, launchers);
    return {};
  }

  #vmiOf({ metadata, spec }: VirtualMachineInstanceMigration): VirtualMachineInstance | undefined {
    return this.#is.vmis.get({ namespace: metadata.namespace, name: spec.vmiName ?? '' });
  }

  async #enter(
    migration: VirtualMachineInstanceMigration,
    phase: string,
    vmi: VirtualMachineInstance | undefined,
  ): Promise<void> {
    const status = enterMigrationPhase(migration, phase, this.#is.clock.now());
    const state = stateOf(migration, vmi);
    const over = phase === 'Succeeded' || phase === 'Failed';
    await ignoreGone(
      this.#is.client.updateStatus(virtualMachineInstanceMigrations, {
        ...migration,
        status: { ...status, ...(over && state && { migrationState: state }) },
      }),
    );
  }

  async #createPod(
    migration: VirtualMachineInstanceMigration,
    vmi: VirtualMachineInstance,
  ): Promise<Outcome> {
    if (this.#created.has(migration.metadata.uid)) return {};
    const others = this.#is.migrations.list().filter((other) => other !== migration);
    const active = others.some(
      (other) => isRunning(other) && this.#vmiOf(other)?.metadata.uid === vmi.metadata.uid,
    );
    if (active) {
      const text =
        'VMI is not eligible for migration because another migration job is in progress.';
      this.#is.recorder.warning(migration, 'FailedMigration', text);
      await this.#enter(migration, 'Failed', vmi);
      return {};
    }
    if (!this.#hasTurn(vmi, others.filter(isRunning))) return { requeueAfterMs: turnMs };
    this.#created.add(migration.metadata.uid);
    try {
      const source = this.#is.pods
        .byIndex('createdBy', vmi.metadata.uid)
        .find(({ spec }) => spec.nodeName === vmi.status?.nodeName);
      const configuration = clusterConfiguration(this.#is.kubeVirts.list()[0]);
      const options = configuredLauncher(configuration, this.#is.runtime.acceleration);
      const stateClaim = source && stateClaimName(source);
      const limits = autoLimits(vmi, this.#is);
      const draft = targetPod(vmi, migration, { ...options, stateClaim, limits });
      const pod = await this.#is.client.create(pods, draft);
      this.#is.recorder.normal(
        migration,
        'SuccessfulCreate',
        `Created migration target pod ${pod.metadata.namespace ?? ''}/${pod.metadata.name}`,
      );
    } catch (error) {
      this.#created.delete(migration.metadata.uid);
      await this.#refused(migration, vmi, messageOf(error));
      throw error;
    }
    if (hasCondition(migration, rejectedByQuota)) await this.#setConditions(migration, []);
    return {};
  }

  /** Tells that the target pod could not be made; it is tried again. */
  async #refused(
    migration: VirtualMachineInstanceMigration,
    vmi: VirtualMachineInstance,
    why: string,
  ): Promise<void> {
    this.#is.recorder.warning(vmi, 'FailedCreate', `Error creating pod: ${why}`);
    if (!why.includes('exceeded quota') || hasCondition(migration, rejectedByQuota)) return;
    await this.#setConditions(migration, [{ type: rejectedByQuota, status: 'True' }]);
  }

  async #setConditions(
    { metadata }: VirtualMachineInstanceMigration,
    conditions: { type: string; status: string }[],
  ): Promise<void> {
    const patch = { type: 'merge', body: { status: { conditions } } } as const;
    const options = { subresource: 'status' } as const;
    await ignoreGone(
      this.#is.client.patch(virtualMachineInstanceMigrations, metadata, patch, options),
    );
  }

  /** Is there a place among the migrations of the cluster and of the VMI's node? */
  #hasTurn(vmi: VirtualMachineInstance, running: VirtualMachineInstanceMigration[]): boolean {
    const limits = migrationConfiguration(this.#is.kubeVirts.list()[0]);
    const outbound = running.filter(
      (other) => this.#vmiOf(other)?.status?.nodeName === vmi.status?.nodeName,
    );
    return (
      running.length < limits.parallelMigrationsPerCluster &&
      outbound.length < limits.parallelOutboundMigrationsPerNode
    );
  }

  /** A target pod for which there is no node, or which does not start, is given up. */
  async #watchScheduling(pod: Pod | undefined): Promise<Outcome> {
    if (!pod) return {};
    const scheduled = findCondition(pod.status?.conditions, 'PodScheduled');
    const unschedulable = scheduled?.status === 'False' && scheduled.reason === 'Unschedulable';
    const patience = unschedulable ? unschedulableMs : pendingMs;
    const left = Date.parse(pod.metadata.creationTimestamp) + patience - this.#is.clock.now();
    if (left > 0) return { requeueAfterMs: left };
    await ignoreGone(this.#is.client.delete(pods, pod.metadata));
    const what = unschedulable ? 'unschedulable' : 'pending';
    this.#is.recorder.normal(
      pod,
      'SuccessfulDelete',
      `${what} pod ${pod.metadata.namespace ?? ''}/${pod.metadata.name} timeout period exceeded`,
    );
    return {};
  }

  /** Tells the virt-handlers of both nodes, by the VMI, what they have to do. */
  async #handOver(
    migration: VirtualMachineInstanceMigration,
    vmi: VirtualMachineInstance,
    pod: Pod,
    launchers: readonly Pod[],
  ): Promise<void> {
    const namespace = this.#is.namespaces.get({ name: vmi.metadata.namespace ?? '' });
    const policy = matchingPolicy(this.#is.policies.list(), vmi, namespace);
    const cluster = migrationConfiguration(this.#is.kubeVirts.list()[0]);
    const node = pod.spec.nodeName ?? '';
    const source = launchers.find(
      ({ metadata, spec, status }) =>
        metadata.name !== pod.metadata.name &&
        spec.nodeName === vmi.status?.nodeName &&
        status?.phase === 'Running',
    );
    const changed = await ignoreGone(
      this.#is.client.update(virtualMachineInstances, {
        ...vmi,
        metadata: {
          ...vmi.metadata,
          labels: { ...vmi.metadata.labels, [names.migrationTargetNode]: node },
        },
        status: {
          ...vmi.status,
          activePods: { ...vmi.status?.activePods, [pod.metadata.uid]: node },
          migrationState: {
            migrationUid: migration.metadata.uid,
            mode: 'PreCopy',
            sourceNode: vmi.status?.nodeName ?? '',
            ...(source && { sourcePod: source.metadata.name }),
            targetNode: node,
            targetPod: pod.metadata.name,
            migrationConfiguration: withPolicy(cluster, policy),
            ...(policy && { migrationPolicyName: policy.metadata.name }),
          },
        },
      }),
    );
    if (!changed) return;
    const text = 'Migration target pod is ready for preparation by virt-handler.';
    this.#is.recorder.normal(migration, 'SuccessfulHandOver', text);
  }

  async #cleanUp(migration: VirtualMachineInstanceMigration, pod: Pod | undefined): Promise<void> {
    const { metadata, status } = migration;
    this.#created.delete(metadata.uid);
    if (status?.phase === 'Failed' && pod && !pod.metadata.deletionTimestamp) {
      await ignoreGone(this.#is.client.delete(pods, pod.metadata));
    }
    if (metadata.finalizers?.includes(names.migrationFinalizer)) {
      const finalizers = metadata.finalizers.filter((name) => name !== names.migrationFinalizer);
      await ignoreGone(
        this.#is.client.patch(virtualMachineInstanceMigrations, metadata, {
          type: 'merge',
          body: { metadata: { finalizers } },
        }),
      );
    }
    const finished = this.#is.migrations
      .byIndex('vmi', `${metadata.namespace ?? ''}/${migration.spec.vmiName ?? ''}`)
      .filter((other) => isOver(other) && !other.metadata.deletionTimestamp)
      .sort((a, b) => a.metadata.creationTimestamp.localeCompare(b.metadata.creationTimestamp));
    for (const old of finished.slice(0, Math.max(0, finished.length - kept))) {
      await ignoreGone(this.#is.client.delete(virtualMachineInstanceMigrations, old.metadata));
    }
  }
}

const hasCondition = ({ status }: VirtualMachineInstanceMigration, type: string) =>
  findCondition(status?.conditions, type) !== undefined;
