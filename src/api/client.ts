// The typed client of the control plane, for the CLI and for tests.
import { once } from 'node:events';
import { request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { AgentError, reasonOf } from '../base/errors.ts';
import type { ConnectionFilter, ContainerFilter, DnsRequestFilter } from './parameters.ts';
import type { ConnectionsAnswer } from './resources/connections.ts';
import type { ContainersAnswer } from './resources/containers.ts';
import type { DnsRequestsAnswer } from './resources/dns-requests.ts';
import type { ErrorAnswer } from './resources/error.ts';
import type { GpusAnswer } from './resources/gpus.ts';
import type { ListenersAnswer } from './resources/listeners.ts';
import type { NodeAnswer } from './resources/node.ts';
import type { ProcessesAnswer } from './resources/processes.ts';
import type { ServiceGroupsAnswer } from './resources/service-groups.ts';
import type { ServicesAnswer } from './resources/services.ts';
import type { StatusAnswer } from './resources/status.ts';

export { MAX_ROWS } from './limits.ts';

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

/** Each method rejects with AgentError: not running, not reachable, or the answer of another program. */
export class AgentClient {
  readonly #options: ClientOptions;

  constructor(options: ClientOptions) {
    this.#options = options;
  }

  status(): Promise<StatusAnswer> {
    return this.#get('/api/v1/status', 'agent');
  }

  containers(): Promise<ContainersAnswer> {
    return this.#get('/api/v1/containers', 'containers');
  }

  connections(query: Partial<ConnectionFilter> = {}): Promise<ConnectionsAnswer> {
    return this.#get(`/api/v1/connections?${parameters(query)}`, 'connections');
  }

  dnsRequests(query: Partial<DnsRequestFilter> = {}): Promise<DnsRequestsAnswer> {
    return this.#get(`/api/v1/dns-requests?${parameters(query)}`, 'containers');
  }

  node(): Promise<NodeAnswer> {
    return this.#get('/api/v1/node', 'interfaces');
  }

  gpus(): Promise<GpusAnswer> {
    return this.#get('/api/v1/gpus', 'gpus');
  }

  processes(query: Partial<ContainerFilter> = {}): Promise<ProcessesAnswer> {
    return this.#get(`/api/v1/processes?${parameters(query)}`, 'processes');
  }

  services(): Promise<ServicesAnswer> {
    return this.#get('/api/v1/services', 'services');
  }

  serviceGroups(): Promise<ServiceGroupsAnswer> {
    return this.#get('/api/v1/service-groups', 'groups');
  }

  listeners(): Promise<ListenersAnswer> {
    return this.#get('/api/v1/listeners', 'listeners');
  }

  /** The last pass as Prometheus text. */
  async metrics(): Promise<string> {
    const { text } = await this.#request('/metrics');
    if (!text.startsWith('# HELP '))
      throw new AgentError('AGENT_ANSWER', { address: this.#options.address, reason: 'it is not Prometheus text' });
    return text;
  }

  /** Throws if the answer lacks `requiredField`. */
  async #get<T>(path: string, requiredField: string): Promise<T> {
    const { address } = this.#options;
    const body = parse((await this.#request(path)).text);
    if (typeof body !== 'object' || body === null || !(requiredField in body)) {
      throw new AgentError('AGENT_ANSWER', { address, reason: `the field "${requiredField}" is missing` });
    }
    return body as T;
  }

  /** Resolves to an answer with a status of 2xx. */
  async #request(path: string): Promise<Answer> {
    const { address } = this.#options;
    let answer: Answer;
    try {
      answer = await get(new URL(`http://${address}${path}`), this.#options);
    } catch (error) {
      throw connectionError(address, error);
    }
    if (answer.status < 200 || answer.status > 299) throw answeredError(address, answer.status, parse(answer.text));
    return answer;
  }
}

function parameters(query: Partial<ConnectionFilter & DnsRequestFilter>): URLSearchParams {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map((each) => [name, String(each)]),
  );
  return new URLSearchParams(pairs);
}

interface Answer {
  status: number;
  text: string;
}

/** Not `fetch`, which refuses some ports that the agent may listen on, and does not limit the size of an answer. */
async function get(url: URL, { timeoutMs, verifyPeer }: ClientOptions): Promise<Answer> {
  const signal = AbortSignal.timeout(timeoutMs);
  const socket = verifyPeer && (await openVerified(url, signal, verifyPeer));
  const connection = socket ? { createConnection: () => socket } : {};
  return new Promise((resolve, reject) => {
    const pending = request(url, { signal, agent: false, ...connection }, (response) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > MAX_ANSWER_BYTES)
          response.destroy(new AgentError('AGENT_ANSWER', { address: url.host, reason: 'it is too large' }));
        else chunks.push(chunk);
      });
      response.on('error', reject);
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') }),
      );
    });
    pending.on('error', reject);
    pending.end();
  });
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

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** NOT_READY keeps its code; every other failed answer becomes AGENT_ANSWER with the reason. */
function answeredError(address: string, status: number, body: unknown): AgentError {
  const error = (body as Partial<ErrorAnswer> | undefined)?.error;
  if (error?.code === 'NOT_READY') return new AgentError('NOT_READY');
  const reason = error?.message ? `${error.message} (HTTP ${status})` : `HTTP status ${status}`;
  return new AgentError('AGENT_ANSWER', { address, reason });
}

/** Error codes of an established connection without a valid HTTP answer. */
const invalidAnswer = /^(HPE_|ECONNRESET$|EPIPE$)/;

function connectionError(address: string, error: unknown): AgentError {
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
