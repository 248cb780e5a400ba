// Compiles C sources of the tests for Linux, as libraries for LD_PRELOAD.
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { buildOnce, hashFiles } from './build-once.ts';
import { runCommand } from './command.ts';
import { inCi, progress, toolsDir } from './folders.ts';
import { aptInstall } from './wine-install.ts';

const compiler = 'gcc';
const debianPackages = ['gcc', 'libc6-dev'];
const flags = ['-std=gnu11', '-O1', '-Wall', '-Wextra', '-Werror', '-shared', '-fPIC'];

/** Why there is no compiler, for a test's `skip`; false if it is available. With `CI=true` it is installed instead. */
export async function whyNoHostCompiler(): Promise<string | false> {
  if (process.platform !== 'linux') return 'LD_PRELOAD needs Linux.';
  const hasHeaders = existsSync('/usr/include/dlfcn.h');
  if (hasHeaders && (await runCommand(compiler, ['--version'], { quiet: true })).code === 0) return false;
  const advice = `There is no ${compiler} with headers; install Debian's ${debianPackages.join(' and ')}.`;
  if (!inCi) return advice;
  if (!existsSync('/usr/bin/apt-get')) throw new Error(advice);
  progress(`Installing ${debianPackages.join(' and ')} ...`);
  await aptInstall(debianPackages);
  return false;
}

/** Compiles a library unless it is there already; returns its path. */
export async function compileLibrary(source: string): Promise<string> {
  const name = basename(source, '.c');
  const stamp = [hashFiles([source]), ...flags].join(' ');
  const folder = await buildOnce(join(toolsDir, 'test-bin', `${name}-linux`), stamp, async (temporary) => {
    await runCommand(compiler, [...flags, source, '-o', join(temporary, `${name}.so`), '-ldl']);
  });
  return join(folder, `${name}.so`);
}
