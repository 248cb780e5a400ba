// What is wrong with the disk of the spool, and what to do about it.
import { reasonOf } from '../../base/errors.ts';
import { FolderInUse } from './folder-lock.ts';
import type { DropReason } from './spool-totals.ts';

export interface DiskFault {
  /** Of payloads that are dropped because of it. */
  readonly reason: Extract<DropReason, 'disk_full' | 'disk_error' | 'locked'>;
  /** For people: what happened and what to do. */
  readonly problem: string;
}

const FULL = new Set(['ENOSPC', 'EDQUOT']);
const DENIED = new Set(['EACCES', 'EPERM', 'EROFS']);

export function diskFaultOf(error: unknown, folder: string, memoryBytes: number): DiskFault {
  const { reason, text } = describe(error);
  const limit = Math.round(memoryBytes / 1024 / 1024);
  return {
    reason,
    problem: `the spool ${folder} ${text}; until then up to ${limit} MB of payloads are kept in memory`,
  };
}

function describe(error: unknown): { readonly reason: DiskFault['reason']; readonly text: string } {
  const text = reasonOf(error);
  if (error instanceof FolderInUse)
    return { reason: 'locked', text: `is in use: ${text}; stop the other agent, or set another wal-dir` };
  const code = (error instanceof Error && (error as NodeJS.ErrnoException).code) || '';
  if (FULL.has(code))
    return { reason: 'disk_full', text: `is on a full disk (${code}): free some space, or lower max-spool-size` };
  if (DENIED.has(code)) {
    const advice = 'let the account of the agent change the folder and its files, or set another wal-dir';
    return { reason: 'disk_error', text: `is not writable (${code}): ${advice}` };
  }
  return { reason: 'disk_error', text: `cannot be used: ${text}; check the disk, or set another wal-dir` };
}
