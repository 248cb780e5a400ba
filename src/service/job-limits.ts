// Limits CPU time and memory of this process by a job object that it assigns itself to.
import { reasonOf } from '../base/errors.ts';
import { checkBool, checkHandle } from '../native/check.ts';
import {
  AssignProcessToJobObject,
  CreateJobObjectW,
  JOB_OBJECT_CPU_RATE_CONTROL_ENABLE,
  JOB_OBJECT_CPU_RATE_CONTROL_HARD_CAP,
  JOB_OBJECT_LIMIT_PROCESS_MEMORY,
  JOBOBJECT_CPU_RATE_CONTROL_INFORMATION,
  JOBOBJECT_EXTENDED_LIMIT_INFORMATION,
  JobObjectCpuRateControlInformation,
  JobObjectExtendedLimitInformation,
  SetInformationJobObject,
} from '../native/kernel32-jobs.ts';
import { GetCurrentProcess } from '../native/kernel32-process.ts';

export interface JobLimits {
  /** Percent of all processors together. */
  readonly cpuPercent: number | undefined;
  /** Committed memory. */
  readonly memoryBytes: number | undefined;
}

/**
 * Sets each limit separately and returns a sentence for each that could not be set. The job is never closed: it exists
 * as long as the process. Jobs nest, so an outer job keeps its limits.
 */
export function limitThisProcess({ cpuPercent, memoryBytes }: JobLimits): string[] {
  if (cpuPercent === undefined && memoryBytes === undefined) return [];
  if (process.platform !== 'win32')
    return [`cpu-limit and memory-limit are in effect on Windows only, this is ${process.platform}`];
  const problems: string[] = [];
  const attempt = (what: string, act: () => void): void => {
    try {
      act();
    } catch (error) {
      problems.push(`${what} is not in effect: ${reasonOf(error)}`);
    }
  };
  attempt('no limit', () => {
    const job = checkHandle('CreateJobObjectW', CreateJobObjectW(null, null));
    const set = (kind: number, value: Buffer): void =>
      checkBool('SetInformationJobObject', SetInformationJobObject(job, kind, value, value.length));
    checkBool('AssignProcessToJobObject', AssignProcessToJobObject(job, GetCurrentProcess()));
    if (cpuPercent !== undefined)
      attempt('cpu-limit', () => set(JobObjectCpuRateControlInformation, encodeCpuRate(cpuPercent)));
    if (memoryBytes !== undefined)
      attempt('memory-limit', () => set(JobObjectExtendedLimitInformation, encodeMemoryLimit(memoryBytes)));
  });
  return problems;
}

/** A hard limit: https://learn.microsoft.com/windows/win32/procthread/job-objects */
export function encodeCpuRate(percent: number): Buffer {
  const { size, at } = JOBOBJECT_CPU_RATE_CONTROL_INFORMATION;
  const bytes = Buffer.alloc(size);
  bytes.writeUInt32LE(JOB_OBJECT_CPU_RATE_CONTROL_ENABLE | JOB_OBJECT_CPU_RATE_CONTROL_HARD_CAP, at.ControlFlags);
  bytes.writeUInt32LE(Math.round(percent * 100), at.CpuRate);
  return bytes;
}

export function encodeMemoryLimit(limitBytes: number): Buffer {
  const { size, at } = JOBOBJECT_EXTENDED_LIMIT_INFORMATION;
  const bytes = Buffer.alloc(size);
  bytes.writeUInt32LE(JOB_OBJECT_LIMIT_PROCESS_MEMORY, at.LimitFlags);
  bytes.writeBigUInt64LE(BigInt(limitBytes), at.ProcessMemoryLimit);
  return bytes;
}
