import { ApiError, badRequest, hasReason } from '../../../apiserver/ApiError.ts';
import type { ApiReply } from '../../../apiserver/ApiReply.ts';
import type { ApiRequest } from '../../../apiserver/ResourceDefinition.ts';
import { nodes } from '../../../client/resources.ts';
import {
  kubeVirts,
  virtualMachineInstanceMigrations,
  virtualMachineInstances,
} from '../../resources.ts';
import { migrationConfiguration } from '../../virt-controller/migration/migrationConfiguration.ts';
import { messageOf } from '../../../client/messageOf.ts';
import { bodyField, getVm, getVmi, isDryRun, isFinal, vmConflict } from './lookup.ts';

/** Makes a migration of the VM's instance: KubeVirt pkg/virt-api/rest/lifecycle.go (d923fdb). */
export async function migrate(request: ApiRequest): Promise<ApiReply> {
  const vm = await getVm(request);
  const vmi = await getVmi(request);
  if (vmi.status?.phase !== 'Running') throw vmConflict(vm.metadata.name, 'VM is not running');
  const selector = addedNodeSelector(request);
  try {
    await request.client.create(
      virtualMachineInstanceMigrations,
      {
        apiVersion: 'kubevirt.io/v1',
        kind: 'VirtualMachineInstanceMigration',
        metadata: {
          generateName: 'kubevirt-migrate-vm-',
          ...(vmi.metadata.namespace && { namespace: vmi.metadata.namespace }),
        },
        spec: {
          vmiName: vmi.metadata.name,
          ...(selector && { addedNodeSelector: selector }),
        },
      },
      { dryRun: isDryRun(request) },
    );
  } catch (error) {
    // virt-api wraps whatever its own request met.
    throw new ApiError(500, 'InternalError', `Internal error occurred: ${messageOf(error)}`);
  }
  return { code: 202, empty: true };
}

function addedNodeSelector(request: ApiRequest): Record<string, string> | undefined {
  const value = bodyField(request, 'addedNodeSelector');
  if (value === undefined || value === null) return undefined;
  const entries = typeof value === 'object' ? Object.entries(value) : undefined;
  if (!entries?.every((entry): entry is [string, string] => typeof entry[1] === 'string')) {
    throw badRequest('addedNodeSelector has to be an object of strings');
  }
  return Object.fromEntries(entries);
}

/**
 * Takes back the mark by which an eviction asked for a VMI to leave its node (pkg/virt-api/rest/evacuate.go,
 * d923fdb). A node that is being drained would only set it again.
 */
export async function cancelEvacuation(request: ApiRequest): Promise<ApiReply> {
  if (request.body === undefined) throw badRequest('No body');
  const vmi = await getVmi(request);
  const marked = vmi.status?.evacuationNodeName;
  const done: ApiReply = { code: 200, empty: true };
  if (!marked || isFinal(vmi)) return done;
  const asked = bodyField(request, 'evacuationNodeName');
  if (typeof asked === 'string' && asked !== '' && asked !== marked) {
    throw new ApiError(
      500,
      'InternalError',
      `Internal error occurred: testing value /status/evacuationNodeName failed: it is ${marked}`,
    );
  }
  await refuseDrainedNode(request, marked);
  if (isDryRun(request)) return done;
  await request.client.patch(virtualMachineInstances, vmi.metadata, {
    type: 'json',
    operations: [
      { op: 'test', path: '/status/evacuationNodeName', value: marked },
      { op: 'remove', path: '/status/evacuationNodeName' },
    ],
  });
  return done;
}

async function refuseDrainedNode(request: ApiRequest, name: string): Promise<void> {
  const { items } = await request.client.list(kubeVirts);
  const { nodeDrainTaintKey } = migrationConfiguration(items[0]);
  try {
    const node = await request.client.get(nodes, { name });
    if (node.spec?.taints?.some(({ key }) => key === nodeDrainTaintKey)) {
      throw badRequest(
        `Node "${name}" has NodeDrainTaintKey "${nodeDrainTaintKey}", the evacuation cannot be cancelled`,
      );
    }
  } catch (error) {
    if (!hasReason(error, 'NotFound')) throw error;
  }
}
