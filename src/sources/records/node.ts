// The machine: identity, uptime, processors, memory, disks.
import { id } from '../../redaction/rules.ts';
import { amount, elapsed, type Field, hostname, oneOf, path, text, textBy, u32 } from './field.ts';
import { optional, type RecordOf, record } from './record.ts';

const identityFields = {
  hostname,
  /** MachineGuid without dashes; empty when not readable. */
  machineId: textBy(id),
  /** SMBIOS system UUID, upper case with dashes; empty when not readable. */
  systemUuid: textBy(id),
  /** e.g. `Windows Server 2022 Datacenter (Build 20348)`. */
  kernelVersion: text,
};

export interface IdentityRecord extends RecordOf<typeof identityFields> {}
export const identity: Field<IdentityRecord> = record(identityFields);

const systemFields = {
  /** Milliseconds since boot. */
  uptimeMs: elapsed,
};

export interface SystemRecord extends RecordOf<typeof systemFields> {}
export const system: Field<SystemRecord> = record(systemFields);

const cpuFields = {
  /** Active logical processors. */
  logicalProcessors: u32,
  userMs: amount,
  /** Includes DPCs and interrupts, excludes idle time. */
  systemMs: amount,
  idleMs: amount,
};

/** Processor time since boot, summed over all processor groups. */
export interface CpuRecord extends RecordOf<typeof cpuFields> {}
export const cpu: Field<CpuRecord> = record(cpuFields);

const memoryFields = {
  totalBytes: amount,
  /** Memory available without paging: free and standby pages. */
  availableBytes: amount,
  /** Free and zeroed pages. */
  freeBytes: amount,
  /** Pages with file contents that can be discarded. */
  cachedBytes: amount,
  /** Source of `freeBytes` and `cachedBytes`: the exact page lists need a right, the system cache does not. */
  source: oneOf('page lists', 'system cache'),
};

export interface MemoryRecord extends RecordOf<typeof memoryFields> {}
export const memory: Field<MemoryRecord> = record(memoryFields);

const diskCounterFields = {
  /** 32 bits wide: it wraps. */
  reads: u32,
  /** 32 bits wide: it wraps. */
  writes: u32,
  readBytes: amount,
  writtenBytes: amount,
  /** Sum over requests: exceeds elapsed time when requests overlap. */
  readMs: amount,
  writeMs: amount,
  /** Time without a pending request. */
  idleMs: amount,
  /** Clock of the counters; only differences are meaningful. */
  queryMs: amount,
};

/** Counters of a volume since its driver started. */
export interface DiskCounters extends RecordOf<typeof diskCounterFields> {}
const diskCounters: Field<DiskCounters> = record(diskCounterFields);

const diskFields = {
  /** `C:`, or the mount folder of a volume without a letter, e.g. `D:\\Mount\\Data`. */
  device: text,
  /** Root with a trailing backslash, e.g. `C:\\`. */
  mountPoint: path,
  /** Volume name, e.g. `\\\\?\\Volume{...}\\`. */
  volume: text,
  sizeBytes: optional(amount),
  freeBytes: optional(amount),
  /** Absent where the driver has no counters. */
  counters: optional(diskCounters),
};

/** One volume of a fixed disk. */
export interface DiskRecord extends RecordOf<typeof diskFields> {}
export const disk: Field<DiskRecord> = record(diskFields);
