import type { UserInfo } from './UserInfo.ts';

/** What a request wants to do, as SubjectAccessReview names it. */
export type Attributes =
  | {
      readonly kind: 'resource';
      readonly verb: string;
      readonly group: string;
      readonly version: string;
      readonly resource: string;
      /** '' when the request is on the resource itself; `vnc/screenshot` is one subresource. */
      readonly subresource: string;
      /** '' for all namespaces or a cluster-wide resource. */
      readonly namespace: string;
      /** '' when no single object is named. */
      readonly name: string;
    }
  | { readonly kind: 'path'; readonly verb: string; readonly path: string };

export interface Decision {
  readonly allowed: boolean;
  readonly reason: string;
}

export type Authorize = (user: UserInfo, attributes: Attributes) => Decision | Promise<Decision>;

/** The text of a 403 as the API server words it, after `is forbidden: `. */
export function denialText(user: UserInfo, attributes: Attributes, reason: string): string {
  const because = reason === '' ? '' : `: ${reason}`;
  if (attributes.kind === 'path') {
    return `User "${user.username}" cannot ${attributes.verb} path "${attributes.path}"${because}`;
  }
  const resource =
    attributes.subresource === ''
      ? attributes.resource
      : `${attributes.resource}/${attributes.subresource}`;
  const where =
    attributes.namespace === ''
      ? ' at the cluster scope'
      : ` in the namespace "${attributes.namespace}"`;
  return `User "${user.username}" cannot ${attributes.verb} resource "${resource}" in API group "${attributes.group}"${where}${because}`;
}
