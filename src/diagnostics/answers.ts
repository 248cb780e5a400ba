// Collects the answers of a control plane for a bundle: of the running agent, or of an agent that observes the
// recording.
import { createAgent } from '../agent.ts';
import { AgentClient, MAX_MESSAGES, MAX_ROWS } from '../api/client.ts';
import type { Answers } from '../api/resources/index.ts';
import { reasonOf } from '../base/errors.ts';
import type { Logger } from '../base/log.ts';
import type { Config } from '../settings/index.ts';
import type { Host, HostHeader, Observation } from '../sources/host.ts';
import type { AnsweredPart } from './contents.ts';
import { checkAnswer } from './redact-answers.ts';

/** Timeout of requests to the agent over the recording. */
const RECORDING_TIMEOUT_MS = 60_000;

export interface CollectedAnswers {
  /** Which agent answered, in words. */
  readonly from: string;
  readonly json: Partial<Answers>;
  readonly metrics?: string;
  /** Parts without an answer, with the reason. */
  readonly failed: ReadonlyMap<AnsweredPart, string>;
}

/**
 * Requests everything from an agent; a request that fails affects only its part. Rejects when there is no status, or an
 * answer that is not a status.
 */
export async function collectAnswers(client: AgentClient, from: string): Promise<CollectedAnswers> {
  const json: Partial<Answers> = { status: await client.status() };
  checkAnswer('status', json.status);
  const failed = new Map<AnsweredPart, string>();
  const attempt = async <T>(part: AnsweredPart, request: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await request();
    } catch (error) {
      failed.set(part, reasonOf(error));
      return undefined;
    }
  };
  Object.assign(json, {
    services: await attempt('services', () => client.services()),
    serviceGroups: await attempt('serviceGroups', () => client.serviceGroups()),
    listeners: await attempt('listeners', () => client.listeners()),
    containers: await attempt('containers', () => client.containers()),
    connections: await attempt('connections', () => client.connections({ limit: MAX_ROWS })),
    dnsRequests: await attempt('dnsRequests', () => client.dnsRequests({ limit: MAX_ROWS })),
    node: await attempt('node', () => client.node()),
    gpus: await attempt('gpus', () => client.gpus()),
    logPatterns: await attempt('logPatterns', () => client.logPatterns({ limit: MAX_MESSAGES })),
    logs: await attempt('logs', () => client.logs({ limit: MAX_MESSAGES })),
    processes: await attempt('processes', () => client.processes()),
  });
  const metrics = await attempt('metrics', () => client.metrics());
  return { from, json, failed, ...(metrics === undefined ? {} : { metrics }) };
}

/** An agent that observes the host of a recording and listens on a free port of the loopback address. */
export class RecordingAgent {
  readonly #agent: ReturnType<typeof createAgent>;
  readonly #header = Promise.withResolvers<HostHeader>();
  readonly #started: Promise<unknown>;

  constructor(config: Config, logger: Logger) {
    const host: Host = {
      start: () => this.#header.promise,
      stop: async () => [],
      status: () => ({ kind: config.host.kind, detail: {} }),
    };
    // The recorder logs the same problems of the host.
    const silent = logger.child({}, { level: 'silent' });
    this.#agent = createAgent({ ...config, listen: { host: '127.0.0.1', port: 0 } }, silent, { host });
    this.#started = this.#agent.start();
    // collect() awaits the start. These handlers prevent an unhandled rejection before that.
    this.#started.catch(() => {});
    this.#header.promise.catch(() => {});
  }

  begin(header: HostHeader): void {
    this.#header.resolve(header);
  }

  observe(observation: Observation): void {
    this.#agent.observe(observation);
  }

  /** To call after the recording. Rejects when no host was recorded or no port was free. */
  async collect(): Promise<CollectedAnswers> {
    this.#header.reject(new Error('the recording has no header'));
    await this.#started;
    const client = new AgentClient({ address: `127.0.0.1:${this.#agent.port}`, timeoutMs: RECORDING_TIMEOUT_MS });
    return collectAnswers(client, 'no agent was running: from the recording in this bundle');
  }

  async stop(): Promise<void> {
    this.#header.reject(new Error('stopped'));
    await this.#started.catch(() => {});
    await this.#agent.stop();
  }
}
