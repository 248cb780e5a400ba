// Builds memory images of job objects and the object namespace, with documented offsets; imports no product code.
import { Memory } from './foreign-memory.ts';

/** winnt.h: JOB_OBJECT_LIMIT_PROCESS_MEMORY, JOB_OBJECT_LIMIT_JOB_MEMORY, and one that limits neither. */
export const LIMIT = { process: 0x100, job: 0x200, killOnClose: 0x2000 };
/** winnt.h: JOB_OBJECT_CPU_RATE_CONTROL_... */
export const RATE = { enable: 0x1, weight: 0x2, hardCap: 0x4, notify: 0x8, minMax: 0x10 };

/** JOBOBJECT_EXTENDED_LIMIT_INFORMATION of x64: flags at 16, the two limits at 112 and 120. */
export function jobLimits(flags: number, processBytes: number, jobBytes: number): Memory {
  const memory = new Memory();
  memory.room(144);
  memory.u32(16, flags);
  // Working set sizes and peaks, which a parser must not take for the limits.
  memory.u64(24, 111n);
  memory.u64(32, 222n);
  memory.u64(112, processBytes);
  memory.u64(120, jobBytes);
  memory.u64(128, 333n);
  memory.u64(136, 444n);
  return memory;
}

/** JOBOBJECT_CPU_RATE_CONTROL_INFORMATION: flags and a DWORD, which is two WORDs for a minimum and a maximum. */
export function cpuRate(flags: number, rate: number): Memory {
  const memory = new Memory();
  memory.room(8);
  memory.u32(0, flags);
  memory.u32(4, rate);
  return memory;
}

/** JOBOBJECT_BASIC_PROCESS_ID_LIST: assigned, listed, and ULONG_PTRs from 8. */
export function processIds(pids: readonly number[], assigned = pids.length): Memory {
  const memory = new Memory();
  memory.room(8 + pids.length * 8);
  memory.u32(0, assigned);
  memory.u32(4, pids.length);
  for (const [i, pid] of pids.entries()) memory.u64(8 + i * 8, pid);
  return memory;
}

/** OBJECT_DIRECTORY_INFORMATION of x64: two UNICODE_STRINGs an entry, an entry of zeros, then the texts. */
export function objectDirectory(objects: readonly { name: string; type: string }[]): Memory {
  const memory = new Memory();
  memory.room((objects.length + 1) * 32);
  objects.forEach(({ name, type }, i) => {
    for (const [at, text] of [
      [i * 32, name],
      [i * 32 + 16, type],
    ] as const) {
      memory.u16(at, text.length * 2);
      memory.u16(at + 2, text.length * 2 + 2);
      memory.textAt(at + 8, text);
    }
  });
  return memory;
}
