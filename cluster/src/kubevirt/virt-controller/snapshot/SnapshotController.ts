import type { Clock } from '../../../client/Clock.ts';
import { ensure } from '../../../client/ensure.ts';
import type { EventRecorder } from '../../../client/EventRecorder.ts';
import { ignoreGone } from '../../../client/ignoreGone.ts';
import type { Informer } from '../../../client/Informer.ts';
import type { KubeClient, ObjectKey } from '../../../client/KubeClient.ts';
import type { PersistentVolumeClaim } from '../../../client/resources.ts';
import { timestamp } from '../../../client/timestamp.ts';
import {
  type VolumeSnapshot,
  volumeSnapshots,
} from '../../../hostpath-provisioner/snapshotResources.ts';
import {
  type VirtualMachine,
  type VirtualMachineInstance,
  virtualMachines,
} from '../../resources.ts';
import type { Guest } from '../../virt-launcher/GuestRuntime.ts';
import { withCondition } from '../conditions.ts';
import { claimName } from '../templates.ts';
import { durationMs } from './durationMs.ts';
import { quiesce, type SourceIndication } from './quiesce.ts';
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

type Status = NonNullable<VirtualMachineSnapshot['status']>;

const finalizer = 'snapshot.kubevirt.io/vmsnapshot-protection';
/**
 * Takes snapshots of VirtualMachines: a VolumeSnapshot of each disk, and the VM as it was. A running guest's
 * file systems are frozen meanwhile by its agent. KubeVirt: pkg/storage/snapshot/snapshot.go (d923fdb).
 */
export class SnapshotController {
  readonly #is: Dependencies;

  constructor(dependencies: Dependencies) {
    this.#is = dependencies;
  }

  async reconcile(key: ObjectKey): Promise<{ requeueAfterMs?: number }> {
    const snapshot = this.#is.vmSnapshots.get(key);
    if (!snapshot) return {};
    if (snapshot.metadata.deletionTimestamp) {
      await this.#remove(snapshot);
      return {};
    }
    const { phase } = snapshot.status ?? {};
    if (phase === 'Succeeded' || phase === 'Failed') return {};
    if (!snapshot.metadata.finalizers?.includes(finalizer)) {
      const finalizers = [...(snapshot.metadata.finalizers ?? []), finalizer];
      const body = { metadata: { finalizers } };
      await this.#is.client.patch(vmSnapshots, key, { type: 'merge', body });
      return {};
    }
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
    const vm = this.#vmOf(snapshot);
    if (!vm) return this.#wait(snapshot, 'Source does not exist');
    const claims = this.#claimsOf(vm);
    const unbound = claims.find(({ claim }) => claim?.status?.phase !== 'Bound');
    if (unbound)
      return this.#wait(snapshot, `Source not locked: PVC of ${unbound.volume} is not bound`);
    const { snapshotInProgress, restoreInProgress } = vm.status ?? {};
    const { name } = snapshot.metadata;
    if (restoreInProgress || (snapshotInProgress && snapshotInProgress !== name)) {
      const other = snapshotInProgress ? `snapshot ${snapshotInProgress}` : 'a restore';
      return this.#wait(snapshot, `Source not locked: ${other} is in progress`);
    }
    if (!snapshotInProgress) await this.#lock(vm, name);
    const content = this.#contentOf(snapshot) ?? (await this.#createContent(snapshot, vm, claims));
    const taken = await this.#takeVolumes(snapshot, vm, content);
    if (!taken) return;
    await this.#succeed(snapshot, vm, content);
  }

  /** Names and claims of the volumes that can be in a snapshot, and those that cannot. */
  #claimsOf(vm: VirtualMachine): VolumeClaim[] {
    return (vm.spec.template.spec?.volumes ?? []).flatMap((volume) => {
      const name = claimName(volume);
      const { namespace } = vm.metadata;
      return name ? [{ volume: volume.name, claim: this.#is.claims.get({ namespace, name }) }] : [];
    });
  }

  async #createContent(
    snapshot: VirtualMachineSnapshot,
    vm: VirtualMachine,
    claims: VolumeClaim[],
  ): Promise<VirtualMachineSnapshotContent> {
    const draft = contentDraft(snapshot, vm, claims);
    await ensure(this.#is.client, vmSnapshotContents, draft);
    const { namespace } = snapshot.metadata;
    return this.#is.client.get(vmSnapshotContents, { namespace, name: contentName(snapshot) });
  }

  /** Asks for the snapshot of each disk; true when all of them are ready. */
  async #takeVolumes(
    snapshot: VirtualMachineSnapshot,
    vm: VirtualMachine,
    { spec }: VirtualMachineSnapshotContent,
  ): Promise<boolean> {
    const backups = spec.volumeBackups ?? [];
    const { namespace } = vm.metadata;
    const found = backups.map(({ volumeSnapshotName: name }) =>
      this.#is.volumeSnapshots.get({ namespace, name }),
    );
    const missing = backups.filter((_backup, index) => !found[index]);
    if (missing.length > 0) {
      const seen = await quiesce(this.#guestOf(vm));
      if (!snapshot.status?.sourceUID) await this.#begin(snapshot, vm, seen);
      for (const backup of missing) {
        await ensure(this.#is.client, volumeSnapshots, volumeSnapshotDraft(snapshot, backup));
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
    seen: SourceIndication[],
  ): Promise<void> {
    await this.#write(snapshot, {
      phase: 'InProgress',
      readyToUse: false,
      sourceUID: vm.metadata.uid,
      virtualMachineSnapshotContentName: contentName(snapshot),
      indications: seen.map(({ indication }) => indication),
      sourceIndications: seen,
      conditions: this.#conditions(snapshot, {
        Progressing: ['True', 'Source locked and operation in progress'],
        Ready: ['False', 'Not ready'],
      }),
    });
  }

