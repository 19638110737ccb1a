import { appendFile, mkdir, rename, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Lines that wait for a disk which does not take them; more are dropped, the newest first. */
const mostWaiting = 10_000;

/**
 * A file of lines that keeps within a size: when it is full it becomes `FILE.1`, in the place of the one
 * before, as kubelets rotate the logs of containers. Lines are written in turn and never awaited.
 */
export class BoundedFile {
  readonly path: string;
  readonly #limitBytes: number;
  readonly #onError: (error: unknown) => void;
  #size: number | undefined;
  #waiting: string[] = [];
  #writing: Promise<void> | undefined;
  #failed = false;

  constructor(path: string, limitBytes: number, onError: (error: unknown) => void) {
    this.path = path;
    this.#limitBytes = limitBytes;
    this.#onError = onError;
  }

  /** Adds a line, which ends with a line feed. */
  add(line: string): void {
    if (this.#waiting.length >= mostWaiting) return;
    this.#waiting.push(line);
    this.#writing ??= this.#write();
  }

  /** Resolves when all that was added is written, or cannot be. */
  async settled(): Promise<void> {
    await this.#writing;
  }

  async #write(): Promise<void> {
    try {
      // What comes in the same turn is written at once.
      await Promise.resolve();
      while (this.#waiting.length > 0) await this.#append(this.#waiting.splice(0).join(''));
      this.#failed = false;
    } catch (error) {
      // One word of it: a full disk fails every line.
      if (!this.#failed) this.#onError(error);
      this.#failed = true;
    } finally {
      this.#writing = undefined;
    }
  }

  async #append(text: string): Promise<void> {
    this.#size ??= await this.#begin();
    if (this.#size > this.#limitBytes) {
      await rename(this.path, `${this.path}.1`);
      this.#size = 0;
    }
    await appendFile(this.path, text, { mode: 0o600 });
    this.#size += Buffer.byteLength(text);
  }

  async #begin(): Promise<number> {
    await mkdir(dirname(this.path), { recursive: true });
    const found = await stat(this.path).catch(() => undefined);
    return found?.size ?? 0;
  }
}
