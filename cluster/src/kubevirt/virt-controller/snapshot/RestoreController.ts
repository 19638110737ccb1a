import type { DataVolume } from '../../../cdi/resources.ts';
import type { Clock } from '../../../client/Clock.ts';
import type { EventRecorder } from '../../../client/EventRecorder.ts';
import type { Informer } from '../../../client/Informer.ts';
import type { KubeClient, ObjectKey } from '../../../client/KubeClient.ts';
import type { PersistentVolumeClaim } from '../../../client/resources.ts';
import type { VolumeSnapshot } from '../../../hostpath-provisioner/snapshotResources.ts';
import {
  type VirtualMachine,
  type VirtualMachineInstance,
  virtualMachines,
} from '../../resources.ts';
import { lockVm, OperationStatus, unlockVm } from '../OperationStatus.ts';
import {
  type VirtualMachineRestore,
  type VirtualMachineSnapshot,
  type VirtualMachineSnapshotContent,
  type VolumeBackup,
  vmRestores,
} from './resources.ts';
import { claimNameFor, isMadeBy, madeBy, markOf, RestoreFailure } from './restoredClaim.ts';
import { RestoredClaims } from './RestoredClaims.ts';
import { newVmFrom, patched, withClaims } from './restoredVm.ts';

interface Dependencies {
  client: KubeClient;
  vms: Informer<VirtualMachine>;
  vmis: Informer<VirtualMachineInstance>;
  claims: Informer<PersistentVolumeClaim>;
  dataVolumes: Informer<DataVolume>;
  vmSnapshots: Informer<VirtualMachineSnapshot>;
  vmSnapshotContents: Informer<VirtualMachineSnapshotContent>;
  vmRestores: Informer<VirtualMachineRestore>;
  volumeSnapshots: Informer<VolumeSnapshot>;
  recorder: EventRecorder;
  clock: Clock;
}

const pollMs = 1000;
/** WaitGracePeriod, the default policy, waits so long for the target to be stopped. */
const graceMs = 5 * 60_000;
const graceText = '5m0s';

/** What is told while the target runs, by the policy (restore.go, d923fdb). */
const waitEventually =
  'Waiting for target VM to be powered off. Please stop the restore target to proceed with restore';
const waiting = {
  WaitEventually: waitEventually,
  WaitGracePeriod: `${waitEventually}, or the operation will fail after ${graceText}`,
  StopTarget: 'Automatically stopping restore target for restore operation',
} as const;
const stillExists =
  'Restore target VMI still exists, please stop the restore target to proceed with restore';
const tooLate = `Restore target failed to be ready within ${graceText}. Please power off the target VM before attempting restore`;

/**
 * Brings a VirtualMachine back to a snapshot, or makes a new one from it: claims from the volumes'
 * snapshots, then a VM that leads to them. KubeVirt: pkg/storage/snapshot/restore.go (d923fdb).
 */
export class RestoreController {
  readonly #is: Dependencies;
  readonly #claims: RestoredClaims;
  readonly #status: OperationStatus<VirtualMachineRestore>;

  constructor(dependencies: Dependencies) {
    this.#is = dependencies;
    this.#claims = new RestoredClaims(dependencies);
    this.#status = new OperationStatus(dependencies, vmRestores);
  }

