/** Who sends a request, as in `authentication.k8s.io` UserInfo. */
export interface UserInfo {
  readonly username: string;
  readonly uid?: string;
  readonly groups: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

/** Looks up the user of a bearer token; undefined when the token is not known. */
export type Authenticate = (token: string) => UserInfo | undefined | Promise<UserInfo | undefined>;

export const authenticatedGroup = 'system:authenticated';
export const unauthenticatedGroup = 'system:unauthenticated';

/** Who sends neither a certificate nor a token. */
export const anonymous: UserInfo = {
  username: 'system:anonymous',
  groups: [unauthenticatedGroup],
};

/** The server's own identity: the in-process client's. */
export const systemUser: UserInfo = {
  username: 'system:apiserver',
  uid: '7e0bd4a2-58a5-4b9c-a9a9-0d1f0d8a9a11',
  groups: ['system:masters', authenticatedGroup],
};

/** The user with one group more, unless it is there. */
export function inGroup(user: UserInfo, group: string): UserInfo {
  return user.groups.includes(group) ? user : { ...user, groups: [...user.groups, group] };
}
