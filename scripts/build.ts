// Bundles the agent into dist/: the CLI and one file for each worker thread. koffi stays a package, it carries
// binaries.
import { readFileSync, rmSync } from 'node:fs';
import { build } from 'esbuild';
import { bundleOptions } from './lib/bundle-options.ts';

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };

rmSync('dist', { recursive: true, force: true });
await build({
  ...bundleOptions,
  entryPoints: {
    main: 'cli/main.ts',
    service: 'src/main.ts',
    'etw-worker': 'src/sources/etw/etw-worker.ts',
    'windows-worker': 'src/sources/poll/windows-worker.ts',
    'watchdog-worker': 'src/base/watchdog-worker.ts',
  },
  outdir: 'dist',
  define: { COROOT_BUNDLED: 'true', COROOT_VERSION: JSON.stringify(version) },
  sourcemap: 'linked',
  logLevel: 'warning',
});
