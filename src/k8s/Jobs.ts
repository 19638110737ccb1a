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

/**
 * Runs requests for many objects, a few at a time, and remembers what came of each. It belongs to
 * the page's module and not to a component: navigation ends nothing.
 */
export class Jobs {
  #jobs: readonly Job[] = [];
  #nextId = 1;
  readonly #runs = new Map<number, readonly JobRun[]>();
  readonly #listeners = new Set<() => void>();

  constructor(private readonly now: () => number) {}

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  };

  /** Newest first; the same array until something changes. */
  getSnapshot = (): readonly Job[] => this.#jobs;

  /** Begins a job. Resolves with it when all of its objects are done with; never rejects. */
  async start({ title, command, items }: NewJob): Promise<Job> {
    const id = this.#nextId;
    this.#nextId += 1;
    this.#runs.set(
      id,
      items.map(({ run }) => run),
    );
    const job: Job = {
      id,
      title,
      command,
      startedAt: this.now(),
      endedAt: undefined,
      items: items.map(({ namespace, name, isInstance }) => ({
        key: `${namespace}/${name}`,
        namespace,
        name,
        ...(isInstance && { isInstance }),
        state: 'waiting',
        failure: undefined,
      })),
    };
    this.#publish([job, ...this.#jobs]);
    await this.#work(id);
    return this.#find(id) ?? job;
  }

  /** Does again what failed. */
  async retry(id: number): Promise<void> {
    this.#change(id, (item) =>
      item.state === 'failed' ? { ...item, state: 'waiting', failure: undefined } : item,
    );
    await this.#work(id);
  }

  /** What has not begun is left; requests under way cannot be called back. */
  cancel(id: number): void {
    this.#change(id, (item) => (item.state === 'waiting' ? { ...item, state: 'cancelled' } : item));
  }

  #find(id: number): Job | undefined {
    return this.#jobs.find((job) => job.id === id);
  }

  async #work(id: number): Promise<void> {
    const worker = async (): Promise<void> => {
      for (;;) {
        const index = this.#find(id)?.items.findIndex(({ state }) => state === 'waiting') ?? -1;
        const run = this.#runs.get(id)?.[index];
        if (run === undefined) return;
        this.#set(id, index, 'running', undefined);
        try {
          await run((made) =>
            this.#change(id, (item, at) => (at === index ? { ...item, made } : item)),
          );
          this.#set(id, index, 'succeeded', undefined);
        } catch (error) {
          this.#set(id, index, 'failed', toFailure(error));
        }
      }
    };
    await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  }

  #set(id: number, index: number, state: JobState, failure: Failure | undefined): void {
    this.#change(id, (item, at) => (at === index ? { ...item, state, failure } : item));
  }

  #change(id: number, change: (item: JobItem, index: number) => JobItem): void {
    this.#publish(
      this.#jobs.map((job) => {
        if (job.id !== id) return job;
        const items = job.items.map(change);
        const isOver = items.every(({ state }) => state !== 'waiting' && state !== 'running');
        return { ...job, items, endedAt: isOver ? this.now() : undefined };
      }),
    );
  }

  #publish(jobs: readonly Job[]): void {
    const isKept = (job: Job, index: number) => index < KEPT || job.endedAt === undefined;
    this.#jobs = jobs.filter(isKept);
    for (const id of this.#runs.keys()) {
      if (!this.#jobs.some((job) => job.id === id)) this.#runs.delete(id);
    }
    for (const listener of [...this.#listeners]) listener();
  }
}
