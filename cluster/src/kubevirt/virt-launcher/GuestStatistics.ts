/** What a guest has used since its process began, or has now. What is not known is absent, never 0. */
export interface GuestStatistics {
  /** Of the whole process, by the host. */
  cpu?: { userSeconds: number; systemSeconds: number };
  vcpus: {
    id: number;
    seconds: number;
    delaySeconds: number | undefined;
    /** Told by a kernel that counts it (`kernel.sched_schedstats`). */
    waitSeconds: number | undefined;
  }[];
  /** Bytes of its memory that it wrote to in a second, as it was last measured. */
  dirtyRate?: number;
  /** CPUs of the host on which its vCPUs may run, counted for each of them. */
  affinity?: number;
  /** Memory of the host that the process occupies. */
  residentBytes?: number;
  /** What the domain is defined with. */
  domainBytes: number;
  balloon?: BalloonStatistics;
  disks: DiskStatistics[];
}

/** What the guest's balloon driver tells; page faults and bytes swapped since the guest booted. */
export interface BalloonStatistics {
  actualBytes: number | undefined;
  availableBytes: number | undefined;
  unusedBytes: number | undefined;
  usableBytes: number | undefined;
  cachedBytes: number | undefined;
  majorFaults: number | undefined;
  minorFaults: number | undefined;
  swapInBytes: number | undefined;
  swapOutBytes: number | undefined;
}

export interface DiskStatistics {
  /** Name of the disk in the VMI. */
  name: string;
  reads: number;
  writes: number;
  flushes: number;
  readBytes: number;
  writtenBytes: number;
  readSeconds: number;
  writeSeconds: number;
  flushSeconds: number;
}
