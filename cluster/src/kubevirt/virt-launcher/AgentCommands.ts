/** What the guest agent tells again and again, for the VMI's status. */
export interface GuestAgentInfo {
  hostname?: string;
  os?: {
    name?: string;
    id?: string;
    version?: string;
    versionId?: string;
    prettyName?: string;
    kernelRelease?: string;
    kernelVersion?: string;
    machine?: string;
  };
  interfaces: { interfaceName: string; mac: string; addresses: string[] }[];
  /** Its file systems take no writes now. */
  frozen: boolean;
}

/** What the agent tells of itself. */
export interface AgentDetails {
  version: string;
  commands: { name: string; enabled: boolean }[];
  /** `UTC, 0`: the zone and its seconds east of Greenwich. */
  timezone: string;
}

export interface GuestUser {
  name: string;
  domain?: string;
  /** Seconds since the epoch, with fractions. */
  loginTime: number;
}

export interface GuestFilesystem {
  name: string;
  mountPoint: string;
  type: string;
  usedBytes: number;
  totalBytes: number;
  disks: { serial?: string; busType?: string }[];
}

export interface InterfaceCounters {
  mac: string;
  received: TrafficCounters;
  transmitted: TrafficCounters;
}

export interface TrafficCounters {
  bytes: number;
  packets: number;
  errors: number;
  dropped: number;
}

export interface ProgramResult {
  exitCode: number;
  /** What it wrote, standard output before standard error. */
  output: string;
}

/** What can be asked of an agent that is connected. Each rejects with a sentence when the agent refuses. */
export interface AgentCommands {
  info(): Promise<GuestAgentInfo>;
  details(): Promise<AgentDetails>;
  ping(): Promise<void>;
  users(): Promise<GuestUser[]>;
  filesystems(): Promise<GuestFilesystem[]>;
  /** What went over each interface since the guest booted; those that the agent counts. */
  interfaceCounters(): Promise<InterfaceCounters[]>;
  /** Load averages of 1, 5 and 15 minutes; undefined where the guest has none (Windows). */
  load(): Promise<readonly [number, number, number] | undefined>;
  frozen(): Promise<boolean>;
  /** Stops writes to all file systems, until `thaw` or for `timeoutSeconds`; 0: until `thaw`. */
  freeze(timeoutSeconds: number): Promise<void>;
  thaw(): Promise<void>;
  /** Restarts the guest from within. */
  reboot(): Promise<void>;
  /** Runs a program in the guest to its end. Rejects when it takes longer. */
  execute(command: string, args: string[], timeoutMs: number): Promise<ProgramResult>;
  setPassword(user: string, password: string): Promise<void>;
  /** Makes these the only keys by which the user may log in. */
  setSshKeys(user: string, keys: string[]): Promise<void>;
}

/** Commands of qemu-guest-agent that every agent is to have: pkg/virt-handler/guest-agent.go (d923fdb). */
export const basicAgentCommands: readonly string[] = [
  ...['guest-ping', 'guest-get-time', 'guest-info', 'guest-shutdown'],
  ...['guest-network-get-interfaces', 'guest-get-fsinfo', 'guest-get-host-name'],
  ...['guest-get-users', 'guest-get-timezone', 'guest-get-osinfo'],
];

/** Those by which `setSshKeys` and `setPassword` are done. */
export const keyCommands: readonly string[] = ['get', 'add', 'remove'].map(
  (verb) => `guest-ssh-${verb}-authorized-keys`,
);
export const passwordCommand = 'guest-set-user-password';
