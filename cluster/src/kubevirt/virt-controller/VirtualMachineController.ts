import { hasReason } from '../../apiserver/ApiError.ts';
import type { EventRecorder } from '../../client/EventRecorder.ts';
import type { Informer } from '../../client/Informer.ts';
import type { KubeClient, ObjectKey } from '../../client/KubeClient.ts';
import type { PersistentVolumeClaim } from '../../client/resources.ts';
import type { DataVolume } from '../../cdi/resources.ts';
import type { VolumeSnapshotClass } from '../../hostpath-provisioner/snapshotResources.ts';
import type { Clock } from '../../client/Clock.ts';
import type { PinnedRefs } from '../instancetype/pinRevisions.ts';
import { clusterConfiguration } from '../clusterConfiguration.ts';
import {
  type KubeVirt,
  names,
  type VirtualMachine,
  type VirtualMachineInstance,
  virtualMachineInstances,
  virtualMachines,
} from '../resources.ts';
import { messageOf } from '../../client/messageOf.ts';
import { instanceOf } from './instanceOf.ts';
import { decideRun, runStrategyOf, stateOf } from './runStrategies.ts';
import { clearedDetached, withoutAbsent } from './live-update/hotplugInterfaces.ts';
import { LiveUpdater } from './live-update/LiveUpdater.ts';
import { keepStartRevision } from './live-update/startRevision.ts';
import { newInstance } from './newInstance.ts';
import { bindsLate } from './pendingConditions.ts';
import { firstRequest } from './stateChanges.ts';
import { syncInstancetype } from './syncInstancetype.ts';
import { type Failure, TemplateVolumes } from './TemplateVolumes.ts';
import { claimName, namedDataVolumes } from './templates.ts';
import { needsRecovery } from './volumeMigrationStatus.ts';
import { nextStatus } from './vmStatus.ts';
import { ignoreGone } from '../../client/ignoreGone.ts';

interface Dependencies {
  client: KubeClient;
  vms: Informer<VirtualMachine>;
  vmis: Informer<VirtualMachineInstance>;
  dataVolumes: Informer<DataVolume>;
  claims: Informer<PersistentVolumeClaim>;
  snapshotClasses: Informer<VolumeSnapshotClass>;
  kubeVirts: Informer<KubeVirt>;
  recorder: EventRecorder;
  clock: Clock;
}

/** What one pass over a VM did to its VMI, for the status that it writes. */
interface Outcome {
  creating: boolean;
  deleting: boolean;
  failure?: Failure | undefined;
  /** The Start request that a failed RerunOnFailure VM leaves behind. */
  restart?: boolean;
  /** The revisions of the instance type and the preference that the VM is pinned to. */
  refs?: PinnedRefs | undefined;
  /** Why the instance must be started anew for changes of the VM to take effect. */
  restartRequired?: string | undefined;
  requeueAfterMs?: number;
}

/**
 * Brings the VirtualMachineInstance of each VirtualMachine to what its run strategy asks for, makes its
 * DataVolumes, and writes its status. KubeVirt: pkg/virt-controller/watch/vm/vm.go (d923fdb).
 */
export class VirtualMachineController {
  readonly #is: Dependencies;
  readonly #liveUpdater: LiveUpdater;
  readonly #templateVolumes: TemplateVolumes;

  constructor(dependencies: Dependencies) {
    this.#is = dependencies;
    this.#liveUpdater = new LiveUpdater(dependencies);
    this.#templateVolumes = new TemplateVolumes(dependencies);
  }

