import { mkdir } from 'node:fs/promises';

import type { Clock } from '../../client/Clock.ts';
import type { EventRecorder } from '../../client/EventRecorder.ts';
import type { Informer } from '../../client/Informer.ts';
import type { Pod } from '../../client/resources.ts';
import { timestamp } from '../../client/timestamp.ts';
import { names, type VirtualMachineInstance } from '../resources.ts';
import { findCondition, withoutCondition } from '../virt-controller/conditions.ts';
import type { MigrationState } from '../virt-controller/migration/migrationPhases.ts';
import type { Guest, GuestRuntime } from '../virt-launcher/GuestRuntime.ts';
import type { VolumeFolders } from '../virt-launcher/VolumeFolders.ts';
import { messageOf } from '../../client/messageOf.ts';
import type { InterfaceSync } from './InterfaceSync.ts';
import { interfaceStatuses } from './interfaceStatus.ts';
import { growMovedDisks, makeMovedDisks, movedDisks } from './movedDisks.ts';
import type { VmiWriter } from './VmiWriter.ts';

interface Dependencies {
  node: string;
  /** The folder of a guest on any node. */
  folderOf(node: string, uid: string): string;
  runtime: GuestRuntime;
  /** With the index `createdBy`. */
  pods: Informer<Pod>;
  interfaces: InterfaceSync;
  volumes: VolumeFolders;
  writer: VmiWriter;
  recorder: EventRecorder;
  clock: Clock;
}

/** Of a guest that stands still only so that it can be sent. */
const heldReason = 'PausedByMigrationMonitor';

/**
 * The target's part of a live migration: makes a guest ready to receive, and lets it run once its memory is
 * here. KubeVirt: pkg/virt-handler/migration-target.go (d923fdb).
 */
export class MigrationTarget {
  readonly #is: Dependencies;

  constructor(dependencies: Dependencies) {
    this.#is = dependencies;
  }

