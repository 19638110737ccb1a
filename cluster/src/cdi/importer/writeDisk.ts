import { spawn } from 'node:child_process';
import { open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';

import type { Incoming } from '../DiskImages.ts';
import { messageOf } from '../../client/messageOf.ts';
import { archivedDisk } from './archivedDisk.ts';
import { AppendedFile } from './AppendedFile.ts';
import { ImportError, tooLarge } from './ImportError.ts';
import {
  type Compression,
  compressionOf,
  formatOf,
  type ImageFormat,
  isTar,
  sniffBytes,
} from './imageFormat.ts';
import { qemuImg } from './qemuImg.ts';
import { Qcow2Writer } from './Qcow2Writer.ts';
import { unlessPipeClosed } from './unlessPipeClosed.ts';
import { readQcow2Header } from './readQcow2Header.ts';

const batchBytes = 2 ** 20;

export interface DiskTarget extends Incoming {
  /** The qcow2 file to make; it is whole when `writeDisk` resolves. */
  path: string;
  signal: AbortSignal;
}

/**
 * Turns the bytes of a disk image, in whatever format and compression they come, into a qcow2 disk. A raw
 * image goes straight to it; others to a scratch file first, which qemu-img then reads.
 */
export async function writeDisk(source: Readable, target: DiskTarget): Promise<void> {
  const { signal } = target;
  const { stream, compression } = await opened(source, signal);
  const image = await sniff(stream, sniffBytes);
  if (image.head.length === 0) throw new ImportError('Unable to process data: the image is empty');
  if (isTar(image.head)) return writeArchived(image.stream, target);
  const format = formatOf(image.head);
  const { sourceBytes } = target;
  if (format === 'raw' && !compression && sourceBytes && sourceBytes > target.bytes) {
    throw tooLarge(sourceBytes, target.bytes);
  }
  if (format === 'raw') await writeRaw(image.stream, target);
  else await convert(image.stream, format, target);
  if (target.preallocate) await preallocate(target);
}

/** The bytes of a stream without their compression. */
export async function opened(
  source: Readable,
  signal: AbortSignal,
): Promise<{ stream: AsyncGenerator<Buffer>; compression: Compression | undefined }> {
  const packed = await sniff(source, 8);
  const compression = compressionOf(packed.head);
  const stream = compression ? decompress(packed.stream, compression, signal) : packed.stream;
  return { stream, compression };
}

const scratchOf = ({ path, scratch }: DiskTarget): string => scratch ?? dirname(path);

/** Takes the disk of an appliance or of a container image that came as one file. */
async function writeArchived(source: AsyncIterable<Buffer>, target: DiskTarget): Promise<void> {
  const archive = join(scratchOf(target), '.archive');
  const { sourceBytes: _ofArchive, ...disk } = target;
  try {
    await keep(source, archive, target.signal);
    await writeDisk(await archivedDisk(archive, target.signal), disk);
  } finally {
    await rm(archive, { force: true });
  }
}

/** The first bytes of a stream, and the stream as if nothing had been read of it. */
async function sniff(
  source: AsyncIterable<Buffer | string>,
  bytes: number,
): Promise<{ head: Buffer; stream: AsyncGenerator<Buffer> }> {
  const iterator = source[Symbol.asyncIterator]();
  const first: Buffer[] = [];
  let length = 0;
  while (length < bytes) {
    const next = await iterator.next();
    if (next.done) break;
    const chunk = Buffer.from(next.value);
    first.push(chunk);
    length += chunk.length;
  }
  async function* stream(): AsyncGenerator<Buffer> {
    yield* first;
    for (;;) {
      const next = await iterator.next();
      if (next.done) return;
      yield next.value as Buffer;
    }
  }
  return { head: Buffer.concat(first).subarray(0, Math.max(bytes, 0)), stream: stream() };
}

/** Errors of the source come out of the decompressed stream too. */
async function* decompress(
  source: AsyncIterable<Buffer>,
  compression: Compression,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  if (compression === 'gzip') {
    const gunzip = createGunzip({ chunkSize: 256 * 1024 });
    const feeding = pipeline(source, gunzip, { signal });
    feeding.catch(() => undefined);
    yield* gunzip as AsyncIterable<Buffer>;
    await feeding;
    return;
  }
  const child = spawn(compression, ['-dc'], { stdio: ['pipe', 'pipe', 'pipe'], signal });
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString('utf8')));
  const ended = new Promise<void>((resolve, reject) => {
    child.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'ENOENT' ? new Error(`${compression} is not installed`) : error),
    );
    child.once('close', (code) =>
      code === 0 ? resolve() : reject(new Error(complaint.trim() || `${compression} failed`)),
    );
  });
  ended.catch(() => undefined);
  const feeding = pipeline(source, child.stdin);
  feeding.catch(() => child.kill());
  try {
    yield* child.stdout as AsyncIterable<Buffer>;
    // What is wrong with the source tells more than what the program says of it.
    await feeding.catch(unlessPipeClosed);
    await ended;
  } finally {
    child.kill();
  }
}

async function writeRaw(source: AsyncIterable<Buffer>, target: DiskTarget): Promise<void> {
  const writer = await Qcow2Writer.create(target.path, target.bytes);
  try {
    for await (const chunk of source) {
      target.signal.throwIfAborted();
      await writer.write(chunk);
    }
    await writer.finish();
  } catch (error) {
    if (error instanceof RangeError) {
      throw tooLarge(writer.written + 1, target.bytes);
    }
    throw error;
  } finally {
    await writer.close().catch(() => undefined);
  }
}

