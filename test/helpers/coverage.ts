// Which blocks of source files ran while something was done, by V8's own count.
import { readFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { fileURLToPath } from 'node:url';

export interface BlockCoverage {
  readonly blocks: number;
  /** Blocks that never ran: file, line and the beginning of their text. */
  readonly missed: readonly string[];
}

/** Runs `act` and tells which functions and branches of the files whose URL `covers` accepts have run since they were loaded or `act` began. */
export async function blockCoverage(covers: (url: string) => boolean, act: () => unknown): Promise<BlockCoverage> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  await act();
  const { result } = await session.post('Profiler.takePreciseCoverage');
  session.disconnect();
  const missed: string[] = [];
  let blocks = 0;
  for (const { url, functions } of result.filter((script) => covers(script.url))) {
    const text = readFileSync(fileURLToPath(url), 'utf8');
    for (const { startOffset, endOffset, count } of functions.flatMap(({ ranges }) => ranges)) {
      blocks++;
      if (count > 0) continue;
      const line = text.slice(0, startOffset).split('\n').length;
      missed.push(
        `${url.split('/').at(-1)}:${line} ${text.slice(startOffset, Math.min(endOffset, startOffset + 60)).replace(/\s+/g, ' ')}`,
      );
    }
  }
  return { blocks, missed };
}
