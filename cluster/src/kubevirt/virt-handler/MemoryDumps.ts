import { join } from 'node:path';

import type { Clock } from '../../client/Clock.ts';
import { timestamp } from '../../client/timestamp.ts';
import type { VirtualMachineInstance } from '../resources.ts';
import { dumpPhases } from '../virt-controller/memorydump/memoryDumpVolume.ts';
import type { Guest } from '../virt-launcher/GuestRuntime.ts';
import type { VolumeFolders } from '../virt-launcher/VolumeFolders.ts';
import { messageOf } from '../../client/messageOf.ts';
import type { VmiStatus, VmiWriter } from './VmiWriter.ts';

interface Dependencies {
  volumes: VolumeFolders;
  writer: VmiWriter;
  clock: Clock;
}

type VolumeStatus = NonNullable<VmiStatus['volumeStatus']>[number];

/**
 * Writes the memory of a guest to the claims that came to it for that, each as a file, and tells how it ended
 * in `status.volumeStatus`. KubeVirt: pkg/virt-launcher/virtwrap/manager.go, MemoryDump (d923fdb).
 */
export class MemoryDumps {
  readonly #is: Dependencies;
  /** Under way: UID of the VMI and name of the volume. */
  readonly #running = new Set<string>();

  constructor(dependencies: Dependencies) {
    this.#is = dependencies;
  }

  /** Begins what is to be done; it goes on in the background, for a dump takes its time. */
  reconcile(vmi: VirtualMachineInstance, guest: Guest): void {
    for (const { name, memoryDump } of vmi.spec.volumes ?? []) {
      const id = `${vmi.metadata.uid}/${name}`;
      if (!memoryDump || this.#running.has(id)) continue;
      if (!isDue(vmi.status?.volumeStatus?.find((one) => one.name === name))) continue;
      this.#running.add(id);
      void this.#dump(vmi, guest, name, memoryDump.claimName).finally(() =>
        this.#running.delete(id),
      );
    }
  }

  async #dump(
    vmi: VirtualMachineInstance,
    guest: Guest,
    name: string,
    claimName: string,
  ): Promise<void> {
    const now = this.#is.clock.now();
    const targetFileName = `${vmi.metadata.name}-${claimName}-${compact(now)}.memory.dump`;
    // Decided on the newest state: what the informer gave may be from before a dump that is done.
    const begun = await this.#set(vmi, name, isDue, {
      phase: dumpPhases.inProgress,
      reason: dumpPhases.inProgress,
      message: `Memory dump Volume ${name} is attached, getting memory dump`,
      memoryDumpVolume: { claimName, startTimestamp: timestamp(now), targetFileName },
    });
    if (!begun) return;
    let failure: string | undefined;
    try {
      const folder = await this.#is.volumes.folderOf(vmi.metadata.namespace ?? '', claimName);
      await guest.memory.dump(join(folder, targetFileName));
    } catch (error) {
      failure = messageOf(error);
    }
    const endTimestamp = timestamp(this.#is.clock.now());
    const phase = failure === undefined ? dumpPhases.completed : dumpPhases.failed;
    const done = `Memory dump to Volume ${name} has completed successfully`;
    await this.#set(vmi, name, () => true, {
      phase,
      reason: phase,
      message: failure ?? done,
      memoryDumpVolume: { claimName, targetFileName, endTimestamp },
    });
  }

  /** Changes what is told of a volume where its newest state is as `when` says; was it so? */
  async #set(
    { metadata }: VirtualMachineInstance,
    name: string,
    when: (status: VolumeStatus) => boolean,
    change: Partial<VolumeStatus>,
  ): Promise<boolean> {
    const written = await this.#is.writer.change(metadata, (vmi) => {
      const volumeStatus = vmi.status?.volumeStatus?.map((one) =>
        one.name === name && when(one) ? changed(one, change) : one,
      );
      return volumeStatus && { ...vmi, status: { ...vmi.status, volumeStatus } };
    });
    return written !== undefined;
  }
}

/** Is there a dump to be made? One that a former run of the program began ended with it. */
function isDue(status: VolumeStatus | undefined): boolean {
  return status?.phase === 'AttachedToNode' || status?.phase === dumpPhases.inProgress;
}

function changed(status: VolumeStatus, change: Partial<VolumeStatus>): VolumeStatus {
  const { name, memoryDumpVolume } = status;
  return {
    ...status,
    ...change,
    memoryDumpVolume: { claimName: name, ...memoryDumpVolume, ...change.memoryDumpVolume },
  };
}

/** `20261130-070502`. */
function compact(now: number): string {
  return timestamp(now).replaceAll(/[-:]/g, '').replace('T', '-').slice(0, 15);
}
