import { hasReason } from '../apiserver/ApiError.ts';
import type { Clock } from '../client/Clock.ts';
import { controllerReference } from '../client/controllerReference.ts';
import { ignoreGone } from '../client/ignoreGone.ts';
import type { Informer } from '../client/Informer.ts';
import type { Draft, KubeClient } from '../client/KubeClient.ts';
import { type PersistentVolumeClaim, type Pod, pods } from '../client/resources.ts';
import type { PodProcesses } from '../kubelet/PodProcesses.ts';
import { annotations, componentLabels } from './claims.ts';
import { scratchNameOf, scratchVolume } from './ScratchClaims.ts';
import { shortened } from './shortened.ts';
import { type CdiConfig, cdiConfigs } from './resources.ts';

interface Dependencies {
  client: KubeClient;
  pods: Informer<Pod>;
  processes: PodProcesses;
  clock: Clock;
}

/** What a pod of CDI does to a claim. */
export type TransferKind = 'import' | 'upload';

/** Names and labels of CDI (pkg/controller/common, pkg/controller/import-controller.go, upload-controller.go, c07cdb6). */
const kinds = {
  import: { prefix: 'importer', container: 'importer', label: 'importer', file: 'importer.go' },
  upload: {
    prefix: 'cdi-upload',
    container: 'cdi-upload-server',
    label: 'cdi-upload-server',
    file: 'uploadserver.go',
  },
} as const;

export const cdiLabel = 'cdi.kubevirt.io';

/**
 * The pods in which CDI imports and takes uploads. The work is done by this program; the pod is scheduled, counts
 * for quotas, and shows what is done, with its restarts and its log.
 */
export class TransferPods {
  readonly #is: Dependencies;

  constructor(dependencies: Dependencies) {
    this.#is = dependencies;
  }

  /** The pod for a claim, made when it is not there. Rejects when it may not be made. */
  async ensure(
    claim: PersistentVolumeClaim,
    kind: TransferKind,
    { needsScratch }: { needsScratch: boolean },
  ): Promise<Pod> {
    const found = this.find(claim);
    if (found) return found;
    const config = await this.#is.client.get(cdiConfigs, { name: 'config' });
    const draft = podFor(claim, kind, { config, needsScratch });
    try {
      return await this.#is.client.create(pods, draft);
    } catch (error) {
      if (!hasReason(error, 'AlreadyExists')) throw error;
      return this.#is.client.get(pods, { ...claim.metadata, name: draft.metadata.name ?? '' });
    }
  }

  /** The pod that works on a claim. */
  find({ metadata: { namespace, uid, name } }: PersistentVolumeClaim): Pod | undefined {
    return this.#is.pods
      .byIndex('claim', `${namespace ?? ''}/${name}`)
      .find(({ metadata }) => metadata.ownerReferences?.some((owner) => owner.uid === uid));
  }

  /** Writes a line to the pod's log, as CDI's programs do (klog). */
  log(claim: PersistentVolumeClaim, level: 'I' | 'E', text: string): void {
    const pod = this.find(claim);
    const kind = pod && kindOf(pod);
    if (!pod || !kind) return;
    const { container, file } = kinds[kind];
    const line = `${level}${klogTime(this.#is.clock.now())}       1 ${file}:1] ${text}`;
    this.#is.processes.write(pod.metadata.uid, container, line);
  }

  /** The container ended with an error and is started again after a while, or was just started again. */
  report(claim: PersistentVolumeClaim, restarts: number, failure?: string): void {
    const pod = this.find(claim);
    if (!pod) return;
    const process = { restarts, ...(failure !== undefined && { failure }) };
    this.#is.processes.set(pod.metadata.uid, process);
  }

  /** The work is done: the pod goes, unless its claim says otherwise. */
  async complete(claim: PersistentVolumeClaim): Promise<void> {
    const pod = this.find(claim);
    if (!pod) return;
    const restarts = this.#is.processes.get(pod.metadata.uid)?.restarts ?? 0;
    this.#is.processes.set(pod.metadata.uid, { restarts, done: true });
    if (claim.metadata.annotations?.[annotations.podRetained] === 'true') return;
    await this.#delete(pod);
  }

  /** The work has failed for good. */
  async giveUp(claim: PersistentVolumeClaim): Promise<void> {
    const pod = this.find(claim);
    if (pod) await this.#delete(pod);
  }

  async #delete({ metadata }: Pod): Promise<void> {
    const preconditions = { uid: metadata.uid };
    await ignoreGone(this.#is.client.delete(pods, metadata, { preconditions }));
  }
}

const kindOf = ({ metadata }: Pod): TransferKind | undefined =>
  (Object.keys(kinds) as TransferKind[]).find(
    (kind) => kinds[kind].label === metadata.labels?.[cdiLabel],
  );

/** Name of the pod for a claim of that name. */
export const podNameOf = (claim: string, kind: TransferKind): string =>
  shortened(`${kinds[kind].prefix}-${claim}`);

function podFor(
  { metadata, spec }: PersistentVolumeClaim,
  kind: TransferKind,
  { config: { spec: config, status }, needsScratch }: { config: CdiConfig; needsScratch: boolean },
): Draft<Pod> {
  const { container, label } = kinds[kind];
  const pullSecrets = status?.imagePullSecrets ?? config.imagePullSecrets;
  const isBlock = spec.volumeMode === 'Block';
  const mounts = [
    ...(isBlock ? [] : [{ name: 'cdi-data-vol', mountPath: '/data' }]),
    ...(needsScratch ? [{ name: scratchVolume, mountPath: '/scratch' }] : []),
  ];
  const place = {
    ...(isBlock && {
      volumeDevices: [{ name: 'cdi-data-vol', devicePath: '/dev/cdi-block-volume' }],
    }),
    ...(mounts.length > 0 && { volumeMounts: mounts }),
  };
  const scratch = { claimName: scratchNameOf(metadata.name) };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: podNameOf(metadata.name, kind),
      ...(metadata.namespace && { namespace: metadata.namespace }),
      labels: {
        app: 'containerized-data-importer',
        [cdiLabel]: label,
        ...componentLabels,
      },
      annotations: { 'cdi.kubevirt.io/storage.createdByController': 'yes' },
      ownerReferences: [controllerReference('v1', 'PersistentVolumeClaim', metadata)],
    },
    spec: {
      restartPolicy: 'OnFailure',
      ...(pullSecrets?.length && {
        imagePullSecrets: pullSecrets.map(({ name = '' }) => ({ name })),
      }),
      ...(metadata.annotations?.[annotations.priority] && {
        priorityClassName: metadata.annotations[annotations.priority],
      }),
      volumes: [
        { name: 'cdi-data-vol', persistentVolumeClaim: { claimName: metadata.name } },
        ...(needsScratch ? [{ name: scratchVolume, persistentVolumeClaim: scratch }] : []),
      ],
      containers: [
        {
          name: container,
          image: `cdi-${kind === 'import' ? 'importer' : 'uploadserver'}:part-of-virtdeck`,
          resources: status?.defaultPodResourceRequirements ?? {},
          ...place,
        },
      ],
    },
  };
}

/** `1130 06:17:58.123456`: month, day and time of day. */
function klogTime(now: number): string {
  const [date = '', time = ''] = new Date(now).toISOString().split('T');
  return `${date.slice(5).replace('-', '')} ${time.replace('Z', '000')}`;
}
