import type { Clock } from '../client/Clock.ts';
import { ignoreGone } from '../client/ignoreGone.ts';
import type { Informer } from '../client/Informer.ts';
import type { KubeClient, ObjectKey } from '../client/KubeClient.ts';
import type { Deployment } from '../client/resources.ts';
import { timestamp } from '../client/timestamp.ts';
import { type Cdi, cdis } from './resources.ts';

interface Dependencies {
  client: KubeClient;
  cdis: Informer<Cdi>;
  deployments: Informer<Deployment>;
  clock: Clock;
}

const version = 'v1.62.0';

/** Reports on CDI itself from its deployments, as CDI's operator does. */
export class CdiController {
  readonly #is: Dependencies;

  constructor(dependencies: Dependencies) {
    this.#is = dependencies;
  }

  async reconcile(key: ObjectKey): Promise<void> {
    const cdi = this.#is.cdis.get(key);
    if (!cdi || cdi.metadata.deletionTimestamp) return;
    const ready = this.#is.deployments
      .list('cdi')
      .every(({ spec, status }) => (status?.readyReplicas ?? 0) >= (spec.replicas ?? 1));
    const now = timestamp(this.#is.clock.now());
    const condition = (type: string, holds: boolean) => {
      const status = holds ? 'True' : 'False';
      const before = cdi.status?.conditions?.find((one) => one.type === type);
      const since = before?.status === status ? before.lastTransitionTime : undefined;
      const [reason, message] = ready
        ? ['DeployCompleted', 'Deployment Completed']
        : ['DeployStarted', 'Started Deployment'];
      return { type, status, reason, message, lastTransitionTime: since ?? now };
    };
    const status = {
      phase: ready ? 'Deployed' : 'Deploying',
      operatorVersion: version,
      targetVersion: version,
      ...(ready && { observedVersion: version }),
      conditions: [
        condition('Available', ready),
        condition('Progressing', !ready),
        condition('Degraded', false),
      ],
    };
    if (JSON.stringify(status) === JSON.stringify(cdi.status)) return;
    await ignoreGone(this.#is.client.patch(cdis, key, { type: 'merge', body: { status } }));
  }
}
