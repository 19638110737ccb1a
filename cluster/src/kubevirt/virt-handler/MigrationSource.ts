import type { Clock, Timer } from '../../client/Clock.ts';
import type { EventRecorder } from '../../client/EventRecorder.ts';
import { timestamp } from '../../client/timestamp.ts';
import { parseQuantity } from '../../quantity.ts';
import { names, type VirtualMachineInstance } from '../resources.ts';
import type { MigrationState } from '../virt-controller/migration/migrationPhases.ts';
import type { Guest, MigrationEnd, OutgoingMigration } from '../virt-launcher/GuestRuntime.ts';
import type { VolumeFolders } from '../virt-launcher/VolumeFolders.ts';
import { messageOf } from '../../client/messageOf.ts';
import { movedDisks } from './movedDisks.ts';
import { endedStatus } from './guestStatus.ts';
import type { VmiKey, VmiWriter } from './VmiWriter.ts';

interface Dependencies {
  node: string;
  /** The folder of a guest on any node. */
  folderOf(node: string, uid: string): string;
  volumes: VolumeFolders;
  writer: VmiWriter;
  recorder: EventRecorder;
  clock: Clock;
  log: (message: string) => void;
}

type Configuration = NonNullable<MigrationState['migrationConfiguration']> & {
  maxDowntimeMs?: number;
};

/** How often virt-launcher looks at a migration's progress is 400 ms; its time-outs are in seconds. */
const lookMs = 1000;

interface Followed {
  guest: Guest;
  migration: OutgoingMigration;
  /** How it was helped to its end: by going on at the target, or by standing still. */
  mode: 'PreCopy' | 'PostCopy' | 'Paused';
  migrationUid: string;
  /** Why we cancelled it; undefined while we have not, or when a user asked. */
  reason?: string;
  timer?: Timer;
}

/**
 * The source's part of a live migration: sends the guest, watches its progress, and tells how it ended.
 * KubeVirt: pkg/virt-handler/migration-source.go, pkg/virt-launcher/virtwrap/live-migration-source.go (d923fdb).
 */
export class MigrationSource {
  readonly #is: Dependencies;
  readonly #followed = new Map<string, Followed>();
  /** Migrations whose guest goes on here after all. */
  readonly #broughtBack = new WeakSet<OutgoingMigration>();

  constructor(dependencies: Dependencies) {
    this.#is = dependencies;
  }

  /** Brings the migration of a guest that runs here to what its VMI asks. */
  async reconcile(vmi: VirtualMachineInstance, guest: Guest): Promise<void> {
    const { uid } = vmi.metadata;
    const state = vmi.status?.migrationState;
    if (!state || state.sourceNode !== this.#is.node) return;
    if (state.endTimestamp) return this.#settle(guest, state);
    if (!state.targetNodeAddress || state.completed) return;
    const followed = this.#followed.get(uid);
    if (!state.startTimestamp) return this.#begin(vmi, guest, state);
    if (followed && followed.migrationUid === state.migrationUid) {
      if (state.abortRequested && !state.abortStatus) await this.#abort(vmi.metadata, followed);
      return;
    }
    // A former run of the program began it.
    if (guest.migration) this.#follow(vmi, state, guest, guest.migration);
    else await this.#fail(vmi.metadata, state, 'the migration was interrupted');
  }

  /** A guest that was sent completely and whose target did not take over goes on here. */
  async #settle(guest: Guest, state: MigrationState): Promise<void> {
    if (!state.failed || !guest.migration) return;
    const { migration } = guest;
    const end = await Promise.race([migration.end, Promise.resolve(undefined)]);
    if (end?.outcome === 'completed' && !this.#broughtBack.has(migration)) {
      this.#broughtBack.add(migration);
      await guest.resume();
    }
  }

