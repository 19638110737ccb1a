import { annotations } from '../cdi/claims.ts';
import { type Informer, keyText } from '../client/Informer.ts';
import type { PersistentVolumeClaim, Pod, StorageClass } from '../client/resources.ts';
import type { VirtualMachineInstance } from '../kubevirt/resources.ts';

interface Consumers {
  classes: Informer<StorageClass>;
  /** With the index `claim`. */
  pods: Informer<Pod>;
  /** With the index `volume`. */
  vmis?: Informer<VirtualMachineInstance>;
}

/**
 * Is the claim not to be bound before somebody uses it? KubeVirt makes a pod for a guest whose claims wait
 * (`kubevirt.io/ephemeral-provisioning`); here the VirtualMachineInstance itself counts as a consumer.
 */
export function waitsForFirstConsumer(
  claim: PersistentVolumeClaim,
  { classes, pods, vmis }: Consumers,
): boolean {
  if (claim.status?.phase === 'Bound' || claim.spec.volumeName) return false;
  const storageClass = classes.get({ name: claim.spec.storageClassName ?? '' });
  if (storageClass?.volumeBindingMode !== 'WaitForFirstConsumer') return false;
  if (claim.metadata.annotations?.[annotations.bindImmediately] !== undefined) return false;
  const key = keyText(claim.metadata);
  return pods.byIndex('claim', key).length === 0 && !vmis?.byIndex('volume', key).length;
}

/** Has an instance begun to use claims: by its coming, or because volumes of it are to move? */
export const beginsToUse = (
  before: VirtualMachineInstance | undefined,
  after: VirtualMachineInstance | undefined,
): boolean =>
  after !== undefined &&
  (!before || (!before.status?.migratedVolumes && !!after.status?.migratedVolumes));
