import type { Clock } from '../../../client/Clock.ts';
import { ensure } from '../../../client/ensure.ts';
import type { EventRecorder } from '../../../client/EventRecorder.ts';
import { ignoreGone } from '../../../client/ignoreGone.ts';
import type { Informer } from '../../../client/Informer.ts';
import type { KubeClient, ObjectKey } from '../../../client/KubeClient.ts';
import type { PersistentVolumeClaim } from '../../../client/resources.ts';
import type { VirtualMachine } from '../../resources.ts';
import { OperationStatus, type Told } from '../OperationStatus.ts';
import {
  type VirtualMachineRestore,
  type VirtualMachineSnapshot,
  type VirtualMachineSnapshotContent,
  vmRestores,
  vmSnapshots,
} from '../snapshot/resources.ts';
import { claimName } from '../templates.ts';
import { needsState } from '../backendStorage.ts';
import { messageOf } from '../../../client/messageOf.ts';
import { clonePatches } from './clonePatches.ts';
import { restoreDraft, restoreNameOf, snapshotDraft, snapshotNameOf } from './cloneDrafts.ts';
import { type VirtualMachineClone, vmClones } from './resources.ts';

interface Dependencies {
  client: KubeClient;
  vms: Informer<VirtualMachine>;
  claims: Informer<PersistentVolumeClaim>;
  vmClones: Informer<VirtualMachineClone>;
  vmSnapshots: Informer<VirtualMachineSnapshot>;
  vmSnapshotContents: Informer<VirtualMachineSnapshotContent>;
  vmRestores: Informer<VirtualMachineRestore>;
  recorder: EventRecorder;
  clock: Clock;
}

/** What keeps a clone from beginning; it is looked at again when that changes. */
class NotYet extends Error {
  readonly reason: string;
  constructor(reason: string, message: string) {
    super(message);
    this.reason = reason;
  }
}

const working: Told = {
  Progressing: ['True', 'Still processing'],
  Ready: ['False', 'Still processing'],
};

/**
 * Makes a VM as another one or a snapshot of it: by a snapshot and a restore of its own, which go when the
 * new VM has its disks. KubeVirt: pkg/virt-controller/watch/clone/clone.go (d923fdb).
 */
export class CloneController {
  readonly #is: Dependencies;
  readonly #status: OperationStatus<VirtualMachineClone>;

  constructor(dependencies: Dependencies) {
    this.#is = dependencies;
    this.#status = new OperationStatus(dependencies, vmClones);
  }

