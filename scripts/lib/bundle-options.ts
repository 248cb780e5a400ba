// Options of the bundler, for the product and for benchmarks.
import { fileURLToPath } from 'node:url';
import type { BuildOptions } from 'esbuild';

const leftOut = fileURLToPath(new URL('left-out.cjs', import.meta.url));
/** dockerode loads these for archives, builds and remote shells; the agent passes a modem of its own. */
const unusedByDockerode = [
  '@balena/dockerignore',
  '@grpc/grpc-js',
  '@grpc/proto-loader',
  'docker-modem',
  'protobufjs',
  'tar-fs',
];

export const bundleOptions = {
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node26',
  // koffi contains binaries.
  external: ['koffi'],
  alias: Object.fromEntries(unusedByDockerode.map((name) => [name, leftOut])),
  // CommonJS packages inside the bundle call require() for Node's own modules.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
  minifySyntax: true,
  // Each isolate keeps the source of its modules, with two bytes per character if one is not ASCII: comments are
  // removed, and legal comments are written to a separate file.
  minifyWhitespace: true,
  legalComments: 'linked',
  lineLimit: 160,
} as const satisfies BuildOptions;
