/** The exact right that is asked for; see SelfSubjectAccessReview resourceAttributes. */
export type AccessQuery = {
  verb: 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete';
  group: string;
  /** Plural. */
  resource: string;
  subresource?: string | undefined;
  namespace?: string | undefined;
  name?: string | undefined;
};

export type Access = { allowed: boolean; loading: boolean; reason?: string };

/** What a review says; `reason` is the authorizer's own words, often none. */
export type AccessAnswer = { allowed: boolean; reason: string | undefined };

/** Rights change rarely, and the server has the last word anyway. */
const keptFor = 120_000;

const pending: Access = { allowed: false, loading: true };

/**
 * Remembers reviews and asks each question once at a time. Where no answer is had the action is
 * offered: the server decides when it is tried, and says why.
 */
export class AccessReviews {
  readonly #known = new Map<string, { access: Access; askedAt: number }>();
  readonly #listeners = new Set<() => void>();
  #version = 0;

  constructor(
    private readonly review: (query: AccessQuery) => Promise<AccessAnswer>,
    private readonly now: () => number,
  ) {}

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  };

  /** Another number after each answer. */
  getVersion = (): number => this.#version;

  /** The present knowledge, by identity stable until it changes. */
  get(query: AccessQuery): Access {
    return this.#known.get(keyOf(query))?.access ?? pending;
  }

  /** Asks, unless the answer is known and fresh or on its way. */
  ask(query: AccessQuery): void {
    const key = keyOf(query);
    const known = this.#known.get(key);
    if (known !== undefined && this.now() - known.askedAt < keptFor) return;
    this.#known.set(key, { access: known?.access ?? pending, askedAt: this.now() });
    this.review(query).then(
      ({ allowed, reason }) => {
        this.#learn(key, { allowed, loading: false, ...(reason !== undefined && { reason }) });
      },
      () => {
        this.#learn(key, { allowed: true, loading: false });
      },
    );
  }

  #learn(key: string, access: Access): void {
    this.#known.set(key, { access, askedAt: this.now() });
    this.#version += 1;
    [...this.#listeners].forEach((listener) => {
      listener();
    });
  }
}

function keyOf(query: AccessQuery): string {
  const { verb, group, resource, subresource = '', namespace = '', name = '' } = query;
  return [verb, group, resource, subresource, namespace, name].join('|');
}
