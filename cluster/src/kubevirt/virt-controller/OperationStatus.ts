import type { Clock } from '../../client/Clock.ts';
import { ignoreGone } from '../../client/ignoreGone.ts';
import type { KubeClient, KubeObject, ObjectKey, ResourceRef } from '../../client/KubeClient.ts';
import { findNewest } from '../../client/findNewest.ts';
import { timestamp } from '../../client/timestamp.ts';
import { virtualMachines, type VirtualMachine } from '../resources.ts';
import { type Condition, withCondition } from './conditions.ts';

/** By the type of the condition: its status, and the text that KubeVirt puts into `reason`. */
export type Told = Readonly<Record<string, readonly [status: 'True' | 'False', text: string]>>;

type Operation = KubeObject & { status?: { conditions?: Condition[] } };

/**
 * How objects that stand for an operation (a snapshot, a restore, a clone) tell how far it is, and are kept
 * until their controller has cleaned up. KubeVirt's convention for their conditions: the text is in `reason`,
 * `message` is empty (pkg/storage/snapshot/util.go, d923fdb).
 */
export class OperationStatus<T extends Operation> {
  readonly #client: KubeClient;
  readonly #clock: Clock;
  readonly #resource: ResourceRef<T>;

  constructor({ client, clock }: { client: KubeClient; clock: Clock }, resource: ResourceRef<T>) {
    this.#client = client;
    this.#clock = clock;
    this.#resource = resource;
  }

  /** The time now, as objects carry it. */
  now(): string {
    return timestamp(this.#clock.now());
  }

  /** Writes what has changed of the status; a field that is null goes. Writes nothing when all of it is so. */
  async write(
    object: T,
    change: Readonly<Record<string, unknown>>,
    told: Told = {},
  ): Promise<void> {
    const time = this.now();
    const conditions = Object.entries(told).reduce(
      (list, [type, [status, reason]]) =>
        withCondition(list, { type, status, reason, message: '' }, time),
      object.status?.conditions ?? [],
    );
    const before: Readonly<Record<string, unknown>> = { ...object.status };
    const next = { conditions, ...change };
    const isSame = Object.entries(next).every(
      ([field, value]) => JSON.stringify(before[field] ?? null) === JSON.stringify(value),
    );
    if (isSame) return;
    const patch = { type: 'merge', body: { status: next } } as const;
    await ignoreGone(
      this.#client.patch(this.#resource, object.metadata, patch, { subresource: 'status' }),
    );
  }

  /** Keeps the object from going before `release`. True when it is kept already; else the write wakes anew. */
  async keep({ metadata }: T, finalizer: string): Promise<boolean> {
    if (metadata.finalizers?.includes(finalizer)) return true;
    await this.#setFinalizers(metadata, [...(metadata.finalizers ?? []), finalizer]);
    return false;
  }

  async release({ metadata }: T, finalizer: string): Promise<void> {
    const left = metadata.finalizers?.filter((one) => one !== finalizer) ?? [];
    await this.#setFinalizers(metadata, left);
  }

  async #setFinalizers(key: T['metadata'], finalizers: string[]): Promise<void> {
    const body = { metadata: { finalizers } };
    await ignoreGone(this.#client.patch(this.#resource, key, { type: 'merge', body }));
  }
}

/** Fields of a VM's status by which one operation keeps others, and changes of the spec, away from it. */
type Lock = 'snapshotInProgress' | 'restoreInProgress';

/** Locks a VM for the operation of that name. */
export async function lockVm(
  client: KubeClient,
  vm: VirtualMachine,
  lock: Lock,
  name: string,
): Promise<void> {
  if (vm.status?.[lock] !== name) await setLock(client, vm, lock, name);
}

/** Lets the VM go, if it is there, unless another operation has it meanwhile. */
export async function unlockVm(
  client: KubeClient,
  key: ObjectKey,
  lock: Lock,
  name: string,
): Promise<void> {
  // The informer may not have seen the lock yet.
  const vm = await findNewest(client, virtualMachines, key);
  if (vm?.status?.[lock] === name) await setLock(client, vm, lock, null);
}

async function setLock(
  client: KubeClient,
  { metadata }: VirtualMachine,
  lock: Lock,
  value: string | null,
): Promise<void> {
  const patch = { type: 'merge', body: { status: { [lock]: value } } } as const;
  await ignoreGone(client.patch(virtualMachines, metadata, patch, { subresource: 'status' }));
}