  async reconcile(key: ObjectKey): Promise<{ requeueAfterMs?: number }> {
    const restore = this.#is.vmRestores.get(key);
    if (!restore) return {};
    const { metadata, status } = restore;
    if (metadata.deletionTimestamp || status?.complete) return {};
    if (status?.conditions?.some(({ type }) => type === 'Failure')) return {};
    if (!status) {
      const text = 'Initializing VirtualMachineRestore';
      await this.#tell(restore, ['True', text], ['False', text]);
      return {};
    }
    try {
      const done = await this.#advance(restore);
      return done ? {} : { requeueAfterMs: pollMs };
    } catch (error) {
      if (!(error instanceof RestoreFailure)) throw error;
      const { message } = error;
      await this.#tell(restore, ['False', message], ['False', message], ['True', message]);
      await unlockVm(this.#is.client, targetOf(restore), 'restoreInProgress', metadata.name);
      const text = `VirtualMachineRestore encountered error ${message}`;
      this.#is.recorder.warning(restore, 'VirtualMachineRestoreError', text);
      return {};
    }
  }

  async #advance(restore: VirtualMachineRestore): Promise<boolean> {
    const content = this.#contentOf(restore);
    if (!content) return false;
    const source = content.spec.source.virtualMachine;
    const target = this.#is.vms.get(targetOf(restore));
    if (target && target.metadata.uid !== source.metadata.uid && !isMadeBy(target, restore)) {
      throw new RestoreFailure(
        'restore source and restore target are different but restore target already exists',
      );
    }
    if (restore.spec.volumeRestorePolicy === 'InPlace' && !target) {
      throw new RestoreFailure('volumes cannot be restored in place: the target does not exist');
    }
    if (target && !isMadeBy(target, restore)) {
      if (!(await this.#isStopped(restore, target))) return false;
      await lockVm(this.#is.client, target, 'restoreInProgress', restore.metadata.name);
    }
    const backups = content.spec.volumeBackups ?? [];
    if (!(await this.#claims.make(restore, backups, source))) {
      await this.#tell(restore, ['True', 'Creating new PVCs'], ['False', 'Waiting for new PVCs']);
      return false;
    }
    await this.#tell(
      restore,
      ['True', 'Updating target spec'],
      ['False', 'Waiting for target update'],
    );
    const claims = new Map(
      backups.map((backup) => [backup.volumeName, claimNameFor(restore, backup)]),
    );
    const { vm, deleted } = await this.#applyTo(restore, target, source, claims);
    await this.#claims.give(restore, backups, vm);
    await this.#complete(restore, backups, deleted);
    return true;
  }

  /** The snapshot's content, once it may be restored; tells why not before. */
  #contentOf(restore: VirtualMachineRestore): VirtualMachineSnapshotContent | undefined {
    const { namespace } = restore.metadata;
    const name = restore.spec.virtualMachineSnapshotName;
    const snapshot = this.#is.vmSnapshots.get({ namespace, name });
    const key = `VMSnapshot ${namespace ?? ''}/${name}`;
    if (!snapshot) throw new RestoreFailure(`${key} does not exist`);
    if (snapshot.status?.phase === 'Failed') {
      throw new RestoreFailure(`${key} failed and is invalid to use`);
    }
    if (snapshot.status?.error) throw new RestoreFailure(`${key} not ready`);
    if (!snapshot.status?.readyToUse) return undefined;
    const content = snapshot.status.virtualMachineSnapshotContentName ?? '';
    return this.#is.vmSnapshotContents.get({ namespace, name: content });
  }

  /** Sees to it, by the policy of the restore, that nobody writes to the disks. */
  async #isStopped(restore: VirtualMachineRestore, vm: VirtualMachine): Promise<boolean> {
    if (!this.#is.vmis.get(vm.metadata)) return true;
    const policy = restore.spec.targetReadinessPolicy ?? 'WaitGracePeriod';
    const age = this.#is.clock.now() - Date.parse(restore.metadata.creationTimestamp);
    if (policy === 'FailImmediate') {
      throw new RestoreFailure('Restore target VMI must be powered off before restore operation');
    }
    if (policy === 'WaitGracePeriod' && age > graceMs) throw new RestoreFailure(tooLate);
    if (policy === 'StopTarget' && vm.spec.runStrategy !== 'Halted') {
      const body = { spec: { runStrategy: 'Halted', running: null } };
      await this.#is.client.patch(virtualMachines, vm.metadata, { type: 'merge', body });
    }
    const known = policy === 'StopTarget' || policy === 'WaitEventually';
    const text = waiting[known ? policy : 'WaitGracePeriod'];
    await this.#tell(restore, ['False', text], ['False', text]);
    const message = policy === 'StopTarget' ? text : stillExists;
    this.#is.recorder.warning(restore, 'RestoreTargetNotReady', message);
    return false;
  }

  /** Writes the VM; gives the DataVolumes that it had and has no more. */
  async #applyTo(
    restore: VirtualMachineRestore,
    target: VirtualMachine | undefined,
    source: Pick<VirtualMachine, 'metadata' | 'spec'>,
    claims: ReadonlyMap<string, string>,
  ): Promise<{ vm: VirtualMachine; deleted: string[] }> {
    const patches = restore.spec.patches ?? [];
    if (target && isMadeBy(target, restore)) return { vm: target, deleted: [] };
    if (!target) {
      const draft = newVmFrom(source, restore.spec.target.name, claims);
      const marks = { ...draft.metadata.annotations, [madeBy]: markOf(restore) };
      draft.metadata.annotations = marks;
      return {
        vm: await this.#is.client.create(virtualMachines, patched(draft, patches)),
        deleted: [],
      };
    }
    const { runStrategy, running, dataVolumeTemplates = [] } = target.spec;
    const spec = withClaims(source.spec, claims);
    delete spec.running;
    delete spec.runStrategy;
    const kept = new Set(spec.dataVolumeTemplates?.map(({ metadata }) => metadata?.name));
    const old = dataVolumeTemplates.flatMap(({ metadata }) => metadata?.name ?? []);
    const next: VirtualMachine = {
      ...target,
      spec: {
        ...spec,
        ...(runStrategy && { runStrategy }),
        ...(running !== undefined && { running }),
      },
    };
    const vm = await this.#is.client.update(virtualMachines, patched(next, patches));
    const deleted = old.filter((name) => !kept.has(name));
    await this.#claims.drop(target.metadata.namespace, deleted);
    return { vm, deleted };
  }

  async #complete(
    restore: VirtualMachineRestore,
    backups: readonly VolumeBackup[],
    deletedDataVolumes: string[],
  ): Promise<void> {
    const { name } = restore.metadata;
    await unlockVm(this.#is.client, targetOf(restore), 'restoreInProgress', name);
    await this.#status.write(
      restore,
      {
        complete: true,
        restoreTime: this.#status.now(),
        restores: backups.map((backup) => ({
          volumeName: backup.volumeName,
          persistentVolumeClaim: claimNameFor(restore, backup),
          volumeSnapshotName: backup.volumeSnapshotName,
        })),
        ...(deletedDataVolumes.length > 0 && { deletedDataVolumes }),
      },
      { Progressing: ['False', 'Operation complete'], Ready: ['True', 'Operation complete'] },
    );
    const text = `Successfully completed VirtualMachineRestore ${name}`;
    this.#is.recorder.normal(restore, 'VirtualMachineRestoreComplete', text);
  }

  async #tell(
    restore: VirtualMachineRestore,
    Progressing: ['True' | 'False', string],
    Ready: ['True' | 'False', string],
    Failure?: ['True', string],
  ): Promise<void> {
    const told = { Progressing, Ready, ...(Failure && { Failure }) };
    await this.#status.write(restore, { complete: false }, told);
  }
}

const targetOf = ({ metadata, spec }: VirtualMachineRestore): ObjectKey => ({
  namespace: metadata.namespace,
  name: spec.target.name,
});
