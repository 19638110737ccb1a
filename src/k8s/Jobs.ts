import { type Failure, toFailure } from '~/k8s/errors';

export type JobState = 'waiting' | 'running' | 'succeeded' | 'failed' | 'cancelled';

/** An object that a request has made, in the namespace of what it was made for. */
export interface MadeObject {
  kind: string;
  name: string;
}

/** Does what a job is for, to one object; says by `tell` what it has made that goes on by itself. */
export type JobRun = (tell: (made: MadeObject) => void) => Promise<void>;

/** One object of a job and what came of it. */
export interface JobItem {
  key: string;
  namespace: string;
  name: string;
  /** It is an instance without a VM. */
  isInstance?: true;
  state: JobState;
  failure: Failure | undefined;
  /** What the cluster goes on with. */
  made?: MadeObject;
}

/** Something that is done to one object or to many. Never changed: each change is a new object. */
export interface Job {
  id: number;
  /** What is done, in the user's language: `Stop`. */
  title: string;
  /** Milliseconds since 1970. */
  startedAt: number;
  endedAt: number | undefined;
  items: readonly JobItem[];
  /** The same for a terminal, a line an object. */
  command: string;
}

export interface NewJob {
  title: string;
  command: string;
  items: readonly (Pick<JobItem, 'namespace' | 'name' | 'isInstance'> & {
    run: JobRun;
  })[];
}

/** As many requests at a time as a browser sends to one host over HTTP/1.1, less two for others. */
const CONCURRENCY = 4;

/** Older ones are forgotten; what runs never is. */
const KEPT = 50;

/** A job under way: its items are changed in place, and copied for those who look. */
interface Work {
  job: Omit<Job, 'items' | 'endedAt'>;
  items: JobItem[];
  runs: readonly JobRun[];
  /** None before it waits. */
  next: number;
  /** How many wait or run. */
  open: number;
  endedAt: number | undefined;
  /** As it was last shown; undefined when it has changed since. */
  shown: Job | undefined;
}

/**
 * Runs requests for many objects, a few at a time, and remembers what came of each. It belongs to
 * the page's module and not to a component: navigation ends nothing.
 */
export class Jobs {
  /** Newest first. */
  #works: readonly Work[] = [];
  #shown: readonly Job[] | undefined = [];
  #nextId = 1;
  #isTold = true;
  readonly #listeners = new Set<() => void>();

  /** `soon` runs what tells the listeners: a job of thousands changes far more often than it is drawn. */
  constructor(
    private readonly now: () => number,
    private readonly soon: (tell: () => void) => void = (tell) => tell(),
  ) {}

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  };

  /** Newest first; the same array until something changes. */
  getSnapshot = (): readonly Job[] => (this.#shown ??= this.#works.map(shownOf));

  /** Begins a job. Resolves with it when all of its objects are done with; never rejects. */
  async start({ title, command, items }: NewJob): Promise<Job> {
    const id = this.#nextId;
    this.#nextId += 1;
    const work: Work = {
      job: { id, title, command, startedAt: this.now() },
      items: items.map(({ namespace, name, isInstance }) => ({
        key: `${namespace}/${name}`,
        namespace,
        name,
        ...(isInstance && { isInstance }),
        state: 'waiting',
        failure: undefined,
      })),
      runs: items.map(({ run }) => run),
      ...{ next: 0, open: items.length, endedAt: undefined, shown: undefined },
    };
    this.#works = [work, ...this.#works].filter(
      ({ endedAt }, index) => index < KEPT || endedAt === undefined,
    );
    this.#changed(work);
    await this.#work(work);
    return shownOf(work);
  }

  /** Does again what failed. */
  async retry(id: number): Promise<void> {
    const work = this.#find(id);
    if (!work) return;
    work.items.forEach(({ state }, index) => {
      if (state === 'failed') this.#set(work, index, { state: 'waiting', failure: undefined });
    });
    work.next = 0;
    await this.#work(work);
  }

  /** What has not begun is left; requests under way cannot be called back. */
  cancel(id: number): void {
    const work = this.#find(id);
    work?.items.forEach(({ state }, index) => {
      if (state === 'waiting') this.#set(work, index, { state: 'cancelled' });
    });
  }

  #find(id: number): Work | undefined {
    return this.#works.find(({ job }) => job.id === id);
  }

  async #work(work: Work): Promise<void> {
    const worker = async (): Promise<void> => {
      for (;;) {
        const index = nextWaiting(work);
        const run = work.runs[index];
        if (run === undefined) return;
        this.#set(work, index, { state: 'running' });
        try {
          await run((made) => this.#set(work, index, { made }));
          this.#set(work, index, { state: 'succeeded' });
        } catch (error) {
          this.#set(work, index, { state: 'failed', failure: toFailure(error) });
        }
      }
    };
    await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  }

  #set(work: Work, index: number, change: Partial<JobItem>): void {
    const before = work.items[index];
    if (before === undefined) return;
    const after = { ...before, ...change };
    work.items[index] = after;
    work.open += Number(isOpen(after)) - Number(isOpen(before));
    work.endedAt = work.open === 0 ? this.now() : undefined;
    this.#changed(work);
  }

  #changed(work: Work): void {
    work.shown = undefined;
    this.#shown = undefined;
    if (!this.#isTold) return;
    this.#isTold = false;
    this.soon(() => {
      this.#isTold = true;
      for (const listener of [...this.#listeners]) listener();
    });
  }
}

const isOpen = ({ state }: JobItem) => state === 'waiting' || state === 'running';

function shownOf(work: Work): Job {
  const { job, items, endedAt } = work;
  return (work.shown ??= { ...job, items: [...items], endedAt });
}

/** The place of the first item that waits; behind the last when none does. */
function nextWaiting(work: Work): number {
  while (work.next < work.items.length && work.items[work.next]?.state !== 'waiting') work.next++;
  return work.next;
}
