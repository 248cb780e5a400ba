// Runs the bundled agent as a child process, e.g. as a replay of a tape.
import { type ChildProcess, spawn } from 'node:child_process';
import { AgentClient } from '../../src/api/client.ts';
import { until } from './poll.ts';
import { freePort } from './ports.ts';

const TIMEOUT_MS = 30_000;

export interface CliResult {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs `coroot-agent ARGS` until it exits, without the settings of this machine. */
export async function runCli(args: readonly string[], env: Record<string, string> = {}): Promise<CliResult> {
  const child = startCli(args, env);
  return child.ended;
}

export interface RunningCli {
  readonly child: ChildProcess;
  readonly ended: Promise<CliResult>;
  stdout(): string;
  stderr(): string;
}

export function startCli(args: readonly string[], env: Record<string, string> = {}): RunningCli {
  const clean = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('COROOT_')));
  const child = spawn(process.execPath, ['dist/main.js', ...args], {
    env: { ...clean, NO_COLOR: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (bytes: Buffer) => {
    stdout += bytes;
  });
  child.stderr.on('data', (bytes: Buffer) => {
    stderr += bytes;
  });
  const ended = new Promise<CliResult>((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr })));
  return { child, ended, stdout: () => stdout, stderr: () => stderr };
}

export interface AgentProcess extends RunningCli {
  readonly address: string;
  readonly client: AgentClient;
}

/** Starts `run` on a tape at full speed and waits until the whole tape has been replayed. */
export async function startAgent(tape: string, args: readonly string[] = []): Promise<AgentProcess> {
  const address = `127.0.0.1:${await freePort()}`;
  const replay = ['--host', `tape:${tape}`, '--speed', 'max', '--tape-time', 'recorded'];
  const running = startCli(['run', ...replay, '--listen', address, ...args]);
  const client = new AgentClient({ address, timeoutMs: TIMEOUT_MS });
  await until('the end of the tape', TIMEOUT_MS, async () =>
    (await client.status()).host.detail.ended ? true : undefined,
  );
  return { ...running, address, client };
}
