import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type {
  DomainSpec,
  MigrationEnd,
  MigrationProgress,
  MigrationSettings,
  OutgoingMigration,
} from './GuestRuntime.ts';
import { messageOf } from '../../client/messageOf.ts';
import { guestFiles } from './qemuArguments.ts';
import { launcherLog } from './QemuProcess.ts';
import type { QemuMirrors } from './QemuMirrors.ts';
import { type Qmp, QmpError } from './Qmp.ts';

const postCopyCapability = 'postcopy-ram';

/**
 * Makes the QEMU in the folder, which awaits a guest, ready for post-copy where the kernel lets it
 * (userfaultfd(2)); a file says so to the source.
 */
export async function allowPostCopy(qmp: Qmp, directory: string): Promise<void> {
  const capabilities = [{ capability: postCopyCapability, state: true }];
  try {
    await qmp.execute('migrate-set-capabilities', { capabilities });
  } catch (error) {
    if (!(error instanceof QmpError)) throw error;
    launcherLog(directory, `post-copy cannot be had: ${error.message}`);
    return;
  }
  await writeFile(join(directory, guestFiles.postCopy), '');
}

/** More than any machine sends: QEMU has no word for "unlimited". */
const UNLIMITED = 2 ** 40;

/** The fields of `query-migrate` that are read here (QEMU qapi/migration.json); sizes in bytes. */
interface MigrationInfo {
  status?: string;
  'error-desc'?: string;
  downtime?: number;
  ram?: {
    transferred: number;
    remaining: number;
    total: number;
    'dirty-pages-rate'?: number;
    'page-size'?: number;
    /** Megabits a second. */
    mbps?: number;
  };
}

/** The guest that is sent. */
export interface Outgoing {
  qmp: Qmp;
  mirrors: QemuMirrors;
  spec: Pick<DomainSpec, 'memoryBytes'>;
}

/** QEMU's run state in which a guest stands still and has its disks still. */
const preSwitchover = 'pre-switchover';

/**
 * QEMU's own precopy migration, from its source's side. Disks that move along are copied first, and then kept
 * the same until the guest stands still.
 */
export class QemuMigration implements OutgoingMigration {
  readonly end: Promise<MigrationEnd>;
  readonly #source: Outgoing;
  #resolve: (end: MigrationEnd) => void = () => undefined;
  #settled = false;
  /** Its disks are being copied: QEMU tells of no migration yet, or of an earlier one. */
  #copying = false;
  /** Why it is cancelled, when nobody asked for that. */
  #failure: string | undefined;
  #holds = false;

