import { appendFileSync, mkdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** How the one container of a pod is getting on. */
export interface PodProcess {
  /** How often it was started again. */
  restarts: number;
  /** Why it ended last, while it waits for its next start. */
  failure?: string;
  /** It has come to its regular end. */
  done?: boolean;
}

/**
 * What runs in pods whose containers are parts of this program and not programs of their own: who runs them tells
 * it here, and the kubelets report it. Their output is in the data folder, `pods/UID/CONTAINER.log`.
 */
export class PodProcesses {
  readonly #folder: string;
  readonly #processes = new Map<string, PodProcess>();
  readonly #listeners = new Set<(uid: string) => void>();

  constructor(dataDir: string) {
    this.#folder = join(dataDir, 'pods');
  }

  /** `uid` is the pod's. */
  get(uid: string): PodProcess | undefined {
    return this.#processes.get(uid);
  }

  set(uid: string, process: PodProcess): void {
    this.#processes.set(uid, process);
    for (const listener of this.#listeners) listener(uid);
  }

  /** Tells the UIDs of pods of which `get` says something new. */
  onChange(listener: (uid: string) => void): void {
    this.#listeners.add(listener);
  }

  logFile(uid: string, container: string): string {
    return join(this.#folder, uid, `${container}.log`);
  }

  write(uid: string, container: string, line: string): void {
    const file = this.logFile(uid, container);
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    appendFileSync(file, `${line}\n`, { mode: 0o600 });
  }

  /** Of a pod that is gone. */
  async forget(uid: string): Promise<void> {
    this.#processes.delete(uid);
    await rm(join(this.#folder, uid), { recursive: true, force: true });
  }
}
