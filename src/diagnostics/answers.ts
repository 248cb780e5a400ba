// What a control plane answers for a bundle: that of the running agent, or of one that lives as long as the recording.
import { createAgent } from '../agent.ts';
import { AgentClient } from '../api/client.ts';
import { reasonOf } from '../base/errors.ts';
import type { Logger } from '../base/log.ts';
import type { Config } from '../settings/index.ts';
import type { Host, HostHeader, Observation } from '../sources/host.ts';
import type { Answered } from './contents.ts';
import type { JsonAnswers } from './redact-answers.ts';

/** As many as the control plane gives. */
const MAX_ROWS = 200_000;
const OWN_TIMEOUT_MS = 60_000;

export interface Answers {
  /** Who gave them, in words. */
  readonly from: string;
  readonly json: Partial<JsonAnswers>;
  readonly metrics?: string;
  /** Why a part is not among them. */
  readonly failed: ReadonlyMap<Answered, string>;
}

/** Asks an agent for everything; one answer that fails costs no other. Throws AgentError when it does not even tell its status. */
export async function askAgent(client: AgentClient, from: string): Promise<Answers> {
  const json: Partial<JsonAnswers> = { status: await client.status() };
  const failed = new Map<Answered, string>();
  const attempt = async <T>(part: Answered, ask: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await ask();
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
    processes: await attempt('processes', () => client.processes()),
  });
  const metrics = await attempt('metrics', () => client.metrics());
  return { from, json, failed, ...(metrics === undefined ? {} : { metrics }) };
}

/** An agent over the observations of a recording, on a port of its own on loopback. */
export class RecordingAgent {
  readonly #agent: ReturnType<typeof createAgent>;
  readonly #header = Promise.withResolvers<HostHeader>();
  readonly #started: Promise<unknown>;

  constructor(config: Config, logger: Logger) {
    const host: Host = {
      start: () => this.#header.promise,
      stop: async () => true,
      status: () => ({ kind: config.host.kind, detail: {} }),
    };
    // What the host says of itself is in the answers; nobody reads along here.
    const silent = logger.child({}, { level: 'silent' });
    this.#agent = createAgent({ ...config, listen: { host: '127.0.0.1', port: 0 } }, silent, 'foreground', host);
    this.#started = this.#agent.start();
    // Looked at when it is asked; where there is no port, nobody waits for the header.
    this.#started.catch(() => {});
    this.#header.promise.catch(() => {});
  }

  begin(header: HostHeader): void {
    this.#header.resolve(header);
  }

  observe(observation: Observation): void {
    this.#agent.observe(observation);
  }

  /** Asks after the recording. Rejects when there was no host or no port for it. */
  async ask(): Promise<Answers> {
    this.#header.reject(new Error('the host told nothing'));
    await this.#started;
    const client = new AgentClient({ address: `127.0.0.1:${this.#agent.port}`, timeoutMs: OWN_TIMEOUT_MS });
    return askAgent(client, 'no agent was running: from the recording in this bundle');
  }

  async stop(): Promise<void> {
    this.#header.reject(new Error('stopped'));
    await this.#started.catch(() => {});
    await this.#agent.stop();
  }
}
