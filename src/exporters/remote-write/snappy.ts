// Loads the compressor of snappy's block format, a WebAssembly module, at first use.
import { readFile } from 'node:fs/promises';
import type { SyncInitInput } from 'snappy-wasm';
import { reasonOf } from '../../base/errors.ts';
import { isBundled } from '../../base/worker-entry.ts';

/** Missing in the types of Node. */
declare const WebAssembly: { compile(bytes: Uint8Array): Promise<SyncInitInput> };

/** Returns a complete block, in memory of its own, with the length of the input as its preamble. */
export type Compress = (plain: Uint8Array) => Uint8Array;

let loading: Promise<Compress> | undefined;

/** Rejects if the module cannot be read; the next call tries again. */
export function loadCompress(): Promise<Compress> {
  loading ??= load().catch((error: unknown) => {
    loading = undefined;
    throw new Error(`cannot load snappy_bg.wasm, reinstall the agent: ${reasonOf(error)}`, { cause: error });
  });
  return loading;
}

async function load(): Promise<Compress> {
  const { compress_raw, initSync } = await import('snappy-wasm');
  // Threads of V8 compile the module. The package's own asynchronous function would load Node's fetch.
  initSync(await WebAssembly.compile(await readFile(moduleFile())));
  return compress_raw;
}

/** Next to the bundle, or in the package. */
function moduleFile(): URL {
  return new URL('./snappy_bg.wasm', isBundled ? import.meta.url : import.meta.resolve('snappy-wasm'));
}
