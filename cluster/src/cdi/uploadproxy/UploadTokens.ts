import { randomBytes } from 'node:crypto';

import type { Clock } from '../../client/Clock.ts';
import type { ObjectKey } from '../../client/KubeClient.ts';

/** As CDI's tokens (pkg/apiserver, c07cdb6). */
const lifetimeMs = 5 * 60 * 1000;

/** Tokens with which a claim may be filled by an upload; they end with the program. */
export class UploadTokens {
  readonly #claims = new Map<string, { claim: ObjectKey; expires: number }>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  issue(claim: ObjectKey): string {
    for (const [token, { expires }] of this.#claims) {
      if (expires <= this.#clock.now()) this.#claims.delete(token);
    }
    const token = randomBytes(32).toString('base64url');
    this.#claims.set(token, { claim, expires: this.#clock.now() + lifetimeMs });
    return token;
  }

  /** The claim that a token is for; undefined when it is none or too old. */
  claimOf(token: string): ObjectKey | undefined {
    const entry = this.#claims.get(token);
    return entry && entry.expires > this.#clock.now() ? entry.claim : undefined;
  }
}