  private constructor(source: Outgoing) {
    this.#source = source;
    this.end = new Promise((resolve) => (this.#resolve = resolve));
  }

  /**
   * Sends the guest, which runs in `directory`, to the QEMU that listens in `toDirectory`. The socket's name is
   * relative because the address of a unix socket has 107 bytes at most (unix(7)).
   */
  static async begin(
    source: Outgoing,
    to: { directory: string; toDirectory: string; settings: MigrationSettings },
  ): Promise<QemuMigration> {
    const { qmp, mirrors } = source;
    const { bandwidth, maxDowntimeMs, autoConverge, postCopy, disks = [] } = to.settings;
    await qmp.execute('migrate-set-capabilities', {
      capabilities: [
        { capability: 'events', state: true },
        { capability: 'auto-converge', state: autoConverge },
        { capability: 'pause-before-switchover', state: disks.length > 0 },
        {
          capability: postCopyCapability,
          // Disks that move along are only at one end until it stands still.
          state:
            postCopy && disks.length === 0 && existsSync(join(to.toDirectory, guestFiles.postCopy)),
        },
      ],
    });
    await qmp.execute('migrate-set-parameters', {
      'max-bandwidth': bandwidth > 0 ? Math.round(bandwidth) : UNLIMITED,
      'downtime-limit': maxDowntimeMs,
    });
    const migration = new QemuMigration(source);
    const socket = join(relative(to.directory, to.toDirectory), guestFiles.migration);
    if (disks.length === 0) {
      await migration.#send(socket);
      return migration;
    }
    migration.#copying = true;
    await mirrors.begin(disks);
    void mirrors
      .ready()
      .then(() => migration.#send(socket))
      .catch((error: unknown) => migration.#fail(error));
    return migration;
  }

  /**
   * The migration away that QEMU is at, or that has left it in the run state `postmigrate`; undefined when
   * there is none. QEMU shows a migration that brought the guest here in the same way.
   */
  static async find(source: Outgoing, runState: string): Promise<QemuMigration | undefined> {
    if (runState === 'inmigrate') return undefined;
    const { status } = (await source.qmp.execute('query-migrate')) as MigrationInfo;
    const over = [undefined, 'none', 'completed', 'failed', 'cancelled'].includes(status);
    if (over && runState !== 'postmigrate') {
      await source.mirrors.abandon();
      return undefined;
    }
    const migration = new QemuMigration(source);
    if (status === preSwitchover) void migration.#switchOver();
    else await migration.#look();
    return migration;
  }

  /** QEMU's MIGRATION event, or `ended` when QEMU itself has. */
  changed(status: string): void {
    if (status === 'ended') {
      this.#settle({ outcome: 'failed', reason: 'the guest ended during the migration' });
    } else if (status === preSwitchover) {
      void this.#switchOver();
    } else if (status === 'postcopy-paused') {
      this.#settle({
        outcome: 'failed',
        reason: 'the connection to the target broke in post-copy',
      });
    } else if (['completed', 'failed', 'cancelled'].includes(status)) {
      void this.#look().catch((error: unknown) => this.#fail(error));
    }
  }

  async progress(): Promise<MigrationProgress> {
    const { mirrors, spec } = this.#source;
    if (this.#copying && !this.#settled) {
      const { doneBytes, totalBytes } = await mirrors.progress();
      return {
        transferredBytes: doneBytes,
        remainingBytes: totalBytes - doneBytes + spec.memoryBytes,
        totalBytes: totalBytes + spec.memoryBytes,
      };
    }
    const { ram, status } = await this.#info();
    const { 'dirty-pages-rate': pages = 0, 'page-size': size = 0, mbps = 0 } = ram ?? {};
    return {
      ...(status === 'active' && { dirtyRate: pages * size, transferRate: (mbps * 1e6) / 8 }),
      transferredBytes: ram?.transferred ?? 0,
      remainingBytes: ram?.remaining ?? 0,
      totalBytes: ram?.total ?? 0,
    };
  }

  /** Was the guest stopped for the migration? */
  get holds(): boolean {
    return this.#holds;
  }

  async startPostCopy(): Promise<void> {
    await this.#source.qmp.execute('migrate-start-postcopy');
  }

  async hold(): Promise<void> {
    this.#holds = true;
    await this.#source.qmp.execute('stop');
  }

  async cancel(): Promise<void> {
    if (this.#settled) return;
    if (this.#copying) return this.#giveUp({ outcome: 'cancelled' });
    await this.#source.qmp.execute('migrate_cancel');
  }

  async #send(socket: string): Promise<void> {
    if (this.#settled) return;
    this.#copying = false;
    await this.#source.qmp.execute('migrate', { uri: `unix:${socket}` });
    // It may have failed before anybody listened for its event.
    await this.#look();
  }

  /** The guest stands still: its disks are closed on both sides before it goes on at the target. */
  async #switchOver(): Promise<void> {
    const { qmp, mirrors } = this.#source;
    try {
      await mirrors.finish();
      await qmp.execute('migrate-continue', { state: preSwitchover });
    } catch (error) {
      this.#failure = messageOf(error);
      // QEMU lets the guest run on here.
      await qmp.execute('migrate_cancel').catch((reason: unknown) => this.#fail(reason));
    }
  }

  async #look(): Promise<void> {
    if (this.#copying) return;
    const info = await this.#info();
    if (info.status === 'completed')
      this.#settle({ outcome: 'completed', downtimeMs: info.downtime ?? 0 });
    if (info.status === 'cancelled')
      await this.#giveUp(
        this.#failure === undefined
          ? { outcome: 'cancelled' }
          : { outcome: 'failed', reason: this.#failure },
      );
    if (info.status === 'failed')
      await this.#giveUp({
        outcome: 'failed',
        reason: info['error-desc'] ?? 'QEMU gave no reason',
      });
  }

  async #info(): Promise<MigrationInfo> {
    return (await this.#source.qmp.execute('query-migrate')) as MigrationInfo;
  }

  #fail(error: unknown): Promise<void> {
    return this.#giveUp({ outcome: 'failed', reason: messageOf(error) });
  }

  /** It stays here, with its disks as they were. */
  async #giveUp(end: MigrationEnd): Promise<void> {
    if (this.#settled) return;
    this.#settled = true;
    await this.#source.mirrors.abandon().catch(() => undefined);
    this.#resolve(end);
  }

  #settle(end: MigrationEnd): void {
    this.#settled = true;
    this.#resolve(end);
  }
}
