// The machine itself: identity, uptime, processors, memory, disks.

export interface IdentityRecord {
  readonly hostname: string;
  /** MachineGuid without dashes; empty when unreadable. */
  readonly machineId: string;
  /** SMBIOS system UUID, upper case with dashes; empty when unreadable. */
  readonly systemUuid: string;
  /** e.g. `Windows Server 2022 Datacenter (Build 20348)`. */
  readonly kernelVersion: string;
}

export interface SystemRecord {
  /** Milliseconds since boot. */
  readonly uptimeMs: number;
}

/** Processor time since boot, all processor groups together. */
export interface CpuRecord {
  /** Logical processors that are active. */
  readonly logicalProcessors: number;
  readonly userMs: number;
  /** Without idle time; DPCs and interrupts included. */
  readonly systemMs: number;
  readonly idleMs: number;
}

export interface MemoryRecord {
  readonly totalBytes: number;
  /** What programs could get without paging: free and standby pages. */
  readonly availableBytes: number;
  /** Pages that hold nothing. */
  readonly freeBytes: number;
  /** Pages that hold file contents which can be dropped. */
  readonly cachedBytes: number;
  /** Where the last two come from: exact page lists need a right, the system's cache figure does not. */
  readonly source: 'page lists' | 'system cache';
}

/** One volume of a fixed disk. */
export interface DiskRecord {
  /** `C:`, or the folder that a volume without a letter is mounted in, e.g. `D:\\Mount\\Data`. */
  readonly device: string;
  /** Root with a backslash at its end, e.g. `C:\\`. */
  readonly mountPoint: string;
  /** Volume name, e.g. `\\\\?\\Volume{...}\\`. */
  readonly volume: string;
  readonly sizeBytes?: number;
  readonly freeBytes?: number;
  /** Absent where the driver keeps no counters. */
  readonly counters?: DiskCounters;
}

/** Counters of a volume since the driver began to count. */
export interface DiskCounters {
  /** 32 bits wide: it wraps. */
  readonly reads: number;
  /** 32 bits wide: it wraps. */
  readonly writes: number;
  readonly readBytes: number;
  readonly writtenBytes: number;
  /** Sum over requests: more than elapsed time when requests overlap. */
  readonly readMs: number;
  readonly writeMs: number;
  /** Time without any request under way. */
  readonly idleMs: number;
  /** Clock of the counters; only differences mean something. */
  readonly queryMs: number;
}
