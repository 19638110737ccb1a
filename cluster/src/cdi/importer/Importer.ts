import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { PassThrough, type Readable } from 'node:stream';

import type {
  V1beta1DataVolumeSource,
  V1beta1DataVolumeSourceHTTP,
  V1beta1DataVolumeSourceRegistry,
  V1beta1DataVolumeSourceS3,
} from '@kubevirt-ui-ext/kubevirt-api/containerized-data-importer';

import { hasReason } from '../../apiserver/ApiError.ts';
import type { KubeClient } from '../../client/KubeClient.ts';
import { configMaps, secrets } from '../../client/resources.ts';
import type { DiskImages, Incoming } from '../DiskImages.ts';
import type { ImageServer } from '../ImageServer.ts';
import { cdiConfigs } from '../resources.ts';
import { archivedDisk } from './archivedDisk.ts';
import { openHttp } from './httpSource.ts';
import { ImportError } from './ImportError.ts';
import type { NetworkGuard } from './NetworkGuard.ts';
import { ociArchive } from './ociArchive.ts';
import { RegistryImage, type RegistrySource } from './registrySource.ts';
import { signS3Get } from './s3Source.ts';

export interface ImporterDependencies {
  client: KubeClient;
  images: DiskImages;
  /** Images that are made on this machine, under URLs that lead nowhere else. */
  server: ImageServer;
  guard: NetworkGuard;
}

export interface ImportTask {
  source: V1beta1DataVolumeSource;
  /** Where the secrets and config maps of the source are. */
  namespace: string;
  /** Of the volume. */
  folder: string;
  disk: Incoming;
  /** The source is a tar archive of files, and no disk. */
  isArchive: boolean;
  /** The part that is done, 0 to 1, and what is being done, for people. */
  tell: (fraction: number, step: string) => void;
  signal: AbortSignal;
}

/** Brings an image from elsewhere into a volume, as CDI's importer pod does. Rejects with an ImportError. */
export class Importer {
  readonly #is: ImporterDependencies;

  constructor(dependencies: ImporterDependencies) {
    this.#is = dependencies;
  }

  async import(task: ImportTask): Promise<void> {
    const { http, s3, registry } = task.source;
    if (http) return this.#fromHttp(http, task);
    if (s3) return this.#fromS3(s3, task);
    if (registry) return this.#fromRegistry(registry, task);
    throw new ImportError(`Unknown source type ${Object.keys(task.source).join(', ')}`);
  }

  /** Is the image one that is made on this machine? */
  makes({ url = '' }: V1beta1DataVolumeSourceRegistry): boolean {
    return this.#is.server.serves(url);
  }

  /** Digest of an image in a registry (`sha256:...`), without reading it. */
  async digest(
    registry: V1beta1DataVolumeSourceRegistry,
    namespace: string,
    signal: AbortSignal,
  ): Promise<string> {
    const made = this.#is.server.digest(registry.url ?? '');
    if (made !== undefined) return made;
    const image = new RegistryImage(
      await this.#registrySource(registry, namespace),
      this.#is.guard,
    );
    return image.digest(signal);
  }

  async #fromHttp(http: V1beta1DataVolumeSourceHTTP, task: ImportTask): Promise<void> {
    const { signal, namespace } = task;
    const headers = await this.#headersOf(http, namespace);
    const certificates = await this.#certificates(http.certConfigMap, namespace);
    const { insecureSkipVerify } = http as { insecureSkipVerify?: boolean };
    const source = {
      url: http.url,
      headers,
      certificates,
      ...(insecureSkipVerify && { insecureSkipVerify }),
    };
    const reply = await openHttp(source, this.#is.guard, signal);
    const { checksum } = http as { checksum?: string };
    await this.#receive(reply, task, checksum);
  }

