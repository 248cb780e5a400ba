// Composition root: joins host, model, collectors and control plane, starts and stops them in order.
import { type App, buildApp } from './api/app.ts';
import { Counters } from './base/counters.ts';
import { AgentError, reasonOf } from './base/errors.ts';
import { endpointText } from './base/ip.ts';
import type { Logger } from './base/log.ts';
import { AGENT_VERSION } from './base/version.ts';
import { catalogue } from './collectors/catalogue.ts';
import { collectors } from './collectors/index.ts';
import { PassRunner } from './collectors/pass.ts';
import { EXPOSITION_TYPE, expositionPieces } from './exporters/exposition.ts';
import { AGENT_SESSION, hostFor } from './host-for.ts';
import { HostModel, type ModelOptions } from './model/host-model.ts';
import type { Config } from './settings/index.ts';
import type { Host, HostHeader, Observation } from './sources/host.ts';
import { portOwner } from './sources/port-owner.ts';

export type { HostHeader };

/** Time that workers get to end by themselves when the agent stops. */
const STOP_TIMEOUT_MS = 3000;
/** Time between two looks at what the host says of itself. */
const LOOK_MS = 1000;

export interface AgentOptions extends ModelOptions {
  readonly listen: { readonly host: string; readonly port: number };
  readonly consoleMode: boolean;
  readonly logger: Logger;
  /** Time after which an address that is taken is tried again; without it that ends the start. */
  readonly retryListenMs?: number;
  /** Monotonic milliseconds, for what passes cost; the process's own clock by default. */
  readonly now?: () => number;
}

/** Time between two attempts of a service to listen. */
const RETRY_LISTEN_MS = 5000;

/**
 * The agent for these settings, on the host that they name or on another. A service keeps collecting where it cannot listen, and
 * tries again.
 */
export function createAgent(
  config: Config,
  logger: Logger,
  mode: 'foreground' | 'service' = 'foreground',
  host?: Host,
): Agent {
  const counters = new Counters();
  const options: AgentOptions = {
    listen: config.listen,
    minContainerAgeMs: config.minContainerAgeMs,
    filter: (id) =>
      config.containerDenylist(id) ? 'denied' : config.containerAllowlist(id) ? 'selected' : 'not-allowed',
    includeService: config.serviceInclude,
    consoleMode: mode === 'foreground',
    ...(mode === 'service' ? { retryListenMs: RETRY_LISTEN_MS } : {}),
    network: {
      ephemeralPorts: config.ephemeralPortRange,
      publicNetworks: config.trackPublicNetwork,
      maxDestinations: config.maxDestinationsPerContainer,
      maxDomains: config.maxFqdnsPerContainer,
    },
    logger,
  };
  return new Agent(
    options,
    host ?? hostFor(config, { sessionName: AGENT_SESSION, lendEvents: true }, counters, logger),
    counters,
  );
}

export class Agent {
  readonly model: HostModel;
  readonly counters: Counters;
  readonly passes: PassRunner;
  readonly #options: AgentOptions;
  readonly #now: () => number;
  readonly #host: Host;
  readonly #app: App;
  #header: HostHeader | undefined;
  #looking: NodeJS.Timeout | undefined;
  #retrying: NodeJS.Timeout | undefined;
  #problem = '';
  /** A pass after a tick, and the time that the model took for that tick. */
  #due: { readonly spentMs: number; turn: NodeJS.Immediate } | undefined;

