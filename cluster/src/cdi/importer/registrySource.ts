import { spawn } from 'node:child_process';
import { createHash, type Hash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import { type HttpSource, openHttp } from './httpSource.ts';
import { ImportError } from './ImportError.ts';
import type { NetworkGuard } from './NetworkGuard.ts';
import { unlessPipeClosed } from './unlessPipeClosed.ts';

export interface RegistrySource {
  /** `docker://host[:port]/repository[:tag|@digest]`. */
  url: string;
  /** Of the platform, as `amd64`. */
  architecture: string;
  user?: { name: string; password: string };
  certificates?: string[];
  /** Takes any certificate, and plain HTTP when the registry speaks no TLS. */
  isInsecure?: boolean;
}

interface Descriptor {
  mediaType?: string;
  digest: string;
  size?: number;
  platform?: { architecture?: string; os?: string };
}

interface Manifest {
  manifests?: Descriptor[];
  layers?: Descriptor[];
}

const manifestTypes = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');

const unable = (why: string, cause?: unknown) =>
  new ImportError(
    `Unable to process data: Unable to transfer source data to scratch space: Failed to read registry image: ${why}`,
    { cause },
  );

/** The image is not there, or may not be had: CDI tells it apart from other failures by these words. */
export const pullFailed = (why: string, cause?: unknown) =>
  unable(`failed to pull image: ${why}`, cause);

/**
 * A container disk in a registry that speaks the OCI distribution protocol: the file in `/disk` of the
 * image, which KubeVirt looks for (pkg/container-disk, d923fdb).
 */
export class RegistryImage {
  readonly #source: RegistrySource;
  readonly #guard: NetworkGuard;
  readonly #repository: string;
  readonly #reference: string;
  /** Host and path, without the scheme. */
  readonly #base: string;
  #scheme: 'https' | 'http' | undefined;
  #token: string | undefined;

  constructor(source: RegistrySource, guard: NetworkGuard) {
    this.#source = source;
    this.#guard = guard;
    const match =
      /^docker:\/\/([^/]+)\/([^@]+?)(?::([\w][\w.-]{0,127}))?(?:@(sha256:[0-9a-f]{64}))?$/.exec(
        source.url,
      );
    const [, host = '', repository = '', tag = 'latest', digest] = match ?? [];
    if (!match) throw unable(`invalid reference ${source.url}`);
    // Docker's own registry has another name for its users than for its clients.
    const official = host === 'docker.io' || host === 'index.docker.io';
    this.#repository = official && !repository.includes('/') ? `library/${repository}` : repository;
    this.#reference = digest ?? tag;
    this.#base = `${official ? 'registry-1.docker.io' : host}/v2/`;
  }

  /** Digest of the image's manifest (`sha256:...`). */
  async digest(signal: AbortSignal): Promise<string> {
    const path = `manifests/${this.#reference}`;
    const head = await this.#get(path, signal, manifestTypes, 'HEAD');
    head.resume();
    const digest = head.headers['docker-content-digest'];
    if (typeof digest === 'string') return digest;
    // The header is optional; the digest is that of the manifest's bytes.
    const text = await textOf(await this.#get(path, signal, manifestTypes));
    return `sha256:${createHash('sha256').update(text).digest('hex')}`;
  }

  /**
   * Gives the bytes of the disk to `use`, and how many compressed bytes its layer has. `file` is the path
   * of the disk in the image; absent: whatever is in `/disk`.
   */
  async read(
    signal: AbortSignal,
    use: (disk: Readable) => Promise<void>,
    onBytes: (fraction: number) => void,
    file = 'disk/*',
  ): Promise<void> {
    const manifest = await this.#manifest(this.#reference, signal);
    // The disk is the last thing that is put into a container disk.
    for (const layer of [...(manifest.layers ?? [])].reverse()) {
      const reply = await this.#get(`blobs/${layer.digest}`, signal);
      let seen = 0;
      const hash = createHash('sha256');
      reply.on('data', (chunk: Buffer) => {
        seen += chunk.length;
        hash.update(chunk);
        if (layer.size) onBytes(seen / layer.size);
      });
      reply.pause();
      if (!(await extractDisk({ layer: reply, file, type: layer.mediaType }, use, signal)))
        continue;
      const found = sha256(hash);
      if (found === layer.digest) return;
      throw unable(`layer ${layer.digest} of ${this.#source.url} is broken: it has ${found}`);
    }
    throw unable('Failed to find VM disk image file in the container image');
  }

  async #manifest(reference: string, signal: AbortSignal): Promise<Manifest> {
    const found = await this.#json(`manifests/${reference}`, signal);
    if (!found.manifests) return found;
    const { architecture } = this.#source;
    const own = found.manifests.find(({ platform }) => platform?.architecture === architecture);
    if (!own) throw unable(`no image found in manifest list for architecture ${architecture}`);
    return this.#json(`manifests/${own.digest}`, signal);
  }

  async #json(path: string, signal: AbortSignal): Promise<Manifest> {
    const reply = await this.#get(path, signal, manifestTypes);
    return JSON.parse(await textOf(reply)) as Manifest;
  }

  async #get(
    path: string,
    signal: AbortSignal,
    accept = '*/*',
    method: 'GET' | 'HEAD' = 'GET',
  ): Promise<IncomingMessage> {
    this.#scheme ??= await this.#schemeOf(signal);
    const url = `${this.#scheme}://${this.#base}${this.#repository}/${path}`;
    const fetch = () =>
      this.#open({ url, method }, signal, {
        accept,
        ...this.#authorization(),
      });
    let reply = await fetch();
    if (reply.statusCode === 401) {
      reply.resume();
      await this.#authenticate(reply.headers['www-authenticate'] ?? '', signal);
      reply = await fetch();
    }
    if (reply.statusCode === 200) return reply;
    reply.resume();
    const refuse = path.startsWith('manifests/') ? pullFailed : unable;
    throw refuse(
      `reading ${path} in ${this.#source.url}: ${reply.statusCode ?? 0} ${reply.statusMessage ?? ''}`,
    );
  }

  async #schemeOf(signal: AbortSignal): Promise<'https' | 'http'> {
    if (!this.#source.isInsecure) return 'https';
    try {
      const reply = await this.#open({ url: `https://${this.#base}` }, signal, {});
      reply.resume();
      return 'https';
    } catch (error) {
      signal.throwIfAborted();
      const cause = error instanceof Error ? error.cause : undefined;
      // What answers in another language than TLS; a registry that is away is away for both.
      if (cause instanceof Error && 'code' in cause && cause.code === 'EPROTO') return 'http';
      throw error;
    }
  }

  async #open(
    source: HttpSource,
    signal: AbortSignal,
    headers: Record<string, string>,
  ): Promise<IncomingMessage> {
    const { certificates, isInsecure } = this.#source;
    const full = {
      ...source,
      headers,
      ...(certificates && { certificates }),
      ...(isInsecure && { insecureSkipVerify: true }),
    };
    const isFinal = (status: number) => status < 300 || status >= 400;
    try {
      return await openHttp(full, this.#guard, signal, isFinal);
    } catch (error) {
      signal.throwIfAborted();
      const { message, cause } = error as Error;
      const why = message.replace(/^Unable to connect to http data source: (GET|HEAD)?/, 'Get');
      throw pullFailed(`pinging container registry ${new URL(source.url).host}: ${why}`, cause);
    }
  }

  #authorization(): Record<string, string> {
    if (this.#token !== undefined) return { authorization: this.#token };
    return {};
  }

  /** As the registry's challenge asks: with a bearer token that it names the server of, or by password. */
  async #authenticate(challenge: string, signal: AbortSignal): Promise<void> {
    const { user } = this.#source;
    const basic =
      user && `Basic ${Buffer.from(`${user.name}:${user.password}`).toString('base64')}`;
    if (!/^bearer /i.test(challenge)) {
      if (!basic) throw pullFailed('unauthorized: authentication required');
      this.#token = basic;
      return;
    }
    const fields = Object.fromEntries(
      [...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, key = '', value = '']) => [key, value]),
    );
    const url = new URL(fields['realm'] ?? '');
    if (fields['service']) url.searchParams.set('service', fields['service']);
    url.searchParams.set('scope', fields['scope'] ?? `repository:${this.#repository}:pull`);
    const reply = await this.#open({ url: url.href }, signal, {
      ...(basic && { authorization: basic }),
    });
    if (reply.statusCode !== 200) {
      reply.resume();
      throw pullFailed('unauthorized: authentication required');
    }
    const { token, access_token } = JSON.parse(await textOf(reply)) as Record<string, string>;
    this.#token = `Bearer ${token ?? access_token ?? ''}`;
  }
}

