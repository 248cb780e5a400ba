// Compiles the C sources of the tests for Windows into the tools folder when they changed.
import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { buildOnce, hashFiles } from './build-once.ts';
import { runCommand } from './command.ts';
import { inCi, progress, toolsDir } from './folders.ts';
import { aptInstall } from './wine-install.ts';

/** A program or a DLL to build from one C file; `libraries` as in `ws2_32`. */
export interface CTarget {
  source: string;
  kind: 'exe' | 'dll';
  libraries?: readonly string[];
  /** Names that are defined for the preprocessor. */
  defines?: readonly string[];
}

const compiler = 'x86_64-w64-mingw32-gcc';
const debianPackage = 'gcc-mingw-w64-x86-64';
const flags = [
  '-std=c11',
  '-O1',
  '-Wall',
  '-Wextra',
  '-Werror',
  '-Wno-cast-function-type',
  '-DUNICODE',
  '-D_UNICODE',
  '-static',
];

/**
 * Why the compiler is missing, for a test's `skip`; false if it is available. With `CI=true` it is installed instead.
 */
export async function whyNoCompiler(): Promise<string | false> {
  if ((await runCommand(compiler, ['--version'], { quiet: true })).code === 0) return false;
  const advice = `There is no ${compiler}; install Debian's ${debianPackage}.`;
  if (!inCi) return advice;
  if (!existsSync('/usr/bin/apt-get')) throw new Error(advice);
  progress(`Installing ${debianPackage} ...`);
  await aptInstall([debianPackage]);
  return false;
}

function headersBeside(source: string): string[] {
  const folder = dirname(source);
  const names = readdirSync(folder).filter((name) => name.endsWith('.h'));
  return names.sort().map((name) => join(folder, name));
}

/** Compiles one target unless it is there already; returns the path of the program or DLL. */
export async function compileC(target: CTarget): Promise<string> {
  const name = basename(target.source, '.c');
  const libraries = (target.libraries ?? []).map((library) => `-l${library}`);
  const defines = target.defines ?? [];
  const options = defines.map((name) => `-D${name}`);
  const kind = target.kind === 'dll' ? ['-shared'] : ['-municode'];
  const stamp = [
    hashFiles([target.source, ...headersBeside(target.source)]),
    ...flags,
    ...options,
    ...kind,
    ...libraries,
  ].join(' ');
  const folder = await buildOnce(join(toolsDir, 'test-bin', [name, ...defines].join('-')), stamp, async (temporary) => {
    await runCommand(compiler, [
      ...flags,
      ...options,
      ...kind,
      target.source,
      '-o',
      join(temporary, `${name}.${target.kind}`),
      ...libraries,
    ]);
  });
  return join(folder, `${name}.${target.kind}`);
}
