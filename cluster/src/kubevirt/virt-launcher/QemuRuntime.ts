import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { messageOf } from '../../client/messageOf.ts';
import { cpuModels } from './cpuModels.ts';
import { findFirmware } from './findFirmware.ts';
import type { Arrival, DomainSpec, Guest, GuestRuntime } from './GuestRuntime.ts';
import { placeDevices } from './placeDevices.ts';
import { probeKvm } from './probeKvm.ts';
import { guestFiles, qemuArguments } from './qemuArguments.ts';
import { QemuGuest } from './QemuGuest.ts';
import { allowPostCopy } from './QemuMigration.ts';
import { writeSpec } from './QemuHotplug.ts';
import { launcherLog, QemuProcess } from './QemuProcess.ts';
import { Qmp } from './Qmp.ts';
import { shareDomain } from './shareDomain.ts';
import { startTpm } from './swtpm.ts';
import { removeUsbSockets } from './UsbRedirection.ts';
import { forgetMemory, hasSavedMemory, restoreMemory } from './savedMemory.ts';

const PROGRAM = 'qemu-system-x86_64';
const START_TIMEOUT_MS = 30_000;
const POLL_MS = 10;
const QUIT_TIMEOUT_MS = 3000;

/** Runs guests as QEMU processes that outlive this program. */
export class QemuRuntime implements GuestRuntime {
  readonly name = 'qemu';
  readonly acceleration: 'kvm' | 'tcg';
  readonly version: string;
  #models: Promise<readonly string[]> | undefined;

  private constructor(acceleration: 'kvm' | 'tcg', version: string) {
    this.acceleration = acceleration;
    this.version = version;
  }

  /** Finds QEMU and whether KVM works (up to two seconds). Rejects with the package to install. */
  static async create(): Promise<QemuRuntime> {
    let output: string;
    try {
      output = (await promisify(execFile)(PROGRAM, ['--version'])).stdout;
    } catch (error) {
      throw new Error(
        `QEMU is not usable (${PROGRAM}). Install it: apt-get install qemu-system-x86 qemu-utils`,
        { cause: error },
      );
    }
    const version = /version (\S+)/.exec(output)?.[1] ?? 'unknown';
    return new QemuRuntime((await probeKvm(PROGRAM)) ? 'kvm' : 'tcg', `QEMU ${version}`);
  }

  cpuModels(): Promise<readonly string[]> {
    this.#models ??= cpuModels(PROGRAM, this.acceleration);
    return this.#models;
  }

  async launch(directory: string, domain: DomainSpec): Promise<Guest> {
    const spec = placeDevices(domain);
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const running = QemuProcess.find(directory);
    if (running !== undefined)
      throw new Error(`A guest runs in ${directory} already (process ${running.pid})`);
    await removeLeftovers(directory);
    const efiCode = await findFirmware(directory, spec.firmware);
    const restore = hasSavedMemory(directory);
    const args = qemuArguments(spec, {
      acceleration: spec.emulated === true ? 'tcg' : this.acceleration,
      incoming: restore,
      ...(efiCode === undefined ? {} : { efiCode }),
    });
    await writeSpec(directory, spec);
    if (spec.tpm) await startTpm(directory);
    const process = await QemuProcess.start(PROGRAM, args, directory);
    launcherLog(directory, `${PROGRAM} ${args.join(' ')}`);
    try {
      const qmp = await connectToNew(process);
      return await bringUp(directory, new QemuGuest(spec, process, qmp), qmp, restore);
    } catch (error) {
      await process.kill();
      throw startFailure(error, process.complaint(), restore);
    }
  }

  async receive(directory: string, fromDirectory: string, arrival: Arrival): Promise<Guest> {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const running = QemuProcess.find(directory);
    if (running !== undefined)
      throw new Error(`A guest runs in ${directory} already (process ${running.pid})`);
    await removeLeftovers(directory);
    const spec = await shareDomain(fromDirectory, directory, arrival);
    const efiCode = await findFirmware(directory, spec.firmware);
    const args = qemuArguments(spec, {
      acceleration: spec.emulated === true ? 'tcg' : this.acceleration,
      incoming: true,
      ...(efiCode === undefined ? {} : { efiCode }),
    });
    await writeSpec(directory, spec);
    await writeFile(join(directory, guestFiles.incoming), '');
    if (spec.tpm) await startTpm(directory);
    const process = await QemuProcess.start(PROGRAM, args, directory);
    launcherLog(directory, `${PROGRAM} ${args.join(' ')}`);
    try {
      const qmp = await connectToNew(process);
      await allowPostCopy(qmp, directory);
      await qmp.execute('migrate-incoming', { uri: `unix:${guestFiles.migration}` });
      const guest = new QemuGuest(spec, process, qmp, 'incoming');
      return guest;
    } catch (error) {
      await process.kill();
      throw startFailure(error, process.complaint(), false);
    }
  }

