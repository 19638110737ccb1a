import { applyPatch, type Operation } from 'fast-json-patch/commonjs/core.js';

import { annotations } from '../../../cdi/claims.ts';
import type { Clock } from '../../../client/Clock.ts';
import { ensure } from '../../../client/ensure.ts';
import type { EventRecorder } from '../../../client/EventRecorder.ts';
import { ignoreGone } from '../../../client/ignoreGone.ts';
import type { Informer } from '../../../client/Informer.ts';
import type { Draft, KubeClient, ObjectKey } from '../../../client/KubeClient.ts';
import { type PersistentVolumeClaim, persistentVolumeClaims } from '../../../client/resources.ts';
import { timestamp } from '../../../client/timestamp.ts';
import { dataVolumes } from '../../../cdi/resources.ts';
import type { VolumeSnapshot } from '../../../hostpath-provisioner/snapshotResources.ts';
import {
  type VirtualMachine,
  type VirtualMachineInstance,
  virtualMachines,
} from '../../resources.ts';
import { withCondition } from '../conditions.ts';
import {
  type VirtualMachineRestore,
  type VirtualMachineSnapshot,
  type VirtualMachineSnapshotContent,
  type VolumeBackup,
  vmRestores,
} from './resources.ts';
import { newVmFrom, withClaims } from './restoredVm.ts';

interface Dependencies {
  client: KubeClient;
  vms: Informer<VirtualMachine>;
  vmis: Informer<VirtualMachineInstance>;
  claims: Informer<PersistentVolumeClaim>;
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

class Failure extends Error {}

/**
 * Brings a VirtualMachine back to a snapshot, or makes a new one from it: claims from the volumes'
 * snapshots, then a VM that leads to them. KubeVirt: pkg/storage/snapshot/restore.go (d923fdb).
 */
export class RestoreController {
  readonly #is: Dependencies;

  constructor(dependencies: Dependencies) {
    this.#is = dependencies;
  }

  async reconcile(key: ObjectKey): Promise<{ requeueAfterMs?: number }> {
    const restore = this.#is.vmRestores.get(key);
    if (!restore) return {};
    if (restore.metadata.deletionTimestamp || restore.status?.complete) return {};
    if (restore.status?.conditions?.some(({ type }) => type === 'Failure')) return {};
    try {
      const done = await this.#advance(restore);
      return done ? {} : { requeueAfterMs: pollMs };
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      await this.#write(restore, {}, ['False', error.message], ['False', error.message], true);
      await this.#unlock(restore);
      this.#is.recorder.warning(restore, 'VirtualMachineRestoreError', error.message);
      return {};
    }
  }

  async #advance(restore: VirtualMachineRestore): Promise<boolean> {
    const content = this.#contentOf(restore);
    if (!content) return false;
    const source = content.spec.source.virtualMachine;
    const { namespace } = restore.metadata;
    const target = this.#is.vms.get({ namespace, name: restore.spec.target.name });
    if (target && target.metadata.uid !== source.metadata.uid && !isMadeBy(target, restore)) {
      throw new Failure(
        'restore source and restore target are different but restore target already exists',
      );
    }
    if (target && !isMadeBy(target, restore)) {
      if (!(await this.#isStopped(restore, target))) return false;
      await this.#lock(target, restore.metadata.name);
    }
    const backups = content.spec.volumeBackups ?? [];
    const claims = new Map(
      backups.map((backup) => [backup.volumeName, claimNameFor(restore, backup)]),
    );
    for (const backup of backups) await this.#createClaim(restore, backup);
    const bound = [...claims.values()].every(
      (name) => this.#is.claims.get({ namespace, name })?.status?.phase === 'Bound',
    );
    if (!bound) {
      const text = 'Creating new PVCs';
      await this.#write(restore, {}, ['True', text], ['False', 'Waiting for new PVCs']);
      return false;
    }
    const deleted = await this.#applyTo(restore, target, source, claims);
    await this.#complete(restore, backups, deleted);
    return true;
  }

  /** The snapshot's content, once it may be restored; tells why not before. */
  #contentOf(restore: VirtualMachineRestore): VirtualMachineSnapshotContent | undefined {
    const { namespace } = restore.metadata;
    const name = restore.spec.virtualMachineSnapshotName;
    const snapshot = this.#is.vmSnapshots.get({ namespace, name });
    if (!snapshot) throw new Failure(`VMSnapshot ${name} does not exist`);
    if (snapshot.status?.phase === 'Failed') {
      throw new Failure(`VMSnapshot ${name} failed and is invalid to use`);
    }
    if (!snapshot.status?.readyToUse) return undefined;
    const content = snapshot.status.virtualMachineSnapshotContentName ?? '';
    return this.#is.vmSnapshotContents.get({ namespace, name: content });
  }

