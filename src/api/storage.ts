import { useServed } from '~/api/discovery';
import { useWatchList } from '~/api/useWatch';
import {
  cdiConfigs,
  csiStorageCapacities,
  storageClasses,
  storageProfiles,
  volumeSnapshotClasses,
} from '~/k8s/models';
import { rowsOf } from '~/k8s/Watched';
import {
  capacityRow,
  classRow,
  driverOf,
  overheadsOf,
  profileRow,
  roomOf,
  type StorageFacts,
} from '~/kubevirt/create/storageAbilities';

/** Classes of storage with what CDI and the snapshot controller know of them, live. */
export function useStorageFacts(): StorageFacts {
  const of = { namespace: undefined };
  const hasProfiles = useServed(storageProfiles) === true;
  const hasSnapshots = useServed(volumeSnapshotClasses);
  const classes = useWatchList({ ...of, model: storageClasses, toRow: classRow });
  const profiles = useWatchList(
    hasProfiles ? { ...of, model: storageProfiles, toRow: profileRow } : undefined,
  );
  const drivers = useWatchList(
    hasSnapshots === true ? { ...of, model: volumeSnapshotClasses, toRow: driverOf } : undefined,
  );
  const configs = useWatchList(
    hasProfiles ? { ...of, model: cdiConfigs, toRow: overheadsOf } : undefined,
  );
  const hasCapacities = useServed(csiStorageCapacities) === true;
  const capacities = useWatchList(
    hasCapacities ? { ...of, model: csiStorageCapacities, toRow: capacityRow } : undefined,
  );
  return {
    classes: rowsOf(classes),
    profiles: rowsOf(profiles),
    snapshotDrivers: hasSnapshots === false ? [] : rowsOf(drivers),
    room: roomOf(rowsOf(capacities) ?? []),
    overheads: new Map(rowsOf(configs)?.flat()),
  };
}
