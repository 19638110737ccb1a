import { unauthorized } from '../ApiError.ts';
import type { Peer } from './clientCertificate.ts';
import { type Authenticated, issuer, type ServiceAccountTokens } from './ServiceAccountTokens.ts';
import {
  anonymous,
  authenticatedGroup,
  type Authenticate,
  inGroup,
  type UserInfo,
} from './UserInfo.ts';

/** Reads a bearer token for some audiences; undefined when it is good for none of them. */
export type AuthenticateToken = (
  token: string,
  audiences?: readonly string[],
) => Promise<Authenticated | undefined>;

/** Fixed tokens, which are for the API server itself, then those of service accounts. */
export function tokenAuthenticator(
  fixed: Authenticate,
  accounts: ServiceAccountTokens,
): AuthenticateToken {
  return async (token, audiences = [issuer]) => {
    const user = audiences.includes(issuer) ? await fixed(token) : undefined;
    const found = user ? { user, audiences: [issuer] } : accounts.authenticate(token, audiences);
    return found && { ...found, user: inGroup(found.user, authenticatedGroup) };
  };
}

/**
 * Who sends a request. A certificate comes before a token. Who shows nothing is `system:anonymous`;
 * who shows something that is not good is refused.
 */
export async function authenticateRequest(
  authenticate: AuthenticateToken,
  peer: Peer,
  token: string | undefined,
): Promise<UserInfo> {
  if (peer !== undefined && peer !== 'invalid') return inGroup(peer, authenticatedGroup);
  if (token === undefined && peer === undefined) return anonymous;
  const found = token === undefined ? undefined : await authenticate(token);
  if (found === undefined) throw unauthorized();
  return found.user;
}
