import { badRequest, expired, expiredToken, notFound, tooLargeRevision } from '../ApiError.ts';
import {
  present,
  presentAll,
  storedAt,
  type ApiContext,
  type NamedTarget,
  type Presented,
  type Target,
} from '../ApiContext.ts';
import { isObject } from '../json.ts';
import { storeKey } from '../Registry.ts';
import { selectorMatcher } from '../selectors.ts';
import type { StoredObject } from '../storage/StoredObject.ts';
import { stateAt } from './stateAt.ts';

export interface ReadOptions {
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
  readonly limit?: number | undefined;
  readonly continue?: string | undefined;
  readonly resourceVersion?: string | undefined;
  readonly resourceVersionMatch?: string | undefined;
}

export interface ObjectList {
  readonly resourceVersion: string;
  readonly items: readonly Presented[];
  /** Present when more items follow. */
  readonly continue?: string;
  /** Only known when no selector is given. */
  readonly remainingItemCount?: number;
}

/** A resourceVersion asks for a state that is not older: that is always so, unless it lies in the future. */
export async function getObject(
  context: ApiContext,
  target: NamedTarget,
  resourceVersion?: string,
): Promise<Presented> {
  if (resourceVersion !== undefined) parseRevision(resourceVersion, context.store.revision);
  const stored = storedAt(context, target);
  if (stored === undefined) throw notFound(target.resource, target.name);
  return present(target, stored);
}

/** Lists objects, all of them or page by page; all pages show the state of the first one. */
export async function listObjects(
  context: ApiContext,
  target: Target,
  options: ReadOptions,
): Promise<ObjectList> {
  const page = options.continue
    ? resume(context, target, options.continue)
    : begin(context, target, options);
  const matches = selectorMatcher(target.resource, options);
  const limit = options.limit !== undefined && options.limit > 0 ? options.limit : Infinity;
  const found: StoredObject[] = [];
  let at = page.start;
  for (; at < page.items.length && found.length < limit; at += 1) {
    const stored = page.items[at];
    if (stored !== undefined && (matches?.(stored.object) ?? true)) found.push(stored);
  }
  const last = page.items[at - 1];
  const isWhole = at >= page.items.length || last === undefined;
  // Before anything waits: what is stored may change then.
  if (!isWhole) context.snapshots.put(snapshotKey(target, page.revision), page.items);
  const items = await presentAll(target, found);
  const list = { resourceVersion: String(page.revision), items };
  if (isWhole) return list;
  return {
    ...list,
    continue: encodeToken({ revision: page.revision, after: last.key }),
    ...(matches === undefined ? { remainingItemCount: page.items.length - at } : {}),
  };
}

interface Page {
  readonly items: readonly StoredObject[];
  readonly start: number;
  readonly revision: number;
}

/**
 * | resourceVersion | match        | shows                                   |
 * |-----------------|--------------|-----------------------------------------|
 * | none, 0         | any          | the present                             |
 * | N               | NotOlderThan | the present, unless N lies in the future |
 * | N               | none, whole  | the present, unless N lies in the future |
 * | N               | none, paged  | the state at N                          |
 * | N               | Exact        | the state at N                          |
 */
function begin(context: ApiContext, target: Target, options: ReadOptions): Page {
  const { revision } = context.store;
  const { resourceVersionMatch: match, limit = 0 } = options;
  const wanted = parseRevision(options.resourceVersion ?? '', revision);
  const isExact = match === 'Exact' || (!match && limit > 0);
  if (wanted === 0 || wanted === revision || !isExact) {
    const items = context.store.list(storeKey(target.resource), target.namespace);
    return { items, start: 0, revision };
  }
  const items = stateAt(context, target, wanted);
  if (items === undefined) throw expired('The resourceVersion for the provided list is too old.');
  return { items, start: 0, revision: wanted };
}

/** 0 for none. Throws 400 for what is no number, and 504 for a revision that is yet to come. */
function parseRevision(text: string, current: number): number {
  if (text === '') return 0;
  const revision = Number(text);
  if (!Number.isInteger(revision) || revision < 0) {
    throw badRequest(`Invalid value: ${JSON.stringify(text)}: resourceVersion must be a number`);
  }
  if (revision > current) throw tooLargeRevision(revision, current);
  return revision;
}

/** The `rv` of a token that goes on in the present (k8s.io/apiserver, storage/continue.go). */
const inPresent = -1;

function resume(context: ApiContext, target: Target, token: string): Page {
  const { revision, after } = decodeToken(token);
  const items =
    revision === inPresent
      ? context.store.list(storeKey(target.resource), target.namespace)
      : context.snapshots.get(snapshotKey(target, revision));
  if (items === undefined) throw expiredToken(encodeToken({ revision: inPresent, after }));
  const index = items.findIndex((stored) => stored.key > after);
  const start = index < 0 ? items.length : index;
  return { items, start, revision: revision === inPresent ? context.store.revision : revision };
}

function snapshotKey(target: Target, revision: number): string {
  return `${storeKey(target.resource)}\n${target.namespace ?? '*'}\n${revision}`;
}

interface Token {
  readonly revision: number;
  readonly after: string;
}

function encodeToken({ revision, after }: Token): string {
  const content = { v: 'meta.k8s.io/v1', rv: revision, start: after };
  return Buffer.from(JSON.stringify(content)).toString('base64url');
}

function decodeToken(token: string): Token {
  let content: unknown;
  try {
    content = JSON.parse(Buffer.from(token, 'base64url').toString());
  } catch (error) {
    throw badRequest(`continue key is not valid: ${String(error)}`);
  }
  if (
    !isObject(content) ||
    typeof content['rv'] !== 'number' ||
    typeof content['start'] !== 'string'
  ) {
    throw badRequest('continue key is not valid: it was not made by this server');
  }
  return { revision: content['rv'], after: content['start'] };
}
