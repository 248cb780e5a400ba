// Rust crates that are compiled into the WebAssembly modules of the product. npm does not know them.
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { BundledPackage } from './bundled-packages.ts';

/** A crate in a WebAssembly module. */
export interface WasmCrate extends BundledPackage {
  /** Package URL (https://github.com/package-url/purl-spec). */
  purl: string;
}

/** Licence and holder of the copyright as the crate's own licence file states them; of two licences the one used. */
const known: Readonly<Record<string, Pick<WasmCrate, 'license' | 'author'>>> = {
  rust: { license: 'MIT', author: 'the contributors of the Rust project' },
  snap: { license: 'BSD-3-Clause', author: '2011, The Snappy-Rust Authors. All rights reserved.' },
  'wasm-bindgen': { license: 'MIT', author: '2014 Alex Crichton' },
};

/** Paths of source files in texts for panics, below the folder of a crate: `/snap-1.0.5/src/`. */
const sourcePath = /\/([a-z][\w-]*)-(\d+\.\d+\.\d+)\/src\//g;
/** Tools in the section `producers` that add code of their own, with the byte of the version's length between. */
const producers = /(rustc|wasm-bindgen).(\d+\.\d+\.\d+) \([0-9a-f]+/gs;

/**
 * The crates of a module, with the Rust library as `rust`, sorted by name. Throws for one whose licence is not known
 * here. A crate without a text for panics is not found.
 */
export function wasmCrates(file: string): WasmCrate[] {
  const text = readFileSync(file, 'latin1');
  const versions = new Map<string, string>();
  for (const [, name, version] of [...text.matchAll(sourcePath), ...text.matchAll(producers)])
    versions.set(name === 'rustc' ? 'rust' : name!, version!);
  return [...versions].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, version]) => crateOf(file, name, version));
}

function crateOf(file: string, name: string, version: string): WasmCrate {
  const found = known[name];
  if (found === undefined)
    throw new Error(
      `${basename(file)} contains the crate ${name} ${version}, whose licence is not known. ` +
        'Add it to scripts/lib/wasm-crates.ts.',
    );
  const purl = name === 'rust' ? `pkg:github/rust-lang/rust@${version}` : `pkg:cargo/${name}@${version}`;
  return { name, version, ...found, licenseTexts: [], purl };
}
