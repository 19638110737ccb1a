import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { hasReason } from '../../apiserver/ApiError.ts';
import type { Clock, Timer } from '../../client/Clock.ts';
import type { EventRecorder } from '../../client/EventRecorder.ts';
import type { Informer } from '../../client/Informer.ts';
import type { KubeClient, ObjectKey } from '../../client/KubeClient.ts';
import type { Pod } from '../../client/resources.ts';
import { type VirtualMachineInstance, virtualMachineInstances } from '../resources.ts';
import type { Guest, GuestEvent, GuestRuntime } from '../virt-launcher/GuestRuntime.ts';
import { prepareDomain, type VolumeFolders } from '../virt-launcher/prepareDomain.ts';
import { endedStatus, failedSync, runningStatus, withAgent, withPaused } from './guestStatus.ts';

interface Dependencies {
  node: string;
  /** Folder of this node: a folder for each guest lives in it. */
  folder: string;
  client: KubeClient;
  runtime: GuestRuntime;
  vmis: Informer<VirtualMachineInstance>;
  /** With the index `createdBy`. */
  pods: Informer<Pod>;
  volumes: VolumeFolders;
  recorder: EventRecorder;
  clock: Clock;
  log: (message: string) => void;
}

type Status = NonNullable<VirtualMachineInstance['status']>;

const defaultGraceSeconds = 30;
const agentPollMs = 10_000;

/**
 * Brings the guests of one node to what their VirtualMachineInstances ask for, and writes back what they
 * do. KubeVirt: pkg/virt-handler/vm.go (d923fdb).
 */
export class VirtHandler {
  readonly #is: Dependencies;
  readonly #guests = new Map<string, Guest>();
  /** UIDs whose ACPI button was pressed, and when. */
  readonly #signaled = new Map<string, number>();
  readonly #agentTimers = new Map<string, Timer>();
  #closing = false;

  constructor(dependencies: Dependencies) {
    this.#is = dependencies;
  }

  /** The guest of a VMI that runs here. */
  guestOf(uid: string): Guest | undefined {
    return this.#guests.get(uid);
  }

  folderOf(uid: string): string {
    return join(this.#is.folder, 'guests', uid);
  }

  async reconcile(key: ObjectKey): Promise<{ requeueAfterMs?: number }> {
    const vmi = this.#is.vmis.get(key);
    if (this.#closing || !vmi || vmi.status?.nodeName !== this.#is.node) return {};
    switch (vmi.status.phase) {
      case 'Scheduled':
        if (vmi.metadata.deletionTimestamp) return this.#stop(vmi);
        return this.#start(vmi);
      case 'Running':
        return this.#follow(vmi);
      case 'Succeeded':
      case 'Failed':
        await this.forget(vmi.metadata.uid);
        return {};
      default:
        return {};
    }
  }

  async #start(vmi: VirtualMachineInstance): Promise<{ requeueAfterMs?: number }> {
    const { uid } = vmi.metadata;
    const folder = this.folderOf(uid);
    try {
      const guest =
        this.#guests.get(uid) ??
        (await this.#is.runtime.attach(folder)) ??
        (await this.#launch(vmi, folder));
      this.#adopt(vmi, guest);
      const address = this.#address(vmi);
      await this.#write(vmi.metadata, (now) => runningStatus(now, address, this.#is.clock.now()));
      this.#is.recorder.normal(vmi, 'Created', 'VirtualMachineInstance defined.');
      this.#is.recorder.normal(vmi, 'Started', 'VirtualMachineInstance started.');
      return {};
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.#is.recorder.warning(vmi, 'SyncFailed', message);
      await this.#write(vmi.metadata, (now) => failedSync(now, message, this.#is.clock.now()));
      throw error;
    }
  }

  async #launch(vmi: VirtualMachineInstance, folder: string): Promise<Guest> {
    await mkdir(folder, { recursive: true });
    const spec = await prepareDomain(vmi, this.#address(vmi), folder, this.#is.volumes);
    return this.#is.runtime.launch(folder, spec);
  }

  /** A VMI that should have a guest here: follow it, find it again, or see that it is gone. */
  async #follow(vmi: VirtualMachineInstance): Promise<{ requeueAfterMs?: number }> {
    const { uid } = vmi.metadata;
    let guest = this.#guests.get(uid);
    if (!guest) {
      guest = await this.#find(vmi);
      if (guest) this.#adopt(vmi, guest);
    }
    if (!guest) {
      await this.#write(vmi.metadata, (now) => endedStatus(now, 'crashed', this.#is.clock.now()));
      this.#is.recorder.warning(
        vmi,
        'Stopped',
        'The VirtualMachineInstance crashed. Its process was gone when the node came back.',
      );
      return {};
    }
    if (guest.end) {
      await this.#end(vmi, guest);
      return {};
    }
    if (vmi.metadata.deletionTimestamp) return this.#stop(vmi);
    const paused = guest.state === 'paused' ? 'user' : undefined;
    await this.#write(vmi.metadata, (now) => withPaused(now, paused, this.#is.clock.now()));
    return {};
  }

  async #find(vmi: VirtualMachineInstance): Promise<Guest | undefined> {
    const folder = this.folderOf(vmi.metadata.uid);
    const marker = join(folder, 'suspended');
    const attached = await this.#is.runtime.attach(folder);
    if (attached) return attached;
    if (!(await exists(marker))) return undefined;
    const guest = await this.#launch(vmi, folder);
    await rm(marker, { force: true });
    return guest;
  }

