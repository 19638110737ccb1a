import { hasReason } from '../../../apiserver/ApiError.ts';
import { controllerReference } from '../../../client/controllerReference.ts';
import { ignoreGone } from '../../../client/ignoreGone.ts';
import type { KubeClient } from '../../../client/KubeClient.ts';
import { type ControllerRevision, controllerRevisions } from '../../../client/resources.ts';
import type { VirtualMachinePool } from '../../resources.ts';

type Template = VirtualMachinePool['spec']['virtualMachineTemplate'];

export interface PoolRevisions {
  /** The name of the present one. */
  current: string;
  /** Was the template of that revision another than the present one? */
  isOutdated(revision: string | undefined): boolean;
}

/**
 * Keeps the template of a pool as a ControllerRevision, and drops those that no VM and no VMI names any more
 * (pkg/virt-controller/watch/pool/pool.go, d923fdb).
 */
export async function poolRevisions(
  client: KubeClient,
  pool: VirtualMachinePool,
  used: ReadonlySet<string | undefined>,
): Promise<PoolRevisions> {
  const { namespace, name, uid, generation = 1 } = pool.metadata;
  const current = `${name}-${generation}`;
  const template = pool.spec.virtualMachineTemplate;
  const { items } = await client.list(controllerRevisions, { namespace });
  const own = items.filter(({ metadata }) =>
    metadata.ownerReferences?.some((owner) => owner.uid === uid),
  );
  const templates = new Map(own.map((one) => [one.metadata.name, templateOf(one)]));
  for (const { metadata } of own) {
    if (metadata.name === current || used.has(metadata.name)) continue;
    await ignoreGone(client.delete(controllerRevisions, metadata));
  }
  if (!templates.has(current)) await keep(client, pool, current, template);
  const now = JSON.stringify(template);
  return {
    current,
    isOutdated: (revision) =>
      revision !== current && JSON.stringify(templates.get(revision ?? '')) !== now,
  };
}

/** What `keep` has written. */
const templateOf = ({ data }: ControllerRevision) =>
  (data as { virtualMachineTemplate?: Template } | undefined)?.virtualMachineTemplate;

async function keep(
  client: KubeClient,
  { metadata }: VirtualMachinePool,
  revision: string,
  virtualMachineTemplate: Template,
): Promise<void> {
  try {
    await client.create(controllerRevisions, {
      apiVersion: 'apps/v1',
      kind: 'ControllerRevision',
      metadata: {
        name: revision,
        ...(metadata.namespace && { namespace: metadata.namespace }),
        ownerReferences: [
          controllerReference('pool.kubevirt.io/v1beta1', 'VirtualMachinePool', metadata),
        ],
      },
      data: { virtualMachineTemplate },
      revision: metadata.generation ?? 1,
    });
  } catch (error) {
    if (!hasReason(error, 'AlreadyExists')) throw error;
  }
}
