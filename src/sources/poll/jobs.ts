// Limits of named job objects: those of Windows containers, and those of service wrappers that name their job.
import { ForeignBuffer } from '../../native/buffer.ts';
import { checkBool } from '../../native/check.ts';
import { GetLastError } from '../../native/kernel32.ts';
import {
  JOB_OBJECT_CPU_RATE_CONTROL_ENABLE,
  JOB_OBJECT_CPU_RATE_CONTROL_HARD_CAP,
  JOB_OBJECT_CPU_RATE_CONTROL_MIN_MAX_RATE,
  JOB_OBJECT_LIMIT_JOB_MEMORY,
  JOB_OBJECT_LIMIT_PROCESS_MEMORY,
  JOB_OBJECT_QUERY,
  JOBOBJECT_BASIC_PROCESS_ID_LIST,
  JOBOBJECT_CPU_RATE_CONTROL_INFORMATION,
  JOBOBJECT_EXTENDED_LIMIT_INFORMATION,
  JobObjectBasicProcessIdList,
  JobObjectCpuRateControlInformation,
  JobObjectExtendedLimitInformation,
  QueryInformationJobObject,
} from '../../native/kernel32-jobs.ts';
import { NtOpenJobObject } from '../../native/ntdll-objects.ts';
import { ERROR_MORE_DATA, STATUS_OBJECT_NAME_NOT_FOUND, Win32Error } from '../../native/win32-error.ts';
import { KIND_GRANTS, PART_GRANTS } from '../grants.ts';
import type { JobRecord, Unavailability } from '../host.ts';
import { unavailability } from '../unavailable.ts';
import { GrowingBuffer } from './growing-buffer.ts';
import { DirectoryReader, openObject } from './object-directory.ts';
import { everyRounds, type Poll } from './poll.ts';

const MAX_JOBS = 2000;
const MAX_SESSIONS = 1000;
/** Rates are cycles out of ten thousand. */
const FULL_RATE = 10_000;

export type JobLimits = Pick<JobRecord, 'memoryLimitBytes' | 'processMemoryLimitBytes'>;

/** Parses JOBOBJECT_EXTENDED_LIMIT_INFORMATION. A value is valid only with its flag. */
export function parseJobLimits(buffer: ForeignBuffer): JobLimits {
  const { at } = JOBOBJECT_EXTENDED_LIMIT_INFORMATION;
  const flags = buffer.u32(at.LimitFlags);
  const job = (flags & JOB_OBJECT_LIMIT_JOB_MEMORY) !== 0 ? buffer.i64(at.JobMemoryLimit) : 0;
  const process = (flags & JOB_OBJECT_LIMIT_PROCESS_MEMORY) !== 0 ? buffer.i64(at.ProcessMemoryLimit) : 0;
  return {
    ...(job > 0 ? { memoryLimitBytes: job } : {}),
    ...(process > 0 ? { processMemoryLimitBytes: process } : {}),
  };
}

/** Parses JOBOBJECT_CPU_RATE_CONTROL_INFORMATION: the hard limit as a share; undefined for weights and soft limits. */
export function parseCpuRate(buffer: ForeignBuffer): number | undefined {
  const { at } = JOBOBJECT_CPU_RATE_CONTROL_INFORMATION;
  const flags = buffer.u32(at.ControlFlags);
  if ((flags & JOB_OBJECT_CPU_RATE_CONTROL_ENABLE) === 0) return undefined;
  let rate = 0;
  if ((flags & JOB_OBJECT_CPU_RATE_CONTROL_MIN_MAX_RATE) !== 0) rate = buffer.u16(at.CpuRate + 2);
  else if ((flags & JOB_OBJECT_CPU_RATE_CONTROL_HARD_CAP) !== 0) rate = buffer.u32(at.CpuRate);
  return rate > 0 && rate <= FULL_RATE ? rate / FULL_RATE : undefined;
}

/** Parses JOBOBJECT_BASIC_PROCESS_ID_LIST. Throws BoundsError when it has more ids than the buffer. */
export function parseProcessIds(buffer: ForeignBuffer): number[] {
  const { size, at } = JOBOBJECT_BASIC_PROCESS_ID_LIST;
  const count = buffer.u32(at.NumberOfProcessIdsInList);
  const pids: number[] = [];
  for (let i = 0; i < count; i++) pids.push(buffer.u32(size + i * 8));
  return pids;
}

/** Reads the jobs of this machine into buffers that it keeps. */
export class JobReader {
  readonly #directories = new DirectoryReader();
  readonly #pids = new GrowingBuffer(4096);
  readonly #limits = Buffer.alloc(JOBOBJECT_EXTENDED_LIMIT_INFORMATION.size);
  readonly #rate = Buffer.alloc(JOBOBJECT_CPU_RATE_CONTROL_INFORMATION.size);
  readonly #returned = new Uint32Array(1);

