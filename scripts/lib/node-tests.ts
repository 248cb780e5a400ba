// Runs test files with Node's test runner and counts what passed, failed and was skipped.
import { spawn } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
  /** Name and reason of each skipped test. */
  left: string[];
  /** Counts of the parts of a stage, for the closing line. */
  details: string[];
}

/** Nothing has run. */
export function noCounts(): Counts {
  return { passed: 0, failed: 0, skipped: 0, left: [], details: [] };
}

/** Runs the files below test/ that match; `concurrency` files at once. A run that dies counts as one failure. */
export async function runNodeTests(
  patterns: readonly string[],
  exclude: readonly string[],
  concurrency: number,
  env: Record<string, string> = {},
): Promise<Counts> {
  const files = globSync([...patterns], { exclude: [...exclude] }).sort();
  if (files.length === 0) return noCounts();
  const folder = mkdtempSync(join(tmpdir(), 'coroot-agent-test-'));
  const countFile = join(folder, 'counts.json');
  try {
    await new Promise<void>((resolve) => {
      const child = spawn(
        process.execPath,
        [
          '--test',
          `--test-concurrency=${concurrency}`,
          '--test-reporter=spec',
          '--test-reporter-destination=stdout',
          '--test-reporter=./scripts/lib/count-reporter.mjs',
          `--test-reporter-destination=${countFile}`,
          ...files,
        ],
        { stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, FORCE_COLOR: '0', ...env } },
      );
      child.on('close', () => resolve());
    });
    return readCounts(countFile);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readCounts(file: string): Counts {
  try {
    const { counts, skipped } = JSON.parse(readFileSync(file, 'utf8')) as {
      counts: { passed: number; failed: number; cancelled: number; skipped: number; todo: number };
      skipped: { name: string; reason: string }[];
    };
    return {
      ...noCounts(),
      passed: counts.passed,
      failed: counts.failed + counts.cancelled,
      skipped: counts.skipped + counts.todo,
      left: skipped.map(({ name, reason }) => (reason ? `${name}: ${reason}` : name)),
    };
  } catch {
    return { ...noCounts(), failed: 1 };
  }
}
