import { spawn } from 'node:child_process';
import { createHash, randomUUID, timingSafeEqual } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';

import { stringify } from 'yaml';

import { diskFile, type DiskImages } from '../../cdi/DiskImages.ts';
import { findNewest } from '../../client/findNewest.ts';
import type { Informer } from '../../client/Informer.ts';
import type { KubeClient } from '../../client/KubeClient.ts';
import { type PersistentVolumeClaim, secrets } from '../../client/resources.ts';
import { LoopbackServer, type LoopbackOptions } from '../../loopback/LoopbackServer.ts';
import { Refusal } from '../../loopback/Refusal.ts';
import type { SnapshotFolders } from '../../hostpath-provisioner/SnapshotFolders.ts';
import { exportManifests, headerSecret } from '../virt-controller/export/exportManifests.ts';
import type { ExportSources, ExportVolume } from '../virt-controller/export/ExportSources.ts';
import { tokenHeader, type VirtualMachineExport } from '../virt-controller/export/resources.ts';
import { rangeOf } from './rangeOf.ts';

interface Dependencies extends Pick<LoopbackOptions, 'portFile' | 'certificate' | 'log'> {
  client: KubeClient;
  vmExports: Informer<VirtualMachineExport>;
  claims: Informer<PersistentVolumeClaim>;
  sources: ExportSources;
  images: DiskImages;
  folders: SnapshotFolders;
}

const route =
  /^\/api\/export\.kubevirt\.io\/v1\/namespaces\/([^/]+)\/virtualmachineexports\/([^/]+)\/(.+)$/;
/** How a guest reaches this machine (QEMU's user-mode network). */
const hostForGuests = '10.0.2.2';
/** Begins the handle of a snapshot that lasts as long as a download. */
const temporary = 'export-';

/**
 * Gives the volumes of VirtualMachineExports away, as virt-exportproxy and the exporter pods do together
 * (pkg/virt-exportproxy, pkg/virt-exportserver, d923fdb). A disk is read from a snapshot that lasts as long as the download.
 */
export class ExportProxy {
  readonly #is: Dependencies;
  readonly #server: LoopbackServer;

