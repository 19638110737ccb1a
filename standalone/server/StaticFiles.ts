import type { FastifyReply, FastifyRequest } from 'fastify';
import { createHash } from 'node:crypto';
import { readFile, realpath, stat } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const contentTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.gif': 'image/gif',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
};
const compressible = new Set(['.css', '.html', '.js', '.json', '.map', '.mjs', '.svg', '.txt']);

type Encoding = 'br' | 'gzip' | 'identity';

interface Entry {
  modifiedMs: number;
  etag: string;
  content: Buffer;
  /** Filled as browsers ask; a promise, so that two first requests compress once. */
  encoded: Map<Encoding, Promise<Buffer>>;
}

const brotli = promisify(brotliCompress);
const gzipped = promisify(gzip);

/**
 * Serves the files of one folder from memory, compressed once per file and encoding. Files are
 * read again when they change. Meant for the console's own builds, a few megabytes.
 */
export class StaticFiles {
  private readonly entries = new Map<string, Entry>();

  constructor(private readonly folder: string) {}

  /** Sends `path` (decoded, relative) or returns false when there is no such file here. */
  async send(request: FastifyRequest, reply: FastifyReply, path: string): Promise<boolean> {
    const entry = await this.read(path);
    if (!entry) return false;
    const extension = extname(path);
    reply
      .header('content-type', contentTypes[extension] ?? 'application/octet-stream')
      .header('cache-control', cacheControl(path))
      .header('vary', 'Accept-Encoding')
      .header('etag', entry.etag);
    if (request.headers['if-none-match'] === entry.etag) {
      await reply.code(304).send();
      return true;
    }
    const encoding = compressible.has(extension)
      ? bestEncoding(request.headers['accept-encoding'])
      : 'identity';
    if (encoding !== 'identity') reply.header('content-encoding', encoding);
    await reply.send(await encode(entry, encoding));
    return true;
  }

  private async read(path: string): Promise<Entry | undefined> {
    const file = await this.locate(path);
    if (!file) return undefined;
    const { mtimeMs } = await stat(file);
    const known = this.entries.get(file);
    if (known?.modifiedMs === mtimeMs) return known;
    const content = await readFile(file);
    const etag = `"${createHash('sha256').update(content).digest('base64url').slice(0, 22)}"`;
    const entry: Entry = { modifiedMs: mtimeMs, etag, content, encoded: new Map() };
    this.entries.set(file, entry);
    return entry;
  }

  /** The real file, symbolic links followed, only if it lies within the folder. */
  private async locate(path: string): Promise<string | undefined> {
    if (path.includes('\0') || path.includes('\\') || path.split('/').includes('..'))
      return undefined;
    try {
      const root = await realpath(this.folder);
      const file = await realpath(join(root, path));
      return file.startsWith(root + sep) && (await stat(file)).isFile() ? file : undefined;
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }
}

function encode(entry: Entry, encoding: Encoding): Promise<Buffer> {
  const known = entry.encoded.get(encoding);
  if (known) return known;
  const made = compress(entry.content, encoding);
  entry.encoded.set(encoding, made);
  return made;
}

function compress(content: Buffer, encoding: Encoding): Promise<Buffer> {
  switch (encoding) {
    case 'br':
      // Quality 5 is near gzip -9 in time and well below it in bytes.
      return brotli(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } });
    case 'gzip':
      return gzipped(content);
    case 'identity':
      return Promise.resolve(content);
  }
}

function bestEncoding(accepted: string | string[] | undefined): Encoding {
  const names = String(accepted ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => !/;\s*q=0(\.0*)?$/.test(part))
    .map((part) => part.split(';')[0]);
  if (names.includes('br')) return 'br';
  return names.includes('gzip') ? 'gzip' : 'identity';
}

/** Files with a content hash in their name never change; all others are asked for each time. */
function cacheControl(path: string): string {
  if (path.endsWith('plugin-manifest.json')) return 'no-store';
  const hasHash = /[.-][0-9a-f]{8,}\.(min\.)?[a-z0-9]+(\.map)?$/.test(path);
  return hasHash ? 'public, max-age=31536000, immutable' : 'no-cache';
}

function isNotFound(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ENOENT' || code === 'ENOTDIR' || code === 'ENAMETOOLONG' || code === 'ELOOP';
}