/** Writes a stream to a file as it is; it may not be on the disk yet. */
async function keep(
  source: AsyncIterable<Buffer>,
  path: string,
  signal: AbortSignal,
): Promise<void> {
  const file = await AppendedFile.create(path);
  let finished = false;
  try {
    let pieces: Buffer[] = [];
    let held = 0;
    for await (const chunk of source) {
      signal.throwIfAborted();
      pieces.push(chunk);
      held += chunk.length;
      if (held < batchBytes) continue;
      await file.append(...pieces);
      pieces = [];
      held = 0;
    }
    await file.append(...pieces);
    await file.finishUnsynced();
    finished = true;
  } finally {
    if (!finished) await file.close().catch(() => undefined);
  }
}

async function convert(
  source: AsyncIterable<Buffer>,
  format: ImageFormat,
  target: DiskTarget,
): Promise<void> {
  const scratch = join(scratchOf(target), '.scratch');
  try {
    await keep(source, scratch, target.signal);
    const bytes = await validate(scratch, format, target.signal);
    if (bytes > target.bytes) throw tooLarge(bytes, target.bytes);
    if (format === 'qcow2' && (await isFitToUse(scratch, target.signal))) {
      await putOnDisk(scratch);
      await rename(scratch, target.path);
    } else {
      const formats = ['-t', 'writeback', '-f', format, '-O', 'qcow2'];
      await qemuImg(['convert', ...formats, '-W', '-m', '8', scratch, target.path], target);
    }
    if (bytes < target.bytes) {
      await qemuImg(['resize', '-q', '-f', 'qcow2', target.path, String(target.bytes)]);
    }
  } finally {
    await rm(scratch, { force: true });
  }
}

async function putOnDisk(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.datasync();
  } finally {
    await file.close();
  }
}

/** The size that a guest would see; rejects what would make qemu-img read other files of this machine. */
async function validate(
  scratch: string,
  format: ImageFormat,
  signal: AbortSignal,
): Promise<number> {
  const header = format === 'qcow2' ? await readQcow2Header(scratch) : undefined;
  if (header?.backingFile !== undefined) {
    throw invalid(`Image is invalid because it has backing file ${header.backingFile}`);
  }
  if (header?.externalData) throw invalid('Image is invalid because its data is in another file');
  if (header?.encrypted) throw invalid('Image is invalid because it is encrypted');
  if (header && header.version < 2) throw invalid('Invalid format qcow for image');
  if (format === 'vmdk') await refuseExtents(scratch);
  const info: unknown = JSON.parse(
    await qemuImg(['info', '--output=json', '-f', format, scratch], { signal }).catch(
      (error: unknown) => {
        const message = messageOf(error);
        throw invalid(message.replaceAll(scratch, 'the image'));
      },
    ),
  );
  const size = typeof info === 'object' && info && 'virtual-size' in info && info['virtual-size'];
  if (typeof size !== 'number') throw invalid('the image has no size');
  return size;
}

const invalid = (message: string) =>
  new ImportError(
    `Unable to process data: Unable to convert source data to target format: ${message}`,
  );

/** A VMDK's descriptor may name other files as its extents. */
async function refuseExtents(scratch: string): Promise<void> {
  const file = await open(scratch, 'r');
  try {
    const head = Buffer.alloc(512);
    await file.read(head, 0, head.length, 0);
    const sectors = Number(head.readBigUInt64LE(36));
    const text = Buffer.alloc(Math.min(sectors, 128) * 512);
    await file.read(text, 0, text.length, Number(head.readBigUInt64LE(28)) * 512);
    const extents = text.toString('latin1').match(/^(RW|RDONLY|NOACCESS)\s.*$/gm) ?? [];
    const capacity = head.readBigUInt64LE(12);
    const parent = /^parentFileNameHint/m.test(text.toString('latin1'));
    // QEMU follows the descriptor only of an image that has no capacity of its own.
    if (capacity === 0n || extents.length > 1 || parent) {
      throw invalid('Image is invalid because its data is in other files');
    }
  } finally {
    await file.close();
  }
}

/** May a guest use the image as it came? Else it is converted. */
async function isFitToUse(scratch: string, signal: AbortSignal): Promise<boolean> {
  const header = await readQcow2Header(scratch);
  if (!header || header.version < 3 || header.clusterBits !== 16) return false;
  if (header.snapshots > 0 || header.dirty) return false;
  // Rejects an image that was cut off, too.
  await qemuImg(['check', '-q', '-f', 'qcow2', scratch], { signal }).catch((error: unknown) => {
    const message = messageOf(error);
    throw invalid(`the image is damaged: ${message.replaceAll(scratch, 'the image')}`);
  });
  return true;
}

async function preallocate({ path, signal }: DiskTarget): Promise<void> {
  const full = `${path}.full`;
  try {
    const options = ['-o', 'preallocation=falloc'];
    await qemuImg(['convert', '-f', 'qcow2', '-O', 'qcow2', ...options, path, full], { signal });
    await rename(full, path);
  } finally {
    await rm(full, { force: true });
  }
}
