import { join, relative } from 'node:path';
import type {
  MigrationEnd,
  MigrationProgress,
  MigrationSettings,
  OutgoingMigration,
} from './GuestRuntime.ts';
import { guestFiles } from './qemuArguments.ts';
import type { Qmp } from './Qmp.ts';

/** More than any machine sends: QEMU has no word for "unlimited". */
const UNLIMITED = 2 ** 40;

/** The fields of `query-migrate` that are read here (QEMU qapi/migration.json); sizes in bytes. */
interface MigrationInfo {
  status?: string;
  'error-desc'?: string;
  downtime?: number;
  ram?: { transferred: number; remaining: number; total: number };
}

/** QEMU's own precopy migration, from its source's side. */
export class QemuMigration implements OutgoingMigration {
  readonly end: Promise<MigrationEnd>;
  readonly #qmp: Qmp;
  #resolve: (end: MigrationEnd) => void = () => undefined;
  #settled = false;

  private constructor(qmp: Qmp) {
    this.#qmp = qmp;
    this.end = new Promise((resolve) => (this.#resolve = resolve));
  }

  /**
   * Sends the guest of `qmp`, which runs in `directory`, to the QEMU that listens in `toDirectory`. The
   * socket's name is relative because the address of a unix socket has 107 bytes at most (unix(7)).
   */
  static async begin(
    qmp: Qmp,
    directory: string,
    toDirectory: string,
    settings: MigrationSettings,
  ): Promise<QemuMigration> {
    await qmp.execute('migrate-set-capabilities', {
      capabilities: [
        { capability: 'events', state: true },
        { capability: 'auto-converge', state: settings.autoConverge },
      ],
    });
    await qmp.execute('migrate-set-parameters', {
      'max-bandwidth': settings.bandwidth > 0 ? Math.round(settings.bandwidth) : UNLIMITED,
      'downtime-limit': settings.maxDowntimeMs,
    });
    const migration = new QemuMigration(qmp);
    const socket = join(relative(directory, toDirectory), guestFiles.migration);
    await qmp.execute('migrate', { uri: `unix:${socket}` });
    // It may have failed before anybody listened for its event.
    await migration.#look();
    return migration;
  }

  /**
   * The migration away that QEMU is at, or that has left it in the run state `postmigrate`; undefined when
   * there is none. QEMU shows a migration that brought the guest here in the same way.
   */
  static async find(qmp: Qmp, runState: string): Promise<QemuMigration | undefined> {
    if (runState === 'inmigrate') return undefined;
    const { status } = (await qmp.execute('query-migrate')) as MigrationInfo;
    const over = [undefined, 'none', 'completed', 'failed', 'cancelled'].includes(status);
    if (over && runState !== 'postmigrate') return undefined;
    const migration = new QemuMigration(qmp);
    await migration.#look();
    return migration;
  }

  /** QEMU's MIGRATION event, or `ended` when QEMU itself has. */
  changed(status: string): void {
    if (status === 'ended') {
      this.#settle({ outcome: 'failed', reason: 'the guest ended during the migration' });
    } else if (['completed', 'failed', 'cancelled'].includes(status)) {
      void this.#look().catch((error: unknown) =>
        this.#settle({ outcome: 'failed', reason: String(error) }),
      );
    }
  }

  async progress(): Promise<MigrationProgress> {
    const { ram } = await this.#info();
    return {
      transferredBytes: ram?.transferred ?? 0,
      remainingBytes: ram?.remaining ?? 0,
      totalBytes: ram?.total ?? 0,
    };
  }

  async cancel(): Promise<void> {
    if (!this.#settled) await this.#qmp.execute('migrate_cancel');
  }

  async #look(): Promise<void> {
    const info = await this.#info();
    if (info.status === 'completed')
      this.#settle({ outcome: 'completed', downtimeMs: info.downtime ?? 0 });
    if (info.status === 'cancelled') this.#settle({ outcome: 'cancelled' });
    if (info.status === 'failed')
      this.#settle({ outcome: 'failed', reason: info['error-desc'] ?? 'QEMU gave no reason' });
  }

  async #info(): Promise<MigrationInfo> {
    return (await this.#qmp.execute('query-migrate')) as MigrationInfo;
  }

  #settle(end: MigrationEnd): void {
    this.#settled = true;
    this.#resolve(end);
  }
}