  async #fromS3(s3: V1beta1DataVolumeSourceS3, task: ImportTask): Promise<void> {
    const url = new URL(s3.url);
    const user = await this.#user(s3.secretRef, task.namespace);
    const keys = user && { accessKey: user.name, secretKey: user.password };
    const source = {
      url: url.href,
      certificates: await this.#certificates(s3.certConfigMap, task.namespace),
      ...(keys && { headers: signS3Get(url, keys, new Date()) }),
    };
    await this.#receive(await openHttp(source, this.#is.guard, task.signal), task, undefined);
  }

  async #fromRegistry(registry: V1beta1DataVolumeSourceRegistry, task: ImportTask): Promise<void> {
    const { namespace, signal, tell, folder, disk } = task;
    const { url = '' } = registry;
    if (this.#is.server.serves(url)) {
      const made = await this.#is.server.fetch(url, tell, signal);
      signal.throwIfAborted();
      return this.#is.images.copyFrom(made, folder, disk);
    }
    if (url.startsWith('oci-archive:')) return this.#fromOciArchive(registry, task);
    const image = new RegistryImage(
      await this.#registrySource(registry, namespace),
      this.#is.guard,
    );
    tell(0, '');
    await image.read(
      signal,
      (stream) => this.#is.images.write(stream, folder, disk, signal),
      (fraction) => tell(fraction, ''),
    );
  }

  /** A file of the importer's pod, which sees no more of this machine than its two volumes. */
  async #fromOciArchive(
    { url = '', platform }: V1beta1DataVolumeSourceRegistry,
    { folder, disk, signal }: ImportTask,
  ): Promise<void> {
    const mounts = { '/data': folder, ...(disk.scratch && { '/scratch': disk.scratch }) };
    const archive = await ociArchive(url, mounts);
    const choice = { ...archive, architecture: platform?.architecture || 'amd64' };
    const image = await archivedDisk(archive.file, signal, choice);
    await this.#is.images.write(image, folder, disk, signal);
  }

  async #registrySource(
    registry: V1beta1DataVolumeSourceRegistry,
    namespace: string,
  ): Promise<RegistrySource> {
    const user = await this.#user(registry.secretRef, namespace);
    const { url = '' } = registry;
    const { spec } = await this.#is.client.get(cdiConfigs, { name: 'config' });
    const host = /^docker:\/\/([^/]+)/.exec(url)?.[1] ?? '';
    return {
      url,
      isInsecure: spec.insecureRegistries?.includes(host) === true,
      architecture: registry.platform?.architecture || 'amd64',
      certificates: await this.#certificates(registry.certConfigMap, namespace),
      ...(user && { user }),
    };
  }

  /** Writes the body of a reply to the disk, with its progress and its checksum. */
  async #receive(reply: IncomingMessage, task: ImportTask, checksum?: string): Promise<void> {
    const { folder, disk, tell, signal } = task;
    const total = Number(reply.headers['content-length'] ?? NaN);
    const digest = checksum === undefined ? undefined : digestFor(checksum);
    let received = 0;
    reply.on('data', (chunk: Buffer) => {
      received += chunk.length;
      digest?.hash.update(chunk);
      if (total > 0) tell(received / total, '');
    });
    const body = reply.pipe(new PassThrough({ highWaterMark: 2 ** 20 }));
    // Whoever reads it learns of its errors; nobody else is to.
    body.on('error', () => undefined);
    reply.once('error', (error) => body.destroy(error));
    reply.once('aborted', () => body.destroy(new Error('unexpected EOF')));
    try {
      const where = task.isArchive ? 'target directory' : 'scratch space';
      const verified = digest ? verifiedAtItsEnd(body, digest, where) : body;
      const sized = total > 0 ? { ...disk, sourceBytes: total } : disk;
      const { images } = this.#is;
      if (task.isArchive) await images.unpack(verified, folder, disk.bytes, signal);
      else await images.write(verified, folder, sized, signal);
    } finally {
      reply.destroy();
    }
  }

  async #headersOf(
    http: V1beta1DataVolumeSourceHTTP,
    namespace: string,
  ): Promise<Record<string, string>> {
    const lines = [...(http.extraHeaders ?? [])];
    for (const name of http.secretExtraHeaders ?? []) {
      lines.push(...Object.values(await this.#secret(name, namespace)));
    }
    const headers: Record<string, string> = {};
    for (const line of lines) {
      const [, name, value] = /^\s*([^:\s]+)\s*:\s*(.*?)\s*$/.exec(line) ?? [];
      if (name === undefined) throw new ImportError(`Invalid header format ${line}`);
      headers[name] = value ?? '';
    }
    const user = await this.#user(http.secretRef, namespace);
    if (user) {
      const text = Buffer.from(`${user.name}:${user.password}`).toString('base64');
      headers['authorization'] = `Basic ${text}`;
    }
    return headers;
  }

  async #user(secretRef: string | undefined, namespace: string) {
    if (!secretRef) return undefined;
    const data = await this.#secret(secretRef, namespace);
    return { name: data['accessKeyId'] ?? '', password: data['secretKey'] ?? '' };
  }

  async #secret(name: string, namespace: string): Promise<Record<string, string>> {
    const secret = await this.#find(() => this.#is.client.get(secrets, { namespace, name }), name);
    const entries = Object.entries(secret.data ?? {});
    return Object.fromEntries(
      entries.map(([key, value]) => [key, Buffer.from(value, 'base64').toString('utf8')]),
    );
  }

  async #certificates(name: string | undefined, namespace: string): Promise<string[]> {
    if (!name) return [];
    const map = await this.#find(() => this.#is.client.get(configMaps, { namespace, name }), name);
    return Object.values(map.data ?? {});
  }

  /** A pod whose secret or config map is missing waits for it; here that is a failure tried again. */
  async #find<T>(get: () => Promise<T>, name: string): Promise<T> {
    try {
      return await get();
    } catch (error) {
      if (hasReason(error, 'NotFound'))
        throw new ImportError(`secret or config map "${name}" not found`);
      throw error;
    }
  }
}

interface Digest {
  hash: ReturnType<typeof createHash>;
  algorithm: string;
  expected: string;
}

/** `sha256:abc...`; also md5, sha1 and sha512. */
function digestFor(checksum: string): Digest {
  const [, algorithm = '', expected = ''] =
    /^(md5|sha1|sha256|sha512):([0-9a-f]+)$/i.exec(checksum) ?? [];
  if (!algorithm) throw new ImportError(`Invalid checksum ${checksum}`);
  return {
    hash: createHash(algorithm.toLowerCase()),
    algorithm: algorithm.toLowerCase(),
    expected: expected.toLowerCase(),
  };
}

/** The same stream, which fails at its end when its bytes are not those of the checksum. */
function verifiedAtItsEnd(
  source: Readable,
  { hash, algorithm, expected }: Digest,
  where: 'scratch space' | 'target directory',
): Readable {
  const checked = new PassThrough({
    final(done) {
      const found = hash.digest('hex');
      if (found === expected) {
        done();
        return;
      }
      // pkg/importer/checksum.go, http-datasource.go and data-processor.go, c07cdb6.
      const texts = `expected ${algorithm}:${expected}, calculated ${algorithm}:${found}`;
      const step = `Unable to transfer source data to ${where}`;
      const why = `checksum validation failed: checksum mismatch: ${texts}`;
      done(new ImportError(`Unable to process data: ${step}: ${why}`));
    },
  });
  checked.on('error', () => undefined);
  source.once('error', (error) => checked.destroy(error));
  return source.pipe(checked);
}
