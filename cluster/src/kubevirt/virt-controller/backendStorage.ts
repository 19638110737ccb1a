import { controllerReference } from '../../client/controllerReference.ts';
import type { Draft } from '../../client/KubeClient.ts';
import type { PersistentVolumeClaim, Pod } from '../../client/resources.ts';
import type { VirtualMachineInstance } from '../resources.ts';

/** Label of the claim that keeps a VM's TPM and firmware variables; its value is the VM's name. */
export const stateLabel = 'persistent-state-for';
/** The volume of a launcher pod that is such a claim. */
export const stateVolume = 'vm-state';

const size = '10Mi';

/** Does the guest have a TPM or firmware variables that outlive it? */
export function needsState({ spec }: Pick<VirtualMachineInstance, 'spec'>): boolean {
  const { devices, firmware } = spec.domain;
  const tpm = devices.tpm?.persistent === true && devices.tpm.enabled !== false;
  return tpm || firmware?.bootloader?.efi?.persistent === true;
}

/**
 * The claim for it: it goes with the VM, or with a VMI that has none. KubeVirt:
 * pkg/storage/backend-storage/backend-storage.go (d923fdb).
 */
export function stateClaimOf(
  { metadata }: VirtualMachineInstance,
  storageClassName: string | undefined,
): Draft<PersistentVolumeClaim> {
  const owner = metadata.ownerReferences?.find(({ kind }) => kind === 'VirtualMachine');
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: {
      generateName: `${stateLabel}-${metadata.name}-`,
      ...(metadata.namespace && { namespace: metadata.namespace }),
      labels: { [stateLabel]: metadata.name, 'cdi.kubevirt.io/applyStorageProfile': 'true' },
      ownerReferences: [
        owner ?? controllerReference('kubevirt.io/v1', 'VirtualMachineInstance', metadata),
      ],
    },
    spec: {
      accessModes: ['ReadWriteMany'],
      volumeMode: 'Filesystem',
      resources: { requests: { storage: size } },
      ...(storageClassName && { storageClassName }),
    },
  };
}

/** The claim of that kind that a launcher pod has. */
export const stateClaimName = ({ spec }: Pod): string | undefined =>
  spec.volumes?.find(({ name }) => name === stateVolume)?.persistentVolumeClaim?.claimName;