  /** Gives the guest that came or is to come here; undefined when there is none any more. */
  async reconcile(
    vmi: VirtualMachineInstance,
    present: Guest | undefined,
  ): Promise<Guest | undefined> {
    const state = vmi.status?.migrationState;
    if (!state || state.endTimestamp) return undefined;
    if (!state.targetNodeAddress) return present ?? this.#prepare(vmi, state);
    const folder = this.#is.folderOf(this.#is.node, vmi.metadata.uid);
    const guest = present ?? (await this.#is.runtime.attach(folder));
    if (!guest || guest.state === 'ended') {
      await this.fail(vmi, `the target guest ended: ${guest?.end?.detail ?? 'it is gone'}`);
      return undefined;
    }
    if (state.completed) await this.#takeOver(vmi, state, guest);
    // It goes on here as soon as the source lets it, long before all of its memory is here.
    else if (state.mode === 'PostCopy') await this.#run(vmi, guest);
    return guest;
  }

  async #prepare(vmi: VirtualMachineInstance, state: MigrationState): Promise<Guest | undefined> {
    const { uid } = vmi.metadata;
    const address = this.#podOf(uid, state)?.status?.podIP;
    if (!address) throw new Error('the target pod has no address yet');
    try {
      const folder = this.#is.folderOf(this.#is.node, uid);
      const source = this.#is.folderOf(state.sourceNode ?? '', uid);
      await mkdir(folder, { recursive: true });
      // A network may have been changed for another one.
      const segments = this.#is.interfaces.segmentsOf(vmi);
      await makeMovedDisks(vmi, this.#is.volumes);
      const guest = await this.#is.runtime.receive(folder, source, {
        nic: (nic) => {
          const segment = segments.get(nic.name) ?? nic.segment;
          return { ...nic, address, ...(segment && { segment }) };
        },
        disks: await movedDisks(vmi, this.#is.volumes),
      });
      const changed = await this.#change(vmi, state, (now) => ({
        ...now,
        targetNodeAddress: '127.0.0.1',
      }));
      if (!changed) {
        await guest.destroy();
        return undefined;
      }
      const text = 'VirtualMachineInstance Migration Target Prepared.';
      this.#is.recorder.normal(vmi, 'PreparingTarget', text);
      return guest;
    } catch (error) {
      await this.fail(vmi, messageOf(error));
      return undefined;
    }
  }

  /** The source stands still: from here on the guest runs on this node. */
  async #takeOver(vmi: VirtualMachineInstance, state: MigrationState, guest: Guest): Promise<void> {
    const { node, clock } = this.#is;
    await this.#run(vmi, guest);
    await growMovedDisks(vmi, guest);
    const sources = {
      domain: guest.spec.interfaces,
      pod: this.#podOf(vmi.metadata.uid, state),
    };
    const now = timestamp(clock.now());
    const moved = await this.#is.writer.change(vmi.metadata, (newest) => {
      const current = newest.status?.migrationState;
      if (!newest.status || current?.migrationUid !== state.migrationUid || current?.endTimestamp)
        return undefined;
      const { [names.migrationTargetNode]: _target, ...labels } = newest.metadata.labels ?? {};
      const { evacuationNodeName, migratedVolumes: _moved, ...status } = newest.status;
      return {
        ...newest,
        metadata: { ...newest.metadata, labels: { ...labels, [names.nodeName]: node } },
        status: {
          ...status,
          ...(evacuationNodeName &&
            evacuationNodeName !== state.sourceNode && { evacuationNodeName }),
          nodeName: node,
          interfaces: interfaceStatuses(newest, sources),
          conditions: withoutCondition(status.conditions, 'VolumesChange'),
          migrationState: {
            ...current,
            targetNodeDomainDetected: true,
            targetNodeDomainReadyTimestamp: now,
            endTimestamp: now,
          },
        },
      };
    });
    if (!moved) return;
    const text = `The VirtualMachineInstance migrated to node ${node}.`;
    this.#is.recorder.normal(moved, 'Migrated', text);
  }

  async #run(vmi: VirtualMachineInstance, guest: Guest): Promise<void> {
    const folder = this.#is.folderOf(this.#is.node, vmi.metadata.uid);
    const { status, reason } = findCondition(vmi.status?.conditions, 'Paused') ?? {};
    const paused = status === 'True' && reason !== heldReason;
    // Before it runs: it announces itself on its segments.
    await this.#is.interfaces.join(guest, folder);
    if (guest.state === 'incoming') await guest.takeOver(!paused);
  }

  /** The migration to here cannot go on; the guest stays at its source. */
  async fail(vmi: VirtualMachineInstance, reason: string): Promise<void> {
    const state = vmi.status?.migrationState;
    if (!state) return;
    const failed = await this.#change(vmi, state, ({ completed: _completed, ...now }) => ({
      ...now,
      failed: true,
      failureReason: reason,
      endTimestamp: timestamp(this.#is.clock.now()),
    }));
    if (!failed) return;
    this.#is.recorder.warning(
      vmi,
      'Migrated',
      `VirtualMachineInstance migration uid ${state.migrationUid ?? ''} failed. reason:${reason}`,
    );
  }

  #podOf(uid: string, { targetPod }: MigrationState): Pod | undefined {
    return this.#is.pods
      .byIndex('createdBy', uid)
      .find(({ metadata }) => metadata.name === targetPod);
  }

  #change(
    vmi: VirtualMachineInstance,
    { migrationUid }: MigrationState,
    change: (state: MigrationState) => MigrationState,
  ): Promise<VirtualMachineInstance | undefined> {
    return this.#is.writer.change(vmi.metadata, (newest) => {
      const state = newest.status?.migrationState;
      if (!state || state.migrationUid !== migrationUid || state.endTimestamp) return undefined;
      return { ...newest, status: { ...newest.status, migrationState: change(state) } };
    });
  }
}
