import { badRequest, invalid, pathNotFound, unsupportedMediaType } from '../ApiError.ts';
import type { ApiContext, NamedTarget, Presented } from '../ApiContext.ts';
import { cloneJson, fieldAt, isObject, type JsonObject } from '../json.ts';
import { jsonPatch } from '../patches/jsonPatch.ts';
import { mergePatch } from '../patches/mergePatch.ts';
import { subresourcesOf, type AnyObject, type ScalePaths } from '../ResourceDefinition.ts';
import type { WriteOptions } from './admit.ts';
import { modifyObject } from './modifyObject.ts';
import { getObject } from './readObjects.ts';

const scaleKind = { group: 'autoscaling', kind: 'Scale' };

/** The `Scale` (autoscaling/v1) of an object. Throws 404 when its resource has none. */
export async function getScale(context: ApiContext, target: NamedTarget): Promise<JsonObject> {
  return toScale(target, await getObject(context, target));
}

/** Replaces the scale of an object: its replicas alone are written. */
export function updateScale(
  context: ApiContext,
  target: NamedTarget,
  body: unknown,
  options: WriteOptions,
): Promise<JsonObject> {
  return changeScale(context, target, options, () => body);
}

/** Applies a JSON or a merge patch to the scale of an object. */
export function patchScale(
  context: ApiContext,
  target: NamedTarget,
  type: string,
  body: unknown,
  options: WriteOptions,
): Promise<JsonObject> {
  switch (type) {
    case 'application/json-patch+json':
      return changeScale(context, target, options, (scale) => jsonPatch(scale, body));
    // A Scale has no lists, so that both are the same.
    case 'application/merge-patch+json':
    case 'application/strategic-merge-patch+json':
      return changeScale(context, target, options, (scale) => mergePatch(scale, body));
    default:
      throw unsupportedMediaType([
        'application/json-patch+json',
        'application/merge-patch+json',
        'application/strategic-merge-patch+json',
      ]);
  }
}

async function changeScale(
  context: ApiContext,
  target: NamedTarget,
  options: WriteOptions,
  change: (scale: JsonObject) => unknown,
): Promise<JsonObject> {
  const { specReplicasPath } = scalePaths(target);
  const written = await modifyObject(context, target, options, (current, managedFields) => {
    const object = cloneJson(current);
    const json = JSON.stringify(object);
    const { apiVersion } = object;
    const wanted = change(toScale(target, { apiVersion, object, json, managedFields }));
    const replicas = wantedReplicas(target, wanted);
    const resourceVersion = fieldAt(wanted, ['metadata', 'resourceVersion']);
    if (typeof resourceVersion === 'string' && resourceVersion !== '') {
      object.metadata.resourceVersion = resourceVersion;
    }
    setField(object, fieldsOf(specReplicasPath), replicas);
    return { object };
  });
  return toScale(target, written);
}

function wantedReplicas(target: NamedTarget, scale: unknown): number {
  if (!isObject(scale)) throw badRequest('the request body must be a Scale (autoscaling/v1)');
  const kind = scale['kind'] ?? 'Scale';
  if (kind !== 'Scale') throw badRequest(`wrong kind ${JSON.stringify(kind)}, expected Scale`);
  const name = fieldAt(scale, ['metadata', 'name']) ?? target.name;
  if (name !== target.name) {
    throw badRequest(
      `the name of the object (${JSON.stringify(name)}) does not match the name on the URL (${target.name})`,
    );
  }
  const replicas = fieldAt(scale, ['spec', 'replicas']) ?? 0;
  if (typeof replicas !== 'number' || !Number.isInteger(replicas)) {
    throw badRequest('spec.replicas must be a whole number');
  }
  if (replicas < 0) {
    const message = `Invalid value: ${replicas}: must be greater than or equal to 0`;
    throw invalid(scaleKind, target.name, [
      { reason: 'FieldValueInvalid', message, field: 'spec.replicas' },
    ]);
  }
  return replicas;
}

function toScale(target: NamedTarget, { object }: Presented): JsonObject {
  const paths = scalePaths(target);
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const number = (path: string) => {
    const value = fieldAt(object, fieldsOf(path));
    return typeof value === 'number' ? value : 0;
  };
  const selector = selectorText(
    paths.labelSelectorPath === undefined
      ? undefined
      : fieldAt(object, fieldsOf(paths.labelSelectorPath)),
  );
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: { replicas: number(paths.specReplicasPath) },
    status: {
      replicas: number(paths.statusReplicasPath),
      ...(selector === '' ? {} : { selector }),
    },
  };
}

/** Custom resources keep the selector as text, built-ins as a LabelSelector. */
function selectorText(selector: unknown): string {
  if (typeof selector === 'string') return selector;
  if (!isObject(selector)) return '';
  const labels = Object.entries(isObject(selector['matchLabels']) ? selector['matchLabels'] : {});
  const expressions = Array.isArray(selector['matchExpressions'])
    ? selector['matchExpressions'].filter(isObject).map(expressionText)
    : [];
  return [...labels.map(([key, value]) => `${key}=${String(value)}`), ...expressions].join(',');
}

function expressionText({ key, operator, values }: JsonObject): string {
  const list = Array.isArray(values) ? `(${values.join(',')})` : '';
  switch (operator) {
    case 'In':
      return `${String(key)} in ${list}`;
    case 'NotIn':
      return `${String(key)} notin ${list}`;
    case 'DoesNotExist':
      return `!${String(key)}`;
    default:
      return String(key);
  }
}

function scalePaths({ resource, version }: NamedTarget): ScalePaths {
  const paths = subresourcesOf(resource, version).scale;
  if (paths === undefined) throw pathNotFound();
  return paths;
}

/** Scale paths name fields only: `.spec.replicas`. */
function fieldsOf(path: string): string[] {
  return path.split('.').filter((part) => part !== '');
}

function setField(object: AnyObject, path: readonly string[], value: unknown): void {
  let at: JsonObject = object;
  for (const name of path.slice(0, -1)) {
    const next = at[name];
    const inner: JsonObject = isObject(next) ? next : {};
    at[name] = inner;
    at = inner;
  }
  const last = path.at(-1);
  if (last !== undefined) at[last] = value;
}
