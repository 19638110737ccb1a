import type { AggregatedGroup } from '../../apiserver/AggregatedGroup.ts';
import { badRequest, conflict, internal, invalid } from '../../apiserver/ApiError.ts';
import { isObject } from '../../apiserver/json.ts';
import type { ApiRequest } from '../../apiserver/ResourceDefinition.ts';
import type { VirtualMachine } from '../resources.ts';
import { virtualMachines } from '../resources.ts';
import {
  checkReferences,
  mergeParameters,
  processTemplate,
  TemplateError,
} from './processTemplate.ts';
import { messageOf } from '../../client/messageOf.ts';
import { virtualMachineTemplates } from './resources.ts';

const group = 'subresources.template.kubevirt.io';

/**
 * The group subresources.template.kubevirt.io in one of its versions: makes the VirtualMachine of a
 * template, and on request creates it with the rights of the server.
 * (virt-template internal/apiserver/storage/virtualmachinetemplate, e5d8e40)
 */
export function templateGroup(version: 'v1beta1' | 'v1alpha1'): AggregatedGroup {
  const reply = async (request: ApiRequest, creates: boolean) => {
    const { vm, message, warnings, templateRef } = await process(request);
    const virtualMachine = creates ? await create(request, vm) : vm;
    return {
      code: 200,
      warnings,
      json: {
        apiVersion: `${group}/${version}`,
        kind: 'ProcessedVirtualMachineTemplate',
        ...{ templateRef, virtualMachine, message },
      },
    };
  };
  return {
    group,
    version,
    resources: ['process', 'create'].map((action) => ({
      name: `virtualmachinetemplates/${action}`,
      singularName: '',
      namespaced: true,
      kind: 'ProcessedVirtualMachineTemplate',
      verbs: ['create'],
    })),
    routes: (['process', 'create'] as const).map((action) => ({
      method: 'POST',
      path: `/namespaces/:namespace/virtualmachinetemplates/:name/${action}`,
      handler: (request) => reply(request, action === 'create'),
    })),
  };
}

async function process({ body, params, client }: ApiRequest) {
  const { namespace = '', name = '' } = params;
  const values = parametersOf(body);
  const template = await client
    .get(virtualMachineTemplates, { namespace, name })
    .catch((error: unknown) => {
      throw internal(`error getting VirtualMachineTemplate: ${messageOf(error)}`);
    });
  const { merged, unknown } = mergeParameters(template.spec.parameters ?? [], values);
  if (unknown !== undefined) {
    throw conflict(virtualMachineTemplates, name, `parameter ${unknown} not found in template`);
  }
  const spec = { ...template.spec, parameters: merged };
  try {
    const warnings = checkReferences(spec);
    return { ...processTemplate(spec), warnings, templateRef: { namespace, name } };
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    throw invalid(virtualMachineTemplates, name, error.causes);
  }
}

async function create({ params, client }: ApiRequest, vm: VirtualMachine): Promise<object> {
  const namespace = vm.metadata.namespace ?? params['namespace'] ?? '';
  if (namespace !== params['namespace']) {
    throw internal(
      'error creating VirtualMachine: the namespace of the provided object does not match the namespace sent on the request',
    );
  }
  try {
    return await client.create(virtualMachines, { ...vm, metadata: { ...vm.metadata, namespace } });
  } catch (error) {
    throw internal(`error creating VirtualMachine: ${messageOf(error)}`);
  }
}

/** The values of a ProcessOptions. */
function parametersOf(body: unknown): Record<string, string> {
  const refuse = (why: string) => badRequest(`error parsing ProcessOptions: ${why}`);
  if (body === undefined) throw refuse('EOF');
  if (!isObject(body)) throw refuse('json: cannot unmarshal into Go value of type ProcessOptions');
  const values = body['parameters'] ?? {};
  if (!isObject(values)) throw refuse('ProcessOptions.parameters must be a map of strings');
  const entries = Object.entries(values).map(([name, value]): [string, string] => {
    if (typeof value === 'string') return [name, value];
    throw refuse(
      `json: cannot unmarshal ${typeof value} into Go struct field ProcessOptions.parameters of type string`,
    );
  });
  return Object.fromEntries(entries);
}
