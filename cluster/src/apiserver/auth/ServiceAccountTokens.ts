import { createPrivateKey, createPublicKey, type KeyObject, randomUUID } from 'node:crypto';
import { isObject, type JsonObject } from '../json.ts';
import type { ObjectStore } from '../storage/ObjectStore.ts';
import type { StoredObject } from '../storage/StoredObject.ts';
import { type JsonWebKey, publicJwk, signJwt, verifyJwt } from './jwt.ts';
import type { UserInfo } from './UserInfo.ts';

/** The `iss` of tokens from TokenRequest, and the audience of those that ask for none. */
export const issuer = 'https://kubernetes.default.svc.cluster.local';
const legacyIssuer = 'kubernetes/serviceaccount';
const legacyClaim = 'kubernetes.io/serviceaccount/';
const extraPrefix = 'authentication.kubernetes.io/';

/** An object whose end ends the token, too. */
export interface BoundObject {
  readonly kind: 'Pod' | 'Secret' | 'Node';
  readonly name: string;
  readonly uid: string;
}

export interface TokenWish {
  readonly namespace: string;
  readonly account: { readonly name: string; readonly uid: string };
  readonly audiences: readonly string[];
  readonly expirationSeconds: number;
  readonly bound?: BoundObject | undefined;
}

export interface Authenticated {
  readonly user: UserInfo;
  /** Those of the audiences asked about that the token is for. */
  readonly audiences: readonly string[];
}

const resourceOf = { Pod: 'pods', Secret: 'secrets', Node: 'nodes' } as const;

/**
 * Makes and reads the tokens of service accounts (Kubernetes: pkg/serviceaccount, v1.33). A token is
 * good while its account and what it is bound to exist, each with the uid that the token names.
 */
export class ServiceAccountTokens {
  private readonly publicKey: KeyObject;
  private readonly privateKey: KeyObject;

  /** `key` is PEM of an EC key on P-256. */
  constructor(
    key: string,
    private readonly store: ObjectStore,
    private readonly now: () => Date,
  ) {
    this.privateKey = createPrivateKey(key);
    this.publicKey = createPublicKey(this.privateKey);
  }

  get keys(): readonly JsonWebKey[] {
    return [publicJwk(this.privateKey)];
  }

  issue({ namespace, account, audiences, expirationSeconds, bound }: TokenWish): {
    token: string;
    expiry: Date;
  } {
    const now = this.seconds();
    const exp = now + expirationSeconds;
    const claims = {
      aud: audiences,
      exp,
      iat: now,
      nbf: now,
      iss: issuer,
      jti: randomUUID(),
      sub: username(namespace, account.name),
      'kubernetes.io': {
        namespace,
        serviceaccount: { name: account.name, uid: account.uid },
        ...(bound && { [bound.kind.toLowerCase()]: { name: bound.name, uid: bound.uid } }),
      },
    };
    return { token: signJwt(claims, this.privateKey), expiry: new Date(exp * 1000) };
  }

  /** The token of a Secret of type service-account-token, which lasts as long as the Secret. */
  issueForSecret(namespace: string, account: { name: string; uid: string }, secret: string) {
    return signJwt(
      {
        iss: legacyIssuer,
        sub: username(namespace, account.name),
        [`${legacyClaim}namespace`]: namespace,
        [`${legacyClaim}secret.name`]: secret,
        [`${legacyClaim}service-account.name`]: account.name,
        [`${legacyClaim}service-account.uid`]: account.uid,
      },
      this.privateKey,
    );
  }

  /** Undefined when the token is not ours, too old, for others, or bound to something that is gone. */
  authenticate(token: string, audiences: readonly string[]): Authenticated | undefined {
    const claims = verifyJwt(token, this.publicKey);
    if (claims?.['iss'] === legacyIssuer) return this.legacy(token, claims, audiences);
    const content = claims?.['kubernetes.io'];
    if (claims?.['iss'] !== issuer || !isObject(content)) return undefined;
    const now = this.seconds();
    if (now >= Number(claims['exp']) || now < Number(claims['nbf'])) return undefined;
    const given = Array.isArray(claims['aud']) ? claims['aud'] : [];
    const common = audiences.filter((audience) => given.includes(audience));
    const namespace = text(content['namespace']);
    const account = isObject(content['serviceaccount']) ? content['serviceaccount'] : {};
    if (common.length === 0) return undefined;
    if (!this.lives('serviceaccounts', namespace, account)) return undefined;
    const extra: Record<string, string[]> = {
      [`${extraPrefix}credential-id`]: [`JTI=${text(claims['jti'])}`],
    };
    for (const [kind, resource] of Object.entries(resourceOf)) {
      const bound = content[kind.toLowerCase()];
      if (!isObject(bound)) continue;
      if (!this.lives(resource, kind === 'Node' ? '' : namespace, bound)) return undefined;
      if (kind === 'Secret') continue;
      extra[`${extraPrefix}${kind.toLowerCase()}-name`] = [text(bound['name'])];
      extra[`${extraPrefix}${kind.toLowerCase()}-uid`] = [text(bound['uid'])];
    }
    return { user: { ...userOf(namespace, account), extra }, audiences: common };
  }

  private legacy(
    token: string,
    claims: JsonObject,
    audiences: readonly string[],
  ): Authenticated | undefined {
    // These name no audience: they are for the API server alone.
    if (!audiences.includes(issuer)) return undefined;
    const claim = (name: string) => text(claims[legacyClaim + name]);
    const namespace = claim('namespace');
    const account = { name: claim('service-account.name'), uid: claim('service-account.uid') };
    if (!this.lives('serviceaccounts', namespace, account)) return undefined;
    const data = this.store.get('secrets', namespace, claim('secret.name'))?.object['data'];
    const kept = isObject(data) ? text(data['token']) : '';
    if (Buffer.from(kept, 'base64').toString() !== token) return undefined;
    return { user: userOf(namespace, account), audiences: [issuer] };
  }

  /** Is there an object of that name and uid whose deletion is not over for a minute? */
  private lives(resource: string, namespace: string, named: JsonObject): boolean {
    const found: StoredObject | undefined = this.store.get(
      resource,
      namespace,
      text(named['name']),
    );
    if (found === undefined || found.object.metadata.uid !== named['uid']) return false;
    const { deletionTimestamp } = found.object.metadata;
    return (
      deletionTimestamp === undefined ||
      this.now().getTime() < Date.parse(deletionTimestamp) + 60_000
    );
  }

  private seconds(): number {
    return Math.floor(this.now().getTime() / 1000);
  }
}

const username = (namespace: string, name: string) => `system:serviceaccount:${namespace}:${name}`;

/** The groups of a service account; it is authenticated besides. */
export function serviceAccountGroups(namespace: string): string[] {
  return ['system:serviceaccounts', `system:serviceaccounts:${namespace}`];
}

function userOf(namespace: string, account: JsonObject): UserInfo {
  return {
    username: username(namespace, text(account['name'])),
    uid: text(account['uid']),
    groups: serviceAccountGroups(namespace),
  };
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
