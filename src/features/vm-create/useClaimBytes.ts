import { useWatchObject } from '~/api/useWatch';
import type { KubernetesObject } from '~/k8s/KubernetesObject';
import { persistentVolumeClaims } from '~/k8s/models';

import { type BootSourceRow, toClaimRow } from '~/kubevirt/bootSources';

/** Size of the claim behind a boot source; `isLoading` until it is known that there is one or none. */
export function useClaimBytes(row: BootSourceRow | undefined): {
  isLoading: boolean;
  bytes: number | undefined;
} {
  const hasClaim = row !== undefined && row.claimName !== '';
  const claim = useWatchObject<KubernetesObject>(
    hasClaim
      ? { model: persistentVolumeClaims, namespace: row.claimNamespace, name: row.claimName }
      : undefined,
  );
  const known = claim.state === 'ready' && claim.data ? toClaimRow(claim.data).bytes : undefined;
  return { isLoading: hasClaim && claim.state === 'loading', bytes: known ?? row?.bytes };
}
