import type { Draft } from '../client/KubeClient.ts';
import type { AccessMode, PersistentVolumeClaim } from '../client/resources.ts';
import type { DataVolume } from './resources.ts';

/** CDI's annotation for the phase of the pod that fills a claim. */
export const podPhase = 'cdi.kubevirt.io/storage.pod.phase';

/** Is the claim filled? */
export function hasSucceeded(claim: PersistentVolumeClaim): boolean {
  return claim.metadata.annotations?.[podPhase] === 'Succeeded';
}

/**
 * The claim of a DataVolume; the size of a clone that names none is that of its source (`from`). Undefined
 * while the size is not known.
 */
export function claimOf(
  dataVolume: DataVolume,
  from: PersistentVolumeClaim | undefined,
): Draft<PersistentVolumeClaim> | undefined {
  const wanted = dataVolume.spec.storage ?? dataVolume.spec.pvc;
  const requests: object | undefined = wanted?.resources?.requests;
  const entry: unknown =
    requests && Object.entries(requests).find(([key]) => key === 'storage')?.[1];
  const size =
    typeof entry === 'string' || typeof entry === 'number'
      ? String(entry)
      : from?.spec.resources?.requests?.['storage'];
  if (!size) return undefined;
  const modes = (wanted?.accessModes ?? ['ReadWriteMany']) as AccessMode[];
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: {
      name: dataVolume.metadata.name,
      ...(dataVolume.metadata.namespace && { namespace: dataVolume.metadata.namespace }),
      labels: { app: 'containerized-data-importer', ...dataVolume.metadata.labels },
      annotations: { 'cdi.kubevirt.io/storage.contentType': 'kubevirt' },
      ownerReferences: [
        {
          apiVersion: 'cdi.kubevirt.io/v1beta1',
          kind: 'DataVolume',
          name: dataVolume.metadata.name,
          uid: dataVolume.metadata.uid,
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
    },
    spec: {
      accessModes: modes,
      resources: { requests: { storage: size } },
      volumeMode: 'Filesystem',
      ...(wanted?.storageClassName && { storageClassName: wanted.storageClassName }),
    },
  };
}
