// Block coverage of source files while an action runs, measured by V8.
import { readFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { fileURLToPath } from 'node:url';

export interface BlockCoverage {
  readonly blocks: number;
  /** Blocks that did not run: file, line and the beginning of their text. */
  readonly missed: readonly string[];
}

/**
 * Runs `act` and returns the coverage of the files with a URL that `covers` accepts: functions and branches that ran
 * since the files were loaded or `act` began.
 */
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
      const beginning = text.slice(startOffset, Math.min(endOffset, startOffset + 60)).replace(/\s+/g, ' ');
      missed.push(`${url.split('/').at(-1)}:${line} ${beginning}`);
    }
  }
  return { blocks, missed };
}
