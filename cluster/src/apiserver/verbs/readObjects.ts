import { badRequest, expired, notFound, timeout } from '../ApiError.ts';
import {
  present,
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

export function getObject(context: ApiContext, target: NamedTarget): Presented {
  const stored = storedAt(context, target);
  if (stored === undefined) throw notFound(target.resource, target.name);
  return present(target, stored);
}

/** Lists objects, all of them or page by page; all pages show the state of the first one. */
export function listObjects(context: ApiContext, target: Target, options: ReadOptions): ObjectList {
  const page = options.continue
    ? resume(context, target, options.continue)
    : begin(context, target, options);
  const matches = selectorMatcher(target.resource, options);
  const limit = options.limit !== undefined && options.limit > 0 ? options.limit : Infinity;
  const items: Presented[] = [];
  let at = page.start;
  for (; at < page.items.length && items.length < limit; at += 1) {
    const stored = page.items[at];
    if (stored !== undefined && (matches?.(stored.object) ?? true)) {
      items.push(present(target, stored));
    }
  }
  const list = { resourceVersion: String(page.revision), items };
  const last = page.items[at - 1];
  if (at >= page.items.length || last === undefined) return list;
  context.snapshots.put(snapshotKey(target, page.revision), page.items);
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

function begin(context: ApiContext, target: Target, options: ReadOptions): Page {
  const { revision } = context.store;
  requireRevision(options, revision);
  const items = context.store.list(storeKey(target.resource), target.namespace);
  return { items, start: 0, revision };
}

/** Only the present can be read, so that an exact older revision has expired. */
function requireRevision(options: ReadOptions, current: number): void {
  const wanted = options.resourceVersion;
  if (wanted === undefined || wanted === '' || wanted === '0') return;
  const revision = Number(wanted);
  if (!Number.isInteger(revision) || revision < 0) {
    throw badRequest(`Invalid value: ${JSON.stringify(wanted)}: resourceVersion must be a number`);
  }
  if (revision > current) {
    throw timeout(`Too large resource version: ${revision}, current: ${current}`);
  }
  if (options.resourceVersionMatch === 'Exact' && revision < current) {
    throw expired(`The resourceVersion for the provided list is too old: ${revision}.`);
  }
}

function resume(context: ApiContext, target: Target, token: string): Page {
  const { revision, after } = decodeToken(token);
  const items = context.snapshots.get(snapshotKey(target, revision));
  if (items === undefined) {
    throw expired(
      'The provided continue parameter is too old to display a consistent list result. You must start a new list without the continue parameter.',
    );
  }
  const index = items.findIndex((stored) => stored.key > after);
  return { items, start: index < 0 ? items.length : index, revision };
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
