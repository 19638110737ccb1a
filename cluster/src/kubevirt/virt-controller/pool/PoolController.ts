import type { Clock } from '../../../client/Clock.ts';
import type { EventRecorder } from '../../../client/EventRecorder.ts';
import { ignoreGone } from '../../../client/ignoreGone.ts';
import type { Informer } from '../../../client/Informer.ts';
import type { KubeClient, KubeObject, ObjectKey } from '../../../client/KubeClient.ts';
import { timestamp } from '../../../client/timestamp.ts';
import {
  type VirtualMachine,
  type VirtualMachineInstance,
  virtualMachineInstances,
  type VirtualMachinePool,
  virtualMachinePools,
  virtualMachines,
} from '../../resources.ts';
import { isReady, pauseChange, type ReplicaFailure, replicaStatus } from '../replicaStatus.ts';
import { messageOf } from '../../../client/messageOf.ts';
import { poolRevision, freeIndexes, indexOf, poolVm } from './poolVm.ts';
import { type PoolRevisions, poolRevisions } from './poolRevisions.ts';
import { sortVms } from './sortVms.ts';

interface Dependencies {
  client: KubeClient;
  pools: Informer<VirtualMachinePool>;
  vmis: Informer<VirtualMachineInstance>;
  recorder: EventRecorder;
  clock: Clock;
}

/** Most VMs that are made, changed or deleted in one pass. */
const burst = 250;

/**
 * Keeps as many VMs of a template as a VirtualMachinePool asks for, and brings them to a template that has
 * changed. KubeVirt: pkg/virt-controller/watch/pool/pool.go (d923fdb).
 */
export class PoolController {
  readonly #is: Dependencies;

  constructor(dependencies: Dependencies) {
    this.#is = dependencies;
  }

