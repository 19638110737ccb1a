import type { Duplex } from 'node:stream';

import type { AgentCommands, GuestAgentInfo } from './AgentCommands.ts';
import type { GuestStatistics } from './GuestStatistics.ts';

/** One disk of a domain, already resolved to a file. */
export interface DomainDisk {
  /** Name of the disk in the VMI spec; also the name of its device. */
  name: string;
  /** The image file, by its absolute path; absent: a CD-ROM drive without a medium. */
  file?: { path: string; format: 'qcow2' | 'raw' };
  device: 'disk' | 'cdrom' | 'lun';
  bus: 'virtio' | 'sata' | 'scsi' | 'usb';
  readOnly: boolean;
  /** 1 boots first; absent: after all that have one, in the order of the list. */
  bootOrder?: number;
  serial?: string;
  /** Bytes of the blocks that the guest sees; absent: 512. */
  blockSize?: { logical: number; physical: number };
  /** The guest sees no cache that it would have to flush. */
  writeThrough?: true;
  /** What happens when the file cannot be read or written; absent: the guest is paused. */
  errorPolicy?: 'ignore' | 'report' | 'enospace';
  /** Where it is on its bus (root port, LUN, SATA port); given when it is first started or plugged in. */
  place?: number;
}

/** What KubeVirt calls them, of those that this QEMU has. */
export const interfaceModels = [
  'virtio',
  'e1000',
  'e1000e',
  'rtl8139',
  'ne2k_pci',
  'pcnet',
] as const;
export type InterfaceModel = (typeof interfaceModels)[number];

export interface DomainInterface {
  name: string;
  /** `02:00:00:xx:xx:xx`. */
  mac: string;
  model: InterfaceModel;
  /**
   * The layer-2 segment that it is on: it is connected by `segmentSocket`. Absent: the pod network, which is
   * QEMU's user-mode networking.
   */
  segment?: { name: string; onlyOwnAddress: boolean };
  /**
   * Of an interface on the pod network: other guests are reached by it, through a router that is connected by
   * `podSockets`; those may open connections to `onlyPorts` (TCP; absent: to all). Absent: the guest is alone
   * with QEMU's user-mode networking, which then needs nobody to be connected.
   */
  routed?: { onlyPorts?: number[]; searchDomains: string[] };
  /** The loopback address (127.64.0.0/10) that this guest alone owns; its forwarded ports listen there. */
  address: string;
  /** 1 boots first, counted with the disks; absent: it is not booted from. */
  bootOrder?: number;
  /** TCP ports of the guest that are to be reachable at `address`. */
  ports: number[];
  /** False: its cable is pulled. */
  linkUp?: boolean;
  /** Its root port; given when it is first started or plugged in. */
  place?: number;
}

/** All that a runtime needs to bring up a guest: plain values, nothing of Kubernetes. */
export interface DomainSpec {
  /** UID of the VMI. */
  uid: string;
  /** `namespace_name`, as KubeVirt names its libvirt domains. */
  name: string;
  hostname: string;
  firmware: { uuid: string; serial?: string; bootloader: 'bios' | 'efi'; secureBoot: boolean };
  /** Files that it is booted with, and the kernel's command line; absent: it boots from its disks. */
  kernel?: { kernel?: string; initrd?: string; arguments?: string };
  cpu: { sockets: number; cores: number; threads: number; maxSockets: number };
  /** The model of its processors; absent: as much of the host's as guests can have. */
  cpuModel?: string;
  /** What its processors are to have, or not to have, whatever their model. */
  cpuFeatures?: { name: string; on: boolean; required: boolean }[];
  /** Its instructions are emulated, also where KVM works. */
  emulated?: boolean;
  memoryBytes: number;
  /** With all that can be plugged in; absent: nothing can. */
  maxMemoryBytes?: number;
  /** The device by which memory was plugged in. */
  hotplugMemory?: { requestedBytes: number; maxBytes: number; place: number };
  /** PCIe ports for devices; given when it is first started. */
  rootPorts?: number;
  disks: DomainDisk[];
  interfaces: DomainInterface[];
  graphics: boolean;
  /** Pointers for the screen; absent: one on USB. */
  inputs?: { name: string; bus: 'usb' | 'virtio' }[];
  /** What happens when the guest no longer feeds its watchdog. */
  watchdog?: 'reset' | 'poweroff' | 'shutdown';
  /** A TPM 2.0, which forgets with the guest's end. */
  tpm?: boolean;
  /** False: no memory balloon. */
  balloon?: boolean;
  /** A sound card that plays to nobody. */
  sound?: 'ich9' | 'ac97';
  /** A port on which it can ask how it and its host are getting on. */
  downwardMetrics?: true;
  /** Slots for USB devices of the client. */
  usbRedirection?: boolean;
  serialConsole: boolean;
  /** KubeVirt's startStrategy Paused. */
  startPaused: boolean;
}

