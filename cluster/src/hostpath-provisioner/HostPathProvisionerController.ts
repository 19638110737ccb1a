import type { Clock } from '../client/Clock.ts';
import { ignoreGone } from '../client/ignoreGone.ts';
import type { Informer } from '../client/Informer.ts';
import type { Draft, KubeClient, ObjectKey } from '../client/KubeClient.ts';
import type { DaemonSet } from '../client/resources.ts';
import { timestamp } from '../client/timestamp.ts';
import { type HostPathProvisioner, hostPathProvisioners } from '../hyperconverged/resources.ts';

interface Dependencies {
  client: KubeClient;
  hostPathProvisioners: Informer<HostPathProvisioner>;
  daemonSets: Informer<DaemonSet>;
  clock: Clock;
}

const version = 'v0.24.0';
const pool = 'local';

/** The one object of the provisioner of this machine; `path` is where the volumes lie. */
export const hostPathProvisioner = (path: string): Draft<HostPathProvisioner> => ({
  apiVersion: 'hostpathprovisioner.kubevirt.io/v1beta1',
  kind: 'HostPathProvisioner',
  metadata: { name: 'hostpath-provisioner' },
  spec: {
    imagePullPolicy: 'IfNotPresent',
    storagePools: [{ name: pool, path }],
    workload: { nodeSelector: { 'kubernetes.io/os': 'linux' } },
  },
});

/**
 * Reports on the hostpath provisioner from its DaemonSet (hostpath-provisioner-operator:
 * controller/hostpathprovisioner/status.go). There is no status subresource.
 */
export class HostPathProvisionerController {
  readonly #is: Dependencies;

  constructor(dependencies: Dependencies) {
    this.#is = dependencies;
  }

  async reconcile(key: ObjectKey): Promise<void> {
    const found = this.#is.hostPathProvisioners.get(key);
    if (!found || found.metadata.deletionTimestamp) return;
    const namespace = 'hostpath-provisioner';
    const { status: own } = this.#is.daemonSets.get({ namespace, name: namespace }) ?? {};
    const desiredReady = own?.desiredNumberScheduled ?? 0;
    const currentReady = own?.numberReady ?? 0;
    const ready = desiredReady > 0 && currentReady >= desiredReady;
    const status = {
      operatorVersion: version,
      targetVersion: version,
      ...(ready && { observedVersion: version }),
      conditions: this.#conditions(found, ready),
      storagePoolStatuses: (found.spec.storagePools ?? []).map(({ name }) => ({
        name,
        phase: ready ? 'Ready' : 'Preparing',
        desiredReady,
        currentReady,
      })),
    };
    if (JSON.stringify(status) === JSON.stringify(found.status)) return;
    await ignoreGone(this.#is.client.update(hostPathProvisioners, { ...found, status }));
  }

  #conditions(found: HostPathProvisioner, ready: boolean) {
    const now = timestamp(this.#is.clock.now());
    const [reason, message] = ready
      ? (['Complete', 'Application Available'] as const)
      : (['Deploying', 'Waiting for the provisioner on all nodes'] as const);
    const condition = (type: string, holds: boolean) => {
      const status = holds ? ('True' as const) : ('False' as const);
      const before = found.status?.conditions?.find((one) => one.type === type);
      const since = before?.status === status ? before.lastTransitionTime : undefined;
      return { type, status, reason, message, lastTransitionTime: since ?? now };
    };
    return [
      condition('Available', ready),
      condition('Progressing', !ready),
      condition('Degraded', false),
    ];
  }
}