async function textOf(reply: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of reply) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

const sha256 = (hash: Hash) => `sha256:${hash.digest('hex')}`;

/** How tar is to unpack a layer; GNU tar cannot tell it from a pipe. */
function unpacking(mediaType = ''): string[] {
  if (mediaType.endsWith('zstd')) return ['--zstd'];
  return mediaType.endsWith('.tar') ? [] : ['-z'];
}

interface LayerFile {
  layer: IncomingMessage;
  /** In the layer, as a pattern of tar. */
  file: string;
  type: string | undefined;
}

/** Hands the first file of that name in a layer to `use`; false when the layer has none. */
async function extractDisk(
  { layer, file, type }: LayerFile,
  use: (disk: Readable) => Promise<void>,
  signal: AbortSignal,
): Promise<boolean> {
  const name = file.replace(/^\/+/, '');
  const patterns = ['--wildcards', name, `./${name}`];
  const child = spawn('tar', [...unpacking(type), '-xOf', '-', ...patterns], {
    stdio: ['pipe', 'pipe', 'ignore'],
    signal,
  });
  const ended = new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => resolve());
  });
  ended.catch(() => undefined);
  const feeding = pipeline(layer, child.stdin);
  feeding.catch(() => child.kill());
  const first = await firstChunk(child.stdout);
  if (!first) {
    await feeding.catch(unlessPipeClosed);
    return false;
  }
  child.stdout.unshift(first);
  try {
    await use(child.stdout);
    await feeding;
    await ended;
    return true;
  } finally {
    child.kill();
    layer.destroy();
  }
}

async function firstChunk(stream: Readable): Promise<Buffer | undefined> {
  for (;;) {
    const chunk = stream.read() as Buffer | null;
    if (chunk) return chunk;
    if (stream.readableEnded || stream.destroyed) return undefined;
    await new Promise<void>((resolve) => {
      const done = () => {
        stream.off('readable', done).off('end', done).off('close', done);
        resolve();
      };
      stream.on('readable', done).on('end', done).on('close', done);
    });
  }
}
