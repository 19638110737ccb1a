import type { Clock } from '../../../client/Clock.ts';
import { ensure } from '../../../client/ensure.ts';
import type { EventRecorder } from '../../../client/EventRecorder.ts';
import { ignoreGone } from '../../../client/ignoreGone.ts';
import type { Informer } from '../../../client/Informer.ts';
import type { KubeClient, ObjectKey } from '../../../client/KubeClient.ts';
import type { PersistentVolumeClaim } from '../../../client/resources.ts';
import { parseDurationSeconds } from '../../../duration.ts';
import {
  type VolumeSnapshot,
  volumeSnapshots,
} from '../../../hostpath-provisioner/snapshotResources.ts';
import type { VirtualMachine, VirtualMachineInstance } from '../../resources.ts';
import type { Guest } from '../../virt-launcher/GuestRuntime.ts';
import { lockVm, OperationStatus, unlockVm } from '../OperationStatus.ts';
import { claimName } from '../templates.ts';
import { indicationOf, quiesce, type SourceIndication } from './quiesce.ts';
import {
  contentDraft,
  contentName,
  type VolumeClaim,
  volumeSnapshotDraft,
} from './snapshotDrafts.ts';
import {
  type VirtualMachineSnapshot,
  type VirtualMachineSnapshotContent,
  vmSnapshotContents,
  vmSnapshots,
} from './resources.ts';

interface Dependencies {
  client: KubeClient;
  vms: Informer<VirtualMachine>;
  vmis: Informer<VirtualMachineInstance>;
  claims: Informer<PersistentVolumeClaim>;
  vmSnapshots: Informer<VirtualMachineSnapshot>;
  vmSnapshotContents: Informer<VirtualMachineSnapshotContent>;
  volumeSnapshots: Informer<VolumeSnapshot>;
  guestOf: (vmi: VirtualMachineInstance) => Guest | undefined;
  recorder: EventRecorder;
  clock: Clock;
}

const finalizer = 'snapshot.kubevirt.io/vmsnapshot-protection';

/**
 * Takes snapshots of VirtualMachines: a VolumeSnapshot of each disk, and the VM as it was. A running guest's
 * file systems are frozen meanwhile by its agent. KubeVirt: pkg/storage/snapshot/snapshot.go (d923fdb).
 */
export class SnapshotController {
  readonly #is: Dependencies;
  readonly #status: OperationStatus<VirtualMachineSnapshot>;

  constructor(dependencies: Dependencies) {
    this.#is = dependencies;
    this.#status = new OperationStatus(dependencies, vmSnapshots);
  }