  async reconcile(key: ObjectKey): Promise<void> {
    const clone = this.#is.vmClones.get(key);
    if (!clone || clone.metadata.deletionTimestamp) return;
    const { phase } = clone.status ?? {};
    if (phase === 'Failed') return;
    if (phase === 'Succeeded') return this.#cleanUp(clone);
    try {
      const snapshot = await this.#snapshotOf(clone);
      if (snapshot) await this.#restore(clone, snapshot);
    } catch (error) {
      if (!(error instanceof NotYet)) throw error;
      await this.#status.write(
        clone,
        {},
        { Progressing: ['False', 'Pending'], Ready: ['False', error.message] },
      );
      this.#is.recorder.warning(clone, error.reason, error.message);
    }
  }

  /** The snapshot to begin with, once it is ready. */
  async #snapshotOf(clone: VirtualMachineClone): Promise<VirtualMachineSnapshot | undefined> {
    const { source } = clone.spec;
    const { namespace } = clone.metadata;
    const isOwn = source.kind === 'VirtualMachine';
    const name = isOwn ? snapshotNameOf(clone) : source.name;
    const found = this.#is.vmSnapshots.get({ namespace, name });
    if (!found && (!isOwn || clone.status?.snapshotName)) {
      const text = `Source doesnt exist: VirtualMachineSnapshot ${namespace ?? ''}/${name}`;
      throw new NotYet('SourceDoesNotExist', text);
    }
    if (!found) {
      this.#requireSource({ namespace, name: source.name });
      await ensure(this.#is.client, vmSnapshots, snapshotDraft(clone));
      this.#is.recorder.normal(
        clone,
        'SnapshotCreated',
        `created snapshot ${name} for clone ${clone.metadata.name}`,
      );
    }
    if (found?.status?.phase === 'Failed') {
      const text = `snapshot ${name} failed: ${found.status.error?.message ?? 'it is not valid'}`;
      await this.#fail(clone, 'SnapshotContentInvalid', text);
      return undefined;
    }
    if (found?.status?.readyToUse) return found;
    await this.#advance(clone, 'SnapshotInProgress', isOwn ? { snapshotName: name } : {});
    return undefined;
  }

  #requireSource(key: ObjectKey): void {
    const vm = this.#is.vms.get(key);
    if (!vm) {
      const text = `Source doesnt exist: VirtualMachine ${key.namespace ?? ''}/${key.name}`;
      throw new NotYet('SourceDoesNotExist', text);
    }
    const { spec } = vm.spec.template;
    if (spec && needsState({ spec })) {
      const text = `Clone of source with backendstorage is not supported: VM ${key.namespace ?? ''}/${key.name}`;
      throw new NotYet('SourceVMWithBackendStorageInvalid', text);
    }
    const volumes = spec?.volumes ?? [];
    const left = vm.status?.volumeSnapshotStatuses?.find(
      ({ name, enabled }) =>
        !enabled && volumes.some((volume) => volume.name === name && claimName(volume)),
    );
    if (left) {
      const text = `Virtual Machine volume ${left.name} does not support snapshots`;
      throw new NotYet('VMVolumeSnapshotsInvalid', text);
    }
  }

  async #restore(clone: VirtualMachineClone, snapshot: VirtualMachineSnapshot): Promise<void> {
    const { namespace } = clone.metadata;
    const name = restoreNameOf(clone);
    const target = clone.spec.target?.name ?? '';
    const restore = this.#is.vmRestores.get({ namespace, name });
    if (!restore) {
      const content = this.#is.vmSnapshotContents.get({
        namespace,
        name: snapshot.status?.virtualMachineSnapshotContentName ?? '',
      });
      if (!content) {
        const text = `the content of snapshot ${snapshot.metadata.name} does not exist`;
        return this.#fail(clone, 'SnapshotContentInvalid', text);
      }
      const patches = clonePatches(clone, content.spec.source.virtualMachine);
      const draft = restoreDraft(clone, { snapshot: snapshot.metadata.name, target, patches });
      try {
        await ensure(this.#is.client, vmRestores, draft);
      } catch (error) {
        const text = messageOf(error);
        return this.#fail(clone, 'RestoreCreationFailed', text);
      }
      const ready = `snapshot ${snapshot.metadata.name} for clone ${clone.metadata.name} is ready to use`;
      this.#is.recorder.normal(clone, 'SnapshotReady', ready);
      const created = `created restore ${name} for clone ${clone.metadata.name}`;
      this.#is.recorder.normal(clone, 'RestoreCreated', created);
    }
    const failed = restore?.status?.conditions?.find(({ type }) => type === 'Failure');
    if (failed) return this.#fail(clone, 'RestoreCreationFailed', failed.reason ?? '');
    if (!restore?.status?.complete) {
      return this.#advance(clone, 'RestoreInProgress', { restoreName: name });
    }
    if (clone.status?.phase !== 'CreatingTargetVM') {
      const text = `restore ${name} for clone ${clone.metadata.name} is ready to use`;
      this.#is.recorder.normal(clone, 'RestoreReady', text);
      return this.#advance(clone, 'CreatingTargetVM', { targetName: target });
    }
    // It wakes the clone when it is seen.
    if (!this.#is.vms.get({ namespace, name: target })) return;
    await this.#status.write(
      clone,
      { phase: 'Succeeded', targetName: target, creationTime: this.#status.now() },
      { Progressing: ['False', 'Ready'], Ready: ['True', 'Ready'] },
    );
    const made = `created target VM ${target} for clone ${clone.metadata.name}`;
    this.#is.recorder.normal(clone, 'TargetVMCreated', made);
  }

  /** The snapshot and the restore go when the target's claims are there. */
  async #cleanUp(clone: VirtualMachineClone): Promise<void> {
    const { namespace } = clone.metadata;
    const { snapshotName, restoreName, targetName = '' } = clone.status ?? {};
    if (!snapshotName && !restoreName) return;
    const target = this.#is.vms.get({ namespace, name: targetName });
    const waits = target?.spec.template.spec?.volumes?.some((volume) => {
      const name = claimName(volume);
      return name && this.#is.claims.get({ namespace, name })?.status?.phase !== 'Bound';
    });
    if (waits) return;
    this.#is.recorder.normal(
      clone,
      'PVCBound',
      `all PVC for clone ${clone.metadata.name} are bound`,
    );
    if (restoreName) {
      await ignoreGone(this.#is.client.delete(vmRestores, { namespace, name: restoreName }));
    }
    if (snapshotName) {
      await ignoreGone(this.#is.client.delete(vmSnapshots, { namespace, name: snapshotName }));
      this.#is.recorder.normal(clone, 'SnapshotDeleted', `deleted snapshot ${snapshotName}`);
    }
    await this.#status.write(clone, { snapshotName: null, restoreName: null });
  }

  #advance(
    clone: VirtualMachineClone,
    phase: string,
    names: Readonly<Record<string, string>>,
  ): Promise<void> {
    return this.#status.write(clone, { phase, ...names }, working);
  }

  async #fail(clone: VirtualMachineClone, reason: string, message: string): Promise<void> {
    await this.#status.write(
      clone,
      { phase: 'Failed' },
      { Progressing: ['False', 'Failed'], Ready: ['False', message] },
    );
    this.#is.recorder.warning(clone, reason, message);
  }
}