  async attach(directory: string): Promise<Guest | undefined> {
    const process = QemuProcess.find(directory);
    if (process === undefined) return undefined;
    const spec = JSON.parse(await readFile(join(directory, guestFiles.spec), 'utf8')) as DomainSpec;
    const qmp = await Qmp.connect(directory, guestFiles.monitor).catch((error: unknown) => {
      throw new Error(
        `A guest runs in ${directory} (process ${process.pid}) but does not answer. Does another virtdeck use the same data folder?`,
        { cause: error },
      );
    });
    const incoming = existsSync(join(directory, guestFiles.incoming));
    const guest = new QemuGuest(spec, process, qmp, incoming ? 'incoming' : 'paused');
    const status = await guest.synchronise();
    if (incoming) return guest;
    await guest.followFreeze();
    if (status === 'inmigrate') {
      // We were stopped while its memory was being read. The file is still there: launch does it again.
      await guest.destroy();
      return undefined;
    }
    // It lives, so what was saved of it in between is no longer true.
    await forgetMemory(directory);
    if (status === 'prelaunch') await guest.begin(!spec.startPaused);
    return guest;
  }

  async end(directory: string): Promise<void> {
    const process = QemuProcess.find(directory);
    if (process === undefined) return;
    try {
      // Asked for, it writes what it still has of its disks.
      const qmp = await Qmp.connect(directory, guestFiles.monitor);
      await qmp.execute('quit', {}, QUIT_TIMEOUT_MS).catch(() => undefined);
      qmp.close();
      if (await process.gone(QUIT_TIMEOUT_MS)) return;
    } catch (error) {
      launcherLog(directory, `it is killed: ${String(error)}`);
    }
    await process.kill();
  }
}

async function bringUp(
  directory: string,
  guest: QemuGuest,
  qmp: Qmp,
  restore: boolean,
): Promise<Guest> {
  if (restore) await restoreOrSetAside(directory, qmp);
  await guest.synchronise();
  // A guest whose memory was saved was paused, and is so again.
  await guest.begin(!restore && !guest.spec.startPaused);
  return guest;
}

async function restoreOrSetAside(directory: string, qmp: Qmp): Promise<void> {
  const memory = join(directory, guestFiles.memory);
  try {
    await restoreMemory(directory, qmp);
  } catch (error) {
    await rename(memory, `${memory}.unreadable`);
    throw new Error(
      'The saved memory of the paused guest could not be read; it is set aside, and the next start boots the guest anew',
      { cause: error },
    );
  }
  await forgetMemory(directory);
}

/** Connects as soon as the monitor is there, and waits until the machine is built. */
async function connectToNew(process: QemuProcess): Promise<Qmp> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    try {
      const qmp = await Qmp.connect(process.directory, guestFiles.monitor);
      await qmp.execute('query-status', {}, START_TIMEOUT_MS);
      return qmp;
    } catch (error) {
      if (!isNotYetThere(error)) {
        // What it wrote about its end is the better reason, and whole only after it.
        await process.gone(1000);
        throw error;
      }
    }
    if (!process.alive) throw new Error(describeExit(process));
    if (Date.now() > deadline) throw new Error('QEMU did not open its monitor');
    await sleep(POLL_MS);
  }
}

/** The socket's file is not made yet, or is made and nobody listens yet. */
function isNotYetThere(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ENOENT' || code === 'ECONNREFUSED';
}

function describeExit(process: QemuProcess): string {
  const { exit } = process;
  return `QEMU ended with ${exit?.signal ?? `exit code ${String(exit?.code ?? 'unknown')}`}`;
}

function startFailure(error: unknown, complaint: string, restore: boolean): Error {
  const reason = messageOf(error);
  const text = complaint === '' ? reason : restore ? `${reason}: ${complaint}` : complaint;
  return new Error(`The guest could not be started: ${text}`, { cause: error });
}

/** Sockets of a former guest would look like those of the new one. */
async function removeLeftovers(directory: string): Promise<void> {
  const { monitor, vnc, serial, agent, downwardMetrics, ...others } = guestFiles;
  const { pid, migration, incoming, postCopy } = others;
  for (const name of [
    ...[monitor, vnc, serial, agent, downwardMetrics],
    ...[pid, migration, incoming, postCopy],
  ])
    await rm(join(directory, name), { force: true });
  await removeUsbSockets(directory);
}
