// Bundles the agent into dist/: the CLI and one file for each worker thread. koffi stays a package, it carries binaries.
import { readFileSync, rmSync } from 'node:fs';
import { build } from 'esbuild';

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };

rmSync('dist', { recursive: true, force: true });
await build({
  entryPoints: {
    main: 'cli/main.ts',
    service: 'src/main.ts',
    'etw-worker': 'src/sources/etw/etw-worker.ts',
    'windows-worker': 'src/sources/windows-worker.ts',
    'watchdog-worker': 'src/base/watchdog-worker.ts',
  },
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node26',
  external: ['koffi'],
  define: { COROOT_BUNDLED: 'true', COROOT_VERSION: JSON.stringify(version) },
  // CommonJS packages inside the bundle call require() for Node's own modules.
  banner: { js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);" },
  legalComments: 'linked',
  sourcemap: 'linked',
  minifySyntax: true,
  logLevel: 'warning',
});
