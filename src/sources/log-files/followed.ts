// A target with the files that it follows, and their state.
import type { LogFile } from '../host.ts';
import type { FileTarget } from '../logs/contracts.ts';
import type { FileMark } from './file-mark.ts';
import type { Tail } from './tail.ts';

/** One target with the files that it follows. */
export interface Followed {
  readonly target: FileTarget;
  readonly outputKey: string;
  readonly tails: Map<string, Tail>;
  /** Files that were created later are read from their beginning, milliseconds since 1970. */
  readonly sinceMs: number;
  nextResolveMs: number;
  beyondLimit: number;
  problem: string | undefined;
}

/** One state for each file, and one for a pattern without files or with a problem. */
export function fileStates({ target, tails, beyondLimit, problem }: Followed, limit: number): LogFile[] {
  const head = { ...target.owner, source: target.source };
  const states: LogFile[] = [];
  for (const tail of tails.values()) {
    states.push({
      ...head,
      path: tail.path,
      state: tail.problem === undefined ? (tail.isWaiting ? 'waiting' : 'reading') : 'failed',
      readBytes: tail.readBytes,
      lagBytes: tail.lagBytes,
      lostBytes: tail.lostBytes,
      dropped: tail.dropped(),
      ...(tail.problem === undefined ? {} : { problem: tail.problem }),
    });
  }
  const tooMany = `${beyondLimit} files are not read: at most ${limit} files are followed`;
  const text = problem ?? (beyondLimit > 0 ? tooMany : undefined);
  if (tails.size > 0 && text === undefined) return states;
  const counts = { readBytes: 0, lagBytes: 0, lostBytes: 0, dropped: {} };
  const state = text === undefined ? 'waiting' : 'failed';
  states.push({ ...head, path: target.pattern, state, ...counts, ...(text === undefined ? {} : { problem: text }) });
  return states;
}

/** End of a file that was rotated and is read completely; its last message may still be open. */
export function finishedMark(tails: ReadonlyMap<string, Tail>, id: string): FileMark | undefined {
  for (const tail of tails.values()) for (const mark of tail.finished) if (mark.id === id) return mark;
  return undefined;
}
