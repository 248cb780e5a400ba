// Runs Windows programs under Wine: one fresh prefix per instance, output in files, everything ended by close().

import { spawn as startProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { closeSync, openSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from './command.ts';
import { inCi } from './folders.ts';
import { installWine, WineUnavailable } from './wine-install.ts';
import { createPrefix, instanceFolder, removeServerFolder, wineCommand, wineEnvironment } from './wine-prefix.ts';
import { endProcesses, instanceProcesses, killProcesses } from './wine-processes.ts';
import { toInnerPath, toWindowsPath } from './wine-root.ts';
import { openWineRun } from './wine-runs.ts';

/** Options of a program besides its arguments; `cwd` is a path of the machine. */
export interface WineStartOptions {
  env?: Record<string, string>;
  cwd?: string;
}

/** The result of a Windows program; Linux passes only the low eight bits of its exit code. */
export interface WineResult {
  code: number;
  stdout: string;
  stderr: string;
}

/** A running Windows program; its output is written to two files. */
export interface WineProcess {
  /** Process id on Linux; the Windows one is another. */
  readonly pid: number;
  readonly stdoutPath: string;
  readonly stderrPath: string;
  /** Resolves when the program has ended. */
  wait(): Promise<WineResult>;
  /** Sends Ctrl-C: Node raises SIGINT, so the program can shut down. */
  interrupt(): void;
  /** Ends it by SIGTERM (TerminateProcess for the Windows program), after three seconds by SIGKILL. */
  kill(): Promise<WineResult>;
}

/** A Wine instance with its own prefix: a Windows machine with its own registry, services and drive C. */
export interface Wine {
  /** The prefix on the machine; drive C is `drive_c` in it. */
  readonly prefix: string;
  /** Runs a program to its end; throws when it takes longer than `timeoutMs` (two minutes). */
  run(
    program: string,
    args?: readonly string[],
    options?: WineStartOptions & { timeoutMs?: number },
  ): Promise<WineResult>;
  /**
   * Starts a program: a path of the machine when there is a slash in it, else a Windows path or a name that Windows
   * finds.
   */
  spawn(program: string, args?: readonly string[], options?: WineStartOptions): WineProcess;
  /** A path of the machine as Windows programs write it; only the project, its tools and /tmp can be reached. */
  toWindowsPath(path: string): string;
  /** Shuts the instance down and saves the registry. The next program boots it again, with its auto-start services. */
  shutDown(): Promise<void>;
  /** Ends every process of the prefix and removes it; a kept prefix that another run uses stays as it is. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

const patienceMs = 5_000;

/** Why Wine is missing, for a test's `skip`; false if it is available. With `CI=true` a missing Wine is an error. */
export async function whyNoWine(): Promise<string | false> {
  try {
    await installWine();
    return false;
  } catch (error) {
    if (inCi || !(error instanceof WineUnavailable)) throw error;
    return error.message;
  }
}

/** Opens a Wine instance with a fresh prefix; `keep` names a prefix that is kept. Installs Wine if it is missing. */
export async function openWine(options: { keep?: string } = {}): Promise<Wine> {
  const install = await installWine();
  // Windows files inherit the access list of their folder. Under Wine they have the mode of the file, which should not
  // let every account read the files of the agent.
  process.umask(0o077);
  const runId = randomUUID();
  const folder = instanceFolder(runId, options.keep);
  await createPrefix(install, folder, runId);
  const runs = openWineRun(folder, runId);
  const prefix = join(folder, 'prefix');
  // Runs that share a kept prefix share its server and services.
  const id = options.keep === undefined ? runId : folder;
  const baseEnv = wineEnvironment(install, prefix, id);
  // A test that ends by an uncaught error leaves no service behind; the next run cleans up after a killed one.
  const onExit = (): void => {
    if (!runs.isShared()) killProcesses(id, 'SIGKILL');
  };
  process.on('exit', onExit);
  let started = 0;

  function spawn(program: string, args: readonly string[] = [], start: WineStartOptions = {}): WineProcess {
    const name = program.includes('/') ? toInnerPath(install.root, program) : program;
    const cwd = toInnerPath(install.root, start.cwd ?? prefix);
    const { command, args: argv } = wineCommand(install, ['env', '-C', cwd, 'wine', name, ...args]);
    const log = join(runs.logs, `${++started}`);
    return startWithFiles(command, argv, { ...baseEnv, ...start.env }, `${log}.stdout`, `${log}.stderr`);
  }

  async function run(
    program: string,
    args: readonly string[] = [],
    start: WineStartOptions & { timeoutMs?: number } = {},
  ): Promise<WineResult> {
    const child = spawn(program, args, start);
    const timeoutMs = start.timeoutMs ?? 120_000;
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      void child.kill();
    }, timeoutMs);
    const result = await child.wait();
    clearTimeout(timer);
    if (late) throw new Error(`${program} did not end within ${timeoutMs} ms:\n${result.stdout}${result.stderr}`);
    return result;
  }

  async function shutDown(): Promise<void> {
    if (instanceProcesses(id).length > 0) {
      // At SIGINT the server ends its programs and saves the registry; at SIGTERM it only saves, at SIGKILL neither.
      const { command, args } = wineCommand(install, ['wineserver', '-k2']);
      await runCommand(command, args, { env: baseEnv, quiet: true });
      await endProcesses(id, patienceMs);
    }
    removeServerFolder(prefix);
  }

  async function close(): Promise<void> {
    process.off('exit', onExit);
    if (!runs.isShared()) await shutDown();
    runs.close();
    if (options.keep === undefined) rmSync(folder, { recursive: true, force: true });
  }

  return {
    prefix,
    run,
    spawn,
    shutDown,
    close,
    toWindowsPath: (path) => toWindowsPath(install.root, path),
    [Symbol.asyncDispose]: close,
  };
}

// Node under Wine cannot write to a Unix pipe (`open EBADF`), hence files.
function startWithFiles(
  command: string,
  args: string[],
  env: Record<string, string>,
  stdoutPath: string,
  stderrPath: string,
): WineProcess {
  const files = [openSync(stdoutPath, 'w'), openSync(stderrPath, 'w')] as const;
  const child = startProcess(command, args, { env, stdio: ['ignore', ...files] });
  for (const file of files) closeSync(file);
  const ended = new Promise<WineResult>((settle, fail) => {
    child.on('error', fail);
    child.on('exit', (code) => {
      settle({ code: code ?? 1, stdout: readFileSync(stdoutPath, 'utf8'), stderr: readFileSync(stderrPath, 'utf8') });
    });
  });
  const kill = async (): Promise<WineResult> => {
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), 3_000);
    const result = await ended;
    clearTimeout(timer);
    return result;
  };
  return {
    pid: child.pid ?? 0,
    stdoutPath,
    stderrPath,
    wait: () => ended,
    interrupt: () => void child.kill('SIGINT'),
    kill,
  };
}