  async reconcile(key: ObjectKey): Promise<{ requeueAfterMs?: number }> {
    const snapshot = this.#is.vmSnapshots.get(key);
    if (!snapshot) return {};
    if (snapshot.metadata.deletionTimestamp) {
      await this.#remove(snapshot);
      return {};
    }
    const { phase } = snapshot.status ?? {};
    if (phase === 'Succeeded') await this.#missVolumes(snapshot);
    if (phase === 'Succeeded' || phase === 'Failed') return {};
    if (!(await this.#status.keep(snapshot, finalizer))) return {};
    const left = this.#timeLeft(snapshot);
    if (left <= 0) {
      await this.#fail(snapshot);
      return {};
    }
    const requeueAfterMs = Number.isFinite(left) ? Math.max(left, 50) : 60_000;
    await this.#advance(snapshot);
    return { requeueAfterMs };
  }

  async #advance(snapshot: VirtualMachineSnapshot): Promise<void> {
    const vm = this.#is.vms.get(vmKeyOf(snapshot));
    if (!vm) return this.#wait(snapshot, 'Source does not exist');
    const claims = this.#claimsOf(vm);
    const unbound = claims.find(({ claim }) => claim?.status?.phase !== 'Bound');
    if (unbound) {
      const why = unbound.claim ? 'volume not bound' : 'volume doesnt exist';
      const source = `source ${vm.metadata.namespace ?? ''}/${vm.metadata.name}`;
      return this.#wait(snapshot, `Source not locked ${source} ${why}: ${unbound.name}`);
    }
    const { snapshotInProgress, restoreInProgress } = vm.status ?? {};
    const { name } = snapshot.metadata;
    if (restoreInProgress || (snapshotInProgress && snapshotInProgress !== name)) {
      const other = snapshotInProgress
        ? `snapshot "${snapshotInProgress}"`
        : `restore "${restoreInProgress ?? ''}"`;
      return this.#wait(snapshot, `Source not locked ${other} in progress`);
    }
    await lockVm(this.#is.client, vm, 'snapshotInProgress', name);
    const content = await this.#contentOf(snapshot, vm, claims);
    const taken = await this.#takeVolumes(snapshot, vm, content);
    if (taken) await this.#succeed(snapshot, content);
  }

  /** Names and claims of the volumes that can be in a snapshot; the VM's status tells why others cannot. */
  #claimsOf({ metadata: { namespace }, spec, status }: VirtualMachine): VolumeClaim[] {
    return (spec.template.spec?.volumes ?? []).flatMap((volume) => {
      const name = claimName(volume);
      if (!name) return [];
      const claim = this.#is.claims.get({ namespace, name });
      const told = status?.volumeSnapshotStatuses?.find((one) => one.name === volume.name);
      // A claim that is not bound yet is waited for.
      const isLeftOut = claim?.status?.phase === 'Bound' && told?.enabled === false;
      return isLeftOut ? [] : [{ volume: volume.name, name, claim }];
    });
  }

  async #contentOf(
    snapshot: VirtualMachineSnapshot,
    vm: VirtualMachine,
    claims: VolumeClaim[],
  ): Promise<VirtualMachineSnapshotContent> {
    const key = { namespace: snapshot.metadata.namespace, name: contentName(snapshot) };
    const known = this.#is.vmSnapshotContents.get(key);
    if (known) return known;
    await ensure(this.#is.client, vmSnapshotContents, contentDraft(snapshot, vm, claims));
    const text = `Successfully created VirtualMachineSnapshotContent ${key.name}`;
    this.#is.recorder.normal(snapshot, 'SuccessfulVirtualMachineSnapshotContentCreate', text);
    return this.#is.client.get(vmSnapshotContents, key);
  }

  /** Asks for the snapshot of each disk; true when all of them are ready. */
  async #takeVolumes(
    snapshot: VirtualMachineSnapshot,
    vm: VirtualMachine,
    content: VirtualMachineSnapshotContent,
  ): Promise<boolean> {
    const backups = content.spec.volumeBackups ?? [];
    const { namespace } = vm.metadata;
    const found = backups.map(({ volumeSnapshotName: name }) =>
      this.#is.volumeSnapshots.get({ namespace, name }),
    );
    const missing = backups.filter((_backup, index) => !found[index]);
    if (missing.length > 0 || !snapshot.status?.sourceUID) {
      const seen = await quiesce(this.#guestOf(vm));
      await this.#begin(snapshot, vm, seen);
      for (const backup of missing) {
        await ensure(this.#is.client, volumeSnapshots, volumeSnapshotDraft(content, backup));
        const text = `Successfully created VolumeSnapshot ${backup.volumeSnapshotName}`;
        this.#is.recorder.normal(content, 'SuccessfulVolumeSnapshotCreate', text);
      }
      return false;
    }
    if (!found.every((one) => one?.status?.creationTime)) return false;
    await this.#thaw(vm);
    return found.every((one) => one?.status?.readyToUse);
  }

  async #thaw(vm: VirtualMachine): Promise<void> {
    const guest = this.#guestOf(vm);
    if (guest?.agent) await guest.thaw();
  }

  #guestOf({ metadata }: VirtualMachine): Guest | undefined {
    const vmi = this.#is.vmis.get(metadata);
    const guest = vmi && this.#is.guestOf(vmi);
    return guest?.state === 'ended' ? undefined : guest;
  }

