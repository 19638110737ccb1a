import { type Informer, keyText } from '../client/Informer.ts';
import type { PersistentVolumeClaim, Pod } from '../client/resources.ts';
import type { VirtualMachineInstance } from '../kubevirt/resources.ts';
import { claimName } from '../kubevirt/virt-controller/templates.ts';
import type { Guest } from '../kubevirt/virt-launcher/GuestRuntime.ts';

interface Dependencies {
  /** With the index `claim`. */
  pods: Informer<Pod>;
  /** With the index `volume`. */
  vmis: Informer<VirtualMachineInstance>;
  guestOf: (vmi: VirtualMachineInstance) => Guest | undefined;
}

export interface LiveDisk {
  guest: Guest;
  /** Name of the disk in the VMI's spec. */
  disk: string;
}

/** Finds the guest that has the disk of a claim open. */
export class LiveDisks {
  readonly #is: Dependencies;

  constructor(dependencies: Dependencies) {
    this.#is = dependencies;
  }

  /**
   * Undefined when nobody uses the claim. Throws a sentence when it is not clear who does: a guest that
   * starts, ends or is being migrated, or guests that share the disk.
   */
  find({ metadata }: PersistentVolumeClaim): LiveDisk | undefined {
    const key = keyText(metadata);
    const users = this.#is.pods.byIndex('claim', key).filter(isAlive);
    if (users.length === 0) return undefined;
    const wait = (why: string) => new Error(`PVC ${key} cannot be worked on now: ${why}`);
    const vmis = this.#is.vmis.byIndex('volume', key).filter(isLive);
    const vmi = vmis[0];
    if (!vmi) throw wait(`pod ${users[0]?.metadata.name ?? ''} uses it`);
    if (vmis.length > 1) throw wait('more than one virtual machine uses it');
    const { migrationState } = vmi.status ?? {};
    if (migrationState && !migrationState.completed) throw wait('its guest is being migrated');
    if (vmi.status?.migratedVolumes?.length) throw wait('volumes of its guest are to move');
    const guest = this.#is.guestOf(vmi);
    const volume = vmi.spec.volumes?.find((one) => claimName(one) === metadata.name);
    if (volume && isReadOnly(vmi, volume.name)) return undefined;
    if (!guest || guest.state === 'ended' || !volume) throw wait('its guest is not running yet');
    return { guest, disk: volume.name };
  }
}

const isAlive = ({ status }: Pod) => status?.phase !== 'Succeeded' && status?.phase !== 'Failed';
const isLive = ({ status }: VirtualMachineInstance) =>
  status?.phase !== 'Succeeded' && status?.phase !== 'Failed';

/** Nobody writes to such a disk, so it can be worked on as if nobody used it. */
function isReadOnly({ spec }: VirtualMachineInstance, name: string): boolean {
  const disk = spec.domain.devices.disks?.find((one) => one.name === name);
  return disk?.cdrom !== undefined || disk?.disk?.readonly === true;
}
