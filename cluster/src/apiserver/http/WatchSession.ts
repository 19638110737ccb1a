import type { ApiContext, Presented, Target } from '../ApiContext.ts';
import { ApiError, internal } from '../ApiError.ts';
import { apiVersionOf } from '../ResourceDefinition.ts';
import { isTrue } from './requestOptions.ts';
import { EventDelivery } from '../verbs/EventDelivery.ts';
import { type ObjectEvent, watchObjects } from '../verbs/watchObjects.ts';
import { objectText, type Representation } from './representation.ts';

/** Where the frames of a watch go. */
export interface WatchSink {
  /** Writes one frame of text (UTF-8 when it is bytes); false asks to wait for `resume` on the session. */
  write(frame: string | Buffer): boolean;
  /** Ends the stream in good order. */
  end(): void;
  /** Cuts the connection of a reader that does not keep up. */
  abort(): void;
}

const bookmarkEveryMs = 30_000;
/** A reader that is this far behind is dropped; it can resume from what it has seen. */
const maxWaitingCharacters = 16 * 1024 * 1024;
const longestWatchSeconds = 3600;

/**
 * One watch of one client: the events so far, then those to come, bookmarks in between, an end after
 * `timeoutSeconds`. Frames wait here, not in the socket, when the reader is slow.
 */
export class WatchSession {
  private waiting: (string | Buffer)[] = [];
  private position = 0;
  private paused = false;
  private ended = false;
  private finishing = false;
  private first = true;
  private stopListening: (() => void) | undefined;
  private readonly timers: NodeJS.Timeout[] = [];
  private waitingCharacters = 0;
  /** Frames of the initial state do not count as being behind. */
  private allowance = maxWaitingCharacters;

  constructor(
    private readonly context: ApiContext,
    private readonly target: Target,
    private readonly query: URLSearchParams,
    private readonly form: Representation,
    private readonly sink: WatchSink,
  ) {}

  start(): void {
    try {
      this.open();
    } catch (error) {
      this.fail(error);
    }
    this.pump();
  }

  /** The sink can take more. */
  resume(): void {
    this.paused = false;
    this.pump();
  }

  /** The client has gone. */
  close(): void {
    this.ended = true;
    this.waiting = [];
    this.stopListening?.();
    for (const timer of this.timers) clearTimeout(timer);
  }

  private open(): void {
    const { query } = this;
    const bookmarks = isTrue(query.get('allowWatchBookmarks'));
    const initialEvents = query.get('sendInitialEvents');
    const given = query.get('resourceVersion') ?? '';
    const isNow = initialEvents === 'false' && (given === '' || given === '0');
    const { revision } = this.context.store;
    const watch = watchObjects(this.context, this.target, {
      labelSelector: query.get('labelSelector') ?? undefined,
      fieldSelector: query.get('fieldSelector') ?? undefined,
      resourceVersion: initialEvents === 'true' ? '' : isNow ? String(revision) : given,
    });
    const delivery = new EventDelivery(
      this.target,
      (event) => {
        if (this.form === 'json') this.send(sharedFrame(event));
        else this.sendObject(event.type, event.object);
      },
      (failure) => {
        this.fail(failure);
        this.pump();
      },
    );
    const sendBookmark = (initialEventsEnd: boolean) => {
      const upTo = this.context.store.revision;
      delivery.after(() => {
        this.sendBookmark(upTo, initialEventsEnd);
        this.pump();
      });
    };
    this.allowance = Infinity;
    delivery.push(watch.initial);
    delivery.after(() => {
      this.allowance = this.waitingCharacters + maxWaitingCharacters;
      this.pump();
    });
    if (bookmarks) sendBookmark(initialEvents === 'true');
    this.stopListening = watch.listen(
      (event) => {
        delivery.push([event]);
        delivery.after(() => {
          this.pump();
        });
      },
      () => {
        delivery.after(() => {
          this.finish();
          this.pump();
        });
      },
    );
    if (bookmarks) {
      const timer = setInterval(() => {
        sendBookmark(false);
      }, bookmarkEveryMs);
      this.timers.push(timer.unref());
    }
    const seconds = Number(query.get('timeoutSeconds') ?? '0');
    const lifetime = seconds > 0 ? Math.min(seconds, longestWatchSeconds) : longestWatchSeconds;
    const timer = setTimeout(() => {
      this.finish();
      this.pump();
    }, lifetime * 1000);
    this.timers.push(timer.unref());
  }

  private sendObject(type: string, shown: Presented): void {
    // Only the first table of a watch names its columns.
    const text = objectText(this.context, this.target, shown, this.form, this.query, this.first);
    this.first = false;
    this.send(`{"type":"${type}","object":${text}}\n`);
  }

  private sendBookmark(revision: number, initialEventsEnd: boolean): void {
    const { resource, version } = this.target;
    const annotations = initialEventsEnd ? { 'k8s.io/initial-events-end': 'true' } : undefined;
    const object = {
      kind: resource.kind,
      apiVersion: apiVersionOf(resource.group, version),
      metadata: {
        resourceVersion: String(revision),
        creationTimestamp: null,
        ...(annotations === undefined ? {} : { annotations }),
      },
    };
    const table = {
      kind: 'Table',
      apiVersion: 'meta.k8s.io/v1',
      metadata: object.metadata,
      columnDefinitions: [],
      rows: [],
    };
    const shown = this.form === 'table' ? table : object;
    this.send(`${JSON.stringify({ type: 'BOOKMARK', object: shown })}\n`);
  }

  private send(frame: string | Buffer): void {
    if (this.ended || this.finishing) return;
    this.waiting.push(frame);
    this.waitingCharacters += frame.length;
    if (this.waitingCharacters > this.allowance) {
      this.close();
      this.sink.abort();
    }
  }

  private fail(error: unknown): void {
    const failure = error instanceof ApiError ? error : internal(String(error));
    this.send(`{"type":"ERROR","object":${JSON.stringify(failure.status)}}\n`);
    this.finish();
  }

  private finish(): void {
    this.stopListening?.();
    this.finishing = true;
  }

  private pump(): void {
    while (!this.paused && !this.ended && this.position < this.waiting.length) {
      const frame = this.waiting[this.position];
      this.position += 1;
      if (frame === undefined) continue;
      this.waitingCharacters -= frame.length;
      if (!this.sink.write(frame)) this.paused = true;
    }
    if (this.position === this.waiting.length) {
      this.waiting = [];
      this.position = 0;
      this.allowance = maxWaitingCharacters;
      if (this.finishing && !this.ended) {
        this.close();
        this.sink.end();
      }
    }
  }
}

let latest: { event: Pick<ObjectEvent, 'type' | 'object'>; frame: Buffer } | undefined;

/** An event comes to all of its watches in one turn: its frame is made once for them. */
function sharedFrame({ type, object }: ObjectEvent): Buffer {
  if (latest?.event.object === object && latest.event.type === type) return latest.frame;
  const frame = Buffer.from(`{"type":"${type}","object":${object.json}}\n`);
  latest = { event: { type, object }, frame };
  return frame;
}
