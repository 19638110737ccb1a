import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { VirtualMachineInstance } from '../resources.ts';
import type { Guest, GuestRuntime } from '../virt-launcher/GuestRuntime.ts';
import type { InterfaceSync } from './InterfaceSync.ts';
import { loadState, saveState } from '../virt-launcher/guestState.ts';
import { prepareDomain } from '../virt-launcher/prepareDomain.ts';
import type { VolumeFolders } from '../virt-launcher/VolumeFolders.ts';
import type { GuestFolders } from './GuestFolders.ts';

interface Dependencies {
  /** Are guests run without KVM, also where it works? */
  emulates(): boolean;
  runtime: GuestRuntime;
  volumes: VolumeFolders;
  interfaces: InterfaceSync;
  folders: GuestFolders;
  /** UIDs of the VMIs that have not ended, of all nodes. */
  owners(): ReadonlySet<string>;
  log: (message: string) => void;
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
    const domain = await prepareDomain(vmi, address, folder, { volumes, segments });
    const spec = this.#is.emulates() ? { ...domain, emulated: true } : domain;
    const state = await volumes.stateOf(vmi);
    if (state !== undefined) await loadState(vmi, state, folder);
    try {
      return await this.#is.runtime.launch(folder, spec);
    } catch (error) {
      // The lock of a disk may be held by a guest of a node that is lost, whose pod was deleted by force.
      if (!isLocked(error) || !(await this.#fence())) throw error;
      return this.#is.runtime.launch(folder, spec);
    }
  }

  /** Ends the guests of all nodes that no VMI owns any more; false when there was none. */
  async #fence(): Promise<boolean> {
    const { folders, log } = this.#is;
    const owners = this.#is.owners();
    let found = false;
    for (const node of await folders.nodes()) {
      for (const uid of await folders.on(node)) {
        if (owners.has(uid)) continue;
        log(`virt-handler: the guest ${uid} on ${node}, which nobody owns any more, is ended`);
        await this.clear(folders.of(node, uid));
        found = true;
      }
    }
    return found;
  }

  /** Keeps what is to outlive the guest, which has ended in the folder. */
  async keepState(vmi: VirtualMachineInstance, folder: string): Promise<void> {
    const state = await this.#is.volumes.stateOf(vmi);
    if (state !== undefined) await saveState(vmi, state, folder);
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
    await this.#is.runtime.end(folder);
    await rm(folder, { recursive: true, force: true });
  }
}

/** QEMU's words for an image that another process has open. */
const isLocked = (error: unknown) =>
  error instanceof Error && /Failed to get .* lock/.test(error.message);

const exists = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );
