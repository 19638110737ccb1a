import { ApiError, badRequest, internal } from '../../../apiserver/ApiError.ts';
import type { ApiReply } from '../../../apiserver/ApiReply.ts';
import type { ApiRequest } from '../../../apiserver/ResourceDefinition.ts';
import { expandVirtualMachine } from '../../instancetype/expandVirtualMachine.ts';
import type { VirtualMachine } from '../../resources.ts';
import { messageOf } from '../../../client/messageOf.ts';
import { getVm } from './lookup.ts';

/** A VM of the cluster with its instance type and preference written out: pkg/virt-api/rest/expand.go (d923fdb). */
export async function expandSpec(request: ApiRequest): Promise<ApiReply> {
  const vm = await getVm(request);
  return reply(() => expandVirtualMachine(request.client, vm), internal);
}

/** The same for a VM that is sent and need not exist. */
export async function expandVmSpec(request: ApiRequest): Promise<ApiReply> {
  const { body } = request;
  if (body === undefined) throw badRequest('empty request body');
  const vm = asVirtualMachine(body);
  const namespace = request.params['namespace'] ?? '';
  if (vm.metadata.namespace && vm.metadata.namespace !== namespace) {
    throw badRequest(`VM namespace must be empty or ${namespace}`);
  }
  vm.metadata.namespace = namespace;
  return reply(() => expandVirtualMachine(request.client, vm), badRequest);
}

async function reply(
  expand: () => Promise<VirtualMachine>,
  failure: (message: string) => ApiError,
): Promise<ApiReply> {
  try {
    return { code: 200, json: await expand() };
  } catch (error) {
    throw failure(messageOf(error));
  }
}

/** Checks what the expansion relies on; the rest is checked when the VM is created. */
function asVirtualMachine(body: unknown): VirtualMachine {
  const at = (value: unknown, key: string): unknown =>
    typeof value === 'object' && value !== null
      ? Object.entries(value).find(([name]) => name === key)?.[1]
      : undefined;
  const devices = ['spec', 'template', 'spec', 'domain', 'devices'].reduce<unknown>(at, body);
  const problems = [
    ...(at(body, 'kind') === 'VirtualMachine' ? [] : ['.kind in body should be VirtualMachine']),
    ...(typeof devices === 'object' && devices !== null
      ? []
      : ['.spec.template.spec.domain.devices in body is required']),
  ];
  if (problems.length > 0) {
    throw new ApiError(400, 'BadRequest', 'Object is not a valid VirtualMachine', {
      causes: problems.map((message) => ({ reason: 'FieldValueInvalid', message })),
    });
  }
  const vm = structuredClone(body) as VirtualMachine;
  // A VM that is only drafted may have no metadata.
  vm.metadata = {
    ...(at(body, 'metadata') as VirtualMachine['metadata'] | undefined),
  } as VirtualMachine['metadata'];
  return vm;
}
