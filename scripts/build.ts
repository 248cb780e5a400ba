// Bundles the agent into dist/: the CLI and one file for each worker thread, with NOTICE and the bill of materials.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';
import { copyBundleAssets, wasmModules } from './lib/bundle-assets.ts';
import { bundleOptions } from './lib/bundle-options.ts';
import { bundledFiles, bundledPackages } from './lib/bundled-packages.ts';
import { noticeText } from './lib/notice.ts';
import { softwareBillOfMaterials } from './lib/sbom.ts';
import { wasmCrates } from './lib/wasm-crates.ts';

const { name, version } = JSON.parse(readFileSync('package.json', 'utf8')) as { name: string; version: string };

rmSync('dist', { recursive: true, force: true });
const { metafile } = await build({
  ...bundleOptions,
  entryPoints: {
    main: 'cli/main.ts',
    service: 'src/main.ts',
    'etw-worker': 'src/sources/etw/etw-worker.ts',
    'windows-worker': 'src/sources/poll/windows-worker.ts',
    'logs-worker': 'src/sources/logs/logs-worker.ts',
    'watchdog-worker': 'src/base/watchdog-worker.ts',
  },
  outdir: 'dist',
  define: { COROOT_BUNDLED: 'true', COROOT_VERSION: JSON.stringify(version) },
  sourcemap: 'linked',
  logLevel: 'warning',
  metafile: true,
});

copyBundleAssets('dist');
const packages = bundledPackages(bundledFiles(metafile), bundleOptions.external);
const crates = wasmModules.flatMap(wasmCrates);
writeFileSync('dist/NOTICE', noticeText(`${name} ${version}`, [...packages, ...crates]));
writeFileSync('dist/sbom.cdx.json', softwareBillOfMaterials(name, packages, crates));
