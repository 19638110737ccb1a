import type {
  V1VirtualMachine,
  V1VirtualMachineInstance,
} from '@kubevirt-ui-ext/kubevirt-api/kubevirt';
import { useMemo } from 'react';

import { useEventsAbout } from '~/api/events';
import { useServed } from '~/api/discovery';
import { useWatchList } from '~/api/useWatch';
import type { Failure } from '~/k8s/errors';
import {
  dataVolumes,
  persistentVolumeClaims,
  pods as podsModel,
  virtualMachineRestores,
} from '~/k8s/models';
import { rowsOf, type Watched, type WatchedRows } from '~/k8s/Watched';
import { toDataVolumeRow, type VmDisk, vmDisks } from '~/kubevirt/vmDisks';
import { type EventRow, toEventRow, vmEvents } from '~/kubevirt/vmEvents';
import { vmFacts } from '~/kubevirt/vmFacts';
import { toRestoreRow } from '~/kubevirt/vmSnapshots';
import { type ClaimRow, type PodRow, toClaimRow, toPodRow } from '~/kubevirt/why/rows';
import { vmWhys, type Why } from '~/kubevirt/why/vmWhy';

/** A VM with all that it depends on, as far as the user may see it. */
export interface VmSituation {
  disks: readonly VmDisk[];
  claims: readonly ClaimRow[];
  /** Launcher pods: two while it migrates. */
  pods: readonly PodRow[];
  /** Newest first. */
  events: Watched<WatchedRows<EventRow>>;
  whys: readonly Why[];
  /** Why the state of the disks is not known. */
  disksFailure: Failure | undefined;
}

const none: readonly never[] = [];

/** Each name is a stream of its own; a browser has few. What befalls others shows on the VM as well. */
const mostVolumes = 4;

/** Watches what a VM depends on, for as long as its page is open. */
export function useVmSituation(
  vm: V1VirtualMachine,
  vmi: V1VirtualMachineInstance | undefined,
): VmSituation {
  const { namespace, name, created, vmiUid } = vmFacts(vm, vmi);
  const volumes = useWatchList({ model: dataVolumes, namespace, toRow: toDataVolumeRow });
  const claims = useWatchList({ model: persistentVolumeClaims, namespace, toRow: toClaimRow });
  const pods = useWatchList(
    vmiUid === ''
      ? undefined
      : {
          model: podsModel,
          namespace,
          labelSelector: `kubevirt.io/created-by=${vmiUid}`,
          toRow: toPodRow,
        },
  );
  const canRestore = useServed(virtualMachineRestores) === true;
  const restores = useWatchList(
    canRestore ? { model: virtualMachineRestores, namespace, toRow: toRestoreRow } : undefined,
  );
  const disks = useMemo(() => vmDisks(vm, vmi, rowsOf(volumes) ?? none), [vm, vmi, volumes]);
  const claimNames = useMemo(
    () => disks.map(({ sourceName }) => sourceName).filter((one) => one !== ''),
    [disks],
  );
  const podRows = rowsOf(pods) ?? none;
  const about = [name, ...podRows.map((pod) => pod.name), ...claimNames.slice(0, mostVolumes)];
  const watchedEvents = useEventsAbout(namespace, about, toEventRow);
  const events = useMemo(() => {
    if (watchedEvents.state !== 'ready') return watchedEvents;
    const subject = { name, created, dataVolumes: claimNames };
    const rows = vmEvents(watchedEvents.data.rows, subject);
    return { ...watchedEvents, data: { ...watchedEvents.data, rows } };
  }, [watchedEvents, name, created, claimNames]);

  const ownClaims = useMemo(
    () => (rowsOf(claims) ?? none).filter((claim) => claimNames.includes(claim.name)),
    [claims, claimNames],
  );
  const whys = useMemo(() => {
    const ownVolumes = disks.flatMap(({ dataVolume }) => dataVolume ?? []);
    return vmWhys({
      ...{ vm, vmi, claims: ownClaims, pods: podRows },
      dataVolumes: ownVolumes,
      events: rowsOf(events) ?? none,
      restores: (rowsOf(restores) ?? none).filter((one) => one.vm === name),
    });
  }, [vm, vmi, ownClaims, podRows, disks, events, restores, name]);
  return {
    ...{ disks, claims: ownClaims, pods: podRows, events, whys },
    disksFailure: volumes.state === 'error' ? volumes.error : undefined,
  };
}
