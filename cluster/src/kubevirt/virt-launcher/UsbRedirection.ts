import { rm } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { connectInDirectory } from './connectInDirectory.ts';

/** KubeVirt's UsbClientPassthroughMaxNumberOf. */
const SLOTS = 4;

const socketName = (slot: number) => `usbredir-${slot}.sock`;

/** The slots in which a client's USB devices are passed to a guest: a socket and a device of QEMU each. */
export class UsbRedirection {
  readonly #directory: string;
  readonly #slots: (Socket | 'opening' | undefined)[];

  constructor(directory: string, attached: boolean) {
    this.#directory = directory;
    this.#slots = new Array<undefined>(attached ? SLOTS : 0).fill(undefined);
  }

  /** Takes the first free slot until the socket closes. */
  async open(): Promise<Socket> {
    const slot = this.#slots.indexOf(undefined);
    if (slot < 0) throw new Error('No free slot for USB redirection');
    this.#slots[slot] = 'opening';
    try {
      const socket = await connectInDirectory(this.#directory, socketName(slot));
      this.#slots[slot] = socket;
      socket.once('close', () => (this.#slots[slot] = undefined));
      return socket;
    } catch (error) {
      this.#slots[slot] = undefined;
      throw error;
    }
  }

  close(): void {
    for (const socket of this.#slots) if (typeof socket === 'object') socket.destroy();
  }
}

/** The devices of QEMU behind the slots. */
export function usbRedirectionArguments(): string[] {
  return Array.from({ length: SLOTS }, (_, slot) => [
    ...['-chardev', `socket,id=usbredir${slot},path=${socketName(slot)},server=on,wait=off`],
    ...[
      '-device',
      JSON.stringify({
        driver: 'usb-redir',
        id: `usbredir${slot}`,
        chardev: `usbredir${slot}`,
        bus: 'usb.0',
      }),
    ],
  ]).flat();
}

/** Removes the sockets of a former guest. */
export async function removeUsbSockets(directory: string): Promise<void> {
  for (let slot = 0; slot < SLOTS; slot++) {
    await rm(join(directory, socketName(slot)), { force: true });
  }
}