/**
 * Why a domain is no longer running. `shutdown`: the guest powered itself off (or obeyed the ACPI
 * button); `destroyed`: we ended it; `crashed`: its process died or the guest panicked.
 */
export type GuestEnd = 'shutdown' | 'destroyed' | 'crashed';

/** `incoming`: it awaits its memory from another node, or has it and was not told to take over yet. */
export type GuestState = 'running' | 'paused' | 'incoming' | 'ended';

export type GuestEvent =
  /** `migration`: held so that the rest of its memory can be sent. */
  | { type: 'paused'; reason: 'user' | 'io-error' | 'migration' }
  | { type: 'resumed' }
  | { type: 'reset' }
  | { type: 'soft-rebooted' }
  | { type: 'freeze-failed'; message: string }
  | { type: 'agent'; connected: boolean }
  /** `kind`: what told of it. `code`: what a Windows guest gave as its reason; 0: none. */
  | { type: 'panicked'; kind: 'pvpanic' | 'hyper-v'; code: number }
  /** Sent once, and last. `detail` is for people: exit message of the process, panic text. */
  | { type: 'ended'; end: GuestEnd; detail: string };

export interface MigrationSettings {
  /** Bytes per second; 0: as fast as it goes. */
  bandwidth: number;
  /** The guest is stopped for the last part of its memory only when that takes no longer. */
  maxDowntimeMs: number;
  /** Slow down a guest that writes faster than its memory can be sent. */
  autoConverge: boolean;
  /** The guest may be asked to go on at the target before all of its memory is there. */
  postCopy: boolean;
  /** Disks that move to other files with it; the files are there, as large as the disks or larger. */
  disks?: readonly MovedDisk[];
}

export interface MovedDisk {
  name: string;
  file: NonNullable<DomainDisk['file']>;
}

/** What is other about a guest where it arrives. */
export interface Arrival {
  nic: (nic: DomainInterface) => DomainInterface;
  /** The files of the disks that move with it. */
  disks?: readonly MovedDisk[];
}

export interface MigrationProgress {
  transferredBytes: number;
  remainingBytes: number;
  totalBytes: number;
  /** Of now, in bytes a second; absent when it is not under way. */
  dirtyRate?: number;
  transferRate?: number;
}

/** How the sending of a guest ended. After `completed` it stands still here until the target took over. */
export type MigrationEnd =
  | { outcome: 'completed'; downtimeMs: number }
  | { outcome: 'cancelled' }
  | { outcome: 'failed'; reason: string };

/** A guest on its way to another node. */
export interface OutgoingMigration {
  readonly end: Promise<MigrationEnd>;
  progress(): Promise<MigrationProgress>;
  /** Asks for the end; what was cancelled too late ends as completed. */
  cancel(): Promise<void>;
  /**
   * Lets the guest go on at the target and fetch there what it still lacks; from then on it cannot be cancelled,
   * and is lost when the target is. Rejects where either end cannot do that.
   */
  startPostCopy(): Promise<void>;
  /** Stops the guest, so that it writes to no more memory; `resume` lets it go on here if the migration fails. */
  hold(): Promise<void>;
}

/** What can be added to a guest that runs, and taken away from it. */
export interface Hotplug {
  /** Plugs in a disk; one of that name that is there already is left as it is. */
  attachDisk(disk: DomainDisk): Promise<void>;
  /** Takes a disk away; rejects when the guest does not give it away. */
  detachDisk(name: string): Promise<void>;
  /** Puts a medium into a CD-ROM drive; undefined takes it out. */
  changeMedium(name: string, file: DomainDisk['file']): Promise<void>;
  /** Plugs in processors until there are so many sockets. */
  plugSockets(sockets: number): Promise<void>;
  /** Asks for the guest to have so many bytes of memory. What it has is `memoryBytes`. */
  plugMemory(bytes: number): Promise<void>;
  memoryBytes(): Promise<number>;
  /** Plugs in an interface; one of that name that is there already is left as it is. */
  attachInterface(nic: DomainInterface): Promise<void>;
  /** Takes an interface away; rejects when the guest does not give it away. */
  detachInterface(name: string): Promise<void>;
  setLink(nic: string, up: boolean): Promise<void>;
}

/** What can be done to the disks of a guest while it runs; each by its name in the VMI's spec. */
export interface GuestDisks {
  /**
   * From now on the disk writes to the image `overlay`, which is empty and lies on the image that it wrote
   * to so far; that one is left as it is at one moment.
   */
  snapshot(disk: string, overlay: string): Promise<void>;
  /** Makes the disk larger, which the guest sees at once. */
  resize(disk: string, bytes: number): Promise<void>;
}

/** What can be done with the memory of a guest while it runs. */
export interface GuestMemory {
  /** Writes it to the file `path`, as an ELF core; the guest stands still meanwhile. */
  dump(path: string): Promise<void>;
}