  /** Sees to it, by the policy of the restore, that nobody writes to the disks. */
  async #isStopped(restore: VirtualMachineRestore, vm: VirtualMachine): Promise<boolean> {
    if (!this.#is.vmis.get(vm.metadata)) return true;
    const policy = restore.spec.targetReadinessPolicy ?? 'WaitGracePeriod';
    const age = this.#is.clock.now() - Date.parse(restore.metadata.creationTimestamp);
    if (policy === 'FailImmediate' || (policy === 'WaitGracePeriod' && age > graceMs)) {
      throw new Failure('Restore target failed to be ready: virtual machine is running');
    }
    if (policy === 'StopTarget' && vm.spec.runStrategy !== 'Halted') {
      const body = { spec: { runStrategy: 'Halted', running: null } };
      await this.#is.client.patch(virtualMachines, vm.metadata, { type: 'merge', body });
    }
    const text = 'Waiting for target to be ready';
    await this.#write(restore, {}, ['False', text], ['False', text]);
    this.#is.recorder.warning(
      restore,
      'RestoreTargetNotReady',
      `${text}: stop ${vm.metadata.name}`,
    );
    return false;
  }

  async #createClaim(restore: VirtualMachineRestore, backup: VolumeBackup): Promise<void> {
    const { metadata, spec } = backup.persistentVolumeClaim;
    const { namespace } = restore.metadata;
    const snapshot = this.#is.volumeSnapshots.get({ namespace, name: backup.volumeSnapshotName });
    if (!snapshot) throw new Failure(`VolumeSnapshot ${backup.volumeSnapshotName} does not exist`);
    const size = snapshot.status?.restoreSize ?? spec.resources?.requests?.['storage'] ?? '0';
    const draft: Draft<PersistentVolumeClaim> = {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: {
        name: claimNameFor(restore, backup),
        ...(namespace && { namespace }),
        labels: { ...metadata.labels },
        annotations: {
          'restore.kubevirt.io/name': restore.metadata.name,
          [annotations.contentType]: 'kubevirt',
          [annotations.podPhase]: 'Succeeded',
        },
      },
      spec: {
        accessModes: spec.accessModes ?? [],
        resources: { requests: { storage: size } },
        ...(spec.storageClassName && { storageClassName: spec.storageClassName }),
        ...(spec.volumeMode && { volumeMode: spec.volumeMode }),
        dataSource: {
          apiGroup: 'snapshot.storage.k8s.io',
          kind: 'VolumeSnapshot',
          name: backup.volumeSnapshotName,
        },
      },
    };
    await ensure(this.#is.client, persistentVolumeClaims, draft);
  }

