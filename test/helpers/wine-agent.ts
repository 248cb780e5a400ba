// Runs the Windows build of the agent in the foreground under Wine.
import { readFileSync } from 'node:fs';
import { windowsBuild } from '../../scripts/lib/windows-build.ts';
import type { Wine, WineProcess, WineResult } from '../../scripts/lib/wine.ts';
import { AgentClient } from '../../src/api/client.ts';
import { until } from './poll.ts';
import { freePort } from './ports.ts';

const START_TIMEOUT_MS = 60_000;
/** Short, because Wine sometimes does not accept a connection before the next one arrives. */
const REQUEST_TIMEOUT_MS = 3000;

export interface WineAgent {
  readonly address: string;
  readonly client: AgentClient;
  readonly process: WineProcess;
  /** The output so far. */
  printed(): string;
  /** Waits for `rounds` further passes, each with observations that were made after the call. */
  passes(rounds: number): Promise<void>;
  /** Sends Ctrl-C and waits for the exit. */
  stop(): Promise<WineResult>;
}

export interface WineAgentOptions {
  readonly args?: readonly string[];
  /** Arguments of node.exe itself, e.g. a preload. */
  readonly nodeArgs?: readonly string[];
  readonly env?: Record<string, string>;
}

/** Starts the agent with a pass every second, no minimum age and a free port, and waits for the first pass. */
export async function startWineAgent(wine: Wine, options: WineAgentOptions = {}): Promise<WineAgent> {
  const build = await windowsBuild();
  const address = `127.0.0.1:${await freePort()}`;
  const settings = ['--listen', address, '--scrape-interval', '1s', '--min-container-age', '0'];
  const args = [
    ...(options.nodeArgs ?? []),
    wine.toWindowsPath(build.main),
    'run',
    ...settings,
    ...(options.args ?? []),
  ];
  const process = wine.spawn(build.node, args, { env: options.env ?? {} });
  const printed = () => readFileSync(process.stdoutPath, 'utf8') + readFileSync(process.stderrPath, 'utf8');
  const client = new AgentClient({ address, timeoutMs: REQUEST_TIMEOUT_MS });
  const passCount = async () => (await client.status()).passes.count;
  const passesFrom = async (from: number, rounds: number) => {
    await until(`${rounds} passes`, START_TIMEOUT_MS, async () =>
      (await passCount()) >= from + rounds ? true : undefined,
    );
  };
  try {
    await passesFrom(0, 1);
  } catch (error) {
    throw new Error(`the agent did not start:\n${printed()}`, { cause: error });
  }
  return {
    address,
    client,
    process,
    printed,
    // One more, because the current round may have begun before the call.
    passes: async (rounds) => passesFrom(await until('status', START_TIMEOUT_MS, passCount), rounds + 1),
    stop: async () => {
      process.interrupt();
      return process.wait();
    },
  };
}
