import { type FileHandle, open } from 'node:fs/promises';

/** After so many bytes the kernel is asked to put them on the disk, while the next ones come. */
const syncEveryBytes = 64 * 2 ** 20;
/** Writes under way at a time: the source is read on meanwhile, also when the disk is slow for a moment. */
const ahead = 4;
/** More pieces than that cost more to be handed over one by one than to be copied together. */
const mostPieces = 256;

/**
 * A new file that is written from its beginning to its end. Writes are under way while the next bytes are being
 * gathered, and the disk works along, so that a stream waits for neither.
 */
export class AppendedFile {
  readonly #file: FileHandle;
  #end: number;
  readonly #writing = new Set<Promise<void>>();
  #failure: { error: unknown } | undefined;
  #syncing: Promise<void> | undefined;
  #unsynced = 0;

  private constructor(file: FileHandle, start: number) {
    this.#file = file;
    this.#end = start;
  }

  /** Bytes before `start` are left for `writeAt`. */
  static async create(path: string, start = 0): Promise<AppendedFile> {
    return new AppendedFile(await open(path, 'w', 0o600), start);
  }

  /** Where the next bytes go. */
  get end(): number {
    return this.#end;
  }

  /**
   * Takes bytes in pieces, which must not be changed any more. Resolves when more may come; rejects when a write
   * has failed, which may be an earlier one.
   */
  async append(...pieces: Buffer[]): Promise<void> {
    const at = this.#end;
    const bytes = pieces.reduce((sum, { length }) => sum + length, 0);
    if (bytes === 0) return;
    this.#end += bytes;
    while (this.#writing.size >= ahead) await Promise.race(this.#writing);
    this.#throwFailure();
    const writing = this.writeAt(pieces, at)
      .catch((error: unknown) => {
        this.#failure ??= { error };
      })
      .finally(() => this.#writing.delete(writing));
    this.#writing.add(writing);
    this.#unsynced += bytes;
    if (this.#unsynced >= syncEveryBytes) this.#sync();
  }

  async writeAt(pieces: Buffer[], at: number): Promise<void> {
    const whole = pieces.length > mostPieces ? [Buffer.concat(pieces)] : pieces;
    const bytes = whole.reduce((sum, { length }) => sum + length, 0);
    let { bytesWritten: done } = await this.#file.writev(whole, at);
    if (done === bytes) return;
    const rest = Buffer.concat(whole);
    while (done < bytes) {
      done += (await this.#file.write(rest, done, bytes - done, at + done)).bytesWritten;
    }
  }

  /** All is on the disk, and the file is closed, when this resolves. */
  async finish(): Promise<void> {
    await this.#settled();
    await this.#syncing;
    await this.#file.datasync();
    await this.#file.close();
  }

  /** The file is whole, though perhaps not on the disk, and closed, when this resolves. */
  async finishUnsynced(): Promise<void> {
    await this.#settled();
    await this.close();
  }

  /** Also for a file that is not to be finished. */
  async close(): Promise<void> {
    await Promise.all(this.#writing);
    await this.#syncing?.catch(() => undefined);
    await this.#file.close();
  }

  async #settled(): Promise<void> {
    await Promise.all(this.#writing);
    this.#throwFailure();
  }

  #throwFailure(): void {
    if (this.#failure) throw this.#failure.error;
  }

  #sync(): void {
    if (this.#syncing) return;
    this.#unsynced = 0;
    const syncing = this.#file.datasync();
    this.#syncing = syncing;
    syncing.then(
      () => (this.#syncing = undefined),
      // It is awaited by `finish`.
      () => undefined,
    );
  }
}
