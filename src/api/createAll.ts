import { kubernetesRequest } from '~/console/http';
import { type Failure, FailureError, failureTitles, toFailure } from '~/k8s/errors';
import type { KubernetesObject } from '~/k8s/KubernetesObject';
import { resourcePath, virtualMachineClones, virtualMachines } from '~/k8s/models';
import { cloneTarget } from '~/kubevirt/vmClone';
import type { NewObject } from '~/kubevirt/create/NewObject';

export interface Refusal {
  object: NewObject;
  failure: Failure;
}

/** An object that was to be created, and what became of those before it. */
export class CreateAllError extends Error {
  constructor(
    readonly refusal: Refusal,
    /** Made, and taken away again. */
    readonly rolledBack: readonly NewObject[],
    /** Made, and still there, as it could not be taken away. */
    readonly left: readonly Refusal[],
  ) {
    super(refusal.failure.detail);
    this.name = 'CreateAllError';
  }
}

async function post({ model, object }: NewObject, query = ''): Promise<KubernetesObject> {
  const path = resourcePath(model, { namespace: object.metadata?.namespace });
  // The parse boundary: a creation is answered with the object.
  return (await kubernetesRequest(`${path}${query}`, {
    method: 'POST',
    body: object,
  })) as KubernetesObject;
}

/** As many as a browser sends to one server at once. */
const CHECKED_AT_ONCE = 6;

/**
 * Has the server check all objects without making them; gives what it refuses, in their order. Stops
 * with what it has when the signal is aborted. Never rejects.
 */
export async function createDryRun(
  objects: readonly NewObject[],
  signal?: AbortSignal,
): Promise<Refusal[]> {
  const refusals = new Map<number, Refusal>();
  const waiting = [...objects.entries()];
  const worker = async () => {
    for (let next = waiting.shift(); next && signal?.aborted !== true; next = waiting.shift()) {
      const [index, object] = next;
      try {
        await post(object, '?dryRun=All');
        await cloneTargetFree(object);
      } catch (error) {
        refusals.set(index, { object, failure: toFailure(error) });
      }
    }
  };
  await Promise.all(Array.from({ length: CHECKED_AT_ONCE }, worker));
  return [...refusals].sort(([a], [b]) => a - b).map(([, refusal]) => refusal);
}

/** Nobody checks the name of a clone before it is made: it would wait for ever. */
async function cloneTargetFree({ model, object }: NewObject): Promise<void> {
  if (model.kind !== virtualMachineClones.kind) return;
  const name = cloneTarget(object);
  const { namespace } = object.metadata ?? {};
  try {
    await kubernetesRequest(resourcePath(virtualMachines, { namespace, name }));
  } catch (error) {
    const { status } = toFailure(error);
    // Who may not look is not kept from it.
    if (status === 404 || status === 403) return;
    throw error;
  }
  throw new FailureError({
    title: failureTitles[409],
    detail: `virtualmachines.kubevirt.io "${name}" already exists`,
    ...{ status: 409, reason: 'AlreadyExists', causes: [] },
  });
}

/**
 * Makes all objects, or none: when one is refused, those that were made are deleted again, last first.
 * An object with `ownerName` becomes the property of the VM of that name, and goes with it.
 * Rejects with a CreateAllError.
 */
export async function createAll(objects: readonly NewObject[]): Promise<void> {
  const made: { object: NewObject; uid: string | undefined }[] = [];
  try {
    for (const object of objects) {
      try {
        const created = await post(object);
        // Its name may be one that the server has made.
        const metadata = { ...object.object.metadata, ...created.metadata };
        const named = { ...object, object: { ...object.object, metadata } };
        made.push({ object: named, uid: created.metadata?.uid });
      } catch (error) {
        throw new FailureAt(object, toFailure(error));
      }
    }
    for (const object of objects) {
      const owner = made.find(({ object: one }) => isOwner(one, object));
      if (owner?.uid === undefined) continue;
      try {
        await adopt(object, owner.object, owner.uid);
      } catch (error) {
        throw new FailureAt(object, toFailure(error));
      }
    }
  } catch (error) {
    if (!(error instanceof FailureAt)) throw error;
    const { rolledBack, left } = await undo(made);
    throw new CreateAllError({ object: error.object, failure: error.failure }, rolledBack, left);
  }
}

class FailureAt extends FailureError {
  constructor(
    readonly object: NewObject,
    failure: Failure,
  ) {
    super(failure);
  }
}

function isOwner(one: NewObject, object: NewObject): boolean {
  const { kind } = one.model;
  return kind === virtualMachines.kind && one.object.metadata?.name === object.ownerName;
}

async function adopt(object: NewObject, owner: NewObject, uid: string): Promise<void> {
  const { namespace, name } = object.object.metadata ?? {};
  const { apiVersion, kind, metadata } = owner.object;
  await kubernetesRequest(resourcePath(object.model, { namespace, name }), {
    method: 'PATCH',
    contentType: 'application/merge-patch+json',
    body: {
      metadata: { ownerReferences: [{ apiVersion, kind, name: metadata?.name, uid }] },
    },
  });
}

async function undo(made: readonly { object: NewObject; uid: string | undefined }[]) {
  const rolledBack: NewObject[] = [];
  const left: Refusal[] = [];
  for (const { object, uid } of [...made].reverse()) {
    const { namespace, name } = object.object.metadata ?? {};
    try {
      await kubernetesRequest(resourcePath(object.model, { namespace, name }), {
        method: 'DELETE',
        // Not one of the same name that somebody else has made meanwhile.
        body: { kind: 'DeleteOptions', apiVersion: 'v1', ...(uid && { preconditions: { uid } }) },
      });
      rolledBack.push(object);
    } catch (error) {
      const failure = toFailure(error);
      if (failure.status === 404) rolledBack.push(object);
      else left.push({ object, failure });
    }
  }
  return { rolledBack, left };
}

/** Gives the name of an object for people: `Secret web-cloudinit`. */
export function objectText({ model, object }: NewObject): string {
  const name = object.metadata?.name ?? cloneTarget(object);
  return `${model.kind} ${name}`;
}
