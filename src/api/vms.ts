import type {
  V1VirtualMachine,
  V1VirtualMachineInstance,
} from '@kubevirt-ui-ext/kubevirt-api/kubevirt';

import { jobs } from '~/api/jobs';
import { kubernetesRequest } from '~/console/http';
import { FailureError } from '~/k8s/errors';
import type { Job } from '~/k8s/Jobs';
import { isRecord } from '~/k8s/isRecord';
import type { PatchOperation } from '~/k8s/jsonPatch';
import {
  resourcePath,
  virtualMachineInstanceMigrations,
  virtualMachineInstances,
  virtualMachines,
} from '~/k8s/models';
import { changeCommand, patchChange, type VmChange } from '~/kubevirt/vmChange';
import { vmCall, vmCommand, type VmOperation, type VmRef } from '~/kubevirt/vmCall';

export type { VmRef } from '~/kubevirt/vmCall';

// All functions reject with what `toFailure` understands. The actions answer without a body
// (KubeVirt pkg/virt-api/rest/lifecycle.go at d923fdb): what came of them is seen by watching.

/** Creates a VM and gives it as stored; with `dryRun` the server only checks it. */
export async function vmCreate(
  manifest: V1VirtualMachine,
  { dryRun = false }: { dryRun?: boolean } = {},
): Promise<V1VirtualMachine> {
  const path = resourcePath(virtualMachines, { namespace: manifest.metadata?.namespace });
  const created = await kubernetesRequest(dryRun ? `${path}?dryRun=All` : path, {
    method: 'POST',
    body: manifest,
  });
  return created as V1VirtualMachine;
}

/** The VM as it is stored now. */
export async function vmGet({ namespace, name }: VmRef): Promise<V1VirtualMachine> {
  // The parse boundary: the API server keeps to the schema of the resource.
  return (await kubernetesRequest(
    resourcePath(virtualMachines, { namespace, name }),
  )) as V1VirtualMachine;
}

/** An instance as it is stored now. */
export async function instanceGet({ namespace, name }: VmRef): Promise<V1VirtualMachineInstance> {
  // The parse boundary, as above.
  return (await kubernetesRequest(
    resourcePath(virtualMachineInstances, { namespace, name }),
  )) as V1VirtualMachineInstance;
}

/** Does one of the things that can be done to a VM. */
export async function vmRun(vm: VmRef, operation: VmOperation): Promise<void> {
  // Nothing is to be changed.
  if (operation.action === 'edit' && operation.patch.length === 0) return;
  const { path, ...request } = vmCall(vm, operation);
  await kubernetesRequest(path, request);
}

/** A patch of what is stored now. */
export function vmEdit(
  build: (vm: V1VirtualMachine) => readonly PatchOperation[],
): (vm: VmRef) => Promise<VmOperation> {
  return async (vm) => ({ action: 'edit', patch: build(await vmGet(vm)) });
}

/** Label by which a migration names its instance (KubeVirt api/core/v1/types.go, MigrationSelectorLabel). */
const migrationLabel = 'kubevirt.io/vmi-name';

/** The deletion of the migration that is under way. */
export async function vmMigrationCancel({ namespace, name }: VmRef): Promise<VmOperation> {
  const path = resourcePath(virtualMachineInstanceMigrations, { namespace });
  const list = await kubernetesRequest(`${path}?labelSelector=${migrationLabel}%3D${name}`);
  const items = isRecord(list) && Array.isArray(list['items']) ? list['items'] : [];
  for (const { metadata, status } of items.filter(isRecord)) {
    const phase = isRecord(status) ? status['phase'] : undefined;
    const migration = isRecord(metadata) ? metadata['name'] : undefined;
    if (phase !== 'Succeeded' && phase !== 'Failed' && typeof migration === 'string') {
      return { action: 'cancelMigration', migration };
    }
  }
  const title = 'Not found';
  const detail = `No migration of ${name} is under way any more.`;
  throw new FailureError({ title, detail, status: 404, reason: 'NotFound', causes: [] });
}

/** What a job does to one VM. */
export interface VmTask {
  vm: VmRef;
  run: () => Promise<void>;
  /** The same for a terminal; empty when it depends on what is found. */
  command: string;
}

/** An operation as a part of a job; it may have to be found out first, as a patch of what is stored now. */
export function vmTask(
  vm: VmRef,
  operation: VmOperation | ((vm: VmRef) => Promise<VmOperation>),
): VmTask {
  return typeof operation === 'function'
    ? { vm, run: async () => vmRun(vm, await operation(vm)), command: '' }
    : { vm, run: () => vmRun(vm, operation), command: vmCommand(vm, operation) };
}

/** The same change of one of many VMs, as a part of a job. */
export function vmChangeTask(vm: VmRef, change: VmChange): VmTask {
  const { run } = vmTask(
    vm,
    vmEdit((stored) => patchChange(stored, change)),
  );
  return { vm, run, command: changeCommand(vm, change) };
}

/** Asks the server whether it would do something to a VM; rejects with its refusal. */
export async function vmDryRun(vm: VmRef, operation: VmOperation): Promise<void> {
  const { method, path, body } = vmCall(vm, operation);
  // Subresources read it from the body, all else from the address (KubeVirt api/core/v1 types.go).
  const isSubresource = method === 'PUT';
  await kubernetesRequest(isSubresource ? path : `${path}?dryRun=All`, {
    method,
    ...(isSubresource && { body: { ...(isRecord(body) && body), dryRun: ['All'] } }),
    ...(!isSubresource && body !== undefined && { body }),
  });
}

/** Does something to one VM or to many, as a job that is seen among the recent tasks. Never rejects. */
export function vmJob(title: string, tasks: readonly VmTask[]): Promise<Job> {
  return jobs.start({
    title,
    command: tasks
      .map(({ command }) => command)
      .join('\n')
      .trim(),
    items: tasks.map(({ vm: { namespace, name, isInstance }, run }) => ({
      ...{ namespace, name, run },
      ...(isInstance && { isInstance }),
    })),
  });
}

/** The same for one VM; rejects when it fails, for a dialog that shows why. */
export async function vmDo(title: string, task: VmTask): Promise<void> {
  const [item] = (await vmJob(title, [task])).items;
  if (item?.failure) throw new FailureError(item.failure);
}
