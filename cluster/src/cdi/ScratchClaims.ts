import { hasReason } from '../apiserver/ApiError.ts';
import { controllerReference } from '../client/controllerReference.ts';
import type { EventRecorder } from '../client/EventRecorder.ts';
import type { Informer } from '../client/Informer.ts';
import type { Draft, KubeClient } from '../client/KubeClient.ts';
import { messageOf } from '../client/messageOf.ts';
import {
  type PersistentVolume,
  type PersistentVolumeClaim,
  persistentVolumeClaims,
  type Pod,
} from '../client/resources.ts';
import { overheadOf } from './cdiSettings.ts';
import { componentLabels, diskBytes } from './claims.ts';
import type { CdiConfig } from './resources.ts';
import { shortened } from './shortened.ts';

interface Dependencies {
  client: KubeClient;
  claims: Informer<PersistentVolumeClaim>;
  volumes: Informer<PersistentVolume>;
  cdiConfigs: Informer<CdiConfig>;
  recorder: EventRecorder;
}

/** Name of the volume in a pod. */
export const scratchVolume = 'cdi-scratch-vol';
/** Name of the claim with the scratch space for one of that name. */
export const scratchNameOf = (claim: string): string => shortened(`${claim}-scratch`);

/** CDI rounds up so that the scratch space is never smaller than the claim. */
const alignment = 2 ** 20;

/**
 * The claims to which an image comes before it is converted. They go with their pod. CDI: createScratchPersistentVolumeClaim
 * (pkg/controller/util.go, c07cdb6).
 */
export class ScratchClaims {
  readonly #is: Dependencies;

  constructor(dependencies: Dependencies) {
    this.#is = dependencies;
  }

  /** The scratch space of a pod that fills `claim`, made when it is not there. Rejects when it may not be made. */
  async ensure(claim: PersistentVolumeClaim, pod: Pod): Promise<PersistentVolumeClaim> {
    const known = this.#find(claim);
    if (known) return this.#own(known, pod);
    const draft = this.#draft(claim, pod);
    try {
      return await this.#is.client.create(persistentVolumeClaims, draft);
    } catch (error) {
      if (hasReason(error, 'AlreadyExists')) {
        const key = {
          namespace: claim.metadata.namespace,
          name: scratchNameOf(claim.metadata.name),
        };
        return this.#own(await this.#is.client.get(persistentVolumeClaims, key), pod);
      }
      const message = messageOf(error);
      if (message.includes('exceeded quota')) {
        this.#is.recorder.warning(claim, 'ErrExceededQuota', message);
      }
      throw error;
    }
  }

  /** Where an image for `claim` comes to on this machine; undefined without scratch space. */
  folderOf(claim: PersistentVolumeClaim): string | undefined {
    const volume = this.#find(claim)?.spec.volumeName;
    return this.#is.volumes.get({ name: volume ?? '' })?.spec.hostPath?.path;
  }

  #find({ metadata }: PersistentVolumeClaim): PersistentVolumeClaim | undefined {
    const name = scratchNameOf(metadata.name);
    return this.#is.claims.get({ namespace: metadata.namespace, name });
  }

  /** That of a pod that is gone goes as well, and one that is somebody's stays. */
  #own(scratch: PersistentVolumeClaim, pod: Pod): PersistentVolumeClaim {
    if (scratch.metadata.ownerReferences?.some(({ uid }) => uid === pod.metadata.uid))
      return scratch;
    const { name } = scratch.metadata;
    throw new Error(`${name} scratch PVC not controlled by pod ${pod.metadata.name}`);
  }

  #draft({ metadata, spec }: PersistentVolumeClaim, pod: Pod): Draft<PersistentVolumeClaim> {
    const { cdiConfigs } = this.#is;
    const config = cdiConfigs.get({ name: 'config' });
    const className = config?.status?.scratchSpaceStorageClass || spec.storageClassName;
    const disk = diskBytes({ spec }, overheadOf(cdiConfigs, spec));
    const overhead = overheadOf(cdiConfigs, { ...(className && { storageClassName: className }) });
    const bytes = Math.ceil(disk / (1 - overhead) / alignment) * alignment;
    const notes = Object.entries(metadata.annotations ?? {}).filter(
      ([key]) => key.includes('kubevirt.io') && !key.includes('cdi.kubevirt.io'),
    );
    return {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: {
        name: scratchNameOf(metadata.name),
        ...(metadata.namespace && { namespace: metadata.namespace }),
        labels: {
          app: 'containerized-data-importer',
          'velero.io/exclude-from-backup': 'true',
          ...componentLabels,
        },
        ...(notes.length > 0 && { annotations: Object.fromEntries(notes) }),
        ownerReferences: [controllerReference('v1', 'Pod', pod.metadata)],
      },
      spec: {
        accessModes: ['ReadWriteOnce'],
        resources: { requests: { storage: String(bytes) } },
        ...(className && { storageClassName: className }),
      },
    };
  }
}