  /** Writes the VM; gives the DataVolumes that it had and has no more. */
  async #applyTo(
    restore: VirtualMachineRestore,
    target: VirtualMachine | undefined,
    source: Pick<VirtualMachine, 'metadata' | 'spec'>,
    claims: ReadonlyMap<string, string>,
  ): Promise<string[]> {
    await this.#write(
      restore,
      {},
      ['True', 'Updating target spec'],
      ['False', 'Waiting for target update'],
    );
    if (target && isMadeBy(target, restore)) return [];
    if (!target) {
      const draft = newVmFrom(source, restore.spec.target.name, claims);
      draft.metadata.annotations = {
        ...draft.metadata.annotations,
        [madeBy]: restore.metadata.uid,
      };
      await this.#is.client.create(virtualMachines, patched(draft, restore.spec.patches ?? []));
      return [];
    }
    const { runStrategy, running } = target.spec;
    const spec = withClaims(source.spec, claims);
    delete spec.running;
    delete spec.runStrategy;
    const next: VirtualMachine = {
      ...target,
      spec: {
        ...spec,
        ...(runStrategy && { runStrategy }),
        ...(running !== undefined && { running }),
      },
    };
    const kept = new Set(next.spec.dataVolumeTemplates?.map(({ metadata }) => metadata?.name));
    const old = (target.spec.dataVolumeTemplates ?? []).flatMap(
      ({ metadata }) => metadata?.name ?? [],
    );
    await this.#is.client.update(virtualMachines, patched(next, restore.spec.patches ?? []));
    const deleted = old.filter((name) => !kept.has(name));
    for (const name of deleted) {
      const { namespace } = target.metadata;
      await ignoreGone(this.#is.client.delete(dataVolumes, { namespace, name }));
    }
    return deleted;
  }

  async #complete(
    restore: VirtualMachineRestore,
    backups: readonly VolumeBackup[],
    deletedDataVolumes: string[],
  ): Promise<void> {
    await this.#write(
      restore,
      {
        complete: true,
        restoreTime: timestamp(this.#is.clock.now()),
        restores: backups.map((backup) => ({
          volumeName: backup.volumeName,
          persistentVolumeClaim: claimNameFor(restore, backup),
          volumeSnapshotName: backup.volumeSnapshotName,
        })),
        ...(deletedDataVolumes.length > 0 && { deletedDataVolumes }),
      },
      ['False', 'Operation complete'],
      ['True', 'Operation complete'],
    );
    await this.#unlock(restore);
    this.#is.recorder.normal(
      restore,
      'VirtualMachineRestoreComplete',
      `Successfully completed VirtualMachineRestore ${restore.metadata.name}`,
    );
  }

  async #write(
    { metadata }: VirtualMachineRestore,
    change: NonNullable<VirtualMachineRestore['status']>,
    progressing: [string, string],
    ready: [string, string],
    failed = false,
  ): Promise<void> {
    const newest = await this.#is.client.get(vmRestores, metadata);
    const time = timestamp(this.#is.clock.now());
    const texts: [string, [string, string]][] = [
      ['Progressing', progressing],
      ['Ready', ready],
    ];
    if (failed) texts.push(['Failure', ['True', ready[1]]]);
    // KubeVirt puts the text into `reason` and leaves `message` empty.
    const conditions = texts.reduce(
      (list, [type, [status, reason]]) =>
        withCondition(list, { type, status, reason, message: '' }, time),
      newest.status?.conditions ?? [],
    );
    const status = { complete: false, ...newest.status, ...change, conditions };
    if (JSON.stringify(status) === JSON.stringify(newest.status)) return;
    await ignoreGone(this.#is.client.updateStatus(vmRestores, { ...newest, status }));
  }

  async #lock({ metadata, status }: VirtualMachine, name: string | null): Promise<void> {
    if ((status?.restoreInProgress ?? null) === name) return;
    const body = { status: { restoreInProgress: name } };
    await ignoreGone(
      this.#is.client.patch(
        virtualMachines,
        metadata,
        { type: 'merge', body },
        { subresource: 'status' },
      ),
    );
  }

  async #unlock({ metadata, spec }: VirtualMachineRestore): Promise<void> {
    const key = { namespace: metadata.namespace, name: spec.target.name };
    const vm = this.#is.vms.get(key);
    if (vm) await this.#lock({ ...vm, status: { restoreInProgress: metadata.name } }, null);
  }
}

/** Annotation of a VM that a restore has made: the restore's UID. */
const madeBy = 'restore.kubevirt.io/lastRestoreUID';

const isMadeBy = (vm: VirtualMachine, restore: VirtualMachineRestore) =>
  vm.metadata.annotations?.[madeBy] === restore.metadata.uid;

function claimNameFor(
  { metadata, spec }: VirtualMachineRestore,
  { volumeName }: VolumeBackup,
): string {
  const override = spec.volumeRestoreOverrides?.find((one) => one.volumeName === volumeName);
  if (override?.restoreName) return override.restoreName;
  if (spec.volumeRestorePolicy === 'PrefixTargetName') return `${spec.target.name}-${volumeName}`;
  return `restore-${metadata.uid}-${volumeName}`;
}

/** The VM with the restore's JSON patches, which virt-api has checked. */
function patched<T extends object>(vm: T, patches: readonly string[]): T {
  const operations = patches.map((text) => JSON.parse(text) as Operation);
  return applyPatch(structuredClone(vm), operations, false, true).newDocument;
}
