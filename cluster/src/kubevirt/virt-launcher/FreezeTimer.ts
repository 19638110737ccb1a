import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** When to thaw, in milliseconds since the epoch; it outlives this program, as the guest does. */
const FILE = 'thaw-at';

/** Thaws a guest that was frozen and forgotten. KubeVirt: virt-launcher's FreezeVirtualMachine (d923fdb). */
export class FreezeTimer {
  readonly #file: string;
  readonly #thaw: () => Promise<void>;
  readonly #log: (text: string) => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(directory: string, thaw: () => Promise<void>, log: (text: string) => void) {
    this.#file = join(directory, FILE);
    this.#thaw = thaw;
    this.#log = log;
  }

  /** Counts from now; 0 never ends. */
  async start(seconds: number): Promise<void> {
    await this.stop();
    if (seconds === 0) return;
    const at = Date.now() + seconds * 1000;
    await writeFile(this.#file, String(at));
    this.#wait(at);
  }

  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    await rm(this.#file, { force: true });
  }

  /** Goes on counting for a guest that a former run of the program froze. */
  async restore(): Promise<void> {
    const text = await readFile(this.#file, 'utf8').catch(() => '');
    if (text !== '') this.#wait(Number(text));
  }

  #wait(at: number): void {
    this.#timer = setTimeout(
      () => {
        this.#thaw().catch((error: unknown) => this.#log(`not thawed in time: ${String(error)}`));
      },
      Math.max(0, at - Date.now()),
    ).unref();
  }
}
