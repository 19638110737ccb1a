import type { V1beta1DataVolumeSource } from '@kubevirt-ui-ext/kubevirt-api/containerized-data-importer';

import { type Informer, keyText } from '../client/Informer.ts';
import type { ObjectKey } from '../client/KubeClient.ts';
import type { PersistentVolumeClaim, Pod } from '../client/resources.ts';
import type { VolumeSnapshot } from '../hostpath-provisioner/snapshotResources.ts';
import type { DataSource, DataVolume } from './resources.ts';

/** Where a disk's content comes from, once names are resolved. */
export type Source =
  | { kind: 'blank' }
  | { kind: 'upload' }
  | { kind: 'import'; from: V1beta1DataVolumeSource }
  | { kind: 'clone'; of: 'claim' | 'snapshot'; from: Named }
  /** The claim says itself what it is filled from: by a populator, or as a copy that its provisioner makes. */
  | { kind: 'population' }
  /** Nothing can be done until something else has happened. */
  | { kind: 'waiting'; cloning: boolean; message: string; inUse?: boolean };

interface Named {
  namespace: string | undefined;
  name: string;
}

export interface SourceInformers extends CloneInformers {
  dataSources: Informer<DataSource>;
}

export interface CloneInformers {
  dataVolumes: Informer<DataVolume>;
  claims: Informer<PersistentVolumeClaim>;
  volumeSnapshots: Informer<VolumeSnapshot>;
  /** With the index `claim`. */
  pods: Informer<Pod>;
}

/** As CDI's webhook: a DataSource may lead to another one, which leads no further. */
const deepestReference = 1;

/** The source of a DataVolume, or why it must wait. */
export function sourceOf(dataVolume: DataVolume, informers: SourceInformers): Source {
  const { source, sourceRef, storage, pvc } = dataVolume.spec;
  const wanted = storage ?? pvc;
  if (wanted?.dataSourceRef ?? wanted?.dataSource) return { kind: 'population' };
  const own = dataVolume.metadata.namespace;
  if (source?.blank) return { kind: 'blank' };
  if (source?.upload) return { kind: 'upload' };
  if (source?.pvc) {
    return fromClaim({ namespace: source.pvc.namespace || own, name: source.pvc.name }, informers);
  }
  if (source?.snapshot) {
    const { namespace, name } = source.snapshot;
    return fromSnapshot({ namespace: namespace || own, name }, informers);
  }
  if (source && Object.keys(source).length > 0) return { kind: 'import', from: source };
  if (!sourceRef) return waiting('the DataVolume names no source');
  return fromDataSource({ namespace: sourceRef.namespace ?? own, name: sourceRef.name }, informers);
}

function fromDataSource(key: ObjectKey, informers: SourceInformers, depth = 0): Source {
  const found = informers.dataSources.get(key);
  if (!found) return waiting(`DataSource ${keyText(key)} not found`);
  const { pvc, snapshot, dataSource } = found.spec.source;
  if (pvc) return fromClaim(pvc, informers);
  if (snapshot) return fromSnapshot(snapshot, informers);
  if (!dataSource) return waiting(`DataSource ${keyText(key)} has no source`);
  if (depth >= deepestReference) return waiting(`DataSource ${keyText(key)} leads too far`);
  return fromDataSource(dataSource, informers, depth + 1);
}

/** A copy of a claim, or why it must wait. */
export function fromClaim(key: ObjectKey, { claims, dataVolumes, pods }: CloneInformers): Source {
  const text = keyText(key);
  const claim = claims.get(key);
  if (!claim) return waiting(`source PVC ${text} not found`);
  if (claim.status?.phase !== 'Bound') return waiting(`source PVC ${text} is not bound`);
  const filling = dataVolumes.get(key);
  if (filling && filling.status?.phase !== 'Succeeded') {
    return waiting(`source PVC ${text} is not populated yet`);
  }
  const user = pods.byIndex('claim', text).find(isAlive);
  if (user) {
    // A disk that a guest writes to meanwhile would be copied as after a power cut.
    const pod = `${user.metadata.namespace ?? ''}/${user.metadata.name}`;
    return { ...waiting(`pod ${pod} using PersistentVolumeClaim ${key.name}`), inUse: true };
  }
  return { kind: 'clone', of: 'claim', from: { namespace: key.namespace, name: key.name } };
}

/** A copy of a snapshot's volume, or why it must wait. */
export function fromSnapshot(key: ObjectKey, { volumeSnapshots }: CloneInformers): Source {
  const snapshot = volumeSnapshots.get(key);
  if (!snapshot) return waiting(`source snapshot ${keyText(key)} not found`);
  if (snapshot.status?.readyToUse !== true) {
    return waiting(`source snapshot ${keyText(key)} is not ready to use`);
  }
  return { kind: 'clone', of: 'snapshot', from: { namespace: key.namespace, name: key.name } };
}

const waiting = (message: string): Source & { kind: 'waiting' } => ({
  kind: 'waiting',
  cloning: true,
  message,
});

const isAlive = ({ status }: Pod) => status?.phase !== 'Succeeded' && status?.phase !== 'Failed';