  /** The host must put its own counts into `counters`, if it has any. */
  constructor(options: AgentOptions, host: Host, counters: Counters) {
    const { logger } = options;
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
    this.#host = host;
    this.counters = counters;
    this.model = new HostModel(options);
    this.passes = new PassRunner({
      collectors,
      agentVersion: AGENT_VERSION,
      counters,
      now: this.#now,
      onFault: (collector, error) =>
        logger.error({ err: error, collector }, 'a collector failed; its metrics are missing'),
    });
    this.#app = buildApp({
      version: AGENT_VERSION,
      model: this.model,
      passes: this.passes,
      counters,
      listen: () => endpointText(options.listen.host, this.port),
      consoleMode: options.consoleMode,
      startedAtMs: Date.now(),
      header: () => this.#header,
      hostStatus: () => host.status(),
      exposition: () => {
        const { snapshot } = this.passes;
        return snapshot && { type: EXPOSITION_TYPE, pieces: expositionPieces(snapshot) };
      },
      onInternalError: (error) => logger.error({ err: error }, 'a request failed'),
    });
  }

  /** The control plane first: it can tell that the host is slow to come. Throws AgentError. */
  async start(): Promise<HostHeader> {
    await this.#listenOrRetry();
    this.#header = await this.#host.start((observation) => this.observe(observation));
    this.#looking = setInterval(() => this.#look(), LOOK_MS).unref();
    return this.#header;
  }

  /** Takes one observation in. A tick makes a pass due: it has a turn of its own, unless the next observation comes before that. */
  observe(observation: Observation): void {
    this.finishPass();
    const beganAt = this.#now();
    const { kind } = observation;
    for (const { part, reason } of this.model.observe(observation))
      this.#options.logger.warn(`cannot read ${part}: ${reason}`);
    this.counters.add(catalogue.selfReadings.name, { kind, result: observation.unavailable ? 'failed' : 'good' });
    if (kind === 'tick') this.#plan(this.#now() - beganAt);
  }

  /** An immediate comes before the loop looks for input again, the immediate of an immediate after that. */
  #plan(spentMs: number): void {
    const turn = setImmediate(() => {
      if (this.#due) this.#due.turn = setImmediate(() => this.finishPass());
    });
    this.#due = { spentMs, turn };
  }

  /** Runs the pass that is due, if there is one: what it tells is the host as of its tick. */
  finishPass(): void {
    if (!this.#due) return;
    const { spentMs, turn } = this.#due;
    this.#due = undefined;
    clearImmediate(turn);
    this.passes.run(this.model, this.#now() - spentMs);
  }

  /** Resolves to false when something did not end in time: the caller must make sure of the death. */
  async stop(): Promise<boolean> {
    clearInterval(this.#looking);
    clearTimeout(this.#retrying);
    clearImmediate(this.#due?.turn);
    const ended = await Promise.all([this.#host.stop(STOP_TIMEOUT_MS), this.#closeApp()]);
    return ended.every(Boolean);
  }

  /** Says once what the host says of itself: a damaged tape, a system call that hangs, the end of a tape. */
  #look(): void {
    const { problem = '', detail } = this.#host.status();
    if (problem && !this.#problem) this.#options.logger.warn(problem);
    this.#problem = problem;
    if (!detail.ended) return;
    this.#options.logger.info('the tape is at its end; what it said last stays');
    clearInterval(this.#looking);
  }

  async #closeApp(): Promise<boolean> {
    await this.#app.close();
    return true;
  }

  /** What cannot listen may still collect, where that is wanted: said once for each reason, and again when it can. */
  async #listenOrRetry(said = ''): Promise<void> {
    const { retryListenMs, logger } = this.#options;
    try {
      await this.#listen();
      if (said !== '') logger.info(`listening on ${endpointText(this.#options.listen.host, this.port)} after all`);
    } catch (error) {
      if (retryListenMs === undefined) throw error;
      const reason = reasonOf(error);
      if (reason !== said)
        logger.warn(`${reason}; collecting goes on, and listening is tried again every ${retryListenMs / 1000} s`);
      this.#retrying = setTimeout(() => void this.#listenOrRetry(reason), retryListenMs);
    }
  }

  async #listen(): Promise<void> {
    const { host, port } = this.#options.listen;
    const address = endpointText(host, port);
    try {
      await this.#app.listen({ host, port });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE')
        throw new AgentError('LISTEN_FAILED', { address, reason: reasonOf(error) });
      throw new AgentError('PORT_TAKEN', { address, owner: await portOwner(port) });
    }
  }

  /** Port that the control plane listens on, for when 0 was asked for. */
  get port(): number {
    const address = this.#app.server.address();
    return typeof address === 'object' && address ? address.port : this.#options.listen.port;
  }
}
