import { createPrivateKey, type KeyObject } from 'node:crypto';

import { signJwt, verifyJwt } from '../../apiserver/auth/jwt.ts';
import type { Clock } from '../../client/Clock.ts';
import type { ObjectKey } from '../../client/KubeClient.ts';

/** As CDI's tokens (pkg/apiserver, pkg/token, c07cdb6). */
const lifetimeSeconds = 5 * 60;
const issuer = 'cdi-apiserver';
const operation = 'Upload';

/** Signs tokens with which a claim may be filled by an upload, and knows them again. */
export class UploadTokens {
  readonly #key: KeyObject;
  readonly #clock: Clock;

  /** `key` is PEM; whoever has the same one knows the same tokens, so that they outlast the program. */
  constructor(key: string, clock: Clock) {
    this.#key = createPrivateKey(key);
    this.#clock = clock;
  }

  issue({ namespace = '', name }: ObjectKey): string {
    const iat = this.#now();
    const times = { iat, nbf: iat, exp: iat + lifetimeSeconds };
    const resource = { group: '', version: 'v1', resource: 'persistentvolumeclaims' };
    const claims = { iss: issuer, ...times, operation, namespace, name, resource };
    return signJwt(claims, this.#key);
  }

  /** The claim that a token is for; undefined when it is none or too old. */
  claimOf(token: string): ObjectKey | undefined {
    const claims = verifyJwt(token, this.#key);
    if (claims?.['iss'] !== issuer || claims['operation'] !== operation) return undefined;
    const { exp, namespace, name } = claims;
    if (typeof exp !== 'number' || exp <= this.#now()) return undefined;
    if (typeof namespace !== 'string' || typeof name !== 'string') return undefined;
    return { namespace, name };
  }

  #now(): number {
    return Math.floor(this.#clock.now() / 1000);
  }
}
