// The typed client of the control plane, for the CLI and for tests.
import { AgentError, reasonOf } from '../base/errors.ts';
import type {
  ConnectionsAnswer,
  ContainersAnswer,
  ErrorAnswer,
  NodeAnswer,
  ProcessesAnswer,
  ServicesAnswer,
  StatusAnswer,
} from './schemas.ts';

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

  connections(query: { container?: string; limit?: number } = {}): Promise<ConnectionsAnswer> {
    const parameters = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]));
    return this.#get(`/api/v1/connections?${parameters}`, 'connections');
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

  /** `mark` is a field that the agent's answer must have. */
  async #get<T>(path: string, mark: string): Promise<T> {
    const { address, timeoutMs } = this.#options;
    let response: Response;
    let text: string;
    try {
      response = await fetch(`http://${address}${path}`, { signal: AbortSignal.timeout(timeoutMs), redirect: 'manual' });
      text = await response.text();
    } catch (error) {
      throw connectionError(address, error);
    }
    const body = parse(text);
    if (!response.ok) throw answeredError(address, response.status, body);
    if (typeof body !== 'object' || body === null || !(mark in body)) {
      throw new AgentError('AGENT_ANSWER', { address, reason: `there is no "${mark}" in it` });
    }
    return body as T;
  }
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

function connectionError(address: string, error: unknown): AgentError {
  const cause = error instanceof Error && error.cause ? error.cause : error;
  const code = (cause as NodeJS.ErrnoException).code;
  if (code === 'ECONNREFUSED') return new AgentError('AGENT_NOT_RUNNING', { address }, { cause: error });
  const reason = (error as Error).name === 'TimeoutError' ? 'no answer in time' : reasonOf(cause);
  return new AgentError('AGENT_NOT_REACHABLE', { address, reason }, { cause: error });
}
