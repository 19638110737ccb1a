import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { promisify } from 'node:util';
import { type GuestImage, guestImages } from '../../src/guest-images/guestImages.ts';
import type { Arrival, DomainSpec, Guest } from '../../src/kubevirt/virt-launcher/GuestRuntime.ts';

/** The boot source `micro`, whose image is made once for all runs. */
export function microSources(): GuestImage[] {
  const cache = new URL('../../../node_modules/.cache/virtdeck', import.meta.url).pathname;
  return guestImages(cache, () => undefined).filter(({ name }) => name === 'micro');
}

/** The file of its image. */
export async function microImage(): Promise<string> {
  const [micro] = microSources();
  if (micro === undefined) throw new Error('There is no image micro');
  return micro.build(() => undefined, new AbortController().signal);
}

/** A domain with a disk of its own on top of `image`, or an empty one. */
export async function microDomain(directory: string, image?: string): Promise<DomainSpec> {
  await mkdir(directory, { recursive: true });
  const path = join(directory, 'disk.qcow2');
  const backing = image === undefined ? [path, '16M'] : ['-b', image, '-F', 'qcow2', path];
  await promisify(execFile)('qemu-img', ['create', '-q', '-f', 'qcow2', ...backing]);
  return {
    uid: 'f3b9c0de-0000-4000-8000-000000000001',
    name: 'default_web',
    hostname: 'web',
    firmware: {
      uuid: '5d307ca9-b3ef-428c-8861-06e72d69f223',
      bootloader: 'bios',
      secureBoot: false,
    },
    cpu: { sockets: 1, cores: 1, threads: 1, maxSockets: 4 },
    memoryBytes: 256 * 2 ** 20,
    disks: [
      {
        name: 'root',
        file: { path, format: 'qcow2' },
        device: 'disk',
        bus: 'virtio',
        readOnly: false,
      },
    ],
    interfaces: [
      {
        name: 'default',
        mac: '02:00:00:00:00:01',
        model: 'virtio',
        address: '127.64.19.7',
        ports: [8080],
      },
    ],
    graphics: true,
    serialConsole: true,
    startPaused: false,
  };
}

/** Gives a guest that moves another address. */
export const at = (address: string): Arrival => ({ nic: (nic) => ({ ...nic, address }) });

/** Collects what a stream sends, for looking for words in it. */
export class Reader {
  text = '';

  constructor(stream: Duplex) {
    stream.on('data', (chunk: Buffer) => (this.text += chunk.toString('latin1')));
  }

  /** Resolves once the words have come; what came before them is forgotten. */
  async until(words: string, timeoutMs = 45_000): Promise<void> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const place = this.text.indexOf(words);
      if (place >= 0) {
        this.text = this.text.slice(place + words.length);
        return;
      }
      if (Date.now() > deadline)
        throw new Error(`"${words}" did not come; last: ${this.text.slice(-500)}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

/** Waits for the guest agent's first word. */
export async function agentConnected(guest: Guest): Promise<void> {
  if ((await guest.agentInfo()) !== undefined) return;
  await new Promise<void>((resolve) => {
    guest.subscribe((event) => {
      if (event.type === 'agent' && event.connected) resolve();
    });
  });
}

/** Waits for the end of a guest. */
export function ended(guest: Guest): Promise<NonNullable<Guest['end']>> {
  return new Promise((resolve) => {
    if (guest.end !== undefined) resolve(guest.end);
    guest.subscribe((event) => {
      if (event.type === 'ended') resolve({ end: event.end, detail: event.detail });
    });
  });
}
