import type { Clock } from '../../client/Clock.ts';
import type { EventRecorder } from '../../client/EventRecorder.ts';
import type { Informer } from '../../client/Informer.ts';
import type { KubeClient, ObjectKey } from '../../client/KubeClient.ts';
import {
  type PersistentVolumeClaim,
  persistentVolumeClaims,
  type Pod,
  pods,
} from '../../client/resources.ts';
import { overheadOf } from '../../cdi/cdiSettings.ts';
import type { CdiConfig, DataVolume } from '../../cdi/resources.ts';
import { clusterConfiguration } from '../clusterConfiguration.ts';
import {
  type KubeVirt,
  names,
  type VirtualMachineInstance,
  virtualMachineInstances,
} from '../resources.ts';
import { messageOf } from '../../client/messageOf.ts';
import { autoLimits, type LimitSources } from './autoLimits.ts';
import { needsState, stateClaimOf, stateLabel } from './backendStorage.ts';
import { findCondition, withCondition, withoutCondition } from './conditions.ts';
import { VolumeAttachments } from './hotplug/VolumeAttachments.ts';
import { configuredLauncher, launcherPod } from './launcherPod.ts';
import { enterPhase, readyCondition } from './vmiStatus.ts';
import { activePod, activePods } from './activePods.ts';
import { askNetworks } from './askNetworks.ts';
import { imagePullFailure, isPodReady } from './podState.ts';
import {
  withDataVolumesReady,
  withMissingClaim,
  withoutPod,
  withProvisioning,
} from './pendingConditions.ts';
import { mountedClaim, namedDataVolumes } from './templates.ts';
import { withEviction } from './drain/withEviction.ts';
import { withoutDetached } from './live-update/hotplugInterfaces.ts';
import { withGrowth } from './live-update/withGrowth.ts';
import { withClaimInfo } from './volumeStatus.ts';
import type { GuestRuntime } from '../virt-launcher/GuestRuntime.ts';
import { ignoreGone } from '../../client/ignoreGone.ts';
import { timestamp } from '../../client/timestamp.ts';

interface Dependencies extends LimitSources {
  client: KubeClient;
  vmis: Informer<VirtualMachineInstance>;
  /** With the index `createdBy`. */
  pods: Informer<Pod>;
  claims: Informer<PersistentVolumeClaim>;
  dataVolumes: Informer<DataVolume>;
  kubeVirts: Informer<KubeVirt>;
  cdiConfigs: Informer<CdiConfig>;
  runtime: Pick<GuestRuntime, 'acceleration'>;
  recorder: EventRecorder;
  clock: Clock;
}

type Status = NonNullable<VirtualMachineInstance['status']>;

const missingClaim = 'FailedPvcNotFound';

/**
 * Gives each VirtualMachineInstance its launcher pod and follows it until virt-handler takes over; cleans
 * up after its end. KubeVirt: pkg/virt-controller/watch/vmi/lifecycle.go (d923fdb).
 */
export class VirtualMachineInstanceController {
  readonly #is: Dependencies;

  readonly #attachments: VolumeAttachments;

  constructor(dependencies: Dependencies) {
    this.#is = dependencies;
    this.#attachments = new VolumeAttachments(dependencies);
  }

