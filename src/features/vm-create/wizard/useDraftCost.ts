import type { InstanceTypes } from '~/api/instanceTypes';
import { useKubeVirt } from '~/api/nodes';
import { useStorageFacts } from '~/api/storage';
import { useUploads } from '~/api/uploads';
import { useWatchList, useWatchObject } from '~/api/useWatch';
import type { KubernetesObject } from '~/k8s/KubernetesObject';
import { dataVolumes, limitRanges, namespaces, resourceQuotas } from '~/k8s/models';
import { rowsOf } from '~/k8s/Watched';
import { toBytes } from '~/kubevirt/create/amount';
import {
  draftCost,
  limitsOf,
  memoryLimitRatio,
  quotaRow,
  type QuotaUse,
  quotaUses,
  type VmSize,
} from '~/kubevirt/create/draftCost';
import { type DraftTime, draftTime, toTransfer } from '~/kubevirt/create/draftTime';
import type { Problem } from '~/kubevirt/create/draftProblems';
import { limitWarnings, quotaWarnings, roomWarnings } from '~/kubevirt/create/draftWarnings';
import { defaultCpuAllocationRatio } from '~/kubevirt/create/nodeOffer';
import { typeKey } from '~/kubevirt/create/typeKey';
import type { VmDraft } from '~/kubevirt/create/vmDraft';

export interface DraftCost {
  /** Of one VM; undefined while the instance type is not known. */
  size: VmSize | undefined;
  /** What it takes from the quotas of its project; empty where none limits it. */
  uses: readonly QuotaUse[];
  warnings: readonly Problem[];
  time: DraftTime;
}

/** What a draft will take of its project, and how long until it can start, as far as the user may see it. */
export function useDraftCost(draft: VmDraft, types: InstanceTypes): DraftCost {
  const { namespace } = draft;
  const hasProject = namespace !== '';
  const quotas = useWatchList(
    hasProject ? { model: resourceQuotas, namespace, toRow: quotaRow } : undefined,
  );
  const ranges = useWatchList(
    hasProject ? { model: limitRanges, namespace, toRow: limitsOf } : undefined,
  );
  const volumes = useWatchList(
    hasProject ? { model: dataVolumes, namespace, toRow: toTransfer } : undefined,
  );
  const transfers = (rowsOf(volumes) ?? []).filter((row) => row !== undefined);
  const uploads = useUploads();
  const storage = useStorageFacts();
  const project = useWatchObject<KubernetesObject>(
    hasProject ? { model: namespaces, namespace: undefined, name: namespace } : undefined,
  );
  const labels = project.state === 'ready' ? project.data?.metadata?.labels : undefined;
  const kubeVirt = useKubeVirt();
  const size = sizeOf(draft, types);
  const cost = draftCost(draft, {
    ...{ size, storage, memoryLimitRatio: memoryLimitRatio(labels) },
    cpuAllocationRatio: kubeVirt?.cpuAllocationRatio ?? defaultCpuAllocationRatio,
    logsConsoles: kubeVirt?.logsConsoles ?? true,
  });
  const uses = quotaUses(cost, rowsOf(quotas) ?? []);
  const limits = rowsOf(ranges)?.flat() ?? [];
  return {
    ...{ size, uses },
    warnings: [
      ...quotaWarnings(draft, uses),
      ...limitWarnings(draft, limits, { size, storage }),
      ...roomWarnings(draft, storage),
    ],
    time: draftTime(draft, storage, { transfers, uploads }),
  };
}

function sizeOf({ compute }: VmDraft, { types }: InstanceTypes): VmSize | undefined {
  if (compute.kind === 'instancetype') {
    return types.find((type) => typeKey(type) === typeKey(compute.type));
  }
  const { sockets, cores, threads, memory, isDedicated, hugepages } = compute;
  const cpus = sockets * cores * threads;
  return { cpus, memoryBytes: toBytes(memory), isDedicated, hugepages };
}
