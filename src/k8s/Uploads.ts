import { type Failure, ownFailure, toFailure } from '~/k8s/errors';

export type UploadState =
  | 'waiting'
  | 'paused'
  | 'preparing'
  | 'sending'
  | 'importing'
  | 'succeeded'
  | 'failed'
  | 'cancelled'
  /** The page was loaded anew meanwhile: what is left is where it was to go, but not the file. */
  | 'interrupted';

/** What is known before an upload begins, and kept over a reload. */
export interface NewUpload {
  namespace: string;
  /** Of the DataVolume that it becomes. */
  name: string;
  /** Of the file on this computer. */
  fileName: string;
  /** Of what is sent. */
  bytes: number;
  /** Where that begins in the file, and how large the file is; undefined when it is of several files. */
  part: { from: number; fileBytes: number } | undefined;
  /** As its first bytes tell. */
  format: string;
  /** Of the volume, at least what the image needs. */
  volumeBytes: number;
  storageClass: string;
  /** SHA-256 that it has to have, in hexadecimal digits; undefined when nobody says. */
  wantedSha256: string | undefined;
}

/** A disk image on its way from this computer into a volume. Never changed: each change is a new object. */
export interface Upload extends NewUpload {
  id: number;
  sentBytes: number;
  /** Lately; undefined before there is anything to measure. */
  bytesPerSecond: number | undefined;
  state: UploadState;
  /** What the cluster does with it, in its words, and how far that is (0 to 100). */
  phase: string;
  percent: number | undefined;
  /** Of the file, in hexadecimal digits; undefined until it is computed. */
  sha256: string | undefined;
  failure: Failure | undefined;
  /** There was an attempt before, which may have come further than was seen here. */
  isAgain: boolean;
}

/** What is done to the cluster; all reject with what `toFailure` understands, also when aborted. */
export interface UploadTransport {
  /**
   * Makes the DataVolume, or finds the one of an earlier attempt, and resolves once it takes data: with
   * false when that attempt has filled it already.
   */
  prepare: (upload: Upload, signal: AbortSignal) => Promise<boolean>;
  send: (
    upload: Upload,
    content: Blob,
    signal: AbortSignal,
    onProgress: (sentBytes: number) => void,
  ) => Promise<void>;
  /** Resolves when the image is in the volume. */
  finish: (
    upload: Upload,
    signal: AbortSignal,
    onPhase: (phase: string, percent: number | undefined) => void,
  ) => Promise<void>;
  remove: (upload: Upload) => Promise<void>;
  digest: (content: Blob, signal: AbortSignal) => Promise<string>;
}

/** An upload as it is kept: whether all of it was sent, and what it was. */
export type KeptUpload = NewUpload & { isSent: boolean };

/** Outlives a reload of the page, for its tab. */
export interface UploadStore {
  read: () => readonly KeptUpload[];
  write: (uploads: readonly KeptUpload[]) => void;
}

/** One at a time has the whole line, and is there first. */
const CONCURRENCY = 1;
/** Over which the speed is measured. */
const WINDOW_MS = 4000;

interface Content {
  /** Undefined once all is sent, or after a reload. */
  blob: Blob | undefined;
  abort: AbortController;
  samples: { at: number; bytes: number }[];
}

const beginning = {
  ...{ sentBytes: 0, bytesPerSecond: undefined, phase: '', percent: undefined },
  ...{ sha256: undefined, failure: undefined, isAgain: false },
} as const;

/**
 * Uploads of disk images, one after the other. It belongs to the page's module and not to a component:
 * navigation within the console ends nothing. After a reload it knows what was cut off.
 */
export class Uploads {
  #uploads: readonly Upload[] = [];
  #nextId = 1;
  readonly #contents = new Map<number, Content>();
  readonly #listeners = new Set<() => void>();