  async reconcile(key: ObjectKey): Promise<void> {
    const vmi = this.#is.vmis.get(key);
    if (!vmi) return;
    const launchers = this.#is.pods.byIndex('createdBy', vmi.metadata.uid);
    const phase = vmi.status?.phase ?? '';
    if (phase === 'Succeeded' || phase === 'Failed') return this.#cleanUp(vmi, launchers);
    const pod = activePod(vmi, launchers);

    if (vmi.metadata.deletionTimestamp && (phase === 'Pending' || phase === 'Scheduling')) {
      // It never reached a node: there is no guest to shut down.
      return this.#write(vmi, enterPhase(vmi, 'Failed', this.#is.clock.now()));
    }
    if (!pod && phase === 'Pending') return this.#createPod(vmi);
    if (!pod) return this.#write(vmi, enterPhase(vmi, 'Failed', this.#is.clock.now()));
    if (phase === 'Pending') {
      return this.#write(
        vmi,
        this.#ready(vmi, enterPhase(vmi, 'Scheduling', this.#is.clock.now()), pod),
      );
    }
    if (phase === 'Scheduling') return this.#followScheduling(vmi, pod);
    await askNetworks(this.#is.client, vmi, pod);
    const known = this.#volumeStatus(vmi);
    const now = timestamp(this.#is.clock.now());
    const status: Status = {
      ...vmi.status,
      volumeStatus: phase === 'Running' ? await this.#attachments.sync(vmi, pod, known) : known,
      activePods: activePods(launchers),
      conditions: withEviction(vmi, withGrowth(vmi, pod, now), now),
    };
    const spec = withoutDetached(vmi);
    return this.#write(vmi, this.#ready(vmi, status, pod), spec);
  }

  #volumeStatus(vmi: VirtualMachineInstance): NonNullable<Status['volumeStatus']> {
    const { namespace } = vmi.metadata;
    return withClaimInfo(
      vmi,
      (name) => this.#is.claims.get({ namespace, name }),
      (spec) => overheadOf(this.#is.cdiConfigs, spec),
    );
  }

  async #createPod(vmi: VirtualMachineInstance): Promise<void> {
    const missing = (vmi.spec.volumes ?? []).flatMap((volume) => {
      const name = mountedClaim(volume);
      const key = { namespace: vmi.metadata.namespace, name: name ?? '' };
      return name !== undefined && !this.#is.claims.get(key) ? [name] : [];
    });
    if (missing.length > 0) {
      const message = `failed to render launch manifest: didn't find PVC ${vmi.metadata.namespace ?? ''}/${missing[0] ?? ''}`;
      return this.#fail(vmi, missingClaim, message);
    }
    const disks = this.#dataVolumesOf(vmi);
    if (disks.some(({ status }) => status?.phase !== 'Succeeded')) {
      const now = timestamp(this.#is.clock.now());
      const conditions = withProvisioning(withoutPod(vmi.status?.conditions, now), disks, now);
      return this.#write(vmi, { ...vmi.status, conditions });
    }
    try {
      const options = configuredLauncher(this.#configuration(), this.#is.runtime.acceleration);
      const stateClaim = await this.#stateClaim(vmi);
      const limits = autoLimits(vmi, this.#is);
      const draft = launcherPod(vmi, { ...options, stateClaim, limits });
      const pod = await this.#is.client.create(pods, draft);
      const text = `Created virtual machine pod ${pod.metadata.name}`;
      this.#is.recorder.normal(vmi, 'SuccessfulCreate', text);
    } catch (error) {
      const message = messageOf(error);
      this.#is.recorder.warning(vmi, 'FailedCreate', `Error creating pod: ${message}`);
      // The first message stays: each has another generated name, and a change would ask for the next try at once.
      // Source: KubeVirt pkg/controller/conditions.go, CheckFailure (d923fdb).
      if (findCondition(vmi.status?.conditions, 'Synchronized')?.reason !== 'FailedCreate')
        await this.#notSynchronized(
          vmi,
          'FailedCreate',
          `failed to create virtual machine pod: ${message}`,
        );
      throw error;
    }
    const status = enterPhase(vmi, 'Scheduling', this.#is.clock.now());
    await this.#write(vmi, {
      ...status,
      conditions: withoutCondition(
        withoutCondition(status.conditions, 'Synchronized'),
        'Provisioning',
      ),
    });
  }

  #configuration() {
    return clusterConfiguration(this.#is.kubeVirts.list()[0]);
  }

  /** The name of the claim with the state of its TPM and firmware, made when it is not there yet. */
  async #stateClaim(vmi: VirtualMachineInstance): Promise<string | undefined> {
    if (!needsState(vmi)) return undefined;
    const { namespace, name } = vmi.metadata;
    // Not from the informer, which may not have seen yet what was just made.
    const labelSelector = `${stateLabel}=${name}`;
    const { items } = await this.#is.client.list(persistentVolumeClaims, {
      namespace,
      labelSelector,
    });
    const there = items.find(({ metadata }) => !metadata.deletionTimestamp);
    const made =
      there ??
      (await this.#is.client.create(
        persistentVolumeClaims,
        stateClaimOf(vmi, this.#configuration().vmStateStorageClass),
      ));
    return made.metadata.name;
  }

  #dataVolumesOf({ metadata, spec }: VirtualMachineInstance): DataVolume[] {
    const { namespace } = metadata;
    return namedDataVolumes(spec.volumes, (name) => this.#is.dataVolumes.get({ namespace, name }));
  }

  async #followScheduling(vmi: VirtualMachineInstance, pod: Pod): Promise<void> {
    const now = this.#is.clock.now();
    if (pod.status?.phase === 'Failed') {
      return this.#write(vmi, enterPhase(vmi, 'Failed', now));
    }
    const node = pod.spec.nodeName;
    if (node && isPodReady(pod)) {
      const status = enterPhase(vmi, 'Scheduled', now);
      const next: Status = {
        ...status,
        nodeName: node,
        activePods: { [pod.metadata.uid]: node },
        volumeStatus: this.#volumeStatus(vmi),
        conditions: withoutCondition(
          withoutCondition(status.conditions, 'PodScheduled'),
          'Synchronized',
        ),
      };
      await this.#is.client.patch(virtualMachineInstances, vmi.metadata, {
        type: 'merge',
        body: {
          metadata: {
            resourceVersion: vmi.metadata.resourceVersion,
            labels: { [names.nodeName]: node },
          },
          status: { ...next, conditions: readyCondition(next, pod, timestamp(now)) },
        },
      });
      await this.#is.client.patch(pods, pod.metadata, {
        type: 'merge',
        body: { metadata: { labels: { [names.nodeName]: node } } },
      });
      return;
    }
    const scheduled = findCondition(pod.status?.conditions, 'PodScheduled');
    const status = vmi.status ?? {};
    const conditions =
      scheduled?.status === 'False'
        ? withCondition(status.conditions, { ...scheduled }, timestamp(now))
        : withoutCondition(status.conditions, 'PodScheduled');
    const failure = imagePullFailure(pod);
    const synced = failure
      ? withCondition(conditions, failure, timestamp(now))
      : withoutCondition(conditions, 'Synchronized');
    await this.#write(vmi, this.#ready(vmi, { ...status, conditions: synced }, pod));
  }

  #ready(vmi: VirtualMachineInstance, status: Status, pod: Pod): Status {
    const now = timestamp(this.#is.clock.now());
    return { ...status, conditions: readyCondition({ ...vmi.status, ...status }, pod, now) };
  }

  async #cleanUp(vmi: VirtualMachineInstance, launchers: Pod[]): Promise<void> {
    for (const pod of launchers) {
      if (pod.metadata.deletionTimestamp) continue;
      await ignoreGone(this.#is.client.delete(pods, pod.metadata));
      this.#is.recorder.normal(
        vmi,
        'SuccessfulDelete',
        `Deleted virtual machine pod ${pod.metadata.name}`,
      );
    }
    const ready = findCondition(vmi.status?.conditions, 'Ready');
    if (ready?.status === 'True') {
      const conditions = withCondition(
        vmi.status?.conditions,
        {
          type: 'Ready',
          status: 'False',
          reason: 'GuestNotRunning',
          message: 'Guest VM is not reported as running',
        },
        timestamp(this.#is.clock.now()),
      );
      await this.#write(vmi, { ...vmi.status, conditions });
    }
    if (!vmi.metadata.deletionTimestamp || launchers.length > 0) return;
    const finalizers = vmi.metadata.finalizers?.filter((name) => name !== names.vmiFinalizer) ?? [];
    await ignoreGone(
      this.#is.client.patch(virtualMachineInstances, vmi.metadata, {
        type: 'merge',
        body: { metadata: { finalizers } },
      }),
    );
  }

  async #fail(vmi: VirtualMachineInstance, reason: string, message: string): Promise<void> {
    const before = findCondition(vmi.status?.conditions, 'Synchronized');
    if (before?.reason === reason && before.message === message) return;
    this.#is.recorder.warning(vmi, reason, message);
    await this.#notSynchronized(vmi, reason, message);
  }

  async #notSynchronized(
    vmi: VirtualMachineInstance,
    reason: string,
    message: string,
  ): Promise<void> {
    const now = timestamp(this.#is.clock.now());
    const conditions = withCondition(
      withoutPod(vmi.status?.conditions, now),
      { type: 'Synchronized', status: 'False', reason, message },
      now,
    );
    await this.#write(vmi, {
      ...vmi.status,
      conditions: reason === missingClaim ? withMissingClaim(conditions, message, now) : conditions,
    });
  }

  async #write(
    vmi: VirtualMachineInstance,
    given: Status,
    spec: VirtualMachineInstance['spec'] = vmi.spec,
  ): Promise<void> {
    const now = timestamp(this.#is.clock.now());
    const disks = this.#dataVolumesOf(vmi);
    const conditions = withDataVolumesReady(given.conditions, disks, now);
    const status = conditions.length > 0 ? { ...given, conditions } : given;
    const isSame = JSON.stringify(status) === JSON.stringify(vmi.status ?? {});
    if (isSame && spec === vmi.spec) return;
    await ignoreGone(this.#is.client.update(virtualMachineInstances, { ...vmi, spec, status }));
  }
}
