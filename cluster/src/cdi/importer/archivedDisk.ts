import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';

import { compressionOf } from './imageFormat.ts';
import { ImportError } from './ImportError.ts';

const unable = (why: string) => new ImportError(`Unable to process data: ${why}`);

/** Bytes from a tar program, whose end is that of the stream or its error. */
function tar(args: readonly string[], signal: AbortSignal, input?: Readable): Readable {
  const child = spawn('tar', args, { stdio: [input ? 'pipe' : 'ignore', 'pipe', 'pipe'], signal });
  let complaint = '';
  child.stderr?.on('data', (chunk: Buffer) => (complaint += chunk.toString('utf8')));
  const output = child.stdout as Readable;
  child.once('error', (error) => output.destroy(error));
  child.once('close', (code) => {
    if (code) output.destroy(unable(complaint.trim() || `tar ended with exit code ${code}`));
  });
  if (input && child.stdin) {
    child.stdin.on('error', () => input.destroy());
    input.on('error', (error) => output.destroy(error));
    input.pipe(child.stdin);
  }
  return output;
}

const memberOf = (archive: string, name: string, signal: AbortSignal): Readable =>
  tar(['--extract', '--to-stdout', '--file', archive, '--', name], signal);

/**
 * The disk in a tar archive that was uploaded or imported: an appliance (OVA: the first disk that its descriptor
 * is followed by), or a container disk as `skopeo copy` and `docker save` write it to a file (oci-archive,
 * docker-archive). Rejects when it is none of these.
 */
export async function archivedDisk(
  archive: string,
  signal: AbortSignal,
  choice: ImageChoice = { architecture: 'amd64' },
): Promise<Readable> {
  const listed = await text(tar(['--list', '--file', archive], signal));
  const names = listed.split('\n').filter((name) => name !== '');
  const plain = new Map(names.map((name) => [name.replace(/^\.\//, ''), name]));
  const has = (name: string) => plain.get(name);
  if ([...plain.keys()].some((name) => /\.ovf$/i.test(name))) {
    const disk = [...plain].find(([name]) => /\.(vmdk|img|raw|qcow2|vhdx?|vdi)$/i.test(name));
    if (!disk) throw unable('the appliance (OVA) has no disk');
    return memberOf(archive, disk[1], signal);
  }
  const index = has('index.json');
  if (has('oci-layout') && index) {
    const read = (name: string) => jsonOf(archive, has(name) ?? name, signal);
    const layers = await ociLayers(await read('index.json'), read, choice);
    return layeredDisk(archive, layers, plain, signal);
  }
  if (has('manifest.json')) {
    const [image] = (await jsonOf(archive, has('manifest.json') ?? '', signal)) as DockerManifest[];
    return layeredDisk(archive, image?.Layers ?? [], plain, signal);
  }
  throw unable('the archive is neither an appliance (OVA) nor an image of a container disk');
}

/** `manifest.json` of docker save. */
interface DockerManifest {
  Layers?: string[];
}

/** An image index or manifest of the OCI image layout. */
interface OciManifest {
  manifests?: {
    digest: string;
    platform?: { architecture?: string };
    annotations?: Record<string, string>;
  }[];
  layers?: { digest: string }[];
}

/** Which image of an OCI archive is meant. */
export interface ImageChoice {
  /** Of the platform, as `amd64`; the first one where it is not told. */
  architecture: string;
  /** Its name in the archive; the only one when absent. */
  image?: string | undefined;
}

const nameAnnotation = 'org.opencontainers.image.ref.name';

const blobOf = (digest: string) => `blobs/${digest.replace(':', '/')}`;

async function ociLayers(
  document: unknown,
  read: (name: string) => Promise<unknown>,
  { architecture, image }: ImageChoice,
): Promise<string[]> {
  const { manifests = [], layers } = document as OciManifest;
  if (layers) return layers.map(({ digest }) => blobOf(digest));
  const named = image
    ? manifests.filter(({ annotations }) => annotations?.[nameAnnotation] === image)
    : manifests;
  const own = named.find(({ platform }) => platform?.architecture === architecture);
  const next = own ?? named.find(({ platform }) => !platform) ?? named[0];
  if (!next) throw unable(`no image ${image ?? ''} found in the archive`);
  if (!own && next.platform) {
    throw unable(`no image found in manifest list for architecture ${architecture}`);
  }
  return ociLayers(await read(blobOf(next.digest)), read, { architecture });
}

async function jsonOf(archive: string, name: string, signal: AbortSignal): Promise<unknown> {
  return JSON.parse(await text(memberOf(archive, name, signal))) as unknown;
}

/** The file in `/disk` of the last layer that has one, which KubeVirt looks for (pkg/container-disk, d923fdb). */
async function layeredDisk(
  archive: string,
  layers: readonly string[],
  plain: ReadonlyMap<string, string>,
  signal: AbortSignal,
): Promise<Readable> {
  for (const layer of [...layers].reverse()) {
    const member = plain.get(layer) ?? layer;
    const packed = await packing(archive, member, signal);
    const list = await text(tar(['--list', ...packed], signal, memberOf(archive, member, signal)));
    const file = list.split('\n').find((name) => /^(\.\/)?disk\/[^/]+$/.test(name));
    if (file === undefined) continue;
    const unpack = ['--extract', '--to-stdout', ...packed, '--', file];
    return tar(unpack, signal, memberOf(archive, member, signal));
  }
  throw unable('Failed to find VM disk image file in the container image');
}

/** How a layer is packed; GNU tar cannot tell it from a pipe. */
async function packing(archive: string, member: string, signal: AbortSignal): Promise<string[]> {
  const stream = memberOf(archive, member, signal);
  stream.on('error', () => undefined);
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    stream.destroy();
    const compression = compressionOf(chunk);
    // Those that the layers of images may have.
    return compression === 'gzip' || compression === 'zstd' ? [`--${compression}`] : [];
  }
  return [];
}
