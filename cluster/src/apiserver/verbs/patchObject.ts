import { badRequest, unsupportedMediaType } from '../ApiError.ts';
import { type ApiContext, type NamedTarget, type Presented } from '../ApiContext.ts';
import { mergeSchema } from '../field-management/mergeSchema.ts';
import { cloneJson, isObject } from '../json.ts';
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
    const whole = concernsManagedFields(body) ? withManagedFields(current, managedFields) : current;
    const patched = apply(whole, body);
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

/** Could the patch see or change the managed fields? Most do not, and need not have them. */
function concernsManagedFields(patch: unknown): boolean {
  if (Array.isArray(patch)) {
    return patch.filter(isObject).some(({ path, from }) => isAround(path) || isAround(from));
  }
  if (!isObject(patch)) return true;
  const { metadata } = patch;
  const fields = [...Object.keys(patch), ...(isObject(metadata) ? Object.keys(metadata) : [])];
  return fields.some((field) => field === 'managedFields' || field.startsWith('$'));
}

/** Is the managed fields' place at the JSON pointer, above it or below it? */
function isAround(pointer: unknown): boolean {
  const place = '/metadata/managedFields';
  if (typeof pointer !== 'string' || pointer === '' || pointer === '/metadata') return true;
  return pointer === place || pointer.startsWith(`${place}/`);
}

/** What applies a patch to a frozen object and gives another one. */
function patchFunction(
  target: NamedTarget,
  type: string,
): (current: unknown, patch: unknown) => unknown {
  const { resource } = target;
  switch (type) {
    case 'application/json-patch+json':
      return (current, patch) => jsonPatch(cloneJson(current), patch);
    case 'application/merge-patch+json':
      return mergePatch;
    case 'application/strategic-merge-patch+json':
      if (resource.strategicMerge === true) {
        const schema = mergeSchema(resource, target.version);
        return (current, patch) => strategicMergePatch(schema, cloneJson(current), patch);
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
