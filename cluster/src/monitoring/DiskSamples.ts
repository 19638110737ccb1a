import type { Informer } from '../client/Informer.ts';
import type { PersistentVolumeClaim } from '../client/resources.ts';
import type { VirtualMachine } from '../kubevirt/resources.ts';
import { claimName } from '../kubevirt/virt-controller/templates.ts';
import { parseQuantity } from '../quantity.ts';
import { sample, type Sample } from './metrics.ts';

interface ClaimedDisk {
  volume: string;
  claim: PersistentVolumeClaim;
}

/** The disks of a VM that are claims which are there. */
function diskClaims(
  { metadata: { namespace }, spec }: VirtualMachine,
  claims: Informer<PersistentVolumeClaim>,
): ClaimedDisk[] {
  return (spec.template.spec?.volumes ?? []).flatMap((volume) => {
    const name = claimName(volume);
    const claim = name === undefined ? undefined : claims.get({ namespace, name });
    return claim ? [{ volume: volume.name, claim }] : [];
  });
}

/** What is asked for a disk. */
function diskSamples(
  { metadata: { namespace, name } }: VirtualMachine,
  { volume, claim }: ClaimedDisk,
): Sample[] {
  const of = {
    ...{ name, namespace, persistentvolumeclaim: claim.metadata.name },
    volume_mode: claim.spec.volumeMode ?? 'Filesystem',
    device: volume,
  };
  const size = parseQuantity(claim.spec.resources?.requests?.storage ?? '');
  return sample('kubevirt_vm_disk_allocated_size_bytes', of, size);
}

/** The disks of VMs, with what is asked for them; read anew when the VM or a claim of it has changed. */
export class DiskSamples {
  readonly #claims: Informer<PersistentVolumeClaim>;
  readonly #known = new WeakMap<
    VirtualMachine,
    { claims: readonly PersistentVolumeClaim[]; samples: readonly Sample[] }
  >();

  constructor(claims: Informer<PersistentVolumeClaim>) {
    this.#claims = claims;
  }

  of(vm: VirtualMachine): readonly Sample[] {
    const disks = diskClaims(vm, this.#claims);
    const known = this.#known.get(vm);
    if (
      known?.claims.length === disks.length &&
      disks.every(({ claim }, index) => claim === known.claims[index])
    )
      return known.samples;
    const samples = disks.flatMap((disk) => diskSamples(vm, disk));
    this.#known.set(vm, { claims: disks.map(({ claim }) => claim), samples });
    return samples;
  }
}
