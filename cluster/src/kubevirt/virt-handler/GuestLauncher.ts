import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { VirtualMachineInstance } from '../resources.ts';
import type { Guest, GuestRuntime } from '../virt-launcher/GuestRuntime.ts';
import type { InterfaceSync } from './InterfaceSync.ts';
import { prepareDomain, type VolumeFolders } from '../virt-launcher/prepareDomain.ts';

interface Dependencies {
  runtime: GuestRuntime;
  volumes: VolumeFolders;
  interfaces: InterfaceSync;
}

/** Says of a guest's folder that the guest was ended with the program and is to come back with it. */
export const suspendedMarker = 'suspended';

/** Starts guests in their folders, and finds those that were there before. */
export class GuestLauncher {
  readonly #is: Dependencies;

  constructor(dependencies: Dependencies) {
    this.#is = dependencies;
  }

  async launch(vmi: VirtualMachineInstance, address: string, folder: string): Promise<Guest> {
    await mkdir(folder, { recursive: true });
    const { volumes, interfaces } = this.#is;
    const segments = interfaces.segmentsOf(vmi);
    const spec = await prepareDomain(vmi, address, folder, { volumes, segments });
    return this.#is.runtime.launch(folder, spec);
  }

  attach(folder: string): Promise<Guest | undefined> {
    return this.#is.runtime.attach(folder);
  }

  /** A guest that ran when the program ended: it still does, or it is started again if it was suspended. */
  async find(
    vmi: VirtualMachineInstance,
    address: () => string,
    folder: string,
  ): Promise<Guest | undefined> {
    const attached = await this.attach(folder);
    if (attached) return attached;
    if (!(await exists(join(folder, suspendedMarker)))) return undefined;
    const guest = await this.launch(vmi, address(), folder);
    await rm(join(folder, suspendedMarker), { force: true });
    return guest;
  }

  async suspend(guest: Guest, graceMs: number, folder: string): Promise<void> {
    await guest.suspend(graceMs);
    await writeFile(join(folder, suspendedMarker), '');
  }

  /** Ends what runs in the folder although nobody knows it any more, and removes the folder. */
  async clear(folder: string): Promise<void> {
    if (!(await exists(folder))) return;
    await (await this.attach(folder))?.destroy();
    await rm(folder, { recursive: true, force: true });
  }
}

const exists = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );
