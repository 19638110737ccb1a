import { hasReason } from '../../apiserver/ApiError.ts';
import type { Clock } from '../../client/Clock.ts';
import type { EventRecorder } from '../../client/EventRecorder.ts';
import type { Informer } from '../../client/Informer.ts';
import type { KubeClient, ObjectKey } from '../../client/KubeClient.ts';
import type { Pod } from '../../client/resources.ts';
import type { GuestNetworks } from '../../cni/GuestNetworks.ts';
import type { PortCounters } from '../../cni/portCounters.ts';
import type { NetworkAttachmentDefinition } from '../../multus/resources.ts';
import { type VirtualMachineInstance, virtualMachineInstances } from '../resources.ts';
import type { Guest, GuestEvent, GuestRuntime } from '../virt-launcher/GuestRuntime.ts';
import type { VolumeFolders } from '../virt-launcher/VolumeFolders.ts';
import { messageOf } from '../../client/messageOf.ts';
import { AgentPoller } from './AgentPoller.ts';
import {
  endedStatus,
  failedSync,
  runningStatus,
  withMigratability,
  withPaused,
} from './guestStatus.ts';
import { InterfaceSync } from './InterfaceSync.ts';
import { interfaceStatuses } from './interfaceStatus.ts';
import { DownwardMetrics } from './DownwardMetrics.ts';
import { DeviceSync } from './DeviceSync.ts';
import type { GuestFolders } from './GuestFolders.ts';
import { GuestLauncher } from './GuestLauncher.ts';
import { hasRoom } from '../virt-controller/live-update/hasRoom.ts';
import { isFinal } from '../virt-controller/printableStatus.ts';
import { launcherPodOn } from './launcherPodOn.ts';
import { MigrationSource } from './MigrationSource.ts';
import { MigrationTarget } from './MigrationTarget.ts';
import { PanicCounts } from './PanicCounts.ts';
import { graceSecondsOf, PowerButton } from './PowerButton.ts';
import { tellEnd, tellEvent } from './tellEvent.ts';
import { unfinished } from './unfinished.ts';
import { VmiWriter } from './VmiWriter.ts';

interface Dependencies {
  node: string;
  /** Of the guests on any node: all of them are on this machine. */
  folders: GuestFolders;
  client: KubeClient;
  runtime: GuestRuntime;
  vmis: Informer<VirtualMachineInstance>;
  /** With the index `createdBy`. */
  pods: Informer<Pod>;
  networkAttachments: Informer<NetworkAttachmentDefinition>;
  /** Are guests run without KVM, also where it works? */
  emulates: () => boolean;
  networks: GuestNetworks;
  volumes: VolumeFolders;
  recorder: EventRecorder;
  clock: Clock;
  log: (message: string) => void;
}

/**
 * Brings the guests of one node to what their VirtualMachineInstances ask for, and writes back what they
 * do. KubeVirt: pkg/virt-handler/vm.go (d923fdb).
 */
export class VirtHandler {
  readonly #is: Dependencies;
  readonly #guests = new Map<string, Guest>();
  /** UID of the pod in which each guest lives. */
  readonly #pods = new Map<string, string>();
  readonly panics = new PanicCounts();
  readonly #launcher: GuestLauncher;
  readonly #power: PowerButton;
  readonly #writer: VmiWriter;
  readonly #agents: AgentPoller;
  readonly #downward: DownwardMetrics;
  readonly #devices: DeviceSync;
  readonly #interfaces: InterfaceSync;
  readonly #source: MigrationSource;
  readonly #target: MigrationTarget;
  #closing = false;

