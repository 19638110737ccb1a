import { useMemo, useState } from 'react';

import { useWatchList } from '~/api/useWatch';
import { persistentVolumeClaims, virtualMachineInstances, virtualMachines } from '~/k8s/models';
import { createRowJoin } from '~/kubevirt/vmListRow';
import { toClaimRow, toVmiRow, toVmRow } from '~/kubevirt/vmRow';

interface Options {
  /** Undefined for all. */
  namespace: string | undefined;
  /** Storage classes are asked for: they are known by the claims alone. */
  needsClaims: boolean;
}

/** Live rows of the list, and how each of their sources is. */
export function useVmRows({ namespace, needsClaims }: Options) {
  const [join] = useState(createRowJoin);
  const vms = useWatchList({ model: virtualMachines, namespace, toRow: toVmRow });
  const vmis = useWatchList({ model: virtualMachineInstances, namespace, toRow: toVmiRow });
  const claims = useWatchList(
    needsClaims ? { model: persistentVolumeClaims, namespace, toRow: toClaimRow } : undefined,
  );
  const vmRows = vms.state === 'ready' ? vms.data.rows : undefined;
  // Without the right to read instances the list still has names and statuses.
  const vmiRows = vmis.state === 'ready' ? vmis.data.rows : undefined;
  const claimRows = claims.state === 'ready' ? claims.data.rows : undefined;
  const rows = useMemo(
    () => join(vmRows ?? [], vmiRows ?? [], claimRows ?? []),
    [join, vmRows, vmiRows, claimRows],
  );
  return { vms, vmis, claims, rows };
}
