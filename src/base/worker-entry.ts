// Where the entry file of a worker thread lies: beside the bundle, or in the source tree.
import { basename } from 'node:path';

declare const COROOT_BUNDLED: boolean | undefined;

/** `source` is the file below src/, without its ending, e.g. `sources/windows-worker`. */
export function workerEntry(source: string): URL {
  if (typeof COROOT_BUNDLED !== 'undefined') return new URL(`./${basename(source)}.js`, import.meta.url);
  return new URL(`../${source}.ts`, import.meta.url);
}
