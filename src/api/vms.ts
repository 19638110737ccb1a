import type { V1VirtualMachine } from '@kubevirt-ui-ext/kubevirt-api/kubevirt';
import { kubernetesRequest } from '~/console/http';
import {
  resourcePath,
  virtualMachineActions,
  virtualMachineInstanceActions,
  virtualMachines,
} from '~/k8s/models';

/** Address of a VirtualMachine; its VirtualMachineInstance has the same. */
export type VmRef = { namespace: string; name: string };

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

/**
 * Deletes a VM. The DataVolumes of its templates, and so their disks, are owned by it and go along
 * in the background.
 */
export async function vmDelete({ namespace, name }: VmRef): Promise<void> {
  const path = resourcePath(virtualMachines, { namespace, name });
  await kubernetesRequest(path, { method: 'DELETE' });
}

export async function vmStart(vm: VmRef): Promise<void> {
  await vmAction(vm, 'start', {});
}

/** Asks the guest to shut down; with `force`, pulls the plug. */
export async function vmStop(
  vm: VmRef,
  { force = false }: { force?: boolean } = {},
): Promise<void> {
  await vmAction(vm, 'stop', force ? { gracePeriod: 0 } : {});
}

/** Shuts the guest down and starts a new VirtualMachineInstance. */
export async function vmRestart(vm: VmRef): Promise<void> {
  await vmAction(vm, 'restart', {});
}

export async function vmPause(vm: VmRef): Promise<void> {
  await vmiAction(vm, 'pause');
}

export async function vmUnpause(vm: VmRef): Promise<void> {
  await vmiAction(vm, 'unpause');
}

/** The reset button: the guest is not asked. */
export async function vmReset(vm: VmRef): Promise<void> {
  await vmiAction(vm, 'reset');
}

async function vmAction(
  { namespace, name }: VmRef,
  subresource: 'start' | 'stop' | 'restart',
  body: object,
): Promise<void> {
  const path = resourcePath(virtualMachineActions, { namespace, name, subresource });
  await kubernetesRequest(path, { method: 'PUT', body });
}

async function vmiAction(
  { namespace, name }: VmRef,
  subresource: 'pause' | 'unpause' | 'reset',
): Promise<void> {
  const path = resourcePath(virtualMachineInstanceActions, { namespace, name, subresource });
  await kubernetesRequest(path, { method: 'PUT', body: {} });
}
