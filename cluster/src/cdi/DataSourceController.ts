import type { Clock } from '../client/Clock.ts';
import type { Informer } from '../client/Informer.ts';
import type { KubeClient, ObjectKey } from '../client/KubeClient.ts';
import type { PersistentVolumeClaim } from '../client/resources.ts';
import { withCondition } from '../kubevirt/virt-controller/conditions.ts';
import {
  type DataSource,
  dataSources,
  type DataVolume,
  type DataVolumeCondition,
} from './resources.ts';
import type { VolumeSnapshot } from '../hostpath-provisioner/snapshotResources.ts';
import { ignoreGone } from '../client/ignoreGone.ts';
import { timestamp } from '../client/timestamp.ts';

interface Dependencies {
  client: KubeClient;
  dataSources: Informer<DataSource>;
  dataVolumes: Informer<DataVolume>;
  claims: Informer<PersistentVolumeClaim>;
  volumeSnapshots: Informer<VolumeSnapshot>;
  clock: Clock;
}

/** Says of each DataSource whether it can be used: the condition Ready, with CDI's reasons. */
export class DataSourceController {
  readonly #is: Dependencies;

  constructor(dependencies: Dependencies) {
    this.#is = dependencies;
  }

  async reconcile(key: ObjectKey): Promise<void> {
    const dataSource = this.#is.dataSources.get(key);
    if (!dataSource || dataSource.metadata.deletionTimestamp) return;
    const time = timestamp(this.#is.clock.now());
    const before = dataSource.status ?? {};
    const conditions = withCondition(before.conditions, this.#ready(dataSource), time);
    const status = { ...before, source: dataSource.spec.source, conditions };
    if (JSON.stringify(status) === JSON.stringify(before)) return;
    await ignoreGone(this.#is.client.updateStatus(dataSources, { ...dataSource, status }));
  }

  #ready(dataSource: DataSource): DataVolumeCondition {
    const notReady = (reason: string, message: string): DataVolumeCondition => ({
      type: 'Ready',
      status: 'False',
      reason,
      message,
    });
    const found = this.#resolve(dataSource, 0);
    if ('reason' in found) return notReady(found.reason, found.message);
    if (found.snapshot) {
      const snapshot = this.#is.volumeSnapshots.get(found.key);
      if (snapshot?.status?.readyToUse) return ready;
      return snapshot
        ? notReady('SnapshotNotReady', 'Snapshot is not ready to use')
        : notReady('NotFound', `Snapshot ${found.key.name} not found`);
    }
    const { key } = found;
    const filling = this.#is.dataVolumes.get(key);
    if (filling && filling.status?.phase !== 'Succeeded') {
      const { phase = 'Pending', progress = 'N/A' } = filling.status ?? {};
      const step = filling.status?.conditions?.find(({ type }) => type === 'Running')?.message;
      return notReady(
        phase,
        `Import DataVolume in progress: ${progress}${step ? `, ${step}` : ''}`,
      );
    }
    if (!this.#is.claims.get(key)) return notReady('NotFound', `PVC ${key.name} not found`);
    return ready;
  }

  /** The claim or the snapshot at the end of a DataSource, which may lead to another one. */
  #resolve(
    dataSource: DataSource,
    depth: number,
  ): { key: ObjectKey; snapshot: boolean } | { reason: string; message: string } {
    const { pvc, snapshot, dataSource: next } = dataSource.spec.source;
    if (pvc) return { key: pvc, snapshot: false };
    if (snapshot) return { key: snapshot, snapshot: true };
    if (!next) return { reason: 'NoSource', message: 'No source PVC set' };
    if (depth >= deepestReference) {
      return {
        reason: 'MaxReferenceDepthReached',
        message: 'DataSource reference chain is too long',
      };
    }
    const { namespace, name, uid } = dataSource.metadata;
    if (next.namespace !== namespace) {
      return {
        reason: 'CrossNamespaceReference',
        message: 'DataSource cannot reference a DataSource in another namespace',
      };
    }
    const found = this.#is.dataSources.get(next);
    if (next.name === name || found?.metadata.uid === uid) {
      return { reason: 'SelfReference', message: 'DataSource cannot self-reference' };
    }
    if (!found) return { reason: 'NotFound', message: `DataSource ${next.name} not found` };
    return this.#resolve(found, depth + 1);
  }
}

const ready: DataVolumeCondition = {
  type: 'Ready',
  status: 'True',
  reason: 'Ready',
  message: 'DataSource is ready to be consumed',
};

/** A DataSource may lead to another one, which leads no further. */
const deepestReference = 1;