  /** A directory or a job that cannot be read is named in `degraded`. */
  read(): { data: JobRecord[]; names: string[]; degraded: Unavailability[] } {
    const degraded: Unavailability[] = [];
    const jobs: JobRecord[] = [];
    const names = this.#names(degraded);
    for (const name of names) {
      try {
        jobs.push(this.#readJob(name, degraded));
      } catch (error) {
        const isGone = error instanceof Win32Error && error.code === STATUS_OBJECT_NAME_NOT_FOUND;
        if (!isGone) addOnce(degraded, unavailability('limits of jobs', error, PART_GRANTS.job));
      }
    }
    return { data: jobs, names, degraded };
  }

  /**
   * Jobs of containers are in the root, jobs of programs in the directory of their session. Session 0 has the global
   * one.
   */
  #names(degraded: Unavailability[]): string[] {
    const list = (directory: string, type: string): string[] => {
      try {
        return this.#directories.read(directory, type).map((name) => `${directory === '\\' ? '' : directory}\\${name}`);
      } catch (error) {
        const where = directory.startsWith('\\Sessions\\') ? 'other sessions' : directory;
        addOnce(degraded, unavailability(`names of jobs in ${where}`, error, PART_GRANTS.objectDirectory));
        return [];
      }
    };
    const sessions = list('\\Sessions', 'Directory').filter((path) => /\\[1-9]\d*$/.test(path));
    const directories = [
      '\\',
      '\\BaseNamedObjects',
      ...sessions.slice(0, MAX_SESSIONS).map((path) => `${path}\\BaseNamedObjects`),
    ];
    const names = directories.flatMap((directory) => list(directory, 'Job'));
    if (names.length > MAX_JOBS)
      degraded.push({
        part: 'jobs',
        reason: `only the first ${MAX_JOBS} are read`,
        consequence: PART_GRANTS.job.consequence,
      });
    return names.slice(0, MAX_JOBS);
  }

  #readJob(name: string, degraded: Unavailability[]): JobRecord {
    using job = openObject('NtOpenJobObject', NtOpenJobObject, name, JOB_OBJECT_QUERY);
    const pids = this.#pids.fill('QueryInformationJobObject', (buffer) => {
      if (
        QueryInformationJobObject(job.value, JobObjectBasicProcessIdList, buffer, buffer.length, this.#returned) !== 0
      )
        return { done: true };
      const code = GetLastError();
      if (code !== ERROR_MORE_DATA) throw new Win32Error('QueryInformationJobObject', code);
      const assigned = buffer.readUInt32LE(JOBOBJECT_BASIC_PROCESS_ID_LIST.at.NumberOfAssignedProcesses);
      return { done: false, needed: JOBOBJECT_BASIC_PROCESS_ID_LIST.size + assigned * 8, code };
    });
    return {
      name,
      pids: parseProcessIds(new ForeignBuffer(pids)),
      ...parseJobLimits(this.#query(job.value, JobObjectExtendedLimitInformation, this.#limits)),
      ...this.#cpuShare(job.value, degraded),
    };
  }

  /** Before Windows 8 and under Wine jobs have no CPU rates. Their other limits are read all the same. */
  #cpuShare(job: bigint, degraded: Unavailability[]): Pick<JobRecord, 'cpuShare'> {
    try {
      const cpuShare = parseCpuRate(this.#query(job, JobObjectCpuRateControlInformation, this.#rate));
      return cpuShare === undefined ? {} : { cpuShare };
    } catch (error) {
      addOnce(degraded, unavailability('CPU rates of jobs', error, PART_GRANTS.jobCpuRate));
      return {};
    }
  }

  #query(job: bigint, informationClass: number, buffer: Buffer): ForeignBuffer {
    buffer.fill(0);
    checkBool(
      'QueryInformationJobObject',
      QueryInformationJobObject(job, informationClass, buffer, buffer.length, this.#returned),
    );
    return new ForeignBuffer(buffer);
  }
}

/** Adds one line for each part, whatever the number of jobs. */
function addOnce(degraded: Unavailability[], problem: Unavailability): void {
  if (!degraded.some(({ part }) => part === problem.part)) degraded.push(problem);
}

/** Limits change with a deployment, and the search for jobs reads thousands of names. */
const SCHEDULE = everyRounds(4);

export function createJobPoll(): Poll<'jobs'> {
  const reader = new JobReader();
  const read = () => {
    const { data, names, degraded } = reader.read();
    return { data, degraded, result: names };
  };
  return { kind: 'jobs', schedule: SCHEDULE, grant: KIND_GRANTS.jobs, read };
}
