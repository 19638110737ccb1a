import { createHash, randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import {
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';

import { formatOf, sniffBytes } from '../../cdi/importer/imageFormat.ts';
import type { NetworkGuard } from '../../cdi/importer/NetworkGuard.ts';
import { readQcow2Header } from '../../cdi/importer/readQcow2Header.ts';
import { RegistryImage } from '../../cdi/importer/registrySource.ts';
import {
  type ContainerImages,
  type ImageFile,
  type KeptImage,
  NeverPulled,
  type Pulled,
  type PullRequest,
  type WantedFile,
} from './ContainerImages.ts';

/**
 * The disks of container images, kept on this machine by the digests of their images, for all nodes. What
 * is here is never written to: guests get a layer of their own on it.
 */
export class PulledImages implements ContainerImages {
  readonly #folder: string;
  readonly #guard: NetworkGuard;
  readonly #pulls = new Map<string, Promise<number>>();
  #lastTag: Promise<unknown> = Promise.resolve();

  constructor(dataDir: string, guard: NetworkGuard) {
    this.#folder = join(dataDir, 'container-images');
    this.#guard = guard;
  }

  async pull({ image, policy, files, user, signal }: PullRequest): Promise<Pulled> {
    const known = (await this.#tags())[image];
    if (policy !== 'Always' && known && (await this.#hasAll(known, files))) {
      return { digest: known, bytes: 0 };
    }
    if (policy === 'Never') {
      throw new NeverPulled(image);
    }
    const url = urlOf(image);
    // As container runtimes have it: a registry on this machine needs no certificate.
    const isInsecure = /^docker:\/\/(localhost|127\.|\[::1\])/.test(url);
    const source = { url, architecture: 'amd64', isInsecure, ...(user && { user }) };
    const registry = new RegistryImage(source, this.#guard);
    const digest = await registry.digest(signal);
    let bytes = 0;
    for (const file of files) {
      if (await this.#has(digest, file.path)) continue;
      bytes += await this.#once(`${digest}${file.path ?? ''}`, () =>
        this.#fetch(registry, this.#fileOf(digest, file.path), file, signal),
      );
    }
    await this.#changeTags((tags) => ({ ...tags, [image]: digest }));
    return { digest, bytes };
  }

  async file(digest: string, path?: string): Promise<ImageFile> {
    const file = this.#fileOf(digest, path);
    const header = await readQcow2Header(file);
    return { path: file, format: header ? 'qcow2' : 'raw' };
  }

  async list(): Promise<KeptImage[]> {
    const names = await readdir(this.#folder).catch((error: unknown) => {
      if (isMissing(error)) return [];
      throw error;
    });
    const images: KeptImage[] = [];
    for (const name of names.filter((one) => one.startsWith('sha256-'))) {
      const folder = join(this.#folder, name);
      const files = await readdir(folder);
      const sizes = await Promise.all(files.map((file) => stat(join(folder, file))));
      const bytes = sizes.reduce((sum, { blocks }) => sum + blocks * 512, 0);
      const { mtimeMs } = await stat(folder);
      images.push({ digest: name.replace('-', ':'), bytes, lastUsed: mtimeMs });
    }
    return images;
  }

  async touch(digest: string, at: number): Promise<void> {
    await utimes(dirname(this.#fileOf(digest)), at / 1000, at / 1000);
  }

  async remove(digest: string): Promise<void> {
    await this.#changeTags((tags) =>
      Object.fromEntries(Object.entries(tags).filter(([, tagged]) => tagged !== digest)),
    );
    await rm(dirname(this.#fileOf(digest)), { recursive: true, force: true });
  }

  async #fetch(
    registry: RegistryImage,
    file: string,
    { path, isDisk }: WantedFile,
    signal: AbortSignal,
  ): Promise<number> {
    const partial = `${file}.${randomBytes(4).toString('hex')}.partial`;
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    try {
      await registry.read(
        signal,
        (disk) => pipeline(disk, createWriteStream(partial, { mode: 0o600 }), { signal }),
        () => undefined,
        path,
      );
      if (isDisk) await refuseUnfit(partial);
      await rename(partial, file);
    } finally {
      await rm(partial, { force: true });
    }
    return (await stat(file)).size;
  }

  /** Those who want the same file at the same time share its way here. */
  #once(key: string, fetch: () => Promise<number>): Promise<number> {
    const running = this.#pulls.get(key) ?? fetch().finally(() => this.#pulls.delete(key));
    this.#pulls.set(key, running);
    return running;
  }

  async #hasAll(digest: string, files: readonly WantedFile[]): Promise<boolean> {
    for (const { path } of files) if (!(await this.#has(digest, path))) return false;
    return true;
  }

  async #has(digest: string, path: string | undefined): Promise<boolean> {
    try {
      await stat(this.#fileOf(digest, path));
      return true;
    } catch (error) {
      if (isMissing(error)) return false;
      throw error;
    }
  }

  #fileOf(digest: string, path = ''): string {
    const name =
      path === '' ? 'disk' : createHash('sha256').update(path).digest('hex').slice(0, 16);
    return join(this.#folder, digest.replace(':', '-'), `${name}.img`);
  }

  /** Which image each name meant when it was pulled last. */
  async #tags(): Promise<Record<string, string>> {
    try {
      return JSON.parse(await readFile(join(this.#folder, 'tags.json'), 'utf8')) as Record<
        string,
        string
      >;
    } catch (error) {
      if (isMissing(error)) return {};
      throw error;
    }
  }

  #changeTags(change: (tags: Record<string, string>) => Record<string, string>): Promise<void> {
    const write = async () => {
      const tags = change(await this.#tags());
      const file = join(this.#folder, 'tags.json');
      await writeFile(`${file}.new`, JSON.stringify(tags, undefined, 2), { mode: 0o600 });
      await rename(`${file}.new`, file);
    };
    const written = this.#lastTag.then(write);
    this.#lastTag = written.catch(() => undefined);
    return written;
  }
}

/** What a container runtime makes of an image's name: without a host it is one of Docker's registry. */
function urlOf(image: string): string {
  const [first = '', ...rest] = image.split('/');
  const hasHost = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
  return `docker://${hasHost ? image : `docker.io/${image}`}`;
}

/** An image of unknown origin must not lead QEMU to other files. */
async function refuseUnfit(file: string): Promise<void> {
  const header = await readQcow2Header(file);
  if (header && (header.backingFile !== undefined || header.externalData || header.encrypted)) {
    throw new Error('the disk in the image leads to other files or is encrypted');
  }
  const head = Buffer.alloc(sniffBytes);
  const opened = await open(file, 'r');
  try {
    await opened.read(head, 0, sniffBytes, 0);
  } finally {
    await opened.close();
  }
  const format = formatOf(head);
  if (format !== 'qcow2' && format !== 'raw') {
    throw new Error(`the disk in the image is of the format ${format}, not qcow2 or raw`);
  }
}

const isMissing = (error: unknown) =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT';
