// The service control manager of a Wine prefix, controlled through scm-tool.c.
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileC } from '../../../scripts/lib/mingw.ts';
import type { Wine } from '../../../scripts/lib/wine.ts';

/** Win32's SERVICE_STOPPED and SERVICE_RUNNING. */
export const serviceStopped = 1;
/** @see serviceStopped */
export const serviceRunning = 4;

/** One service as the SCM reports it: Win32 numbers; `pid` is that of Windows, 0 when it is stopped. */
export interface ServiceFacts {
  name: string;
  state: number;
  pid: number;
  type: number;
}

/** The SCM of a prefix; one process runs all commands of a call. */
export interface Scm {
  /**
   * Sends commands, each a verb and its fields as in scm-tool.c, and returns the fields of each answer; an error in one
   * throws.
   */
  send(commands: readonly (readonly (string | number)[])[]): Promise<string[][]>;
  /** Starts services and waits until all run. */
  start(names: readonly string[]): Promise<void>;
  /** Stops services and waits until all have stopped. */
  stop(names: readonly string[]): Promise<void>;
  /** The status of these services. */
  query(names: readonly string[]): Promise<ServiceFacts[]>;
  /** The status of all services. */
  list(): Promise<ServiceFacts[]>;
}

const TIMEOUT_MS = 30_000;

/** Builds the tool if needed and returns the SCM of `wine`. */
export async function openScm(wine: Wine): Promise<Scm> {
  const tool = await compileC({
    source: join(import.meta.dirname, 'scm-tool.c'),
    kind: 'exe',
    libraries: ['advapi32'],
  });
  let sent = 0;

  async function send(commands: readonly (readonly (string | number)[])[]): Promise<string[][]> {
    const file = join(wine.prefix, 'drive_c', `scm-${++sent}.txt`);
    writeFileSync(file, commands.map((fields) => `${fields.join('\t')}\n`).join(''));
    const { code, stdout, stderr } = await wine.run(tool, [wine.toWindowsPath(file)]);
    rmSync(file);
    const answers = stdout
      .split(/\r?\n/)
      .filter((line) => line !== '')
      .map((line) => line.split('\t'));
    const failed = answers.filter(([verb, , error]) => verb !== 'service' && error !== '0');
    if (code !== 0 || failed.length > 0) {
      throw new Error(`scm-tool: exit code ${code}, ${failed.map((fields) => fields.join(' ')).join('; ')} ${stderr}`);
    }
    return answers;
  }

  async function change(verb: 'start' | 'stop', names: readonly string[], state: number): Promise<void> {
    await send([...names.map((name) => [verb, name]), ...names.map((name) => ['wait', name, state, TIMEOUT_MS])]);
  }

  return {
    send,
    start: (names) => change('start', names, serviceRunning),
    stop: (names) => change('stop', names, serviceStopped),
    query: async (names) =>
      (await send(names.map((name) => ['query', name]))).map(([, name, , ...rest]) => facts(name, rest)),
    list: async () => (await send([['list']])).slice(0, -1).map(([, name, ...rest]) => facts(name, rest)),
  };
}

function facts(name = '', [state, pid, type]: string[]): ServiceFacts {
  return { name, state: Number(state), pid: Number(pid), type: Number(type) };
}
