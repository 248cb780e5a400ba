// Options of the commands that ask a running agent, and the client that they make.
import { type Command, Option } from 'commander';
import { AgentClient } from '../src/api/client.ts';
import { parseDurationMs } from '../src/base/duration.ts';
import { AgentError } from '../src/base/errors.ts';
import { endpointText } from '../src/base/ip.ts';
import { type ListenAddress, resolveConfig } from '../src/config.ts';
import { parseListen } from '../src/settings.ts';

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

export interface WideCommandOptions extends ClientCommandOptions {
  wide?: boolean;
}

/** Adds --wide, for what would make most tables too broad. */
export function addWideOption(command: Command): Command {
  return command.option('-w, --wide', 'more columns');
}

/** The client for the address given, or for where an agent with this machine's settings listens. Throws AgentError. */
export function clientFor(options: ClientCommandOptions, io: Io): AgentClient {
  const timeoutMs = parseDurationMs(options.timeout);
  if (timeoutMs === undefined || timeoutMs <= 0)
    throw new AgentError('USAGE', { reason: `--timeout: ${options.timeout} is not a duration such as 10s` });
  const listen = options.address === undefined ? resolveConfig({ flags: {}, env: io.env }).listen : parseListen(options.address);
  if (!listen) throw new AgentError('USAGE', { reason: `--address: ${options.address} is not HOST:PORT such as 127.0.0.1:10300` });
  return new AgentClient({ address: addressOf(listen), timeoutMs });
}

function addressOf({ host, port }: ListenAddress): string {
  // An agent that listens on every address is asked on the nearest one.
  const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return endpointText(reachable, port);
}