  async #begin(vmi: VirtualMachineInstance, guest: Guest, state: MigrationState): Promise<void> {
    const { uid } = vmi.metadata;
    const startTimestamp = timestamp(this.#is.clock.now());
    const claimed = await this.#change(vmi.metadata, state.migrationUid, (now) =>
      (now.startTimestamp ?? now.endTimestamp) ? undefined : { ...now, startTimestamp },
    );
    if (!claimed) return;
    const configuration: Configuration = state.migrationConfiguration ?? {};
    try {
      const migration = await guest.migrate(this.#is.folderOf(state.targetNode ?? '', uid), {
        bandwidth: parseQuantity(configuration.bandwidthPerMigration ?? '0') ?? 0,
        maxDowntimeMs: configuration.maxDowntimeMs ?? 900,
        autoConverge: configuration.allowAutoConverge === true,
        disks: await movedDisks(vmi, this.#is.volumes),
        postCopy: configuration.allowPostCopy === true,
      });
      this.#is.recorder.normal(vmi, 'Migrating', 'VirtualMachineInstance is migrating.');
      this.#follow(vmi, { ...state, startTimestamp }, guest, migration);
    } catch (error) {
      await this.#fail(vmi.metadata, state, messageOf(error));
    }
  }

  #follow(
    vmi: VirtualMachineInstance,
    state: MigrationState,
    guest: Guest,
    migration: OutgoingMigration,
  ): void {
    const { uid } = vmi.metadata;
    const { migrationUid = '', mode } = state;
    const followed: Followed = {
      ...{ guest, migration, migrationUid },
      mode: mode === 'PostCopy' || mode === 'Paused' ? mode : 'PreCopy',
    };
    this.#followed.set(uid, followed);
    const over = (end: MigrationEnd) => {
      if (followed.timer !== undefined) this.#is.clock.clearTimeout(followed.timer);
      if (this.#followed.get(uid) !== followed) return Promise.resolve();
      this.#followed.delete(uid);
      return this.#end(vmi.metadata, state, followed, end);
    };
    migration.end.then(over).catch((error: unknown) => {
      this.#is.log(`migration of ${vmi.metadata.name}: ${messageOf(error)}`);
    });
    this.#watch(vmi, state, followed, { since: this.#is.clock.now(), least: Infinity });
  }

  /** Cancels a migration that takes too long, or that gets no further. */
  #watch(
    vmi: VirtualMachineInstance,
    state: MigrationState,
    followed: Followed,
    best: { since: number; least: number },
  ): void {
    const { clock } = this.#is;
    const look = async () => {
      // In post-copy the guest is at the target, and would be lost with the migration.
      if (this.#followed.get(vmi.metadata.uid) !== followed || followed.mode === 'PostCopy') return;
      const {
        completionTimeoutPerGiB = 150,
        progressTimeout = 150,
        allowWorkloadDisruption,
      } = state.migrationConfiguration ?? {};
      const { remainingBytes, totalBytes } = await followed.migration.progress();
      const now = clock.now();
      const next = remainingBytes < best.least ? { since: now, least: remainingBytes } : best;
      const running = (now - Date.parse(state.startTimestamp ?? '')) / 1000;
      const gibibytes = Math.max(1, Math.round(totalBytes / 2 ** 30));
      // One that stands still gets as long again.
      const acceptable = completionTimeoutPerGiB * gibibytes * (followed.mode === 'Paused' ? 2 : 1);
      const stuck = (now - next.since) / 1000;
      if (allowWorkloadDisruption && running > acceptable && followed.mode === 'PreCopy') {
        await this.#assist(vmi.metadata, state, followed);
      } else if (stuck > progressTimeout) {
        followed.reason = `Live migration stuck for ${Math.round(stuck)} seconds and has been aborted`;
      } else if (running > acceptable) {
        followed.reason = `Live migration is not completed after ${acceptable} seconds and has been aborted`;
      }
      if (followed.reason === undefined) this.#watch(vmi, state, followed, next);
      else await followed.migration.cancel();
    };
    followed.timer = clock.setTimeout(() => {
      look().catch((error: unknown) => {
        this.#is.log(`progress of the migration of ${vmi.metadata.name}: ${messageOf(error)}`);
      });
    }, lookMs);
  }

  /** Brings a migration that takes too long to its end at the cost of the guest: KubeVirt's processInflightMigration. */
  async #assist(key: VmiKey, state: MigrationState, followed: Followed): Promise<void> {
    const { migration, migrationUid } = followed;
    const enter = (mode: Followed['mode']) => {
      followed.mode = mode;
      return this.#change(key, migrationUid, (now) => ({ ...now, mode }));
    };
    if (state.migrationConfiguration?.allowPostCopy) {
      try {
        await enter('PostCopy');
        await migration.startPostCopy();
        return;
      } catch (error) {
        this.#is.log(`migration of ${key.name}: no post-copy: ${messageOf(error)}`);
      }
    }
    await enter('Paused');
    await migration.hold();
  }

  async #abort(key: VmiKey, { migration, migrationUid, mode }: Followed): Promise<void> {
    if (mode === 'PostCopy') {
      await this.#change(key, migrationUid, (now) => ({ ...now, abortStatus: 'Failed' }));
      return;
    }
    await this.#change(key, migrationUid, (now) => ({ ...now, abortStatus: 'Aborting' }));
    await migration.cancel();
  }

  async #end(
    key: VmiKey,
    state: MigrationState,
    followed: Followed,
    end: MigrationEnd,
  ): Promise<void> {
    if (end.outcome !== 'completed' && followed.mode === 'Paused') await followed.guest.resume();
    switch (end.outcome) {
      case 'completed':
        // The target sees this, lets the guest run, and writes the end.
        await this.#change(key, state.migrationUid, (now) => ({ ...now, completed: true }));
        return;
      case 'cancelled':
        await this.#fail(key, state, followed.reason ?? 'Live migration aborted', true);
        return;
      case 'failed':
        await this.#fail(key, state, `Live migration failed: ${end.reason}`);
        if (followed.mode !== 'PostCopy') return;
        // A part of its memory is at either end.
        await this.#is.writer.status(key, (now) =>
          endedStatus(now, 'crashed', this.#is.clock.now()),
        );
    }
  }

  async #fail(key: VmiKey, state: MigrationState, reason: string, aborted = false): Promise<void> {
    const failed = await this.#change(key, state.migrationUid, (now) => ({
      ...now,
      failed: true,
      failureReason: reason,
      ...(aborted && { abortStatus: 'Succeeded' }),
      endTimestamp: timestamp(this.#is.clock.now()),
    }));
    if (!failed) return;
    this.#is.recorder.warning(
      failed,
      'Migrated',
      `VirtualMachineInstance migration uid ${state.migrationUid ?? ''} failed. reason:${reason}`,
    );
  }

  /** Changes the state of one migration as long as it is not over. */
  #change(
    key: VmiKey,
    migrationUid: string | undefined,
    change: (state: MigrationState) => MigrationState | undefined,
  ): Promise<VirtualMachineInstance | undefined> {
    return this.#is.writer.change(key, (vmi) => {
      const state = vmi.status?.migrationState;
      if (!state || state.migrationUid !== migrationUid || state.endTimestamp) return undefined;
      const next = change(state);
      if (!next) return undefined;
      const { [names.migrationTargetNode]: target, ...labels } = vmi.metadata.labels ?? {};
      const over = next.endTimestamp !== undefined || target === undefined;
      return {
        ...vmi,
        metadata: { ...vmi.metadata, labels: over ? labels : (vmi.metadata.labels ?? {}) },
        status: { ...vmi.status, migrationState: next },
      };
    });
  }

  close(): void {
    for (const { timer } of this.#followed.values()) {
      if (timer !== undefined) this.#is.clock.clearTimeout(timer);
    }
    this.#followed.clear();
  }
}
