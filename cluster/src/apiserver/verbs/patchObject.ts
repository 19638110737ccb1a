import { badRequest, unsupportedMediaType } from '../ApiError.ts';
import { presentDraft, type ApiContext, type NamedTarget, type Presented } from '../ApiContext.ts';
import { mergeSchema } from '../field-management/mergeSchema.ts';
import { isObject } from '../json.ts';
import { jsonPatch } from '../patches/jsonPatch.ts';
import type { AnyObject } from '../ResourceDefinition.ts';
import { mergePatch } from '../patches/mergePatch.ts';
import { strategicMergePatch } from '../patches/strategicMergePatch.ts';
import type { WriteOptions } from './admit.ts';
import { applyPatchType } from './applyObject.ts';
import { modifyObject } from './modifyObject.ts';
import { parseObject } from './parseObject.ts';
import { requireWritable } from './updateObject.ts';

/** Applies a patch to an object, again and again while others change it in between. */
export async function patchObject(
  context: ApiContext,
  target: NamedTarget,
  type: string,
  body: unknown,
  options: WriteOptions,
): Promise<Presented> {
  requireWritable(target);
  const apply = patchFunction(target, type);
  return modifyObject(context, target, options, (current, managedFields) => {
    const { object } = presentDraft(target, current, '');
    const patched = apply(withManagedFields(object, managedFields), body);
    if (!isObject(patched)) throw badRequest('the patch does not leave an object');
    return parseObject(target, patched);
  });
}

/** A patch may change the managed fields too, as kubectl's own does before the first apply. */
function withManagedFields(object: AnyObject, managedFields: string): object {
  if (managedFields === '') return object;
  const parsed: unknown = JSON.parse(managedFields);
  return { ...object, metadata: { ...object.metadata, managedFields: parsed } };
}

function patchFunction(
  target: NamedTarget,
  type: string,
): (current: unknown, patch: unknown) => unknown {
  const { resource } = target;
  switch (type) {
    case 'application/json-patch+json':
      return jsonPatch;
    case 'application/merge-patch+json':
      return mergePatch;
    case 'application/strategic-merge-patch+json':
      if (resource.strategicMerge === true) {
        const schema = mergeSchema(resource, target.version);
        return (current, patch) => strategicMergePatch(schema, current, patch);
      }
      break;
  }
  throw unsupportedMediaType([
    'application/json-patch+json',
    'application/merge-patch+json',
    ...(resource.strategicMerge === true ? ['application/strategic-merge-patch+json'] : []),
    applyPatchType,
  ]);
}
