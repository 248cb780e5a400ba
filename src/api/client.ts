// The typed client of the control plane, for the CLI and for tests.
import { AgentError } from '../base/errors.ts';
import { type ClientOptions, connectionError, open, textOf } from './client-connection.ts';
import { type LogEvent, readLogEvents } from './log-events.ts';
import type { FollowFilter, LogFilter, LogPatternFilter } from './log-parameters.ts';
import type { ConnectionFilter, ContainerFilter, DnsRequestFilter } from './parameters.ts';
import type { ConnectionsAnswer } from './resources/connections.ts';
import type { ContainersAnswer } from './resources/containers.ts';
import type { DnsRequestsAnswer } from './resources/dns-requests.ts';
import type { ErrorAnswer } from './resources/error.ts';
import type { GpusAnswer } from './resources/gpus.ts';
import type { ListenersAnswer } from './resources/listeners.ts';
import type { LogPatternsAnswer } from './resources/log-patterns.ts';
import type { LogsAnswer } from './resources/logs.ts';
import type { NodeAnswer } from './resources/node.ts';
import type { ProcessesAnswer } from './resources/processes.ts';
import type { ServiceGroupsAnswer } from './resources/service-groups.ts';
import type { ServicesAnswer } from './resources/services.ts';
import type { StatusAnswer } from './resources/status.ts';

export { LOG_LEVELS } from '../logs/log-record.ts';
export type { ClientOptions, PeerConnection } from './client-connection.ts';
export { MAX_MESSAGES, MAX_ROWS } from './limits.ts';
export type { FollowFilter, LogEvent, LogFilter, LogPatternFilter };

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

  logs(query: Partial<LogFilter> = {}): Promise<LogsAnswer> {
    return this.#get(`/api/v1/logs?${parameters(query)}`, 'messages');
  }

  logPatterns(query: Partial<LogPatternFilter> = {}): Promise<LogPatternsAnswer> {
    return this.#get(`/api/v1/log-patterns?${parameters(query)}`, 'patterns');
  }

  /**
   * New messages until the stream ends or `signal` aborts. `after` is the id of the last event that is known. The
   * timeout is that of the first event; a later one need not come.
   */
  async *followLogs(
    query: Partial<FollowFilter>,
    after: string | undefined,
    signal: AbortSignal,
  ): AsyncGenerator<LogEvent> {
    const { address, timeoutMs } = this.#options;
    const path = `/api/v1/logs/follow?${parameters(query)}`;
    const url = new URL(`http://${address}${path}`);
    const opening = new AbortController();
    const timer = setTimeout(() => opening.abort(new DOMException('', 'TimeoutError')), timeoutMs);
    const headers = after === undefined ? {} : { 'last-event-id': after };
    try {
      const response = await open(url, this.#options, AbortSignal.any([signal, opening.signal]), headers);
      const { statusCode = 0 } = response;
      if (statusCode !== 200) throw answeredError(address, statusCode, parse(await textOf(response, url)));
      clearTimeout(timer);
      yield* readLogEvents(response);
    } catch (error) {
      if (!signal.aborted) throw connectionError(address, error);
    } finally {
      clearTimeout(timer);
    }
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

function parameters(query: object): URLSearchParams {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map((each) => [name, String(each)]),
  );
  return new URLSearchParams(pairs);
}

interface Answer {
  status: number;
  text: string;
}

async function get(url: URL, options: ClientOptions): Promise<Answer> {
  const signal = AbortSignal.timeout(options.timeoutMs);
  try {
    const response = await open(url, options, signal);
    return { status: response.statusCode ?? 0, text: await textOf(response, url) };
  } catch (error) {
    // The answer ends as if the connection was reset.
    throw signal.aborted ? signal.reason : error;
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
  return new AgentError('AGENT_ANSWER', { address, reason, status });
}