  async reconcile(key: ObjectKey): Promise<{ requeueAfterMs?: number }> {
    const vm = this.#is.vms.get(key);
    if (!vm) return {};
    const found = this.#is.vmis.get(key);
    const vmi = found && instanceOf(vm, found) ? found : undefined;
    if (vm.metadata.deletionTimestamp) return this.#finish(vm, vmi);

    if (!vm.metadata.finalizers?.includes(names.vmFinalizer)) {
      await this.#is.client.patch(virtualMachines, vm.metadata, {
        type: 'merge',
        body: { metadata: { finalizers: [...(vm.metadata.finalizers ?? []), names.vmFinalizer] } },
      });
      // The change comes back as an event, and with it this function.
      return {};
    }
    const cleared = clearedDetached(vm, vmi);
    if (cleared) {
      await ignoreGone(this.#is.client.update(virtualMachines, cleared));
      return {};
    }
    const outcome = await this.#sync(vm, vmi, found);
    await this.#writeStatus(vm, vmi, outcome);
    return outcome.requeueAfterMs === undefined ? {} : { requeueAfterMs: outcome.requeueAfterMs };
  }

  async #finish(
    vm: VirtualMachine,
    vmi: VirtualMachineInstance | undefined,
  ): Promise<{ requeueAfterMs?: number }> {
    if (vmi) {
      if (!vmi.metadata.deletionTimestamp) await this.#deleteInstance(vm, vmi);
      await this.#writeStatus(vm, vmi, { creating: false, deleting: true });
      return {};
    }
    const finalizers = vm.metadata.finalizers?.filter((name) => name !== names.vmFinalizer) ?? [];
    await ignoreGone(
      this.#is.client.patch(virtualMachines, vm.metadata, {
        type: 'merge',
        body: { metadata: { finalizers } },
      }),
    );
    return {};
  }

  async #sync(
    vm: VirtualMachine,
    vmi: VirtualMachineInstance | undefined,
    found: VirtualMachineInstance | undefined,
  ): Promise<Outcome> {
    const { failure: unmatched, refs } = await syncInstancetype(this.#is.client, vm);
    const none: Outcome = { creating: false, deleting: false, refs };
    if (unmatched) {
      if (unmatched.reason === 'FailedCreate') {
        this.#is.recorder.warning(vm, unmatched.reason, unmatched.message);
      }
      return { ...none, failure: unmatched, requeueAfterMs: 5_000 };
    }
    const failure = await this.#templateVolumes.sync(vm);
    if (failure) return { ...none, failure, requeueAfterMs: 30_000 };
    const strategy = runStrategyOf(vm.spec);
    if (!strategy) return none;
    const decision = decideRun({
      strategy,
      instance: stateOf(vmi),
      request: firstRequest(vm, vmi),
      strategyIsNew: vm.status?.runStrategy !== strategy,
    });
    if (decision === 'create' && needsRecovery(vm)) return none;
    switch (decision) {
      case 'none':
        return this.#update(vm, vmi, none);
      case 'become-always':
        await this.#is.client.patch(virtualMachines, vm.metadata, {
          type: 'merge',
          body: {
            spec: vm.spec.running === undefined ? { runStrategy: 'Always' } : { running: true },
          },
        });
        return none;
      case 'delete':
      case 'delete-and-restart':
        if (!vmi || vmi.metadata.deletionTimestamp) return none;
        await this.#deleteInstance(vm, vmi);
        return { ...none, deleting: true, restart: decision === 'delete-and-restart' };
      case 'create':
        return found
          ? { ...foreignInstance(found), refs }
          : { ...(await this.#createInstance({ ...vm, status: { ...vm.status, ...refs } })), refs };
    }
  }

  async #update(
    vm: VirtualMachine,
    vmi: VirtualMachineInstance | undefined,
    outcome: Outcome,
  ): Promise<Outcome> {
    const { vmRolloutStrategy } = clusterConfiguration(this.#is.kubeVirts.list()[0]);
    const { restart, failure } = await this.#liveUpdater.sync(vm, vmi, vmRolloutStrategy);
    const requeue = failure && { failure, requeueAfterMs: 5_000 };
    return { ...outcome, restartRequired: restart, ...requeue };
  }

  async #createInstance(vm: VirtualMachine): Promise<Outcome> {
    const waiting: Outcome = { creating: false, deleting: false };
    const volumes = this.#dataVolumesOf(vm);
    const notReady = volumes.some((one) => one.status?.phase !== 'Succeeded' && !bindsLate(one));
    const expected = (vm.spec.dataVolumeTemplates ?? []).length;
    if (notReady || volumes.length < expected) return waiting;
    const retryAt = vm.status?.startFailure?.retryAfterTimestamp;
    const delay = retryAt ? Date.parse(retryAt) - this.#is.clock.now() : 0;
    if (delay > 0) return { ...waiting, requeueAfterMs: delay };
    try {
      const draft = await newInstance(this.#is.client, vm);
      const virtualMachineRevisionName = await keepStartRevision(this.#is.client, vm);
      await this.#is.client.create(virtualMachineInstances, {
        ...draft,
        spec: withoutAbsent(draft.spec),
        status: { virtualMachineRevisionName },
      });
    } catch (error) {
      if (hasReason(error, 'AlreadyExists')) return { ...waiting, creating: true };
      this.#is.recorder.warning(
        vm,
        'FailedCreate',
        `Error creating virtual machine instance: ${messageOf(error)}`,
      );
      const failure = { reason: 'FailedCreate', message: messageOf(error) };
      return { ...waiting, failure, requeueAfterMs: 10_000 };
    }
    this.#is.recorder.normal(
      vm,
      'SuccessfulCreate',
      `Started the virtual machine by creating the new virtual machine instance ${vm.metadata.name}`,
    );
    return { ...waiting, creating: true };
  }

  async #deleteInstance(vm: VirtualMachine, vmi: VirtualMachineInstance): Promise<void> {
    const { uid, name } = vmi.metadata;
    try {
      await ignoreGone(
        this.#is.client.delete(virtualMachineInstances, vmi.metadata, { preconditions: { uid } }),
      );
    } catch (error) {
      const text = `Error deleting virtual machine instance ${name}: ${messageOf(error)}`;
      this.#is.recorder.warning(vm, 'FailedDelete', text);
      throw error;
    }
    this.#is.recorder.normal(
      vm,
      'SuccessfulDelete',
      `Stopped the virtual machine by deleting the virtual machine instance ${uid}`,
    );
  }

  #dataVolumesOf({ metadata, spec }: VirtualMachine): DataVolume[] {
    const { namespace } = metadata;
    return namedDataVolumes(spec.template.spec?.volumes, (name) =>
      this.#is.dataVolumes.get({ namespace, name }),
    );
  }

  async #writeStatus(
    vm: VirtualMachine,
    vmi: VirtualMachineInstance | undefined,
    outcome: Outcome,
  ): Promise<void> {
    const claims = (vm.spec.template.spec?.volumes ?? []).flatMap((volume) => {
      const name = claimName(volume);
      const claim = name && this.#is.claims.get({ namespace: vm.metadata.namespace, name });
      return claim ? [claim] : [];
    });
    const status = nextStatus({
      vm,
      vmi,
      dataVolumes: this.#dataVolumesOf(vm),
      claims,
      snapshotDrivers: new Set(this.#is.snapshotClasses.list().map(({ driver }) => driver)),
      creating: outcome.creating,
      deleting: outcome.deleting,
      restart: outcome.restart ?? false,
      failure: outcome.failure,
      restartRequired: outcome.restartRequired,
      refs: outcome.refs,
      now: this.#is.clock.now(),
      random: Math.random(),
    });
    if (!status) return;
    await ignoreGone(this.#is.client.updateStatus(virtualMachines, { ...vm, status }));
  }
}

function foreignInstance(found: VirtualMachineInstance): Outcome {
  return {
    creating: false,
    deleting: false,
    failure: {
      reason: 'FailedCreate',
      message: `a VirtualMachineInstance named ${found.metadata.name} exists and does not belong to this VirtualMachine`,
    },
    requeueAfterMs: 10_000,
  };
}
