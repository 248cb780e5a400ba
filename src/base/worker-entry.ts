// Locates the entry files of worker threads and of the service: next to the bundle, or in the source tree.
import { basename } from 'node:path';
import type { ResourceLimits } from 'node:worker_threads';

declare const COROOT_BUNDLED: boolean | undefined;

/** False in the source tree, where every thread also compiles TypeScript. */
export const isBundled = typeof COROOT_BUNDLED !== 'undefined';

/**
 * Heap limits of a thread that allocates little, in MiB. None in the source tree: compiling TypeScript needs more than
 * such a thread.
 */
export function heapLimits(limits: { young: number; old: number }): { resourceLimits?: ResourceLimits } {
  if (!isBundled) return {};
  return { resourceLimits: { maxYoungGenerationSizeMb: limits.young, maxOldGenerationSizeMb: limits.old } };
}

/** `source` is the file below src/, without its ending, e.g. `sources/poll/windows-worker`. */
export function workerEntry(source: string): URL {
  if (isBundled) return new URL(`./${basename(source)}.js`, import.meta.url);
  return new URL(`../${source}.ts`, import.meta.url);
}

/** The entry of the service process, which the SCM starts. */
export function serviceEntry(): URL {
  return isBundled ? new URL('./service.js', import.meta.url) : new URL('../main.ts', import.meta.url);
}
