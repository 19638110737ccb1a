import { badRequest, methodNotAllowed } from '../ApiError.ts';
import type { ApiContext, NamedTarget, Presented } from '../ApiContext.ts';
import { cloneJson } from '../json.ts';
import { subresourcesOf } from '../ResourceDefinition.ts';
import type { WriteOptions } from './admit.ts';
import { modifyObject } from './modifyObject.ts';
import { parseObject } from './parseObject.ts';

/** PUT of the whole object, or of its status when the target is the status subresource. */
export async function updateObject(
  context: ApiContext,
  target: NamedTarget,
  body: unknown,
  options: WriteOptions,
): Promise<Presented> {
  requireWritable(target);
  const { object: wanted, managedFields } = parseObject(target, body);
  if (wanted.metadata.name === '') wanted.metadata.name = target.name;
  if (wanted.metadata.name !== target.name) {
    throw badRequest(
      `the name of the object (${wanted.metadata.name}) does not match the name on the URL (${target.name})`,
    );
  }
  return modifyObject(context, target, options, () => ({
    object: cloneJson(wanted),
    managedFields,
  }));
}

/** `status` is served when the resource has it; `finalize` when it keeps finalizers in its spec. */
export function requireWritable(target: NamedTarget): void {
  const { resource, subresource, version } = target;
  if (subresource === '') return;
  if (subresource === 'status' && subresourcesOf(resource, version).status === true) return;
  if (subresource === 'finalize' && resource.finalizersPath !== undefined) return;
  throw methodNotAllowed();
}
