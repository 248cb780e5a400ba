// Files that the bundle reads at run time.
import { copyFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { projectRoot } from './folders.ts';

/** Snappy, which `src/exporters/remote-write/snappy.ts` reads from the folder of the bundle. */
export const wasmModules = ['node_modules/snappy-wasm/es/snappy_bg.wasm'];

/** Copies the files to the folder of a bundle. */
export function copyBundleAssets(folder: string): void {
  for (const file of wasmModules) copyFileSync(join(projectRoot, file), join(folder, basename(file)));
}