  constructor(dependencies: Dependencies) {
    this.#is = dependencies;
    this.#server = new LoopbackServer({
      ...dependencies,
      cors: {
        methods: 'GET, HEAD, OPTIONS',
        headers: `${tokenHeader}, range, accept`,
        expose: 'content-length, content-range',
      },
      handle: (request, response, url) => this.#handle(request, response, url),
    });
  }

  /** Resolves with the port. Removes what a former run of the program left of its downloads. */
  async listen(): Promise<number> {
    for (const handle of await this.#is.folders.handles()) {
      if (handle.startsWith(temporary)) {
        await this.#is.images.remove(this.#is.folders.of(handle));
      }
    }
    return this.#server.listen();
  }

  /** The addresses of the proxy, once it listens. */
  get origins(): { internal: string; external: string } | undefined {
    const { port } = this.#server;
    if (port === undefined) return undefined;
    return {
      internal: `http://${hostForGuests}:${port}`,
      external: `http://127.0.0.1:${port}`,
    };
  }

  close(): void {
    this.#server.close();
  }

  async #handle(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    if (request.method !== 'GET' && request.method !== 'HEAD') throw new Refusal(405, '');
    const [, namespace, name = '', rest = ''] = route.exec(url.pathname) ?? [];
    const found = namespace && this.#is.vmExports.get({ namespace, name });
    if (!found) throw new Refusal(404, '404 page not found');
    const shown = request.headers[tokenHeader] ?? url.searchParams.get(tokenHeader) ?? '';
    const token = await this.#tokenOf(found);
    if (token === undefined || !isSame(String(shown), token)) {
      throw new Refusal(401, 'the export token is missing or wrong');
    }
    await this.#serve(found, { rest, token }, request, response);
  }

  async #tokenOf({ metadata, status }: VirtualMachineExport): Promise<string | undefined> {
    const name = status?.tokenSecretRef;
    if (!name) return undefined;
    const { namespace } = metadata;
    const secret = await findNewest(this.#is.client, secrets, { namespace, name });
    const token = secret?.data?.['token'];
    return token && Buffer.from(token, 'base64').toString('utf8');
  }

  async #serve(
    found: VirtualMachineExport,
    { rest, token }: { rest: string; token: string },
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const exported = this.#is.sources.find(found);
    const { links, phase } = found.status ?? {};
    if (phase !== 'Ready' || !('volumes' in exported)) {
      const why = 'volumes' in exported ? (phase ?? 'not begun') : exported.message;
      throw new Refusal(503, `the export is not ready: ${why}`);
    }
    const [, side, which] = /^(internal|external)\/manifests\/(all|secret)$/.exec(rest) ?? [];
    const link = links?.[side === 'internal' ? 'internal' : 'external'];
    if (which && link && exported.vm) {
      const { namespace } = found.metadata;
      const object =
        which === 'secret'
          ? headerSecret(found.metadata, token)
          : exportManifests(found.metadata, exported, link, (name) => {
              const { spec, status } = this.#is.claims.get({ namespace, name }) ?? {};
              const asked = spec?.resources?.requests?.['storage'];
              return status?.capacity?.['storage'] ?? asked ?? '1Gi';
            });
      const wantsYaml = request.headers.accept?.includes('yaml') ?? false;
      response.setHeader('content-type', wantsYaml ? 'application/yaml' : 'application/json');
      response.end(wantsYaml ? stringify(object) : JSON.stringify(object));
      return;
    }
    const [, name, path = ''] = /^volumes\/([^/]+)\/(.+)$/.exec(rest) ?? [];
    const volume = exported.volumes.find((one) => one.name === name);
    if (!volume) throw new Refusal(404, '404 page not found');
    if (volume.kind === 'disk') return this.#disk(volume, path, request, response);
    return this.#archive(volume, path, request, response);
  }

  async #disk(
    { folder, name }: ExportVolume,
    path: string,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const zipped = path === 'disk.img.gz';
    if (!zipped && path !== 'disk.img') throw new Refusal(404, '404 page not found');
    const kept = this.#is.folders.of(`${temporary}${randomUUID()}`);
    await this.#is.images.snapshot(folder, kept);
    try {
      const disk = await this.#is.images.open(kept);
      try {
        const range = zipped ? undefined : rangeOf(request.headers.range, disk.bytes);
        const { start = 0, end = disk.bytes } = range ?? {};
        response.setHeader(
          'content-type',
          zipped ? 'application/gzip' : 'application/octet-stream',
        );
        response.setHeader(
          'content-disposition',
          `attachment; filename="${name}.${fileEnd(zipped)}"`,
        );
        if (!zipped) {
          response.setHeader('accept-ranges', 'bytes');
          response.setHeader('content-length', end - start);
        }
        if (range) {
          response.setHeader('content-range', `bytes ${start}-${end - 1}/${disk.bytes}`);
          response.statusCode = 206;
        }
        if (request.method === 'HEAD') return void response.end();
        const bytes = disk.read(start, end);
        if (zipped) await pipeline(bytes, createGzip({ level: 1 }), response);
        else await pipeline(bytes, response);
      } finally {
        await disk.close();
      }
    } finally {
      await this.#is.images.remove(kept);
    }
  }

  /** Files of a volume: one, a list of all, or all of them packed. */
  async #archive(
    { folder, name }: ExportVolume,
    path: string,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const files = (await readdir(folder)).filter((file) => file !== diskFile && file[0] !== '.');
    if (path === 'dir/') {
      response.setHeader('content-type', 'text/html; charset=utf-8');
      const items = files.map((file) => `<a href="${encodeURIComponent(file)}">${file}</a>`);
      response.end(`<pre>\n${items.join('\n')}\n</pre>\n`);
      return;
    }
    if (path === 'disk.tar.gz') {
      response.setHeader('content-type', 'application/gzip');
      response.setHeader('content-disposition', `attachment; filename="${name}.tar.gz"`);
      if (request.method === 'HEAD') return void response.end();
      const tar = spawn('tar', ['--create', '--sparse', '--directory', folder, '--', ...files], {
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      const ended = new Promise<number | null>((resolve, reject) => {
        tar.once('error', reject);
        tar.once('close', resolve);
      });
      await Promise.all([
        pipeline(tar.stdout, createGzip({ level: 1 }), response),
        ended.then((code) => {
          if (code !== 0) throw new Error(`tar ended with exit code ${String(code)}`);
        }),
      ]);
      return;
    }
    const file = files.find((one) => path === `dir/${encodeURIComponent(one)}`);
    if (file === undefined) throw new Refusal(404, '404 page not found');
    const at = join(folder, file);
    response.setHeader('content-type', 'application/octet-stream');
    response.setHeader('content-disposition', `attachment; filename="${file}"`);
    response.setHeader('content-length', (await stat(at)).size);
    if (request.method === 'HEAD') return void response.end();
    await pipeline(createReadStream(at), response);
  }
}

const fileEnd = (zipped: boolean) => (zipped ? 'img.gz' : 'img');

/** Takes as long whatever differs. */
function isSame(shown: string, token: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(shown), digest(token));
}
