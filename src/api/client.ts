// The typed client of the control plane, for the CLI and for tests.
import { request } from 'node:http';
import { AgentError, reasonOf } from '../base/errors.ts';
import type { ConnectionFilter, DnsRequestFilter } from './parameters.ts';
import type { ConnectionsAnswer } from './resources/connections.ts';
import type { ContainersAnswer } from './resources/containers.ts';
import type { DnsRequestsAnswer } from './resources/dns-requests.ts';
import type { ErrorAnswer } from './resources/error.ts';
import type { ListenersAnswer } from './resources/listeners.ts';
import type { NodeAnswer } from './resources/node.ts';
import type { ProcessesAnswer } from './resources/processes.ts';
import type { ServiceGroupsAnswer } from './resources/service-groups.ts';
import type { ServicesAnswer } from './resources/services.ts';
import type { StatusAnswer } from './resources/status.ts';

export { MAX_ROWS } from './limits.ts';

/** Fifty thousand connections are some 10 MB. */
const MAX_ANSWER_BYTES = 256 * 1024 * 1024;

export interface ClientOptions {
  /** `HOST:PORT` of the agent. */
  readonly address: string;
  readonly timeoutMs: number;
}

/** Each method rejects with AgentError: not running, not reachable, or an answer that is not the agent's. */
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

  processes(): Promise<ProcessesAnswer> {
    return this.#get('/api/v1/processes', 'processes');
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
    const { text } = await this.#ask('/metrics');
    if (!text.startsWith('# HELP '))
      throw new AgentError('AGENT_ANSWER', { address: this.#options.address, reason: 'it is no exposition' });
    return text;
  }

  /** `mark` is a field that the agent's answer must have. */
  async #get<T>(path: string, mark: string): Promise<T> {
    const { address } = this.#options;
    const body = parse((await this.#ask(path)).text);
    if (typeof body !== 'object' || body === null || !(mark in body)) {
      throw new AgentError('AGENT_ANSWER', { address, reason: `there is no "${mark}" in it` });
    }
    return body as T;
  }

  /** An answer with a status of 2xx. */
  async #ask(path: string): Promise<Answer> {
    const { address, timeoutMs } = this.#options;
    let answer: Answer;
    try {
      answer = await get(new URL(`http://${address}${path}`), timeoutMs);
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

/** Not `fetch`: that refuses ports which the agent may well listen on, and bounds an answer by time only. */
function get(url: URL, timeoutMs: number): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { signal: AbortSignal.timeout(timeoutMs), agent: false }, (response) => {
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
    asked.on('error', reject);
    asked.end();
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The agent's own errors come through under their own code; anything else is another program. */
function answeredError(address: string, status: number, body: unknown): AgentError {
  const error = (body as Partial<ErrorAnswer> | undefined)?.error;
  if (error?.code === 'NOT_READY') return new AgentError('NOT_READY');
  const reason = error?.message ? `${error.message} (HTTP ${status})` : `HTTP status ${status}`;
  return new AgentError('AGENT_ANSWER', { address, reason });
}

/** Codes of a connection that stood, and then brought something else than an answer. */
const answered = /^(HPE_|ECONNRESET$|EPIPE$)/;

function connectionError(address: string, error: unknown): AgentError {
  if (error instanceof AgentError) return error;
  const cause = error instanceof Error && error.cause ? error.cause : error;
  const code = (cause as NodeJS.ErrnoException).code ?? (error as NodeJS.ErrnoException).code ?? '';
  if (code === 'ECONNREFUSED') return new AgentError('AGENT_NOT_RUNNING', { address }, { cause: error });
  if (answered.test(code))
    return new AgentError('AGENT_ANSWER', { address, reason: reasonOf(cause) }, { cause: error });
  const late = [error, cause].some((each) => (each as Error).name === 'TimeoutError');
  return new AgentError(
    'AGENT_NOT_REACHABLE',
    { address, reason: late ? 'no answer in time' : reasonOf(cause) },
    { cause: error },
  );
}
