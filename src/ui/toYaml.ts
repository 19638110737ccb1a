import { stringify } from 'yaml';

/** A Kubernetes object. */
export interface ObjectToShow {
  apiVersion?: unknown;
  kind?: unknown;
  metadata?: object;
  status?: unknown;
}

/** An object in the order in which everybody writes it, whatever the order of its fields. */
function inOrder({ apiVersion, kind, metadata, status, ...rest }: ObjectToShow): object {
  return {
    ...(apiVersion !== undefined && { apiVersion }),
    ...(kind !== undefined && { kind }),
    ...(metadata && { metadata }),
    ...rest,
    ...(status !== undefined && { status }),
  };
}

/** YAML of an object as everybody writes it: fields in order, no folded lines, no references. */
export function toYaml(object: ObjectToShow): string {
  return stringify(inOrder(object), { lineWidth: 0, aliasDuplicateObjects: false });
}