  /** For the kubelet, whose pod is to go: true when no guest of the VMI runs here any more. */
  async terminate(uid: string, graceSeconds: number): Promise<boolean> {
    const guest = this.#guests.get(uid);
    if (!guest || guest.state === 'ended' || this.#closing) return true;
    return this.#shutDown(uid, guest, graceSeconds).then((left) => left <= 0);
  }

  /** Presses the power button, and ends the guest when its grace period is over. */
  async #stop(vmi: VirtualMachineInstance): Promise<{ requeueAfterMs?: number }> {
    const { uid } = vmi.metadata;
    const guest = this.#guests.get(uid);
    if (!guest) {
      await this.#write(vmi.metadata, (now) => endedStatus(now, 'destroyed', this.#is.clock.now()));
      return {};
    }
    const grace = vmi.spec.terminationGracePeriodSeconds ?? defaultGraceSeconds;
    const signaled = this.#signaled.has(uid);
    const left = await this.#shutDown(uid, guest, grace);
    if (!signaled && left > 0) {
      this.#is.recorder.normal(vmi, 'ShuttingDown', 'Signaled Graceful Shutdown');
    }
    return left > 0 ? { requeueAfterMs: left } : {};
  }

  /** Presses the power button once, and ends the guest when its time is over. Gives the time left, in ms. */
  async #shutDown(uid: string, guest: Guest, graceSeconds: number): Promise<number> {
    const now = this.#is.clock.now();
    const since = this.#signaled.get(uid);
    const left = (since ?? now) + graceSeconds * 1000 - now;
    if (left <= 0) {
      await guest.destroy();
      return 0;
    }
    if (since === undefined) {
      this.#signaled.set(uid, now);
      if (guest.state === 'paused') await guest.resume();
      await guest.powerdown();
    }
    return left;
  }

  #adopt(vmi: VirtualMachineInstance, guest: Guest): void {
    const { uid } = vmi.metadata;
    if (this.#guests.get(uid) === guest) return;
    this.#guests.set(uid, guest);
    guest.subscribe((event) => void this.#onEvent(vmi.metadata, guest, event));
    this.#pollAgent(vmi.metadata, guest);
  }

  async #onEvent(
    key: VirtualMachineInstance['metadata'],
    guest: Guest,
    event: GuestEvent,
  ): Promise<void> {
    if (this.#closing) return;
    try {
      const vmi = await this.#is.client.get(virtualMachineInstances, key);
      if (vmi.metadata.uid !== key.uid) return;
      const now = this.#is.clock.now();
      switch (event.type) {
        case 'paused':
          this.#is.recorder.normal(vmi, 'Paused', 'VirtualMachineInstance paused.');
          await this.#write(key, (newest) => withPaused(newest, event.reason, now));
          return;
        case 'resumed':
          this.#is.recorder.normal(vmi, 'Unpaused', 'VirtualMachineInstance unpaused.');
          await this.#write(key, (newest) => withPaused(newest, undefined, now));
          return;
        case 'reset':
          this.#is.recorder.normal(vmi, 'Reset', 'VirtualMachineInstance reset.');
          return;
        case 'agent':
          await this.#refreshAgent(vmi, guest);
          return;
        case 'ended':
          await this.#end(vmi, guest);
      }
    } catch (error) {
      if (!hasReason(error, 'NotFound')) {
        this.#is.log(`virt-handler ${this.#is.node}: ${key.name}: ${String(error)}`);
      }
    }
  }

  async #end(vmi: VirtualMachineInstance, guest: Guest): Promise<void> {
    const end = guest.end ?? { end: 'crashed', detail: '' };
    const killed = this.#signaled.has(vmi.metadata.uid) && end.end === 'destroyed';
    const grace = vmi.spec.terminationGracePeriodSeconds ?? defaultGraceSeconds;
    const how = killed && grace > 0 ? 'killed' : end.end;
    await this.#write(vmi.metadata, (now) => endedStatus(now, how, this.#is.clock.now()));
    if (end.end === 'crashed') {
      const detail = end.detail ? ` ${end.detail}` : '';
      this.#is.recorder.warning(vmi, 'Stopped', `The VirtualMachineInstance crashed.${detail}`);
    } else {
      this.#is.recorder.normal(vmi, 'Stopped', 'The VirtualMachineInstance was shut down.');
    }
  }

  #pollAgent(key: VirtualMachineInstance['metadata'], guest: Guest): void {
    const poll = async () => {
      if (this.#closing || this.#guests.get(key.uid) !== guest || guest.state === 'ended') return;
      try {
        const vmi = this.#is.vmis.get(key);
        if (vmi?.metadata.uid === key.uid) await this.#refreshAgent(vmi, guest);
      } catch (error) {
        this.#is.log(`virt-handler ${this.#is.node}: ${key.name}: ${String(error)}`);
      }
      this.#pollAgent(key, guest);
    };
    const timer = this.#is.clock.setTimeout(() => void poll(), agentPollMs);
    this.#agentTimers.set(key.uid, timer);
  }

  async #refreshAgent(vmi: VirtualMachineInstance, guest: Guest): Promise<void> {
    if (vmi.status?.phase !== 'Running' || guest.state !== 'running') return;
    const info = await guest.agentInfo();
    await this.#write(vmi.metadata, (now) => withAgent(now, info, this.#is.clock.now()));
  }

  /** Removes what there is of the guest of a VMI that has ended or is gone. */
  async forget(uid: string): Promise<void> {
    const guest = this.#guests.get(uid);
    if (!guest && !(await exists(this.folderOf(uid)))) return;
    if (guest && guest.state !== 'ended') await guest.destroy();
    this.#guests.delete(uid);
    this.#signaled.delete(uid);
    await rm(this.folderOf(uid), { recursive: true, force: true });
  }

  #address(vmi: VirtualMachineInstance): string {
    const [pod] = this.#is.pods.byIndex('createdBy', vmi.metadata.uid);
    const address = pod?.status?.podIP;
    if (!address) throw new Error('the launcher pod has no address yet');
    return address;
  }

  /** Applies a change to the newest status; one that others changed meanwhile is read again. */
  async #write(
    key: VirtualMachineInstance['metadata'],
    change: (vmi: VirtualMachineInstance) => Status | undefined,
  ): Promise<void> {
    for (;;) {
      try {
        const vmi = await this.#is.client.get(virtualMachineInstances, key);
        const status = vmi.metadata.uid === key.uid ? change(vmi) : undefined;
        if (!status || JSON.stringify(status) === JSON.stringify(vmi.status)) return;
        await this.#is.client.patch(virtualMachineInstances, key, {
          type: 'merge',
          body: { metadata: { resourceVersion: vmi.metadata.resourceVersion }, status },
        });
        return;
      } catch (error) {
        if (hasReason(error, 'NotFound')) return;
        if (!hasReason(error, 'Conflict')) throw error;
      }
    }
  }

  /**
   * The planned end of the program: guests are powered down (paused ones saved) and marked, so that the
   * next start brings them back. With `leave` they go on and are only let go.
   */
  async close({ leave, graceMs }: { leave: boolean; graceMs: number }): Promise<void> {
    this.#closing = true;
    for (const timer of this.#agentTimers.values()) this.#is.clock.clearTimeout(timer);
    const running = [...this.#guests].filter(([, guest]) => guest.state !== 'ended');
    await Promise.all(
      running.map(async ([uid, guest]) => {
        if (leave) {
          guest.detach();
          return;
        }
        await guest.suspend(graceMs);
        await writeFile(join(this.folderOf(uid), 'suspended'), '');
      }),
    );
  }

  /** How many guests run here now. */
  get running(): number {
    return [...this.#guests.values()].filter(({ state }) => state !== 'ended').length;
  }
}

const exists = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );
