import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  createReadStream,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A server of this machine, which a cluster elsewhere could not reach: for `ownProgram`. */
export interface ImageServer {
  /** `127.0.0.1:PORT`. */
  host: string;
  close: () => void;
}

async function listen(answer: RequestListener): Promise<ImageServer> {
  const server: Server = createServer(answer);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return { host: `127.0.0.1:${port}`, close: () => server.close() };
}

/** Gives one file at any path. */
export function serveFile(file: string): Promise<ImageServer> {
  return listen((_request, response) => createReadStream(file).pipe(response));
}

const sha256 = (bytes: Buffer) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

/** A registry of one image, `os/disk:1`, in which a disk lies where KubeVirt looks for it. */
export async function serveContainerDisk(disk: string): Promise<ImageServer> {
  const folder = mkdtempSync(join(tmpdir(), 'virtdeck-registry-'));
  mkdirSync(join(folder, 'image/disk'), { recursive: true });
  symlinkSync(disk, join(folder, 'image/disk/disk.qcow2'));
  const tar = join(folder, 'layer.tar');
  execFileSync('tar', ['-chf', tar, '-C', join(folder, 'image'), '.']);
  const layer = readFileSync(tar);
  rmSync(folder, { recursive: true });
  const mediaType = 'application/vnd.oci.image.layer.v1.tar';
  const manifest = Buffer.from(JSON.stringify({ layers: [{ mediaType, digest: sha256(layer) }] }));
  const contents = new Map([
    ['/v2/os/disk/manifests/1', manifest],
    [`/v2/os/disk/blobs/${sha256(layer)}`, layer],
  ]);
  return listen(({ url = '' }, response) => {
    const content = contents.get(url);
    response.writeHead(content ? 200 : 404).end(content);
  });
}
