// Files that the bundle reads at run time.
import { copyFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { projectRoot } from './folders.ts';

/** The WebAssembly module of snappy: `src/exporters/remote-write/snappy.ts` reads it from the folder of the bundle. */
const assets = ['node_modules/snappy-wasm/es/snappy_bg.wasm'];

/** Copies the files to the folder of a bundle. */
export function copyBundleAssets(folder: string): void {
  for (const asset of assets) copyFileSync(join(projectRoot, asset), join(folder, basename(asset)));
}
