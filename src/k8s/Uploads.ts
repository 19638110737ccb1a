import { type Failure, toFailure } from '~/k8s/errors';

export type UploadState =
  'waiting' | 'preparing' | 'sending' | 'importing' | 'succeeded' | 'failed' | 'cancelled';

/** A disk image on its way from this computer into a volume. Never changed: each change is a new object. */
export interface Upload {
  id: number;
  namespace: string;
  /** Of the DataVolume that it becomes. */
  name: string;
  fileName: string;
  /** Of the file. */
  bytes: number;
  /** Of the volume, at least what the image needs. */
  volumeBytes: number;
  storageClass: string;
  sentBytes: number;
  /** Lately; undefined before there is anything to measure. */
  bytesPerSecond: number | undefined;
  state: UploadState;
  failure: Failure | undefined;
}

export type NewUpload = Pick<
  Upload,
  'namespace' | 'name' | 'fileName' | 'bytes' | 'volumeBytes' | 'storageClass'
>;

/** What is done to the cluster; all reject with what `toFailure` understands, also when aborted. */
export interface UploadTransport {
  /** Makes the DataVolume, or finds the one of an earlier attempt, and resolves once it takes data. */
  prepare: (upload: Upload, signal: AbortSignal) => Promise<void>;
  send: (
    upload: Upload,
    content: Blob,
    signal: AbortSignal,
    onProgress: (sentBytes: number) => void,
  ) => Promise<void>;
  /** Resolves when the image is in the volume. */
  finish: (upload: Upload, signal: AbortSignal) => Promise<void>;
  remove: (upload: Upload) => Promise<void>;
}

/** One at a time has the whole line, and is there first. */
const CONCURRENCY = 1;
/** Over which the speed is measured. */
const WINDOW_MS = 4000;

interface Content {
  blob: Blob;
  abort: AbortController;
  samples: { at: number; bytes: number }[];
}

/**
 * Uploads of disk images, one after the other. It belongs to the page's module and not to a component:
 * navigation within the console ends nothing.
 */
export class Uploads {
  #uploads: readonly Upload[] = [];
  #nextId = 1;
  readonly #contents = new Map<number, Content>();
  readonly #listeners = new Set<() => void>();

  constructor(
    private readonly transport: UploadTransport,
    private readonly now: () => number,
  ) {}

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  };

  /** Newest last; the same array until something changes. */
  getSnapshot = (): readonly Upload[] => this.#uploads;

  /** Whether something would be lost if the page went. */
  get isActive(): boolean {
    return this.#uploads.some(
      ({ state }) => state === 'waiting' || state === 'preparing' || state === 'sending',
    );
  }

  /** Puts a file into the queue. */
  add(upload: NewUpload, blob: Blob): number {
    const id = this.#nextId;
    this.#nextId += 1;
    this.#contents.set(id, { blob, abort: new AbortController(), samples: [] });
    const begun = { state: 'waiting', sentBytes: 0, bytesPerSecond: undefined } as const;
    this.#publish([...this.#uploads, { ...upload, ...begun, id, failure: undefined }]);
    this.#pump();
    return id;
  }

  /** Begins a failed one anew, in the same volume. */
  retry(id: number): void {
    const content = this.#contents.get(id);
    if (!content || this.#find(id)?.state !== 'failed') return;
    this.#contents.set(id, { ...content, abort: new AbortController(), samples: [] });
    this.#change(id, { state: 'waiting', failure: undefined, sentBytes: 0 });
    this.#pump();
  }

  /** Ends it, and takes away the volume that was to be filled. */
  async cancel(id: number): Promise<void> {
    const upload = this.#find(id);
    if (!upload || upload.state === 'succeeded') return;
    const wasWaiting = upload.state === 'waiting' && upload.sentBytes === 0;
    this.#change(id, { state: 'cancelled', failure: undefined });
    this.#contents.get(id)?.abort.abort();
    this.#contents.delete(id);
    this.#pump();
    if (wasWaiting) return;
    try {
      await this.transport.remove(upload);
    } catch (error) {
      this.#change(id, { failure: toFailure(error) });
    }
  }

  #find(id: number): Upload | undefined {
    return this.#uploads.find((upload) => upload.id === id);
  }

  #pump(): void {
    const running = this.#uploads.filter(
      ({ state }) => state === 'preparing' || state === 'sending',
    ).length;
    const next = this.#uploads.find(({ state }) => state === 'waiting');
    if (next && running < CONCURRENCY) void this.#run(next.id);
  }

  async #run(id: number): Promise<void> {
    const content = this.#contents.get(id);
    const upload = this.#find(id);
    if (!content || !upload) return;
    const { signal } = content.abort;
    const isOver = () => signal.aborted;
    try {
      this.#change(id, { state: 'preparing' });
      await this.transport.prepare(upload, signal);
      if (isOver()) return;
      this.#change(id, { state: 'sending' });
      await this.transport.send(upload, content.blob, signal, (bytes) =>
        this.#progress(id, content, bytes),
      );
      if (isOver()) return;
      this.#change(id, { state: 'importing', sentBytes: upload.bytes, bytesPerSecond: undefined });
      // The line is free while the server works.
      this.#pump();
      await this.transport.finish(upload, signal);
      if (isOver()) return;
      this.#change(id, { state: 'succeeded' });
      this.#contents.delete(id);
    } catch (error) {
      if (!isOver()) this.#change(id, { state: 'failed', failure: toFailure(error) });
    }
    this.#pump();
  }

  #progress(id: number, content: Content, sentBytes: number): void {
    if (content.abort.signal.aborted) return;
    const at = this.now();
    content.samples.push({ at, bytes: sentBytes });
    while ((content.samples[0]?.at ?? at) < at - WINDOW_MS) content.samples.shift();
    const first = content.samples[0];
    const seconds = first ? (at - first.at) / 1000 : 0;
    this.#change(id, {
      sentBytes,
      bytesPerSecond: first && seconds > 0 ? (sentBytes - first.bytes) / seconds : undefined,
    });
  }

  #change(id: number, change: Partial<Upload>): void {
    this.#publish(this.#uploads.map((one) => (one.id === id ? { ...one, ...change } : one)));
  }

  #publish(uploads: readonly Upload[]): void {
    this.#uploads = uploads;
    for (const listener of [...this.#listeners]) listener();
  }
}
