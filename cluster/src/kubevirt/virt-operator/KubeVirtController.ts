import type { Clock } from '../../client/Clock.ts';
import { ignoreGone } from '../../client/ignoreGone.ts';
import type { Informer } from '../../client/Informer.ts';
import type { KubeClient, ObjectKey } from '../../client/KubeClient.ts';
import type { DaemonSet, Deployment } from '../../client/resources.ts';
import { timestamp } from '../../client/timestamp.ts';
import { kubeVirtVersion } from '../../versions.ts';
import { type KubeVirt, kubeVirts } from '../resources.ts';

interface Dependencies {
  client: KubeClient;
  kubeVirts: Informer<KubeVirt>;
  deployments: Informer<Deployment>;
  daemonSets: Informer<DaemonSet>;
  clock: Clock;
}

type Fact = readonly [type: string, status: 'True' | 'False', reason: string, message: string];

const namespace = 'kubevirt';

/** Reports on the KubeVirt object from its components. KubeVirt: pkg/virt-operator/util/client.go (d923fdb). */
export class KubeVirtController {
  readonly #is: Dependencies;

  constructor(dependencies: Dependencies) {
    this.#is = dependencies;
  }

  async reconcile(key: ObjectKey): Promise<void> {
    const kubeVirt = this.#is.kubeVirts.get(key);
    if (!kubeVirt || kubeVirt.metadata.deletionTimestamp) return;
    const status = this.#isActive(kubeVirt) ? this.#status(kubeVirt) : this.#second(kubeVirt);
    if (JSON.stringify(status) === JSON.stringify(kubeVirt.status)) return;
    await ignoreGone(this.#is.client.updateStatus(kubeVirts, { ...kubeVirt, status }));
  }

  /** The oldest KubeVirt object counts. */
  #isActive({ metadata }: KubeVirt): boolean {
    const [first] = this.#is.kubeVirts
      .list()
      .sort((a, b) => a.metadata.creationTimestamp.localeCompare(b.metadata.creationTimestamp));
    return first?.metadata.uid === metadata.uid;
  }

  #second(kubeVirt: KubeVirt): NonNullable<KubeVirt['status']> {
    const message = 'There is an active KubeVirt deployment';
    const conditions = this.#conditions(kubeVirt, [
      ['Synchronized', 'False', 'ExistingDeployment', message],
    ]);
    return { ...kubeVirt.status, conditions };
  }

  #status(kubeVirt: KubeVirt): NonNullable<KubeVirt['status']> {
    const ready = this.#componentsAreReady();
    return {
      phase: ready ? 'Deployed' : 'Deploying',
      operatorVersion: kubeVirtVersion,
      targetKubeVirtVersion: kubeVirtVersion,
      targetKubeVirtRegistry: '',
      ...(ready && { observedKubeVirtVersion: kubeVirtVersion, observedKubeVirtRegistry: '' }),
      defaultArchitecture: 'amd64',
      outdatedVirtualMachineInstanceWorkloads: 0,
      observedGeneration: kubeVirt.metadata.generation ?? 1,
      conditions: this.#conditions(kubeVirt, ready ? whenReady : whenDeploying),
    };
  }

  #componentsAreReady(): boolean {
    const own = this.#is.deployments.list(namespace);
    const handlers = this.#is.daemonSets.list(namespace);
    return (
      own.length > 0 &&
      own.every(({ spec, status }) => (status?.readyReplicas ?? 0) >= (spec.replicas ?? 1)) &&
      handlers.every(
        ({ status }) => status !== undefined && status.numberReady >= status.desiredNumberScheduled,
      )
    );
  }

  #conditions(kubeVirt: KubeVirt, facts: readonly Fact[]) {
    const now = timestamp(this.#is.clock.now());
    const known = kubeVirt.status?.conditions ?? [];
    return facts.map(([type, status, reason, message]) => {
      const before = known.find((one) => one.type === type);
      const lastTransitionTime =
        (before?.status === status ? before.lastTransitionTime : undefined) ?? now;
      return { type, status, reason, message, lastProbeTime: null, lastTransitionTime };
    });
  }
}

const created: Fact = ['Created', 'True', 'AllResourcesCreated', 'All resources were created.'];
const allReady = ['AllComponentsReady', 'All components are ready.'] as const;
const whenReady: readonly Fact[] = [
  created,
  ['Available', 'True', ...allReady],
  ['Progressing', 'False', ...allReady],
  ['Degraded', 'False', ...allReady],
];
const deploying = [
  'DeploymentInProgress',
  `Deploying version ${kubeVirtVersion} with registry `,
] as const;
const whenDeploying: readonly Fact[] = [
  created,
  ['Available', 'False', ...deploying],
  ['Progressing', 'True', ...deploying],
  ['Degraded', 'False', ...deploying],
];
