// Options of the commands that query a running agent, and the client for them.
import { type Command, Option } from 'commander';
import { AgentClient, MAX_ROWS, type PeerConnection } from '../src/api/client.ts';
import { parseDurationMs } from '../src/base/duration.ts';
import { AgentError } from '../src/base/errors.ts';
import { endpointText } from '../src/base/ip.ts';
import { verifyPeer } from '../src/peer-check.ts';
import { type ListenAddress, parseListen, resolveConfig } from '../src/settings/index.ts';
import type { Out } from './output.ts';
import { refuseUnsafeSettings } from './settings-options.ts';

/** Where a command prints: results to `out`, warnings to `err`, both only through the functions in output.ts. */
export interface Io {
  readonly out: Out;
  readonly err: Out;
  readonly env: NodeJS.ProcessEnv;
  /** Resolves when the reader of the output has read enough for more; at once by default. */
  readonly ready?: () => Promise<void>;
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

/** Adds --wide, which shows columns that do not fit into most terminals; `columns` names them for the help. */
export function addWideOption(command: Command, columns = ''): Command {
  return command.option('-w, --wide', columns === '' ? 'more columns' : `more columns: ${columns}`);
}

/** The client for --address, or for the listen address in the settings of this machine. Throws AgentError. */
export function clientFor(options: ClientCommandOptions, io: Io): AgentClient {
  const timeoutMs = requestTimeout(options.timeout);
  const address = agentAddress(options.address, () => {
    refuseUnsafeSettings(io.env);
    return resolveConfig({ flags: {}, env: io.env, ignoreUnreadable: true }).listen;
  });
  return new AgentClient({ address, timeoutMs, verifyPeer: peerCheck(options.address) });
}

/** The check of the process that answers; `named` is --address. */
export function peerCheck(named: string | undefined): (connection: PeerConnection) => Promise<void> {
  return (connection) => verifyPeer(connection, named !== undefined);
}

/** Milliseconds of --timeout. Throws USAGE. */
export function requestTimeout(duration: string): number {
  const timeoutMs = parseDurationMs(duration);
  if (timeoutMs !== undefined && timeoutMs > 0) return timeoutMs;
  throw new AgentError('USAGE', { reason: `--timeout: ${duration} is not a duration such as 10s` });
}

/** Rows of --limit. Throws USAGE. */
export function rowLimit(rows: string): number {
  if (/^[1-9]\d{0,5}$/.test(rows) && Number(rows) <= MAX_ROWS) return Number(rows);
  throw new AgentError('USAGE', { reason: `--limit: ${rows} is not a whole number from 1 to ${MAX_ROWS}` });
}

/** `HOST:PORT` of the agent: --address, or the listen address in the settings. Throws USAGE. */
export function agentAddress(named: string | undefined, listening: () => ListenAddress): string {
  const listen = named === undefined ? listening() : parseListen(named);
  if (!listen)
    throw new AgentError('USAGE', { reason: `--address: ${named} is not HOST:PORT such as 127.0.0.1:10300` });
  const { host, port } = listen;
  // An agent that listens on every address is reached on loopback.
  const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return endpointText(reachable, port);
}
