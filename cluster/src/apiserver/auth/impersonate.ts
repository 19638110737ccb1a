import { forbidden, internal } from '../ApiError.ts';
import { type Attributes, type Authorize, denialText } from './Authorize.ts';
import { serviceAccountGroups } from './ServiceAccountTokens.ts';
import {
  anonymous,
  authenticatedGroup,
  inGroup,
  unauthenticatedGroup,
  type UserInfo,
} from './UserInfo.ts';

type Headers = Readonly<Record<string, string | string[] | undefined>>;
type ResourceAttributes = Extract<Attributes, { kind: 'resource' }>;

const extraPrefix = 'impersonate-extra-';

/**
 * The user that a request is to be answered for: who sends it, or whom its `Impersonate-…` headers
 * name, when the sender may `impersonate` each part of it (Kubernetes:
 * staging/src/k8s.io/apiserver/pkg/endpoints/filters/impersonation.go, v1.33).
 */
export async function impersonate(
  user: UserInfo,
  headers: Headers,
  authorize: Authorize,
): Promise<UserInfo> {
  const username = valuesOf(headers, 'impersonate-user')[0] ?? '';
  const groups = valuesOf(headers, 'impersonate-group');
  const uid = valuesOf(headers, 'impersonate-uid')[0] ?? '';
  const extra = extraOf(headers);
  if (username === '') {
    if (groups.length + uid.length + Object.keys(extra).length === 0) return user;
    throw internal('requested groups, uid or extra without impersonating a user');
  }
  const account = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(username);
  const wanted: ResourceAttributes[] = [
    account === null
      ? right('', 'users', username)
      : { ...right('', 'serviceaccounts', account[2] ?? ''), namespace: account[1] ?? '' },
    ...groups.map((group) => right('', 'groups', group)),
    ...(uid === '' ? [] : [right('authentication.k8s.io', 'uids', uid)]),
    ...Object.entries(extra).flatMap(([key, values]) =>
      values.map((value) => right('authentication.k8s.io', 'userextras', value, key)),
    ),
  ];
  for (const attributes of wanted) {
    const decision = await authorize(user, attributes);
    if (decision.allowed) continue;
    const { group, resource, name } = attributes;
    const why = denialText(user, attributes, decision.reason);
    throw forbidden({ group, plural: resource }, name, why);
  }
  const inherited =
    account !== null && groups.length === 0 ? serviceAccountGroups(account[1] ?? '') : groups;
  const isAnonymous = username === anonymous.username || groups.includes(unauthenticatedGroup);
  return inGroup(
    {
      username,
      ...(uid !== '' && { uid }),
      groups: inherited,
      ...(Object.keys(extra).length > 0 && { extra }),
    },
    isAnonymous ? unauthenticatedGroup : authenticatedGroup,
  );
}

function right(group: string, resource: string, name: string, subresource = '') {
  const where = { namespace: '', version: 'v1' };
  return {
    kind: 'resource',
    verb: 'impersonate',
    group,
    resource,
    subresource,
    name,
    ...where,
  } as const;
}

function extraOf(headers: Headers): Record<string, string[]> {
  const extra: Record<string, string[]> = {};
  for (const header of Object.keys(headers)) {
    if (!header.startsWith(extraPrefix)) continue;
    extra[unescape(header.slice(extraPrefix.length))] = valuesOf(headers, header);
  }
  return extra;
}

/** Keys may be percent-encoded, because header names hold few characters. */
function unescape(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch {
    return key;
  }
}

/** Node joins repeated headers with a comma. */
function valuesOf(headers: Headers, name: string): string[] {
  const value = headers[name];
  if (value === undefined) return [];
  return (Array.isArray(value) ? value : value.split(', ')).filter((one) => one !== '');
}
