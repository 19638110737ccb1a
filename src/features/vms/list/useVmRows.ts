import { useMemo, useState } from 'react';

import { useListUse } from '~/api/metrics';
import { useProjectNames } from '~/api/projects';
import { type ListQuery, useWatchList } from '~/api/useWatch';
import { persistentVolumeClaims, virtualMachineInstances, virtualMachines } from '~/k8s/models';
import { rowsOf, type Watched, type WatchedRows } from '~/k8s/Watched';
import { createRowJoin } from '~/kubevirt/vmListRow';
import type { Use, UseOfVm } from '~/kubevirt/vmMetrics';
import { toClaimRow, toVmiRow, toVmRow, type VmiRow, type VmRow } from '~/kubevirt/vmRow';

interface Options {
  /** What is listed: VMs, or the instances that have none. */
  kind: 'vm' | 'instance';
  /** Undefined for all. */
  namespace: string | undefined;
  /** Storage classes are asked for: they are known by the claims alone. */
  needsClaims: boolean;
  /** What is shown of what they use; memoised. */
  uses: readonly Use[];
}

const nothing: ReadonlyMap<string, UseOfVm> = new Map();

/**
 * A list over all projects. Who may not list all at once gets those of their projects, read in turns;
 * see `SweepStream` for why they are not watched.
 */
function useOwnList<Row>(query: ListQuery<Row> | undefined) {
  const whole = useWatchList(query);
  const isRefused =
    query?.namespace === undefined && whole.state === 'error' && whole.error.status === 403;
  const names = useProjectNames(isRefused);
  const own = useWatchList(
    query && isRefused && names && names.length > 0 ? { ...query, namespaces: names } : undefined,
  );
  const isSwept = isRefused && names !== undefined && names.length > 0;
  return { list: isSwept ? own : whole, isSwept };
}

/** Live rows of the list, and how each of their sources is. */
export function useVmRows({ kind, namespace, needsClaims, uses }: Options) {
  const [join] = useState(createRowJoin);
  const machines = useOwnList(
    kind === 'vm' ? { model: virtualMachines, namespace, toRow: toVmRow } : undefined,
  );
  const instances = useOwnList({
    model: virtualMachineInstances,
    namespace,
    toRow: toVmiRow,
  });
  const vmis = instances.list;
  const alone = useMemo(() => aloneOf(vmis), [vmis]);
  const { list: vms, isSwept } =
    kind === 'vm' ? machines : { list: alone, isSwept: instances.isSwept };
  const { list: claims } = useOwnList(
    needsClaims ? { model: persistentVolumeClaims, namespace, toRow: toClaimRow } : undefined,
  );
  const { data: useByKey = nothing, failure: metricsFailure } = useListUse(uses, namespace);
  const vmRows = rowsOf(vms);
  // Without the right to read instances the list still has names and statuses.
  const vmiRows = rowsOf(vmis);
  const claimRows = rowsOf(claims);
  const rows = useMemo(
    () => join(vmRows ?? [], vmiRows ?? [], claimRows ?? [], useByKey),
    [join, vmRows, vmiRows, claimRows, useByKey],
  );
  const aloneCount = rowsOf(alone)?.length ?? 0;
  return { vms, vmis, claims, metricsFailure, rows, isSwept, aloneCount };
}

/** Of all instances those that have no VM. */
function aloneOf(vmis: Watched<WatchedRows<VmiRow>>): Watched<WatchedRows<VmRow>> {
  if (vmis.state !== 'ready') return vmis;
  const rows = vmis.data.rows.flatMap(({ alone }) => alone ?? []);
  return { ...vmis, data: { ...vmis.data, rows } };
}
