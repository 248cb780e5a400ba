// `npm run wine -- [--keep=NAME] PROGRAM ARGS`: runs a Windows program under Wine, which it installs if it is missing.
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { follow } from './lib/follow.ts';
import { windowsBuild } from './lib/windows-build.ts';
import { openWine, type WineProcess } from './lib/wine.ts';
import { WineUnavailable } from './lib/wine-install.ts';

const usage = `npm run wine -- [--keep=NAME] PROGRAM ARGS
  PROGRAM      node (the pinned Node for Windows), agent (the bundle in dist on it), a path with a slash,
               or a Windows program such as cmd
  --keep=NAME  a prefix (drive C, registry, services) that is kept for the next run with that name;
               without it every run is a fresh machine
A path of this machine is Z:\\project\\..., Z:\\tools\\... or Z:\\tmp\\... there.
`;

// Everything after PROGRAM is passed to it, even if it looks like an option.
const given = process.argv.slice(2);
const first = given.findIndex((word) => !word.startsWith('-'));
const { values } = parseArgs({
  args: first < 0 ? given : given.slice(0, first),
  options: { keep: { type: 'string' }, help: { type: 'boolean' } },
});
const [program, ...args] = first < 0 ? [] : given.slice(first);
if (values.help || program === undefined) {
  process.stderr.write(usage);
  process.exit(values.help ? 0 : 2);
}

async function runToEnd(child: WineProcess): Promise<number> {
  const outputs = [follow(child.stdoutPath, process.stdout), follow(child.stderrPath, process.stderr)];
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void child.kill());
  const { code } = await child.wait();
  for (const output of outputs) output.stop();
  return code;
}

try {
  await using wine = await openWine(values.keep === undefined ? {} : { keep: values.keep });
  let argv = [program, ...args];
  if (program === 'node' || program === 'agent') {
    const build = await windowsBuild();
    if (program === 'agent' && !existsSync(build.main))
      throw new Error('There is no bundle in dist: npm run build makes it.');
    argv = program === 'node' ? [build.node, ...args] : [build.node, wine.toWindowsPath(build.main), ...args];
  }
  process.exitCode = await runToEnd(wine.spawn(argv[0] ?? '', argv.slice(1), { cwd: process.cwd() }));
} catch (error) {
  if (!(error instanceof WineUnavailable)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 3;
}