  constructor(
    private readonly transport: UploadTransport,
    private readonly now: () => number,
    private readonly store: UploadStore = { read: () => [], write: () => undefined },
  ) {
    this.#uploads = store.read().map(({ isSent, ...upload }) => ({
      ...{ ...upload, ...beginning, id: this.#newId() },
      state: isSent ? 'importing' : 'interrupted',
      sentBytes: isSent ? upload.bytes : 0,
    }));
    for (const { id, state } of this.#uploads) {
      this.#contents.set(id, freshContent(undefined));
      if (state === 'importing') void this.#run(id);
    }
  }

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
    const id = this.#newId();
    this.#contents.set(id, freshContent(blob));
    this.#publish([...this.#uploads, { ...upload, ...beginning, id, state: 'waiting' }]);
    this.#begin(id);
    return id;
  }

  /** Begins a failed or paused one anew, in the same volume: CDI cannot go on within a file. */
  retry(id: number): void {
    const content = this.#contents.get(id);
    const state = this.#find(id)?.state;
    if (!content?.blob || (state !== 'failed' && state !== 'paused')) return;
    this.#contents.set(id, freshContent(content.blob));
    this.#change(id, { ...beginning, state: 'waiting', isAgain: true });
    this.#begin(id);
  }

  /** Gives the file to one that a reload has cut off; false when it is another file. */
  resume(id: number, file: Blob): boolean {
    const upload = this.#find(id);
    if (upload?.state !== 'interrupted' || upload.part?.fileBytes !== file.size) return false;
    const { from } = upload.part;
    this.#contents.set(id, freshContent(file.slice(from, from + upload.bytes)));
    this.#change(id, { ...beginning, state: 'waiting', isAgain: true });
    this.#begin(id);
    return true;
  }

  /** Keeps one from being sent, for now. What was sent of it is sent again later. */
  pause(id: number): void {
    const state = this.#find(id)?.state;
    if (state !== 'waiting' && state !== 'preparing' && state !== 'sending') return;
    this.#contents.get(id)?.abort.abort();
    this.#change(id, { ...beginning, state: 'paused' });
    this.#pump();
  }

  /** Ends it, and takes away the volume that was to be filled. */
  async cancel(id: number): Promise<void> {
    const upload = this.#find(id);
    if (!upload || upload.state === 'succeeded') return;
    this.#contents.get(id)?.abort.abort();
    this.#contents.delete(id);
    this.#change(id, { state: 'cancelled', failure: undefined });
    this.#pump();
    try {
      await this.transport.remove(upload);
    } catch (error) {
      this.#change(id, { failure: toFailure(error) });
    }
  }

  /** Takes one that is over out of the list. */
  forget(id: number): void {
    const state = this.#find(id)?.state;
    if (state === 'succeeded' || state === 'cancelled') {
      this.#publish(this.#uploads.filter((upload) => upload.id !== id));
    }
  }

  #newId(): number {
    const id = this.#nextId;
    this.#nextId += 1;
    return id;
  }

  #find(id: number): Upload | undefined {
    return this.#uploads.find((upload) => upload.id === id);
  }

  #begin(id: number): void {
    void this.#check(id);
    this.#pump();
  }

  /** Computes the checksum beside all else; one that is not the wanted one ends the upload. */
  async #check(id: number): Promise<void> {
    const content = this.#contents.get(id);
    if (!content?.blob) return;
    const { signal } = content.abort;
    let sha256: string;
    try {
      sha256 = await this.transport.digest(content.blob, signal);
    } catch (error) {
      if (!signal.aborted) this.#fail(id, toFailure(error));
      return;
    }
    if (signal.aborted) return;
    this.#change(id, { sha256 });
    const wanted = this.#find(id)?.wantedSha256;
    if (wanted === undefined || wanted === sha256) return;
    this.#fail(id, checksumFailure(wanted, sha256));
  }

  #fail(id: number, failure: Failure): void {
    this.#contents.get(id)?.abort.abort();
    this.#change(id, { state: 'failed', failure, bytesPerSecond: undefined });
    this.#pump();
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
      if (upload.state !== 'importing' && content.blob) {
        this.#change(id, { state: 'preparing' });
        const takesData = await this.transport.prepare(upload, signal);
        if (isOver()) return;
        if (takesData) {
          this.#change(id, { state: 'sending' });
          await this.transport.send(upload, content.blob, signal, (bytes) =>
            this.#progress(id, content, bytes),
          );
          if (isOver()) return;
        }
        this.#change(id, {
          ...{ state: 'importing', sentBytes: upload.bytes, bytesPerSecond: undefined },
        });
        // The line is free while the server works.
        this.#pump();
      }
      await this.transport.finish(upload, signal, (phase, percent) => {
        if (!isOver()) this.#change(id, { phase, percent });
      });
      if (isOver()) return;
      this.#change(id, { state: 'succeeded' });
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
    const isOther = uploads.length !== this.#uploads.length || uploads.some(this.#isInOtherState);
    this.#uploads = uploads;
    // Not with each number of bytes.
    if (isOther) this.store.write(uploads.filter(isOpen).map(toKept));
    for (const listener of [...this.#listeners]) listener();
  }

  readonly #isInOtherState = ({ state }: Upload, index: number) =>
    this.#uploads[index]?.state !== state;
}

function freshContent(blob: Blob | undefined): Content {
  return { blob, abort: new AbortController(), samples: [] };
}

function isOpen({ state }: Upload): boolean {
  return state !== 'succeeded' && state !== 'cancelled';
}

function toKept(upload: Upload): KeptUpload {
  const { namespace, name, fileName, bytes, part, format, volumeBytes, storageClass } = upload;
  return {
    ...{ namespace, name, fileName, bytes, part, format, volumeBytes, storageClass },
    wantedSha256: upload.wantedSha256,
    isSent: upload.state === 'importing',
  };
}

function checksumFailure(wanted: string, found: string): Failure {
  const detail = `The file is not the one of its manifest: SHA-256 is ${found}, and should be ${wanted}.`;
  return ownFailure('Something went wrong', detail);
}
