// Opens requests to the control plane on verified connections, and turns their failures into errors.
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { boundedText } from '../base/bounded-text.ts';
import { AgentError, reasonOf } from '../base/errors.ts';

/** 50,000 connections are about 10 MB. */
const MAX_ANSWER_BYTES = 256 * 1024 * 1024;

export interface ClientOptions {
  /** `HOST:PORT` of the agent. */
  readonly address: string;
  readonly timeoutMs: number;
  /** Called with each new connection before anything is sent; rejects if its peer is not the agent. */
  readonly verifyPeer?: (connection: PeerConnection) => Promise<void>;
}

/** The endpoints of a connection to the agent. */
export interface PeerConnection {
  readonly localAddress: string;
  readonly localPort: number;
  readonly remoteAddress: string;
  readonly remotePort: number;
}

/**
 * Resolves with the header section. `signal` ends the answer as well. Not `fetch`, which refuses some ports that the
 * agent may listen on, and does not limit the size of an answer.
 */
export async function open(
  url: URL,
  { verifyPeer }: ClientOptions,
  signal: AbortSignal,
  headers: Readonly<Record<string, string>> = {},
): Promise<IncomingMessage> {
  const socket = verifyPeer && (await openVerified(url, signal, verifyPeer));
  const connection = socket ? { createConnection: () => socket } : {};
  return new Promise((resolve, reject) => {
    const pending = request(url, { signal, agent: false, headers, ...connection }, resolve);
    pending.on('error', reject);
    pending.end();
  });
}

export function textOf(response: IncomingMessage, { host }: URL): Promise<string> {
  const tooLarge = () => new AgentError('AGENT_ANSWER', { address: host, reason: 'it is too large' });
  return boundedText(response, MAX_ANSWER_BYTES, tooLarge);
}

async function openVerified(
  { hostname, port }: URL,
  signal: AbortSignal,
  verifyPeer: NonNullable<ClientOptions['verifyPeer']>,
): Promise<Socket> {
  const socket = connect({ host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 80) });
  try {
    await once(socket, 'connect', { signal });
    const { localAddress = '', localPort = 0, remoteAddress = '', remotePort = 0 } = socket;
    await verifyPeer({ localAddress, localPort, remoteAddress, remotePort });
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

/** Error codes of an established connection without a valid HTTP answer. */
const invalidAnswer = /^(HPE_|ECONNRESET$|EPIPE$)/;

export function connectionError(address: string, error: unknown): AgentError {
  if (error instanceof AgentError) return error;
  const cause = error instanceof Error && error.cause ? error.cause : error;
  const code = (cause as NodeJS.ErrnoException).code ?? (error as NodeJS.ErrnoException).code ?? '';
  if (code === 'ECONNREFUSED') return new AgentError('AGENT_NOT_RUNNING', { address }, { cause: error });
  if (invalidAnswer.test(code))
    return new AgentError('AGENT_ANSWER', { address, reason: reasonOf(cause) }, { cause: error });
  const timedOut = [error, cause].some((each) => (each as Error).name === 'TimeoutError');
  return new AgentError(
    'AGENT_NOT_REACHABLE',
    { address, reason: timedOut ? 'no answer in time' : reasonOf(cause) },
    { cause: error },
  );
}
