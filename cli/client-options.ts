// Options of the commands that ask a running agent, and the client that they make.
import { type Command, Option } from 'commander';
import { AgentClient } from '../src/api/client.ts';
import { parseDurationMs } from '../src/base/duration.ts';
import { AgentError } from '../src/base/errors.ts';
import { resolveConfig } from '../src/config.ts';

export interface Io {
  out(text: string): void;
  env: NodeJS.ProcessEnv;
}

export interface ClientCommandOptions {
  output: 'table' | 'json';
  address?: string;
  timeout: string;
}

/** Adds --address, --timeout and -o to a command. */
export function addClientOptions(command: Command): Command {
  return command
    .addOption(new Option('-o, --output <format>', 'how to print').choices(['table', 'json']).default('table'))
    .option('--address <host:port>', 'address of the agent (default: the setting listen)')
    .option('--timeout <duration>', 'how long to wait for the answer', '10s');
}

/** The client for the address given, or for where an agent with this machine's settings listens. Throws AgentError. */
export function clientFor(options: ClientCommandOptions, io: Io): AgentClient {
  const timeoutMs = parseDurationMs(options.timeout);
  if (timeoutMs === undefined || timeoutMs <= 0)
    throw new AgentError('USAGE', { reason: `--timeout: ${options.timeout} is not a duration such as 10s` });
  return new AgentClient({ address: options.address ?? configuredAddress(io.env), timeoutMs });
}

function configuredAddress(env: NodeJS.ProcessEnv): string {
  const { host, port } = resolveConfig({ flags: {}, env }).listen;
  // An agent that listens on every address is asked on the nearest one.
  const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return reachable.includes(':') ? `[${reachable}]:${port}` : `${reachable}:${port}`;
}
