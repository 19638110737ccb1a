import { controllerReference } from '../../../client/controllerReference.ts';
import type { Clock } from '../../../client/Clock.ts';
import type { EventRecorder } from '../../../client/EventRecorder.ts';
import { ignoreGone } from '../../../client/ignoreGone.ts';
import type { Informer } from '../../../client/Informer.ts';
import type { KubeClient, ObjectKey } from '../../../client/KubeClient.ts';
import { matchesSelector } from '../../../client/labelSelector.ts';
import { timestamp } from '../../../client/timestamp.ts';
import {
  type VirtualMachineInstance,
  type VirtualMachineInstanceReplicaSet,
  virtualMachineInstanceReplicaSets,
  virtualMachineInstances,
} from '../../resources.ts';
import { isReady, pauseChange, type ReplicaFailure, replicaStatus } from '../replicaStatus.ts';
import { messageOf } from '../../../client/messageOf.ts';

interface Dependencies {
  client: KubeClient;
  vmiReplicaSets: Informer<VirtualMachineInstanceReplicaSet>;
  recorder: EventRecorder;
  clock: Clock;
}

/** Most VMIs that are made or deleted in one pass. */
const burst = 250;

/**
 * Keeps as many VMIs of a template running as a VirtualMachineInstanceReplicaSet asks for. KubeVirt:
 * pkg/virt-controller/watch/replicaset/replicaset.go (d923fdb).
 */
export class ReplicaSetController {
  readonly #is: Dependencies;

  constructor(dependencies: Dependencies) {
    this.#is = dependencies;
  }

  async reconcile(key: ObjectKey): Promise<{ requeueAfterMs?: number }> {
    const set = this.#is.vmiReplicaSets.get(key);
    if (!set || set.metadata.deletionTimestamp) return {};
    // From the API: what the last pass has made must count.
    const { items } = await this.#is.client.list(virtualMachineInstances, {
      namespace: key.namespace,
    });
    const own = items.filter((vmi) => isOf(vmi, set));
    const active = own.filter((vmi) => !isOver(vmi) && !vmi.metadata.deletionTimestamp);
    const finished = own.filter((vmi) => isOver(vmi) && !vmi.metadata.deletionTimestamp);
    const failure = set.spec.paused === true ? undefined : await this.#scale(set, active, finished);
    await this.#report(set, active, failure);
    return failure ? { requeueAfterMs: 5000 } : {};
  }

  async #scale(
    set: VirtualMachineInstanceReplicaSet,
    active: readonly VirtualMachineInstance[],
    finished: readonly VirtualMachineInstance[],
  ): Promise<ReplicaFailure | undefined> {
    const missing = (set.spec.replicas ?? 1) - active.length;
    try {
      // Those that run are the last to go.
      const surplus = [...active].sort((a, b) => Number(isReady(a)) - Number(isReady(b)));
      const leaving = [...finished, ...surplus.slice(0, Math.max(0, -missing))];
      for (const vmi of leaving.slice(0, burst)) await this.#delete(set, vmi);
    } catch (error) {
      const message = messageOf(error);
      const text = `Error deleting virtual machine instance: ${message}`;
      this.#is.recorder.warning(set, 'FailedDelete', text);
      return { reason: 'FailedDelete', message };
    }
    try {
      for (let made = 0; made < Math.min(missing, burst); made++) await this.#create(set);
    } catch (error) {
      const message = messageOf(error);
      const text = `Error creating virtual machine instance: ${message}`;
      this.#is.recorder.warning(set, 'FailedCreate', text);
      return { reason: 'FailedCreate', message };
    }
    return undefined;
  }

  async #create(set: VirtualMachineInstanceReplicaSet): Promise<void> {
    const { metadata, spec } = set.spec.template;
    const made = await this.#is.client.create(virtualMachineInstances, {
      apiVersion: 'kubevirt.io/v1',
      kind: virtualMachineInstances.kind,
      metadata: {
        generateName: baseName(set),
        ...(set.metadata.namespace && { namespace: set.metadata.namespace }),
        labels: { ...metadata?.labels },
        annotations: { ...metadata?.annotations },
        ownerReferences: [
          controllerReference(
            'kubevirt.io/v1',
            virtualMachineInstanceReplicaSets.kind,
            set.metadata,
          ),
        ],
      },
      spec: structuredClone(spec ?? { domain: { devices: {} } }),
    });
    this.#is.recorder.normal(
      set,
      'SuccessfulCreate',
      `Started the virtual machine by creating the new virtual machine instance ${made.metadata.name}`,
    );
  }

  async #delete(
    set: VirtualMachineInstanceReplicaSet,
    { metadata }: VirtualMachineInstance,
  ): Promise<void> {
    await ignoreGone(this.#is.client.delete(virtualMachineInstances, metadata));
    this.#is.recorder.normal(
      set,
      'SuccessfulDelete',
      `Stopped the virtual machine by deleting the virtual machine instance ${metadata.uid}`,
    );
  }

  async #report(
    set: VirtualMachineInstanceReplicaSet,
    active: readonly VirtualMachineInstance[],
    failure: ReplicaFailure | undefined,
  ): Promise<void> {
    const now = timestamp(this.#is.clock.now());
    const change = pauseChange(set);
    if (change === 'paused') this.#is.recorder.normal(set, 'SuccessfulPaused', 'Paused');
    if (change === 'resumed') this.#is.recorder.normal(set, 'SuccessfulResumed', 'Resumed');
    const status = replicaStatus(set, active, failure, now);
    if (JSON.stringify(status) === JSON.stringify(set.status)) return;
    await ignoreGone(
      this.#is.client.patch(
        virtualMachineInstanceReplicaSets,
        set.metadata,
        { type: 'merge', body: { status } },
        { subresource: 'status' },
      ),
    );
  }
}

const isOver = ({ status }: VirtualMachineInstance) =>
  status?.phase === 'Succeeded' || status?.phase === 'Failed';

/** A VMI whose labels were changed belongs to its set no longer. */
const isOf = ({ metadata }: VirtualMachineInstance, set: VirtualMachineInstanceReplicaSet) =>
  metadata.ownerReferences?.some(
    ({ uid, controller }) => uid === set.metadata.uid && controller === true,
  ) === true && matchesSelector(set.spec.selector, metadata.labels);

function baseName({ metadata, spec }: VirtualMachineInstanceReplicaSet): string {
  const { name, generateName } = (spec.template.metadata ?? {}) as {
    name?: string;
    generateName?: string;
  };
  return name ?? generateName ?? metadata.name;
}
