// The source of Docker: waits for an endpoint, connects, and connects again after every failure.
import { connect } from 'node:net';
import { reasonOf } from '../../base/errors.ts';
import { monotonicMs } from '../../base/monotonic.ts';
import { Backoff } from '../backoff.ts';
import { PART_GRANTS } from '../grants.ts';
import type { DockerDaemon, Observation, Unavailability } from '../host.ts';
import type { PushObservation, Source } from '../live-host.ts';
import { type PendingCall, pendingCall } from '../pending-call.ts';
import { AnswerError } from './answer-error.ts';
import { DockerConnection } from './connection.ts';
import type { DockerCalls } from './docker-client.ts';
import { DEFAULT_ENDPOINT, type DockerEndpoint, type DockerVariables, dockerEndpoint } from './endpoint.ts';
import { Inventory } from './inventory.ts';
import { StatsReader } from './stats-reader.ts';

/** Clocks and timers; those of the process by default. */
export interface DockerClock {
  monotonicMs(): number;
  wallMs(): number;
  /** Returns a function that cancels the callback. */
  after(callback: () => void, ms: number): () => void;
}

export interface DockerSourceOptions {
  /** Address of the daemon in the form of DOCKER_HOST; empty for DOCKER_HOST itself, or the pipe of Docker. */
  readonly host: string;
  readonly variables: DockerVariables;
  /** Time between two ticks: statistics are read half-way. */
  readonly intervalMs: number;
  readonly clock?: DockerClock;
  /** Creates the client; loads dockerode by default. */
  readonly open?: (endpoint: DockerEndpoint) => Promise<DockerCalls>;
  /** Whether a server listens on the socket or pipe; tries to connect by default. */
  readonly exists?: (socketPath: string) => Promise<boolean>;
}

