import { ApiError, conflict, notFound, type ResourceName } from '../../../apiserver/ApiError.ts';
import { findNewest } from '../../../client/findNewest.ts';
import type { ApiRequest } from '../../../apiserver/ResourceDefinition.ts';
import type { Guest } from '../../virt-launcher/GuestRuntime.ts';
import {
  type VirtualMachine,
  type VirtualMachineInstance,
  virtualMachineInstances,
  virtualMachines,
} from '../../resources.ts';
import { messageOf } from '../../../client/messageOf.ts';

/** virt-api names resources in the singular in its errors. */
const vmName: ResourceName = { group: 'kubevirt.io', plural: 'virtualmachine' };
export const vmiName: ResourceName = { group: 'kubevirt.io', plural: 'virtualmachineinstance' };

/** Finds the guest of a VMI where it runs, as virt-api finds the virt-handler of its node. */
export interface Guests {
  guestOf(vmi: VirtualMachineInstance): Guest | undefined;
}

function keyOf({ params }: ApiRequest) {
  return { namespace: params['namespace'] ?? '', name: params['name'] ?? '' };
}

/** The VM of the request's name; undefined when there is none. */
export const findVm = (request: ApiRequest): Promise<VirtualMachine | undefined> =>
  findNewest(request.client, virtualMachines, keyOf(request));

export async function getVm(request: ApiRequest): Promise<VirtualMachine> {
  const vm = await findVm(request);
  if (!vm) throw notFound(vmName, keyOf(request).name);
  return vm;
}

export const findVmi = (request: ApiRequest): Promise<VirtualMachineInstance | undefined> =>
  findNewest(request.client, virtualMachineInstances, keyOf(request));

export async function getVmi(request: ApiRequest): Promise<VirtualMachineInstance> {
  const vmi = await findVmi(request);
  if (!vmi) throw notFound(vmiName, keyOf(request).name);
  return vmi;
}

export const vmConflict = (name: string, why: string) => conflict(vmName, name, why);
export const vmiConflict = (name: string, why: string) => conflict(vmiName, name, why);

export const isFinal = (vmi: VirtualMachineInstance | undefined) =>
  vmi?.status?.phase === 'Succeeded' || vmi?.status?.phase === 'Failed';

/** The running guest of a VMI; the errors are those of virt-api's connection to virt-handler. */
export function guestOf(vmi: VirtualMachineInstance, guests: Guests): Guest {
  const phase = vmi.status?.phase ?? '';
  if (phase !== 'Running' && phase !== 'Scheduled') {
    throw new ApiError(
      400,
      'BadRequest',
      `Unable to connect to VirtualMachineInstance because phase is ${phase} instead of Running or Scheduled`,
    );
  }
  const guest = guests.guestOf(vmi);
  if (!guest || guest.state === 'ended') {
    throw handlerFailure(`the guest of ${vmi.metadata.name} is not running`);
  }
  return guest;
}

/** Whatever virt-handler refuses reaches a client as 500 with this text. */
export function handlerFailure(message: string): ApiError {
  return new ApiError(
    500,
    'InternalError',
    `Internal error occurred: unexpected return code 400 (400 Bad Request), message: ${message}`,
  );
}

/** Runs one command on a guest, and tells its failure as virt-api does. */
export async function command(action: () => Promise<void>): Promise<void> {
  try {
    await action();
  } catch (error) {
    throw handlerFailure(messageOf(error));
  }
}

/** A field of a JSON body that may be absent. */
export function bodyField(request: ApiRequest, field: string): unknown {
  const { body } = request;
  if (typeof body !== 'object' || body === null) return undefined;
  return Object.entries(body).find(([key]) => key === field)?.[1];
}

export function isDryRun(request: ApiRequest): boolean {
  const value = bodyField(request, 'dryRun');
  return Array.isArray(value) && value.includes('All');
}