/** A guest that exists: launched by us or found again after a restart of the control plane. */
export interface Guest {
  /** The machine as it is now, with what was plugged in. */
  readonly spec: DomainSpec;
  readonly uid: string;
  readonly pid: number | undefined;
  readonly state: GuestState;
  /** Set once `state` is `ended`. */
  readonly end: { end: GuestEnd; detail: string } | undefined;
  subscribe(listener: (event: GuestEvent) => void): () => void;
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** Hard reset, as the button on the box. */
  reset(): Promise<void>;
  /** Restarts the guest by its agent, else by the ACPI power button and a reset once it is down. */
  softReboot(): Promise<void>;
  /** Presses the ACPI power button; resolves at once. The end arrives as an event. */
  powerdown(): Promise<void>;
  /** Ends the guest at once; resolves after its process is gone. */
  destroy(): Promise<void>;
  /**
   * For the planned end of the program. A running guest is powered down within `graceMs`, then ended; a
   * paused guest's memory is written to its folder. `launch` with the same folder brings it back (and
   * goes on where a paused guest was). Emits no `ended`.
   */
  suspend(graceMs: number): Promise<void>;
  /** Stops following the guest and leaves it running. */
  detach(): void;
  /** The last migration away from here, also one that a former run of the program began. */
  readonly migration: OutgoingMigration | undefined;
  /**
   * Sends the guest to the folder where `receive` awaits it. Rejects when it cannot begin. After a
   * completed migration `destroy` ends what is left here; `resume` brings the guest back if its target
   * could not take over.
   */
  migrate(toDirectory: string, settings: MigrationSettings): Promise<OutgoingMigration>;
  /**
   * Lets an incoming guest run here once its migration has completed, or has begun with post-copy; `run` is false for one that was
   * paused.
   */
  takeOver(run: boolean): Promise<void>;
  readonly hotplug: Hotplug;
  /** What it uses; undefined for a guest that uses nothing because it is simulated, or has ended. */
  statistics(): Promise<GuestStatistics | undefined>;
  /** The guest agent, while it is connected and the guest runs. */
  readonly agent: AgentCommands | undefined;
  /** Stops writes to the guest's file systems (by its agent), for `timeoutSeconds` at most unless 0. */
  freeze(timeoutSeconds: number): Promise<void>;
  thaw(): Promise<void>;
  readonly disks: GuestDisks;
  readonly memory: GuestMemory;
  /** Guest operating system and addresses as the guest agent tells; undefined without an agent. */
  agentInfo(): Promise<GuestAgentInfo | undefined>;
  /**
   * RFB as QEMU speaks it, server first. One at a time: a new stream ends the one before, or with `preserve`
   * is refused.
   */
  openVnc(preserve?: boolean): Promise<Duplex>;
  /** Raw bytes of the serial line. One at a time: a new stream ends the one before. */
  openSerial(): Promise<Duplex>;
  /** The protocol of usbredir, for one device of the client. Rejects when all slots are in use. */
  openUsbRedirection(): Promise<Duplex>;
  /** PNG of the screen now. */
  screenshot(): Promise<Buffer>;
  /**
   * Opens a TCP connection to a port inside the guest. Of a port that nobody listens on there one
   * learns by the connection's end, not by a rejection (user-mode networking connects late).
   */
  openPort(port: number): Promise<Duplex>;
  /** Resolves when something in the guest listens on the TCP port; rejects as a dial does when not. */
  checkPort(port: number, timeoutMs: number): Promise<void>;
}

export interface GuestRuntime {
  readonly name: 'qemu' | 'simulated';
  /** What runs the guest's instructions; shown to users. */
  readonly acceleration: 'kvm' | 'tcg' | 'simulated';
  /** Version of the hypervisor, for the node's status ("QEMU 7.2.19"). */
  readonly version: string;
  /** The models of processors that guests can have here besides that of the host. */
  cpuModels(): Promise<readonly string[]>;
  /**
   * Starts the guest in `directory` (made when absent; sockets, logs and saved memory live there).
   * Rejects with a sentence for people when the guest cannot start (missing image, bad firmware ...).
   */
  launch(directory: string, spec: DomainSpec): Promise<Guest>;
  /**
   * Makes ready in `directory` to receive the guest that runs in `fromDirectory`, with the same machine and
   * disks but for what `arrival` tells. Rejects as `launch` does.
   */
  receive(directory: string, fromDirectory: string, arrival: Arrival): Promise<Guest>;
  /**
   * Finds a guest that a former run of the program left in `directory`; undefined when there is none,
   * also when its process died meanwhile. One that powered off or panicked while nobody followed it
   * comes back with `state` `ended` and its `end`, and sends no event.
   */
  attach(directory: string): Promise<Guest | undefined>;
  /** Ends what runs in `directory`, if anything does, also a guest that no longer answers. */
  end(directory: string): Promise<void>;
}
