// The installed service of the agent under Wine: its CLI, the records of doubles, the registry and its folders.
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { windowsBuild } from '../../scripts/lib/windows-build.ts';
import type { Wine, WineResult } from '../../scripts/lib/wine.ts';
import { useDoubles } from '../windows/doubles/doubles.ts';
import { openScm, type Scm } from '../windows/mesh/scm.ts';

export interface WineService extends AsyncDisposable {
  readonly scm: Scm;
  /** Folders on this machine: the data folder, and the one to which doubles write. */
  readonly dataFolder: string;
  readonly recordFolder: string;
  /** Variables that make any Node in this Wine prefix load the doubles. */
  readonly nodeEnvironment: Record<string, string>;
  /** `coroot-agent service ARGS`, with the doubles. */
  service(...args: string[]): Promise<WineResult>;
  /** `coroot-agent ARGS`, with the doubles. */
  agent(args: readonly string[], env?: Record<string, string>): Promise<WineResult>;
  writeSettings(settings: Readonly<Record<string, unknown>>): void;
  /** Lines that a double recorded in a file. */
  recorded(file: string): string[];
  /** The command line of the service with doubles and `env`, for `scm.send`: Wine passes no variables to services. */
  commandLine(env?: Record<string, string>): string;
  /** Everything in the registry below Services, and all files below ProgramData. */
  snapshot(): Promise<string[]>;
}

/** Runs a program until disposed, because Wine shuts the machine down without one. */
export async function openWineService(wine: Wine): Promise<WineService> {
  const build = await windowsBuild();
  const idleProgram = wine.spawn(build.node, ['-e', 'setInterval(() => {}, 1000)']);
  const scm = await openScm(wine);
  const folder = mkdtempSync('/tmp/coroot-agent-service-');
  const doubles = await useDoubles(wine, ['serviceConfig', 'localGroups']);
  const recordEnv = { ...doubles.env, COROOT_TEST_RECORD: wine.toWindowsPath(folder) };
  const programData = join(wine.prefix, 'drive_c', 'ProgramData');
  const dataFolder = join(programData, 'CorootAgent');
  const faults = wine.toWindowsPath(join(import.meta.dirname, '../windows/faults.mjs')).replaceAll('\\', '/');

  const agent: WineService['agent'] = (args, env = {}) =>
    wine.run(build.node, [...doubles.nodeArgs, wine.toWindowsPath(build.main), ...args], {
      env: { ...recordEnv, ...env },
    });

  return {
    scm,
    dataFolder,
    recordFolder: folder,
    nodeEnvironment: { ...recordEnv, NODE_OPTIONS: doubles.nodeArgs.join(' ') },
    agent,
    // Under Wine the programs belong to the user that runs it, who is no administrator there.
    service: (...args) => agent(['service', ...args, ...(args[0] === 'install' ? ['--allow-unsafe-program'] : [])]),
    writeSettings(settings) {
      const file = join(dataFolder, 'settings.json');
      // Wine shows the right of others to read a file as a right of Everyone.
      writeFileSync(file, JSON.stringify(settings), { mode: 0o600 });
      chmodSync(file, 0o600);
    },
    recorded: (file) =>
      existsSync(join(folder, file)) ? readFileSync(join(folder, file), 'utf8').trim().split(/\r?\n/) : [],
    commandLine(env = {}) {
      const file = join(folder, `env-${readdirSync(folder).length}`);
      const lines = Object.entries({ ...recordEnv, ...env }).map(([name, value]) => `${name}='${value}'`);
      writeFileSync(file, lines.join('\n'));
      const entry = wine.toWindowsPath(join(dirname(build.main), 'service.js'));
      const preload = pathToFileURL(`/${faults}`).href;
      const nodeArgs = [`--env-file=${wine.toWindowsPath(file)}`, ...doubles.nodeArgs, '--import', preload];
      return `"${wine.toWindowsPath(build.node)}" ${nodeArgs.join(' ')} "${entry}"`;
    },
    async snapshot() {
      const keys = await wine.run('reg', ['query', 'HKLM\\System\\CurrentControlSet\\Services', '/s']);
      const files = readdirSync(programData, { recursive: true }).map(String);
      return [...keys.stdout.split(/\r?\n/), ...files].sort();
    },
    async [Symbol.asyncDispose]() {
      await idleProgram.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