const processClock: DockerClock = {
  monotonicMs,
  wallMs: () => Date.now(),
  after: (callback, ms) => {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};

/** Refusals of Windows and Unix to open the pipe. */
const REFUSED: ReadonlySet<unknown> = new Set(['EACCES', 'EPERM']);

type Status = Pick<DockerDaemon, 'state' | 'reason' | 'sinceMs' | 'nextAttemptAtMs'>;

export class DockerSource implements Source {
  readonly #options: DockerSourceOptions;
  readonly #clock: DockerClock;
  readonly #endpointText: string;
  readonly #isConfigured: boolean;
  readonly #inventory = new Inventory();
  readonly #dropped = new Map<string, number>();
  #push: PushObservation = () => {};
  #connection: DockerConnection | undefined;
  #stats: StatsReader | undefined;
  #backoff = new Backoff();
  /** Undefined until there is an endpoint. */
  #status: Status | undefined;
  #isStatusNew = false;
  #degraded: readonly Unavailability[] = [];
  #isProbing = false;
  #isStopped = false;
  #cancelRetry: () => void = () => {};
  #cancelStats: () => void = () => {};
  #connectedMs = 0;

  constructor(options: DockerSourceOptions) {
    this.#options = options;
    this.#clock = options.clock ?? processClock;
    const named = options.host || (options.variables.DOCKER_HOST ?? '');
    this.#isConfigured = named !== '';
    this.#endpointText = named || DEFAULT_ENDPOINT;
  }

  /** Does not wait for the daemon: the agent starts without it. */
  start(push: PushObservation): Promise<undefined> {
    this.#push = push;
    if (this.#isConfigured) void this.#connect();
    else void this.#probe();
    return Promise.resolve(undefined);
  }

  beforeTick(): void {
    if (this.#isStopped) return;
    if (!this.#status) {
      if (!this.#isConfigured) void this.#probe();
      return;
    }
    this.#pushDaemon();
    if (!this.#connection || !this.#stats) return;
    const samples = this.#stats.take();
    if (samples.length > 0) this.#pushObservation({ kind: 'dockerStats', data: samples });
    this.#connection.refresh();
    this.#cancelStats();
    this.#cancelStats = this.#clock.after(() => this.#readStats(), this.#options.intervalMs / 2);
  }

  /** Nothing blocks: open calls are ended at once. */
  stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancelRetry();
    this.#cancelStats();
    this.#connection?.close();
    this.#connection = undefined;
    return Promise.resolve();
  }

  pendingCall(): PendingCall {
    return pendingCall('', 'the connection to Docker');
  }

  problem(): undefined {
    // The state of the daemon is an observation of its own.
    return undefined;
  }

  /** Connects as soon as there is a pipe. */
  async #probe(): Promise<void> {
    if (this.#isProbing) return;
    this.#isProbing = true;
    const { exists = listens } = this.#options;
    try {
      const { address } = dockerEndpoint(this.#endpointText, {});
      if (address.kind === 'socket' && (await exists(address.socketPath)) && !this.#isStopped) await this.#connect();
    } finally {
      this.#isProbing = false;
    }
  }

  async #connect(): Promise<void> {
    const { variables, open = openClient } = this.#options;
    try {
      const endpoint = dockerEndpoint(this.#endpointText, variables);
      const calls = await open(endpoint);
      if (this.#isStopped) return;
      const connection = new DockerConnection({
        endpoint,
        calls,
        inventory: this.#inventory,
        now: () => this.#clock.monotonicMs(),
        onDropped: (reason, count) => this.#drop(reason, count),
        onFailed: (error) => this.#retry(error, this.#clock.monotonicMs() - this.#connectedMs),
      });
      this.#connection = connection;
      await connection.open();
      this.#connectedMs = this.#clock.monotonicMs();
      this.#stats = new StatsReader({
        read: (id) => calls.stats(id),
        osType: connection.info.osType,
        now: () => this.#clock.monotonicMs(),
        onDropped: (reason) => this.#drop(reason),
      });
      this.#degraded = [];
      this.#setStatus({ state: 'running', reason: '' });
      this.#readStats();
    } catch (error) {
      if (!this.#isStopped) this.#retry(error, 0);
    }
  }

  #readStats(): void {
    if (!this.#isStopped) this.#stats?.readAll(this.#inventory.running());
  }

  #retry(error: unknown, ranMs: number): void {
    this.#stats = undefined;
    const waitMs = this.#backoff.next(ranMs);
    const { cause } = error instanceof AnswerError ? error : { cause: undefined };
    const refused = REFUSED.has((cause as NodeJS.ErrnoException | undefined)?.code);
    const { docker } = PART_GRANTS;
    const right = refused ? { requiredRight: docker.requiredRight } : {};
    const reason = reasonOf(error);
    this.#degraded = [{ part: 'docker', reason, ...right, consequence: docker.consequence }];
    this.#setStatus({ state: 'retrying', reason, nextAttemptAtMs: this.#clock.wallMs() + waitMs });
    // At once: the next tick may be far away, and `status` should say it.
    this.#pushDaemon();
    this.#cancelRetry = this.#clock.after(() => void this.#connect(), waitMs);
  }

  #setStatus(next: Omit<Status, 'sinceMs'>): void {
    const sinceMs = this.#status?.state === next.state ? this.#status.sinceMs : this.#clock.wallMs();
    this.#status = { ...next, sinceMs };
    this.#isStatusNew = true;
  }

  #drop(reason: string, count = 1): void {
    if (count <= 0) return;
    this.#dropped.set(reason, (this.#dropped.get(reason) ?? 0) + count);
    this.#isStatusNew = true;
  }

  #pushDaemon(): void {
    if (!this.#status || !(this.#isStatusNew || this.#inventory.isChanged)) return;
    this.#isStatusNew = false;
    this.#inventory.isChanged = false;
    const data: DockerDaemon = {
      ...this.#status,
      endpoint: this.#endpointText,
      version: this.#connection?.version ?? '',
      apiVersion: this.#connection?.apiVersion ?? '',
      containers: this.#inventory.containers(),
      dropped: Object.fromEntries(this.#dropped),
    };
    const degraded = this.#degraded.length > 0 ? { degraded: this.#degraded } : {};
    this.#pushObservation({ kind: 'dockerContainers', data, ...degraded });
  }

  #pushObservation(body: Pick<Observation, 'kind' | 'data' | 'degraded'>): void {
    const head = {
      seq: 0,
      tMono: this.#clock.monotonicMs(),
      tWall: this.#clock.wallMs(),
      source: 'docker',
      seconds: 0,
    };
    // TypeScript cannot follow a kind through the mapped union.
    this.#push({ ...head, ...body } as Observation);
  }
}

/** dockerode costs memory, so it is loaded with the first connection. */
async function openClient(endpoint: DockerEndpoint): Promise<DockerCalls> {
  const { DockerClient } = await import('./docker-client.ts');
  return new DockerClient(endpoint);
}

/** True also for a pipe that refuses the connection: then the refusal is reported. */
function listens(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ path: socketPath }).unref();
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', ({ code }: NodeJS.ErrnoException) => resolve(code !== 'ENOENT' && code !== 'ECONNREFUSED'));
  });
}
