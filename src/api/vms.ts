import type {
  V1VirtualMachine,
  V1VirtualMachineInstance,
} from '@kubevirt-ui-ext/kubevirt-api/kubevirt';

import { jobs } from '~/api/jobs';
import { objectCreate } from '~/api/objects';
import { kubernetesRequest } from '~/console/http';
import { FailureError, toFailure } from '~/k8s/errors';
import type { Job, JobRun } from '~/k8s/Jobs';
import { isRecord } from '~/k8s/isRecord';
import type { PatchOperation } from '~/k8s/jsonPatch';
import type { KubernetesObject } from '~/k8s/KubernetesObject';
import {
  type Model,
  resourcePath,
  virtualMachineInstanceMigrations,
  virtualMachineInstances,
  virtualMachines,
} from '~/k8s/models';
import { changeCommand, patchChange, type VmChange } from '~/kubevirt/vmChange';
import {
  createCall,
  createCommand,
  dryRunOf,
  type KubernetesCall,
  vmCall,
  vmCommand,
  type VmOperation,
  type VmRef,
} from '~/kubevirt/vmCall';

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
export async function vmMigrationCancel({
  namespace,
  name,
}: VmRef): Promise<Extract<VmOperation, { action: 'cancelMigration' }>> {
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
  run: JobRun;
  /** The same for a terminal; empty when it depends on what is found. */
  command: string;
}

/** Says which migration is under way now. The subresource that starts one does not tell its name. */
async function migrationTell(vm: VmRef, tell: Parameters<JobRun>[0]): Promise<void> {
  try {
    const { migration } = await vmMigrationCancel(vm);
    tell({ kind: virtualMachineInstanceMigrations.kind, name: migration });
  } catch (error) {
    // It has ended, or the user may not see migrations: then it is not followed.
    if (toFailure(error).status !== 404 && toFailure(error).status !== 403) throw error;
  }
}

/** An operation as a part of a job; it may have to be found out first, as a patch of what is stored now. */
export function vmTask(
  vm: VmRef,
  operation: VmOperation | ((vm: VmRef) => Promise<VmOperation>),
): VmTask {
  if (typeof operation === 'function') {
    return { vm, run: async () => vmRun(vm, await operation(vm)), command: '' };
  }
  const run: JobRun = async (tell) => {
    await vmRun(vm, operation);
    if (operation.action === 'migrate') await migrationTell(vm, tell);
  };
  return { vm, run, command: vmCommand(vm, operation) };
}

/** The request of a change, by what the VM has now; undefined when nothing is to be changed. */
export async function vmChangeCall(
  vm: VmRef,
  change: VmChange,
): Promise<KubernetesCall | undefined> {
  const patch = patchChange(await vmGet(vm), change);
  return patch.length === 0 ? undefined : vmCall(vm, { action: 'edit', patch });
}

/** The same change of one of many VMs, as a part of a job. */
export function vmChangeTask(vm: VmRef, change: VmChange): VmTask {
  const { run } = vmTask(
    vm,
    vmEdit((stored) => patchChange(stored, change)),
  );
  return { vm, run, command: changeCommand(vm, change) };
}

/** A task that makes an object, and the request by which it does. */
export interface CreateTask extends VmTask {
  call: KubernetesCall;
}

/** A task that makes an object with which the cluster goes on by itself; `onMade` gets its name. */
export function createTask(
  vm: VmRef,
  { model, object }: { model: Model; object: KubernetesObject },
  onMade?: (name: string) => void,
): CreateTask {
  return {
    vm,
    command: createCommand(object),
    call: createCall(model, object),
    run: async (tell) => {
      const name = (await objectCreate(model, object)).metadata?.name ?? '';
      tell({ kind: model.kind, name });
      onMade?.(name);
    },
  };
}

/** Asks the server whether it would do something; rejects with its refusal. */
export async function callDryRun(call: KubernetesCall): Promise<void> {
  const { path, ...request } = dryRunOf(call);
  await kubernetesRequest(path, request);
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