  async reconcile(key: ObjectKey): Promise<{ requeueAfterMs?: number }> {
    const pool = this.#is.pools.get(key);
    if (!pool || pool.metadata.deletionTimestamp) return {};
    // From the API: what the last pass has made must count.
    const { items } = await this.#is.client.list(virtualMachines, { namespace: key.namespace });
    const own = items.filter(({ metadata }) =>
      metadata.ownerReferences?.some(({ uid }) => uid === pool.metadata.uid),
    );
    const vms = own.filter(({ metadata }) => !metadata.deletionTimestamp);
    const failure =
      pool.spec.paused === true
        ? undefined
        : ((await this.#scale(pool, vms, own)) ?? (await this.#update(pool, vms)));
    await this.#report(pool, vms, failure);
    return failure ? { requeueAfterMs: 5000 } : {};
  }

  async #scale(
    pool: VirtualMachinePool,
    vms: readonly VirtualMachine[],
    own: readonly VirtualMachine[],
  ): Promise<ReplicaFailure | undefined> {
    const missing = (pool.spec.replicas ?? 1) - vms.length;
    if (missing < 0)
      return this.#try(pool, 'FailedScaleIn', () => this.#shrink(pool, vms, -missing));
    if (missing === 0) return undefined;
    return this.#try(pool, 'FailedScaleOut', async () => {
      const { current } = await this.#revisions(pool, vms);
      const names = own.map(({ metadata }) => metadata.name);
      for (const index of freeIndexes(pool, names, Math.min(missing, burst))) {
        const { metadata } = await this.#is.client.create(
          virtualMachines,
          poolVm(pool, index, current),
        );
        const text = `Created VM ${metadata.namespace ?? ''}/${metadata.name}`;
        this.#is.recorder.normal(pool, 'SuccessfulCreate', text);
      }
    });
  }

  async #shrink(
    pool: VirtualMachinePool,
    vms: readonly VirtualMachine[],
    surplus: number,
  ): Promise<void> {
    const { scaleInStrategy } = pool.spec;
    if (scaleInStrategy?.unmanaged) return;
    // Without force: those that are off go first, and those that run stay.
    const candidates = scaleInStrategy?.opportunistic
      ? vms.filter((vm) => this.#vmiOf(vm) === undefined)
      : vms;
    const policy = scaleInStrategy?.proactive?.selectionPolicy?.sortPolicy;
    const order = sortVms(pool, candidates, policy, Math.random);
    for (const { metadata } of order.slice(0, Math.min(surplus, burst))) {
      await ignoreGone(this.#is.client.delete(virtualMachines, metadata));
      const text = `Deleted VM ${metadata.namespace ?? ''}/${metadata.name} with uid ${metadata.uid} from pool`;
      this.#is.recorder.normal(pool, 'SuccessfulDelete', text);
    }
  }

  /** VMs take a new template at once; what runs is started anew, as many at a time as may be away. */
  async #update(
    pool: VirtualMachinePool,
    vms: readonly VirtualMachine[],
  ): Promise<ReplicaFailure | undefined> {
    const { updateStrategy } = pool.spec;
    if (updateStrategy?.unmanaged) return undefined;
    return this.#try(pool, 'FailedUpdate', async () => {
      const revisions = await this.#revisions(pool, vms);
      const outdated = vms.filter((vm) => revisions.isOutdated(revisionOf(vm)));
      for (const vm of outdated.slice(0, burst)) await this.#renew(pool, vm, revisions.current);
      if (!updateStrategy?.opportunistic) await this.#restart(pool, vms, revisions);
    });
  }

  async #renew(pool: VirtualMachinePool, vm: VirtualMachine, revision: string): Promise<void> {
    const index = indexOf(pool, vm.metadata.name);
    if (index === undefined) return;
    const { metadata, spec } = poolVm(pool, index, revision);
    await ignoreGone(
      this.#is.client.update(virtualMachines, {
        ...vm,
        metadata: {
          ...vm.metadata,
          labels: { ...vm.metadata.labels, ...metadata.labels },
          annotations: { ...vm.metadata.annotations, ...metadata.annotations },
        },
        spec,
      }),
    );
    const text = `Updated VM ${vm.metadata.namespace ?? ''}/${vm.metadata.name}`;
    this.#is.recorder.normal(pool, 'SuccessfulUpdate', text);
  }

  async #restart(
    pool: VirtualMachinePool,
    vms: readonly VirtualMachine[],
    revisions: PoolRevisions,
  ): Promise<void> {
    const away = vms.filter((vm) => !isReady(vm)).length;
    let left = mostAway(pool, vms.length) - away;
    const policy = pool.spec.updateStrategy?.proactive?.selectionPolicy?.sortPolicy;
    for (const vm of sortVms(pool, vms, policy, Math.random)) {
      const vmi = this.#vmiOf(vm);
      if (!vmi || vmi.metadata.deletionTimestamp || !revisions.isOutdated(revisionOf(vmi)))
        continue;
      // One that is away already makes nothing worse.
      if (isReady(vm) && left-- <= 0) continue;
      await ignoreGone(this.#is.client.delete(virtualMachineInstances, vmi.metadata));
      const text = `Proactive update of VM ${vm.metadata.namespace ?? ''}/${vm.metadata.name} by deleting outdated VMI`;
      this.#is.recorder.normal(pool, 'SuccessfulDelete', text);
    }
  }

  #revisions(pool: VirtualMachinePool, vms: readonly VirtualMachine[]): Promise<PoolRevisions> {
    const used = vms.flatMap((vm) => [revisionOf(vm), revisionOf(this.#vmiOf(vm))]);
    return poolRevisions(this.#is.client, pool, new Set(used));
  }

  #vmiOf({ metadata }: VirtualMachine): VirtualMachineInstance | undefined {
    return this.#is.vmis.get(metadata);
  }

  async #try(
    pool: VirtualMachinePool,
    reason: string,
    work: () => Promise<void>,
  ): Promise<ReplicaFailure | undefined> {
    try {
      await work();
      return undefined;
    } catch (error) {
      const message = messageOf(error);
      this.#is.recorder.warning(pool, reason, message);
      return { reason, message };
    }
  }

  async #report(
    pool: VirtualMachinePool,
    vms: readonly VirtualMachine[],
    failure: ReplicaFailure | undefined,
  ): Promise<void> {
    const now = timestamp(this.#is.clock.now());
    const change = pauseChange(pool);
    if (change === 'paused') this.#is.recorder.normal(pool, 'SuccessfulPaused', 'Pool is paused');
    if (change === 'resumed')
      this.#is.recorder.normal(pool, 'SuccessfulResume', 'Pool is unpaused');
    const status = replicaStatus(pool, vms, failure, now);
    if (JSON.stringify(status) === JSON.stringify(pool.status)) return;
    await ignoreGone(
      this.#is.client.patch(
        virtualMachinePools,
        pool.metadata,
        { type: 'merge', body: { status } },
        { subresource: 'status' },
      ),
    );
  }
}

const revisionOf = (object: KubeObject | undefined) => object?.metadata.labels?.[poolRevision];

/** `maxUnavailable` of so many VMs: all of them when nothing is said; at least one, so that it goes on. */
function mostAway({ spec: { maxUnavailable } }: VirtualMachinePool, all: number): number {
  return maxUnavailable === undefined ? all : Math.max(1, countOf(maxUnavailable, all));
}

/** A number (5), or a share of `all` ('10%'), rounded down. */
function countOf(value: number | string, all: number): number {
  const number = Number.parseInt(String(value), 10);
  return String(value).endsWith('%') ? Math.floor((number * all) / 100) : number;
}