  constructor(dependencies: Dependencies) {
    this.#is = dependencies;
    const { vmis, folders } = dependencies;
    this.#power = new PowerButton(dependencies.clock);
    this.#writer = new VmiWriter(dependencies.client);
    const common = { ...dependencies, writer: this.#writer };
    this.#interfaces = new InterfaceSync(common);
    const folderOf = (node: string, uid: string) => folders.of(node, uid);
    const shared = { ...common, folderOf, interfaces: this.#interfaces };
    this.#launcher = new GuestLauncher({ ...shared, owners: () => unfinished(vmis) });
    this.#agents = new AgentPoller(shared);
    this.#downward = new DownwardMetrics(shared);
    this.#devices = new DeviceSync(shared);
    this.#source = new MigrationSource(shared);
    this.#target = new MigrationTarget(shared);
  }

  /** The guest of a VMI that runs here. */
  guestOf(uid: string): Guest | undefined {
    return this.#guests.get(uid);
  }

  /** What went over an interface of a guest that is here; undefined for one that nobody in between counts. */
  trafficOf(uid: string, nic: Parameters<InterfaceSync['counters']>[1]): PortCounters | undefined {
    return this.#interfaces.counters(this.folderOf(uid), nic);
  }

  /** UIDs of the VMIs whose guests are here, or have left something in the node's folder. */
  async known(): Promise<string[]> {
    const { folders, node } = this.#is;
    return [...new Set([...this.#guests.keys(), ...(await folders.on(node))])];
  }

  folderOf(uid: string): string {
    return this.#is.folders.of(this.#is.node, uid);
  }

  async reconcile(key: ObjectKey): Promise<{ requeueAfterMs?: number }> {
    const vmi = this.#is.vmis.get(key);
    if (this.#closing || !vmi) return {};
    if (vmi.status?.nodeName !== this.#is.node) return this.#elsewhere(vmi);
    switch (vmi.status.phase) {
      case 'Scheduled':
        return vmi.metadata.deletionTimestamp ? this.#stop(vmi) : this.#start(vmi);
      case 'Running':
        return this.#follow(vmi);
      default:
        if (isFinal(vmi)) await this.forget(vmi.metadata.uid);
        return {};
    }
  }

  /** A VMI that runs on another node may come here, or have gone from here. */
  async #elsewhere(vmi: VirtualMachineInstance): Promise<{ requeueAfterMs?: number }> {
    const { uid } = vmi.metadata;
    const comes =
      vmi.status?.phase === 'Running' &&
      vmi.status.migrationState?.targetNode === this.#is.node &&
      !vmi.status.migrationState.endTimestamp;
    const guest = comes ? await this.#target.reconcile(vmi, this.#guests.get(uid)) : undefined;
    if (guest) this.#adopt(vmi, guest);
    else await this.forget(uid);
    return {};
  }

  async #start(vmi: VirtualMachineInstance): Promise<{ requeueAfterMs?: number }> {
    const { uid } = vmi.metadata;
    const folder = this.folderOf(uid);
    try {
      const guest =
        this.#guests.get(uid) ??
        (await this.#launcher.attach(folder)) ??
        (await this.#launcher.launch(vmi, this.#address(vmi), folder));
      this.#adopt(vmi, guest);
      await this.#interfaces.join(guest, folder);
      const nics = { domain: guest.spec.interfaces, pod: this.#pod(vmi) };
      const now = this.#is.clock.now();
      await this.#writer.status(vmi.metadata, (newest) =>
        runningStatus(newest, interfaceStatuses(newest, nics), now),
      );
      this.#is.recorder.normal(vmi, 'Created', 'VirtualMachineInstance defined.');
      this.#is.recorder.normal(vmi, 'Started', 'VirtualMachineInstance started.');
      return {};
    } catch (error) {
      const message = messageOf(error);
      this.#is.recorder.warning(vmi, 'SyncFailed', message);
      await this.#writer.status(vmi.metadata, (now) =>
        failedSync(now, message, this.#is.clock.now()),
      );
      throw error;
    }
  }

  /** A VMI that should have a guest here: follow it, find it again, or see that it is gone. */
  async #follow(vmi: VirtualMachineInstance): Promise<{ requeueAfterMs?: number }> {
    const { uid } = vmi.metadata;
    let guest = this.#guests.get(uid);
    if (!guest) {
      guest = await this.#launcher.find(vmi, () => this.#address(vmi), this.folderOf(uid));
      if (guest) this.#adopt(vmi, guest);
    }
    if (!guest) {
      await this.#launcher.keepState(vmi, this.folderOf(uid));
      await this.#writer.status(vmi.metadata, (now) =>
        endedStatus(now, 'crashed', this.#is.clock.now()),
      );
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
    await this.#interfaces.join(guest, this.folderOf(uid));
    if (vmi.metadata.deletionTimestamp) return this.#stop(vmi);
    await this.#source.reconcile(vmi, guest);
    const state = vmi.status?.migrationState;
    // A guest that is being sent stands still at its end.
    if (state && !state.endTimestamp) return {};
    const pod = this.#pod(vmi);
    await this.#interfaces.reconcile(vmi, guest, { pod, folder: this.folderOf(uid) });
    await this.#devices.reconcile(vmi, guest, hasRoom(pod, vmi));
    const paused = guest.state === 'paused' ? 'user' : undefined;
    const now = this.#is.clock.now();
    await this.#writer.settle(vmi, (newest) => {
      const status = withPaused(newest, paused, now) ?? newest.status;
      return status?.phase === 'Running' ? withMigratability(newest, status, now) : undefined;
    });
    return {};
  }

  /** For the kubelet, whose pod is to go: true when no guest of the VMI runs in it any more. */
  async terminate(pod: Pod, uid: string, graceSeconds: number): Promise<boolean> {
    const guest = this.#guests.get(uid);
    if (!guest || guest.state === 'ended' || this.#closing) return true;
    if (this.#pods.get(uid) !== pod.metadata.uid) return true;
    if (guest.state === 'incoming') {
      await guest.destroy();
      return true;
    }
    return this.#power.press(uid, guest, graceSeconds).then((left) => left <= 0);
  }

  /** Presses the power button, and ends the guest when its grace period is over. */
  async #stop(vmi: VirtualMachineInstance): Promise<{ requeueAfterMs?: number }> {
    const { uid } = vmi.metadata;
    const guest = this.#guests.get(uid);
    if (!guest) {
      await this.#writer.status(vmi.metadata, (now) =>
        endedStatus(now, 'destroyed', this.#is.clock.now()),
      );
      return {};
    }
    const grace = graceSecondsOf(vmi);
    const signaled = this.#power.wasPressed(uid);
    const left = await this.#power.press(uid, guest, grace);
    if (!signaled && left > 0)
      this.#is.recorder.normal(vmi, 'ShuttingDown', 'Signaled Graceful Shutdown');
    if (left <= 0) this.#is.recorder.normal(vmi, 'Deleted', 'Signaled Deletion');
    return left > 0 ? { requeueAfterMs: left } : {};
  }

  #adopt(vmi: VirtualMachineInstance, guest: Guest): void {
    const { uid } = vmi.metadata;
    if (this.#guests.get(uid) === guest) return;
    this.#guests.set(uid, guest);
    guest.subscribe((event) => void this.#onEvent(vmi.metadata, guest, event));
    this.panics.follow(vmi.metadata, guest);
    this.#pods.set(uid, this.#pod(vmi)?.metadata.uid ?? '');
    this.#agents.follow(vmi.metadata, guest);
    this.#downward.follow(vmi, guest);
  }

  async #onEvent(
    key: VirtualMachineInstance['metadata'],
    guest: Guest,
    event: GuestEvent,
  ): Promise<void> {
    if (this.#closing) return;
    try {
      const vmi = await this.#is.client.get(virtualMachineInstances, key);
      // Of a guest that was forgotten nothing is to be told: the VMI may be on its way back here by now.
      if (vmi.metadata.uid !== key.uid || this.#guests.get(key.uid) !== guest) return;
      if (vmi.status?.nodeName !== this.#is.node) {
        const comes = vmi.status?.migrationState?.targetNode === this.#is.node;
        if (comes && event.type === 'ended') await this.#target.fail(vmi, event.detail);
        return;
      }
      tellEvent(this.#is.recorder, vmi, event);
      if (event.type === 'agent') await this.#agents.refresh(vmi, guest);
      if (event.type === 'ended') await this.#end(vmi, guest);
      if (event.type !== 'paused' && event.type !== 'resumed') return;
      const paused = event.type === 'paused' ? event.reason : undefined;
      await this.#writer.status(key, (now) => withPaused(now, paused, this.#is.clock.now()));
    } catch (error) {
      if (!hasReason(error, 'NotFound')) {
        this.#is.log(`virt-handler ${this.#is.node}: ${key.name}: ${String(error)}`);
      }
    }
  }

  async #end(vmi: VirtualMachineInstance, guest: Guest): Promise<void> {
    const end = guest.end ?? { end: 'crashed', detail: '' };
    const grace = graceSecondsOf(vmi);
    const how = this.#power.endOf(vmi.metadata.uid, end.end, grace);
    // Its folder goes as soon as its end is known.
    if (vmi.status?.phase === 'Running') {
      await this.#launcher.keepState(vmi, this.folderOf(vmi.metadata.uid));
    }
    await this.#writer.status(vmi.metadata, (now) => endedStatus(now, how, this.#is.clock.now()));
    tellEnd(this.#is.recorder, vmi, end);
  }

  /** Removes what there is of the guest of a VMI that has ended or is gone. */
  async forget(uid: string): Promise<void> {
    const guest = this.#guests.get(uid);
    this.#guests.delete(uid);
    this.#pods.delete(uid);
    this.#power.forget(uid);
    if (guest) this.#agents.forget(guest);
    this.#downward.forget(uid);
    if (guest && guest.state !== 'ended') await guest.destroy();
    await this.#launcher.clear(this.folderOf(uid));
  }

  #address(vmi: VirtualMachineInstance): string {
    const address = this.#pod(vmi)?.status?.podIP;
    if (!address) throw new Error('the launcher pod has no address yet');
    return address;
  }

  /** The launcher pod of a VMI on this node. */
  #pod(vmi: VirtualMachineInstance): Pod | undefined {
    return launcherPodOn(this.#is.pods, this.#is.node, vmi.metadata.uid);
  }

  /**
   * The planned end of the program: guests are powered down (paused ones saved) and marked, so that the
   * next start brings them back. With `leave` they go on and are only let go.
   */
  async close({ leave, graceMs }: { leave: boolean; graceMs: number }): Promise<void> {
    this.#closing = true;
    for (const part of [this.#agents, this.#downward, this.#source]) part.close();
    const running = [...this.#guests].filter(([, guest]) => guest.state !== 'ended');
    await Promise.all(
      running.map(async ([uid, guest]) => {
        if (leave) guest.detach();
        else await this.#launcher.suspend(guest, graceMs, this.folderOf(uid));
      }),
    );
  }

  /** Ends what was to come here from another node, where it goes on. */
  async refuseIncoming(): Promise<void> {
    this.#closing = true;
    for (const [uid, guest] of [...this.#guests]) {
      if (guest.state === 'incoming') await this.forget(uid);
    }
  }

  /** How many guests run here now. */
  get running(): number {
    const here = [...this.#guests.values()];
    return here.filter(({ state }) => state === 'running' || state === 'paused').length;
  }
}
