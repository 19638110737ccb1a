import { type FileHandle, open } from 'node:fs/promises';

/** After so many bytes the kernel is asked to put them on the disk, while the next ones come. */
const syncEveryBytes = 64 * 2 ** 20;

/**
 * A new file that is written from its beginning to its end. One write is under way while the next bytes
 * are being gathered, and the disk works along, so that a stream waits for neither.
 */
export class AppendedFile {
  readonly #file: FileHandle;
  #end: number;
  #writing: Promise<void> = Promise.resolve();
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
   * Takes bytes, which must not be changed before the next `append` or `finish` has resolved. Resolves when
   * those before them have been written; rejects when that failed.
   */
  async append(bytes: Buffer): Promise<void> {
    const at = this.#end;
    this.#end += bytes.length;
    await this.#writing;
    this.#writing = this.writeAt(bytes, at);
    // Whoever waits for it next hears of a failure.
    this.#writing.catch(() => undefined);
    this.#unsynced += bytes.length;
    if (this.#unsynced >= syncEveryBytes) this.#sync();
  }

  async writeAt(bytes: Buffer, at: number): Promise<void> {
    for (let done = 0; done < bytes.length;) {
      const { bytesWritten } = await this.#file.write(bytes, done, bytes.length - done, at + done);
      done += bytesWritten;
    }
  }

  /** All is on the disk, and the file is closed, when this resolves. */
  async finish(): Promise<void> {
    await this.#writing;
    await this.#syncing;
    await this.#file.datasync();
    await this.#file.close();
  }

  /** Also for a file that is not to be finished. */
  async close(): Promise<void> {
    await this.#writing.catch(() => undefined);
    await this.#syncing?.catch(() => undefined);
    await this.#file.close();
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
