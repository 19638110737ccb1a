import { basename, dirname } from 'node:path';

import type { GuestDisks } from './GuestRuntime.ts';
import { blockNode, deviceId } from './diskDevices.ts';
import type { Qmp } from './Qmp.ts';

interface BlockDevice {
  qdev?: string;
  inserted?: { 'node-name'?: string };
}

/** The disks of a guest that runs: put another layer on one, make one larger. */
export class QemuDisks implements GuestDisks {
  readonly #qmp: Qmp;
  readonly #setFile: (disk: string, path: string) => Promise<void>;

  /** `setFile` is told which file a disk writes to after a snapshot. */
  constructor(qmp: Qmp, setFile: (disk: string, path: string) => Promise<void>) {
    this.#qmp = qmp;
    this.#setFile = setFile;
  }

  async snapshot(disk: string, overlay: string): Promise<void> {
    const node = await this.topOf(disk);
    const name = layerNode(disk, overlay);
    await this.#qmp.execute('blockdev-add', {
      driver: 'qcow2',
      'node-name': name,
      // QEMU puts what it writes to now under it by itself.
      backing: null,
      discard: 'unmap',
      'detect-zeroes': 'unmap',
      file: { driver: 'file', filename: overlay },
    });
    try {
      await this.#qmp.execute('blockdev-snapshot', { node, overlay: name });
    } catch (error) {
      await this.#qmp.execute('blockdev-del', { 'node-name': name });
      throw error;
    }
    await this.#setFile(disk, overlay);
  }

  async resize(disk: string, bytes: number): Promise<void> {
    await this.#qmp.execute('block_resize', { 'node-name': await this.topOf(disk), size: bytes });
  }

  /** The node that the guest's device is on, which is another one after a snapshot. */
  async topOf(disk: string): Promise<string> {
    const devices = (await this.#qmp.execute('query-block')) as BlockDevice[];
    const id = deviceId(disk);
    const own = devices.find(({ qdev }) => qdev?.split('/').includes(id));
    const node = own?.inserted?.['node-name'];
    if (node === undefined) throw new Error(`the guest has no disk ${disk}`);
    return node;
  }
}

/** Closes the files of a disk that was taken away: its layers from the newest on, then what it began with. */
export async function deleteLayers(qmp: Qmp, disk: string): Promise<void> {
  const all = (await qmp.execute('query-named-block-nodes', { flat: true })) as {
    'node-name': string;
  }[];
  let layers = all
    .map((entry) => entry['node-name'])
    .filter((name) => name.startsWith(layerPrefix(disk)));
  while (layers.length > 0) {
    const left: string[] = [];
    for (const name of layers) {
      // One that another lies on is in use until that is gone.
      await qmp.execute('blockdev-del', { 'node-name': name }).catch(() => left.push(name));
    }
    if (left.length === layers.length) throw new Error(`the layers of disk ${disk} are in use`);
    layers = left;
  }
  await qmp.execute('blockdev-del', { 'node-name': blockNode(disk) });
}

const layerPrefix = (disk: string) => `${blockNode(disk).slice(0, 14)}-`;

/** Within the 31 characters that QEMU allows. */
const layerNode = (disk: string, overlay: string) =>
  `${layerPrefix(disk)}${basename(dirname(overlay)).slice(0, 16)}`;
