import { badRequest, expired, type ApiError } from '../ApiError.ts';
import { presentDraft, type ApiContext, type Presented, type Target } from '../ApiContext.ts';
import { storeKey } from '../Registry.ts';
import { selectorMatcher, type Matcher } from '../selectors.ts';
import type { Change } from '../storage/WatchLog.ts';

export interface WatchSelection {
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
  /** Changes after this revision; undefined, '' and '0' begin with the present state as ADDED. */
  readonly resourceVersion?: string | undefined;
}

/** A change of one object, in the version in which it is stored: an EventDelivery converts it. */
export interface ObjectEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: Presented;
}

export interface ObjectWatch {
  /** What is to be sent first, in order. */
  readonly initial: readonly ObjectEvent[];
  /** The revision up to which `initial` tells. */
  readonly revision: number;
  /** Begins to hand over later changes, synchronously with the writes; returns what ends it. */
  listen(
    onEvent: (event: ObjectEvent) => void,
    /** The server ends the watch, because the resource changed or went. */
    onEnd: () => void,
  ): () => void;
}

/** Opens a watch. `listen` must be called in the same turn, else changes are lost in between. */
export function watchObjects(
  context: ApiContext,
  target: Target,
  selection: WatchSelection,
): ObjectWatch {
  const matches = selectorMatcher(target.resource, selection);
  const log = context.store.watchLog(storeKey(target.resource));
  const translate = (change: Change) => toEvent(target, change, matches);
  const wanted = selection.resourceVersion ?? '';
  let initial: ObjectEvent[];
  if (wanted === '' || wanted === '0') {
    initial = context.store
      .list(storeKey(target.resource), target.namespace)
      .filter(({ object }) => matches?.(object) ?? true)
      .map((stored) => ({ type: 'ADDED', object: stored }));
  } else {
    const revision = parseRevision(wanted);
    const changes = log.since(revision);
    if (changes === undefined) throw tooOld(revision, log.compactedRevision);
    initial = changes.map(translate).filter((event) => event !== undefined);
  }
  return {
    initial,
    revision: context.store.revision,
    listen: (onEvent, onEnd) =>
      log.listen(
        (change) => {
          const event = translate(change);
          if (event !== undefined) onEvent(event);
        },
        onEnd,
        target.namespace,
      ),
  };
}

function parseRevision(text: string): number {
  const revision = Number(text);
  if (Number.isInteger(revision) && revision > 0) return revision;
  throw badRequest(`Invalid value: ${JSON.stringify(text)}: resourceVersion must be a number`);
}

export function tooOld(revision: number, oldest: number): ApiError {
  return expired(`too old resource version: ${revision} (${oldest})`);
}

/**
 * | matched before | matches now | seen as  |
 * |----------------|-------------|----------|
 * | no             | no          | nothing  |
 * | no             | yes         | ADDED    |
 * | yes            | yes         | MODIFIED |
 * | yes            | no, or gone | DELETED  |
 */
function toEvent(
  target: Target,
  change: Change,
  matches: Matcher | undefined,
): ObjectEvent | undefined {
  const { current, previous } = change;
  if (target.namespace !== undefined && current.namespace !== target.namespace) return undefined;
  if (matches === undefined) return { type: change.type, object: current };
  const before = previous !== undefined && matches(previous.object);
  if (change.type !== 'DELETED' && matches(current.object)) {
    return { type: before ? 'MODIFIED' : 'ADDED', object: current };
  }
  if (!before) return undefined;
  const gone = change.type === 'DELETED';
  return { type: 'DELETED', object: gone ? current : asLeft(change) };
}

/** What leaves a selector is shown as it last was there, with the revision at which it left. */
function asLeft({ current, previous = current, revision }: Change): Presented {
  const { metadata } = previous.object;
  const object = {
    ...previous.object,
    metadata: { ...metadata, resourceVersion: String(revision) },
  };
  return presentDraft(object, previous.managedFields);
}
