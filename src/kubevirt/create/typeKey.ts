import type { TypeRef } from '~/kubevirt/create/vmDraft';

/** `Kind/name`, the value of a field: within a project it tells instance types or preferences apart. */
export function typeKey({ kind, name }: TypeRef): string {
  return `${kind}/${name}`;
}

export function parseTypeKey(key: string): TypeRef {
  const [kind = '', name = ''] = key.split('/');
  return { kind, name };
}
