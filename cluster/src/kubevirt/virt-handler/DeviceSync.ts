import { claimDisk } from '../virt-launcher/volumeFile.ts';
import type { Clock } from '../../client/Clock.ts';
import type { EventRecorder } from '../../client/EventRecorder.ts';
import { formatBytes, parseQuantity } from '../../quantity.ts';

import type { VirtualMachineInstance } from '../resources.ts';
import { withoutCondition } from '../virt-controller/conditions.ts';
import { isHotpluggable } from '../virt-controller/live-update/hotplugVolumes.ts';
import { claimName } from '../virt-controller/templates.ts';
import type { DomainDisk, Guest } from '../virt-launcher/GuestRuntime.ts';
import type { VolumeFolders } from '../virt-launcher/VolumeFolders.ts';
import { domainDisk } from '../virt-launcher/toDomainSpec.ts';
import { messageOf } from '../../client/messageOf.ts';
import { MemoryDumps } from './MemoryDumps.ts';
import type { VmiStatus, VmiWriter } from './VmiWriter.ts';

interface Dependencies {
  volumes: VolumeFolders;
  writer: VmiWriter;
  recorder: EventRecorder;
  clock: Clock;
}

type VolumeStatus = NonNullable<VmiStatus['volumeStatus']>[number];

/**
 * Brings the devices of a guest that runs to what its VMI asks for: disks and media that may come and go,
 * processors, memory. KubeVirt: pkg/virt-handler/hotplug-disk, pkg/virt-handler/vm.go (d923fdb).
 */
export class DeviceSync {
  readonly #is: Dependencies;
  readonly #dumps: MemoryDumps;

  constructor(dependencies: Dependencies) {
    this.#is = dependencies;
    this.#dumps = new MemoryDumps(dependencies);
  }

  /** `room`: the guest's pod was made for the processors and the memory that the VMI asks for now. */
  async reconcile(vmi: VirtualMachineInstance, guest: Guest, room: boolean): Promise<void> {
    await this.#attach(vmi, guest);
    this.#dumps.reconcile(vmi, guest);
    await this.#detach(vmi, guest);
    if (room) await this.#grow(vmi, guest);
  }

  async #attach(vmi: VirtualMachineInstance, guest: Guest): Promise<void> {
    for (const volume of (vmi.spec.volumes ?? []).filter(isHotpluggable)) {
      const status = vmi.status?.volumeStatus?.find(({ name }) => name === volume.name);
      const disk = vmi.spec.domain.devices.disks?.find(({ name }) => name === volume.name);
      const claim = claimName(volume);
      const isThere = status?.phase === 'AttachedToNode' || status?.phase === 'MountedToPod';
      if (!disk || !claim || !isThere) continue;
      const { name } = volume;
      const file = await claimDisk(this.#is.volumes, vmi, { volume: name, claim });
      const [wanted] = domainDisk(disk, new Map([[name, file]]));
      if (!wanted) continue;
      try {
        if (disk.cdrom) await guest.hotplug.changeMedium(name, file);
        else await guest.hotplug.attachDisk(wanted);
      } catch (error) {
        const message = messageOf(error);
        this.#is.recorder.warning(vmi, 'HotplugFailed', message);
        throw error;
      }
      await this.#setVolume(vmi, name, (now) => ({
        ...now,
        phase: 'Ready',
        reason: 'VolumeReady',
        message: 'Successfully attach hotplugged volume to VM',
        target: targetOf(wanted, guest),
      }));
      const mounted = `Volume ${name} has been mounted in virt-launcher pod`;
      this.#is.recorder.normal(vmi, 'VolumeMountedToPod', mounted);
      const text = `Successfully attach hotplugged volume ${name} to VM`;
      this.#is.recorder.normal(vmi, 'VolumeReady', text);
    }
  }

  async #detach(vmi: VirtualMachineInstance, guest: Guest): Promise<void> {
    for (const status of vmi.status?.volumeStatus ?? []) {
      const { name, hotplugVolume, phase, memoryDumpVolume } = status;
      const isWanted = vmi.spec.volumes?.some((volume) => volume.name === name);
      if (isWanted || !hotplugVolume || phase === 'UnMountedFromPod') continue;
      const disk = guest.spec.disks.find((one) => one.name === name);
      if (disk?.device === 'cdrom') await guest.hotplug.changeMedium(name, undefined);
      // That of a memory dump is no disk.
      else if (!memoryDumpVolume) await guest.hotplug.detachDisk(name);
      await this.#setVolume(vmi, name, (now) => ({
        ...now,
        phase: 'UnMountedFromPod',
        reason: 'VolumeUnMountedFromPod',
        message: `Volume ${name} has been unmounted from virt-launcher pod`,
      }));
      const text = `Volume ${name} has been unmounted from virt-launcher pod`;
      this.#is.recorder.normal(vmi, 'VolumeUnMountedFromPod', text);
      this.#is.recorder.normal(vmi, 'VolumeUnplugged', `Volume ${name} has been unplugged`);
    }
  }

  async #grow(vmi: VirtualMachineInstance, guest: Guest): Promise<void> {
    const sockets = vmi.spec.domain.cpu?.sockets ?? 1;
    const current = vmi.status?.currentCPUTopology;
    if (current && sockets > (current.sockets ?? 1)) {
      await guest.hotplug.plugSockets(sockets);
      await this.#is.writer.status(vmi.metadata, ({ status }) => ({
        ...status,
        currentCPUTopology: { ...status?.currentCPUTopology, sockets },
        conditions: withoutCondition(status?.conditions, 'HotVCPUChange'),
      }));
    }
    const wanted = vmi.spec.domain.memory?.guest;
    const bytes = parseQuantity(wanted ?? '');
    const requested = vmi.status?.memory?.guestRequested;
    if (!wanted || bytes === undefined || bytes === parseQuantity(requested ?? '')) return;
    await guest.hotplug.plugMemory(bytes);
    const now = formatBytes(await guest.hotplug.memoryBytes());
    await this.#is.writer.status(vmi.metadata, ({ status }) => ({
      ...status,
      memory: { ...status?.memory, guestRequested: wanted, guestCurrent: now },
      conditions: withoutCondition(status?.conditions, 'HotMemoryChange'),
    }));
  }

  async #setVolume(
    { metadata }: VirtualMachineInstance,
    name: string,
    change: (status: VolumeStatus) => VolumeStatus,
  ): Promise<void> {
    await this.#is.writer.status(metadata, ({ status }) => ({
      ...status,
      volumeStatus: (status?.volumeStatus ?? []).map((one) =>
        one.name === name ? change(one) : one,
      ),
    }));
  }
}

/** The guest's name of the disk: by bus, after those that are there. */
function targetOf(disk: DomainDisk, guest: Guest): string {
  const isVirtio = disk.bus === 'virtio';
  const same = guest.spec.disks.filter(({ bus }) => (bus === 'virtio') === isVirtio);
  const index = same.findIndex(({ name }) => name === disk.name);
  return `${isVirtio ? 'vd' : 'sd'}${String.fromCharCode(97 + Math.max(0, index))}`;
}
