// The packages of others that the product contains: their code is in the bundle, or they are installed beside it.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Metafile } from 'esbuild';

/** A package that is part of the product. */
export interface BundledPackage {
  name: string;
  version: string;
  /** SPDX identifier. */
  license: string;
  /** Authors as the manifest gives them; empty if it gives none. */
  author: string;
  /** Texts of the licence files in the package; empty if it contains none. */
  licenseTexts: string[];
}

interface Manifest {
  name: string;
  version: string;
  license?: unknown;
  author?: string | { name?: string };
}

const packageFolder = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/;
const licenseFile = /^(?:licen[cs]e|copying|notice)/i;

/**
 * The packages of `files`, and `external` ones, sorted by name and version. Throws for a package without an SPDX
 * licence.
 */
export function bundledPackages(files: readonly string[], external: readonly string[]): BundledPackage[] {
  const folders = new Set(external.map((name) => join('node_modules', name)));
  for (const file of files) {
    const folder = packageFolder.exec(file)?.[0];
    // Some published source maps have wrong relative paths; the package that contains such a map is in the list.
    if (folder !== undefined && existsSync(join(folder, 'package.json'))) folders.add(folder);
  }
  const packages = new Map<string, BundledPackage>();
  for (const folder of folders) {
    const found = readPackage(folder);
    packages.set(`${found.name}@${found.version}`, found);
  }
  return [...packages].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, found]) => found);
}

/**
 * The source files of the bundle: those that the bundler read, and those that the source maps of already bundled
 * packages name. Paths are relative to the project.
 */
export function bundledFiles(metafile: Metafile): string[] {
  return Object.entries(metafile.outputs).flatMap(([path, output]) => [
    ...Object.entries(output.inputs).flatMap(([file, { bytesInOutput }]) => (bytesInOutput > 0 ? [file] : [])),
    ...(path.endsWith('.map') ? sourcesOf(path) : []),
  ]);
}

function sourcesOf(map: string): string[] {
  const { sources } = JSON.parse(readFileSync(map, 'utf8')) as { sources: string[] };
  return sources.map((source) => join(dirname(map), source));
}

function readPackage(folder: string): BundledPackage {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
  const { name, version, license, author } = manifest;
  if (typeof license !== 'string') throw new Error(`${name} ${version} states no licence in its package.json`);
  return {
    name,
    version,
    license,
    author: (typeof author === 'string' ? author : author?.name) ?? '',
    licenseTexts: licenseTexts(folder),
  };
}

function licenseTexts(folder: string): string[] {
  const names = readdirSync(folder, { withFileTypes: true }).filter(
    (entry) => entry.isFile() && licenseFile.test(entry.name),
  );
  return names.map((entry) => readFileSync(join(folder, entry.name), 'utf8').trim()).filter((text) => text !== '');
}