  async #begin(
    snapshot: VirtualMachineSnapshot,
    vm: VirtualMachine,
    seen: readonly SourceIndication[],
  ): Promise<void> {
    if (snapshot.status?.sourceUID) return;
    const { volumeSnapshotStatuses = [] } = vm.status ?? {};
    const lacking = volumeSnapshotStatuses.some(
      ({ enabled, reason }) => !enabled && reason?.startsWith('No VolumeSnapshotClass'),
    );
    const told = lacking ? [...seen, indicationOf('PartialSnapshot')] : seen;
    await this.#status.write(
      snapshot,
      {
        phase: 'InProgress',
        readyToUse: false,
        sourceUID: vm.metadata.uid,
        virtualMachineSnapshotContentName: contentName(snapshot),
        indications: told.map(({ indication }) => indication),
        sourceIndications: told,
      },
      {
        Progressing: ['True', 'Source locked and operation in progress'],
        Ready: ['False', 'Not ready'],
      },
    );
  }

  async #succeed(
    snapshot: VirtualMachineSnapshot,
    content: VirtualMachineSnapshotContent,
  ): Promise<void> {
    const creationTime = this.#status.now();
    const backups = content.spec.volumeBackups ?? [];
    const volumeSnapshotStatus = backups.map(({ volumeSnapshotName }) => ({
      volumeSnapshotName,
      creationTime,
      readyToUse: true,
    }));
    await this.#is.client.patch(
      vmSnapshotContents,
      content.metadata,
      { type: 'merge', body: { status: { readyToUse: true, creationTime, volumeSnapshotStatus } } },
      { subresource: 'status' },
    );
    const included = backups.map(({ volumeName }) => volumeName);
    const { spec } = content.spec.source.virtualMachine;
    const excluded = (spec.template.spec?.volumes ?? [])
      .map(({ name }) => name)
      .filter((name) => !included.includes(name));
    await this.#status.write(
      snapshot,
      {
        phase: 'Succeeded',
        readyToUse: true,
        creationTime,
        snapshotVolumes: { includedVolumes: included, excludedVolumes: excluded },
      },
      { Progressing: ['False', 'Operation complete'], Ready: ['True', 'Ready'] },
    );
    const { name } = snapshot.metadata;
    await unlockVm(this.#is.client, vmKeyOf(snapshot), 'snapshotInProgress', name);
  }

  /** A VolumeSnapshot that somebody removes makes the whole snapshot useless: it can be restored no more. */
  async #missVolumes(snapshot: VirtualMachineSnapshot): Promise<void> {
    const { namespace } = snapshot.metadata;
    const content = this.#is.vmSnapshotContents.get({ namespace, name: contentName(snapshot) });
    if (!content || content.metadata.deletionTimestamp) return;
    const missing = (content.spec.volumeBackups ?? [])
      .map(({ volumeSnapshotName: name }) => name)
      .filter((name) => !this.#is.volumeSnapshots.get({ namespace, name }));
    const message = `VolumeSnapshots (${missing.join(',')}) missing`;
    if (missing.length === 0 || snapshot.status?.error?.message === message) return;
    for (const name of missing) {
      const text = `VolumeSnapshot ${name} no longer exists`;
      this.#is.recorder.warning(content, 'VolumeSnapshotMissing', text);
    }
    const lost = { readyToUse: false, error: { time: this.#status.now(), message } };
    const patch = { type: 'merge', body: { status: lost } } as const;
    const { client } = this.#is;
    await ignoreGone(
      client.patch(vmSnapshotContents, content.metadata, patch, { subresource: 'status' }),
    );
    await this.#status.write(snapshot, lost, {
      Progressing: ['False', 'In error state'],
      Ready: ['False', 'Not ready'],
    });
  }

  async #fail(snapshot: VirtualMachineSnapshot): Promise<void> {
    const vm = this.#is.vms.get(vmKeyOf(snapshot));
    const { name } = snapshot.metadata;
    if (vm) await this.#thaw(vm);
    await unlockVm(this.#is.client, vmKeyOf(snapshot), 'snapshotInProgress', name);
    const message = 'snapshot deadline exceeded';
    await this.#status.write(
      snapshot,
      { phase: 'Failed', readyToUse: false, error: { time: this.#status.now(), message } },
      {
        Progressing: ['False', 'Operation failed'],
        Ready: ['False', 'Not ready'],
        Failure: ['True', message],
      },
    );
    this.#is.recorder.warning(snapshot, 'SnapshotFailed', message);
  }

  #wait(snapshot: VirtualMachineSnapshot, reason: string): Promise<void> {
    return this.#status.write(
      snapshot,
      { phase: 'InProgress', readyToUse: false },
      { Progressing: ['False', reason], Ready: ['False', 'Not ready'] },
    );
  }

  /** The content goes with it unless it is to be kept, and with that the volumes' snapshots. */
  async #remove(snapshot: VirtualMachineSnapshot): Promise<void> {
    const { namespace, name } = snapshot.metadata;
    await unlockVm(this.#is.client, vmKeyOf(snapshot), 'snapshotInProgress', name);
    if (snapshot.spec.deletionPolicy !== 'Retain') {
      const content = { namespace, name: contentName(snapshot) };
      await ignoreGone(this.#is.client.delete(vmSnapshotContents, content));
    }
    await this.#status.release(snapshot, finalizer);
  }

  #timeLeft({ metadata, spec }: VirtualMachineSnapshot): number {
    const deadline = parseDurationSeconds(spec.failureDeadline ?? '5m') ?? 0;
    if (deadline === 0) return Infinity;
    return Date.parse(metadata.creationTimestamp) + deadline * 1000 - this.#is.clock.now();
  }
}

const vmKeyOf = ({ metadata, spec }: VirtualMachineSnapshot): ObjectKey => ({
  namespace: metadata.namespace,
  name: spec.source.name,
});
