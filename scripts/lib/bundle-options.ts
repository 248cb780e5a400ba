// How the agent is bundled, for the product and for what measures it.
import type { BuildOptions } from 'esbuild';

export const bundleOptions = {
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node26',
  // It carries binaries.
  external: ['koffi'],
  // CommonJS packages inside the bundle call require() for Node's own modules.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
  minifySyntax: true,
  // Each isolate keeps the text of its modules, at two bytes a character when one of them is not ASCII: comments go, and legal
  // ones, with their names of people, to a file of their own.
  minifyWhitespace: true,
  legalComments: 'linked',
  lineLimit: 160,
} as const satisfies BuildOptions;
