import type { UserInfo } from '../../apiserver/auth/UserInfo.ts';
import { systemUser } from '../../apiserver/auth/UserInfo.ts';
import { names } from '../resources.ts';

/** Is the request made by one of KubeVirt's own parts? */
export const isControlPlane = ({ user }: { user: UserInfo }) =>
  user.username === systemUser.username || user.username.startsWith(names.serviceAccountPrefix);