  async #succeed(
    snapshot: VirtualMachineSnapshot,
    vm: VirtualMachine,
    content: VirtualMachineSnapshotContent,
  ): Promise<void> {
    const creationTime = timestamp(this.#is.clock.now());
    const { namespace } = snapshot.metadata;
    await this.#is.client.patch(
      vmSnapshotContents,
      { namespace, name: contentName(snapshot) },
      { type: 'merge', body: { status: { readyToUse: true, creationTime } } },
      { subresource: 'status' },
    );
    const included = (content.spec.volumeBackups ?? []).map(({ volumeName }) => volumeName);
    const excluded = (vm.spec.template.spec?.volumes ?? [])
      .map(({ name }) => name)
      .filter((name) => !included.includes(name));
    const newest = await this.#is.client.get(vmSnapshots, snapshot.metadata);
    await this.#write(newest, {
      phase: 'Succeeded',
      readyToUse: true,
      creationTime,
      snapshotVolumes: { includedVolumes: included, excludedVolumes: excluded },
      conditions: this.#conditions(newest, {
        Progressing: ['False', 'Operation complete'],
        Ready: ['True', 'Ready'],
      }),
    });
    await this.#unlock(vm, snapshot.metadata.name);
    const { name } = snapshot.metadata;
    this.#is.recorder.normal(
      snapshot,
      'SuccessfulVirtualMachineSnapshotContentCreate',
      `Successfully created VirtualMachineSnapshotContent ${contentName(snapshot)} of ${name}`,
    );
  }

  async #fail(snapshot: VirtualMachineSnapshot): Promise<void> {
    const vm = this.#vmOf(snapshot);
    if (vm) {
      await this.#thaw(vm);
      await this.#unlock(vm, snapshot.metadata.name);
    }
    const message = 'snapshot deadline exceeded';
    await this.#write(snapshot, {
      phase: 'Failed',
      readyToUse: false,
      error: { time: timestamp(this.#is.clock.now()), message },
      conditions: this.#conditions(snapshot, {
        Progressing: ['False', 'Operation failed'],
        Ready: ['False', 'Not ready'],
        Failure: ['True', message],
      }),
    });
    this.#is.recorder.warning(snapshot, 'SnapshotFailed', message);
  }

  #wait(snapshot: VirtualMachineSnapshot, reason: string): Promise<void> {
    return this.#write(snapshot, {
      phase: 'InProgress',
      readyToUse: false,
      conditions: this.#conditions(snapshot, {
        Progressing: ['False', reason],
        Ready: ['False', 'Not ready'],
      }),
    });
  }

  /** KubeVirt puts the text into `reason` and leaves `message` empty. */
  #conditions({ status }: VirtualMachineSnapshot, wanted: Record<string, [string, string]>) {
    const time = timestamp(this.#is.clock.now());
    return Object.entries(wanted).reduce(
      (list, [type, [value, reason]]) =>
        withCondition(list, { type, status: value, reason, message: '' }, time),
      status?.conditions ?? [],
    );
  }

  async #write(snapshot: VirtualMachineSnapshot, change: Status): Promise<void> {
    const status = { ...snapshot.status, ...change };
    if (JSON.stringify(status) === JSON.stringify(snapshot.status)) return;
    await ignoreGone(
      this.#is.client.patch(
        vmSnapshots,
        snapshot.metadata,
        { type: 'merge', body: { status } },
        { subresource: 'status' },
      ),
    );
  }

  async #lock({ metadata }: VirtualMachine, name: string | undefined): Promise<void> {
    const body = { status: { snapshotInProgress: name ?? null } };
    await ignoreGone(
      this.#is.client.patch(
        virtualMachines,
        metadata,
        { type: 'merge', body },
        { subresource: 'status' },
      ),
    );
  }

  async #unlock(vm: VirtualMachine, name: string): Promise<void> {
    const newest = this.#is.vms.get(vm.metadata) ?? vm;
    if (newest.status?.snapshotInProgress === name) await this.#lock(vm, undefined);
  }

  /** Its volumes' snapshots are its own and go by themselves. */
  async #remove(snapshot: VirtualMachineSnapshot): Promise<void> {
    const vm = this.#vmOf(snapshot);
    if (vm) await this.#unlock(vm, snapshot.metadata.name);
    const { namespace } = snapshot.metadata;
    if (snapshot.spec.deletionPolicy !== 'Retain') {
      const content = { namespace, name: contentName(snapshot) };
      await ignoreGone(this.#is.client.delete(vmSnapshotContents, content));
    }
    const finalizers = snapshot.metadata.finalizers?.filter((one) => one !== finalizer) ?? [];
    await ignoreGone(
      this.#is.client.patch(vmSnapshots, snapshot.metadata, {
        type: 'merge',
        body: { metadata: { finalizers } },
      }),
    );
  }

  #vmOf({ metadata, spec }: VirtualMachineSnapshot): VirtualMachine | undefined {
    return this.#is.vms.get({ namespace: metadata.namespace, name: spec.source.name });
  }

  #contentOf(snapshot: VirtualMachineSnapshot): VirtualMachineSnapshotContent | undefined {
    const { namespace } = snapshot.metadata;
    return this.#is.vmSnapshotContents.get({ namespace, name: contentName(snapshot) });
  }

  #timeLeft({ metadata, spec }: VirtualMachineSnapshot): number {
    const deadline = durationMs(spec.failureDeadline ?? '5m');
    if (deadline === 0) return Infinity;
    return Date.parse(metadata.creationTimestamp) + deadline - this.#is.clock.now();
  }
}
