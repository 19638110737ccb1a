import { badRequest, notImplemented, unsupportedMediaType } from '../ApiError.ts';
import { presentDraft, type ApiContext, type NamedTarget, type Presented } from '../ApiContext.ts';
import { isObject } from '../json.ts';
import { jsonPatch } from '../patches/jsonPatch.ts';
import { mergePatch } from '../patches/mergePatch.ts';
import { strategicMergePatch } from '../patches/strategicMergePatch.ts';
import type { WriteOptions } from './admit.ts';
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
  return modifyObject(context, target, options, (current) => {
    const patched = apply(presentDraft(target, current).object, body);
    if (!isObject(patched)) throw badRequest('the patch does not leave an object');
    return parseObject(target, patched);
  });
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
      if (resource.strategicMerge === true) return strategicMergePatch;
      break;
    case 'application/apply-patch+yaml':
    case 'application/apply-patch+cbor':
      throw notImplemented(
        `server-side apply (PATCH ${resource.plural} with ${type}); use a merge patch or client-side apply`,
      );
  }
  throw unsupportedMediaType([
    'application/json-patch+json',
    'application/merge-patch+json',
    ...(resource.strategicMerge === true ? ['application/strategic-merge-patch+json'] : []),
  ]);
}
