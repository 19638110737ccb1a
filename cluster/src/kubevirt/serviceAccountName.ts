import type { V1VirtualMachineInstanceSpec } from '@kubevirt-ui-ext/kubevirt-api/kubevirt';

/** Newer than the package of types. */
type Spec = V1VirtualMachineInstanceSpec & { serviceAccountName?: string };

/** `spec.serviceAccountName` of a VMI: the account of its launcher pod. */
export const ownServiceAccount = (spec: Spec) => spec.serviceAccountName;

/** The account of the launcher pod: the VMI's own, or that which the guest gets by a volume. */
export const serviceAccountOf = (spec: Spec) =>
  spec.serviceAccountName ??
  spec.volumes?.find((volume) => volume.serviceAccount)?.serviceAccount?.serviceAccountName;
