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
import { ignoreGone } from '../client/ignoreGone.ts';
import { timestamp } from '../client/timestamp.ts';

interface Dependencies {
  client: KubeClient;
  dataSources: Informer<DataSource>;
  dataVolumes: Informer<DataVolume>;
  claims: Informer<PersistentVolumeClaim>;
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
    const { pvc } = dataSource.spec.source;
    if (!pvc) return notReady('NoSource', 'No source PVC set');
    const key = { namespace: pvc.namespace, name: pvc.name };
    const filling = this.#is.dataVolumes.get(key);
    if (filling && filling.status?.phase !== 'Succeeded') {
      const { phase = 'Pending', progress = 'N/A' } = filling.status ?? {};
      const step = filling.status?.conditions?.find(({ type }) => type === 'Running')?.message;
      return notReady(
        phase,
        `Import DataVolume in progress: ${progress}${step ? `, ${step}` : ''}`,
      );
    }
    if (!this.#is.claims.get(key)) return notReady('NotFound', `PVC ${pvc.name} not found`);
    return {
      type: 'Ready',
      status: 'True',
      reason: 'Ready',
      message: 'DataSource is ready to be consumed',
    };
  }
}
