import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

export type Progress = (fraction: number, step: string) => void;

export interface BuildContext {
  /** An empty folder of this build's own; removed after it. */
  work: string;
  /** Where downloaded packages are kept. */
  packageCache: string;
  onProgress: Progress;
  signal: AbortSignal;
}

/** How an image is made. */
export interface Recipe {
  /**
   * Changes when the image is to be made anew. It has no versions of packages: to ask apt for them
   * takes seconds at every start, and an image that people use is not to change under them.
   */
  key: string;
  /** Makes the image in the work folder and gives its path. */
  build(context: BuildContext): Promise<string>;
}

const WORK_PREFIX = '.build-';

/** Finished images of one folder. A file there is always whole: it comes by renaming. */
export class ImageCache {
  #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  find(name: string, recipe: Recipe): string | undefined {
    const path = this.#path(name, recipe);
    return existsSync(path) ? path : undefined;
  }

  /** The image's path, at once when it was made before. Two programs may make the same one at once. */
  async build(
    name: string,
    recipe: Recipe,
    onProgress: Progress,
    signal: AbortSignal,
  ): Promise<string> {
    const path = this.#path(name, recipe);
    if (existsSync(path)) return path;
    await mkdir(this.#directory, { recursive: true });
    await this.#removeAbandoned();
    const work = join(this.#directory, `${WORK_PREFIX}${process.pid}-${name}-${Date.now()}`);
    await mkdir(work, { mode: 0o755 });
    try {
      const packageCache = join(this.#directory, 'packages');
      const image = await recipe.build({ work, packageCache, onProgress, signal });
      await rename(image, path);
    } finally {
      await rm(work, { recursive: true, force: true });
    }
    onProgress(1, 'Done');
    return path;
  }

  #path(name: string, recipe: Recipe): string {
    const hash = createHash('sha256').update(recipe.key).digest('hex');
    return join(this.#directory, `${name}-${hash.slice(0, 16)}.qcow2`);
  }

  /** Work folders of programs that were killed. */
  async #removeAbandoned(): Promise<void> {
    for (const entry of await readdir(this.#directory)) {
      if (!entry.startsWith(WORK_PREFIX)) continue;
      const pid = Number.parseInt(entry.slice(WORK_PREFIX.length), 10);
      if (!existsSync(`/proc/${pid}`))
        await rm(join(this.#directory, entry), { recursive: true, force: true });
    }
  }
}
