import { useServed } from '~/api/discovery';
import { useWatchList } from '~/api/useWatch';
import { cdiConfigs, storageClasses, storageProfiles, volumeSnapshotClasses } from '~/k8s/models';
import type { Watched, WatchedRows } from '~/k8s/Watched';
import {
  classRow,
  driverOf,
  overheadsOf,
  profileRow,
  type StorageFacts,
} from '~/kubevirt/create/storageAbilities';

function rowsOf<Row>(watched: Watched<WatchedRows<Row>>): readonly Row[] | undefined {
  return watched.state === 'ready' ? watched.data.rows : undefined;
}

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
  return {
    classes: rowsOf(classes),
    profiles: rowsOf(profiles),
    snapshotDrivers: hasSnapshots === false ? [] : rowsOf(drivers),
    overheads: new Map(rowsOf(configs)?.flat()),
  };
}
