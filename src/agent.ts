// Composition root: connects host, model, collectors, outputs and control plane, and starts and stops them in order.
import { hostname } from 'node:os';
import { buildApp } from './api/app.ts';
import type { SettingPatterns } from './api/context.ts';
import { SERVER_LIMITS, type ServerLimits } from './api/limits.ts';
import { Listener } from './api/listener.ts';
import type { Logger } from './base/log.ts';
import { SelfMetrics } from './base/self-metrics.ts';
import { AGENT_VERSION } from './base/version.ts';
import { catalogue } from './collectors/catalogue.ts';
import { collectors } from './collectors/index.ts';
import { countObservation } from './collectors/observation-metrics.ts';
import { PassRunner } from './collectors/pass.ts';
import { PassSchedule } from './collectors/pass-schedule.ts';
import { countDeliveries } from './delivery-metrics.ts';
import { DockerLogFiles } from './docker-log-files.ts';
import type { Delivery } from './exporters/delivery/delivery.ts';
import { type DeliveryReports, NO_DELIVERY } from './exporters/delivery/delivery-status.ts';
import type { Output } from './exporters/output.ts';
import { Outputs } from './exporters/outputs.ts';
import { ScrapeOutput } from './exporters/scrape.ts';
import { foreignListener } from './foreign-listener.ts';
import { AGENT_SESSION, hostFor } from './host-for.ts';
import { HostWatch } from './host-watch.ts';
import { LogOutlet } from './log-outlet.ts';
import { logSourceFor, storeLastPositions } from './log-source-for.ts';
import { HostModel, type ModelOptions } from './model/host-model.ts';
import { modelOptions, namePatterns } from './model-options.ts';
import type { AllowedHosts, ApiAccess, Config } from './settings/index.ts';
import type { Host, HostHeader, Observation, TcpTable } from './sources/host.ts';
import type { LogSource } from './sources/logs/log-source.ts';
import { machineNames } from './sources/machine-names.ts';
import { type PendingCall, pendingCall, STOP_TIMEOUT_MS } from './sources/pending-call.ts';
import { portOwner } from './sources/port-owner.ts';

export type { HostHeader };

/** Time between two attempts of a service to listen. */
const RETRY_LISTEN_MS = 5000;

export interface AgentOptions extends ModelOptions {
  readonly listen: { readonly host: string; readonly port: number };
  /** Names of this machine for Host headers; its host name by default. */
  readonly machineNames?: () => readonly string[];
  /** Patterns that `status` names when they match nothing. */
  readonly namePatterns?: SettingPatterns;
  /** Further names under which clients may call. */
  readonly allowedHosts?: AllowedHosts;
  readonly apiAccess?: ApiAccess;
  readonly consoleMode: boolean;
  readonly logger: Logger;
  /** Limits of the control plane; the standard ones by default. */
  readonly serverLimits?: ServerLimits;
  /** Time between two attempts to listen; without it an address in use fails the start. */
  readonly retryListenMs?: number;
  /** Outputs besides the scrape endpoint. */
  readonly outputs?: readonly Output[];
  /** State of the deliveries that these outputs feed; none by default. */
  readonly delivery?: DeliveryReports;
  /** Passes log records on; they end in the model by default. */
  readonly logOutlet?: LogOutlet;
  /** Follows log files of containers; its last positions are stored when the outputs have stopped. */
  readonly logSource?: Pick<LogSource, 'setFiles' | 'storePositions'> | undefined;
  /** Fails a collector that changes the labels of an owner, for tests. */
  readonly verifyLabels?: boolean;
  /** Monotonic milliseconds, for the cost of passes; the clock of the process by default. */
  readonly now?: () => number;
}

export interface CreateOptions {
  /** A service that cannot listen collects and retries. */
  readonly mode?: 'foreground' | 'service';
  /** Replaces the host that the settings name. */
  readonly host?: Host;
  /** Outputs besides the scrape endpoint and the delivery. */
  readonly outputs?: readonly Output[];
  /** Creates the delivery of metrics and logs; nothing is delivered by default. */
  readonly delivery?: ((selfMetrics: SelfMetrics) => Delivery) | undefined;
}

/** Creates an agent from settings. */
export function createAgent(config: Config, logger: Logger, create: CreateOptions = {}): Agent {
  const { mode = 'foreground', host } = create;
  const selfMetrics = new SelfMetrics();
  selfMetrics.startNodeMetrics();
  const delivery = create.delivery?.(selfMetrics);
  const logOutlet = new LogOutlet({
    open: config.logsEndpoint && delivery && ((identity) => delivery.logSink(identity)),
    onFault: (error) => logger.error({ err: error }, 'log records cannot be sent'),
  });
  const logSource = host ? undefined : logSourceFor(config, logger, logOutlet);
  const options: AgentOptions = {
    listen: config.listen,
    ...modelOptions(config),
    namePatterns: namePatterns(config),
    machineNames,
    allowedHosts: config.allowedHosts,
    apiAccess: config.apiAccess,
    consoleMode: mode === 'foreground',
    ...(mode === 'service' ? { retryListenMs: RETRY_LISTEN_MS } : {}),
    outputs: [...(create.outputs ?? []), ...(delivery ? [delivery] : [])],
    ...(delivery && { delivery }),
    logOutlet,
    logSource,
    logger,
  };
  return new Agent(
    options,
    host ?? hostFor(config, { sessionName: AGENT_SESSION, lendEvents: true, logs: logSource }, selfMetrics, logger),
    selfMetrics,
  );
}

export class Agent {
  readonly model: HostModel;
  readonly selfMetrics: SelfMetrics;
  readonly passes: PassRunner;
  readonly outputs: Outputs;
  readonly #logger: Logger;
  readonly #now: () => number;
  readonly #host: Host;
  readonly #hostWatch: HostWatch;
  readonly #schedule: PassSchedule;
  readonly #listener: Listener;
  readonly #logOutlet: LogOutlet | undefined;
  readonly #logSource: AgentOptions['logSource'];
  readonly #dockerLogFiles: DockerLogFiles | undefined;
  /** Why not every connection to the port reaches this process; empty if nothing is known. */
  #listenProblem = '';
  #header: HostHeader | undefined;

  /** `selfMetrics` must be the registry that the host was created with. */
  constructor(options: AgentOptions, host: Host, selfMetrics: SelfMetrics) {
    const { logger, now = () => performance.now() } = options;
    this.#logger = logger;
    this.#now = now;
    this.#host = host;
    this.#hostWatch = new HostWatch(host, logger);
    this.selfMetrics = selfMetrics;
    this.model = new HostModel(options);
    this.#logOutlet = options.logOutlet;
    this.#logSource = options.logSource;
    this.#dockerLogFiles = options.logSource && new DockerLogFiles(options.logSource, Date.now());
    this.#logOutlet?.attach(this.model.logs);
    this.passes = new PassRunner({
      collectors,
      agentVersion: AGENT_VERSION,
      selfMetrics,
      now,
      verifyLabels: options.verifyLabels,
      onFault: (collector, error) =>
        logger.error({ err: error, collector }, 'a collector failed; its metrics are missing'),
    });
    const scrape = new ScrapeOutput(() => selfMetrics.text());
    this.outputs = new Outputs([scrape, ...(options.outputs ?? [])], (output, error, isNew) => {
      selfMetrics.increment(catalogue.selfOutputFailures, { output });
      if (isNew) logger.error({ err: error, output }, 'an output failed');
    });
    const delivery = options.delivery ?? NO_DELIVERY;
    this.#schedule = new PassSchedule((spentMs) => {
      countDeliveries(selfMetrics, delivery.statuses());
      this.outputs.afterPass(this.passes.run(this.model, now() - spentMs));
    });
    const app = buildApp({
      version: AGENT_VERSION,
      model: this.model,
      passes: this.passes,
      counters: () => selfMetrics.counterValues(),
      delivery,
      outputs: () => this.outputs.reports(),
      listen: () => this.#listener.address,
      listenProblem: () => this.#listenProblem,
      machineNames: options.machineNames ?? (() => [hostname()]),
      allowedHosts: options.allowedHosts ?? { names: [], domains: [] },
      apiAccess: options.apiAccess ?? 'local',
      // No command creates tokens yet.
      acceptsToken: () => false,
      namePatterns: options.namePatterns ?? {},
      consoleMode: options.consoleMode,
      startedAtMs: Date.now(),
      header: () => this.#header,
      hostStatus: () => host.status(),
      exposition: () => scrape.exposition(),
      onAnswer: (route, status, seconds) =>
        selfMetrics.observe(catalogue.selfRequestDuration, { route, status: String(status) }, seconds),
      limits: options.serverLimits ?? SERVER_LIMITS,
      onBuilt: (route) => selfMetrics.increment(catalogue.selfAnswersBuilt, { route }),
      onReject: (reason) => selfMetrics.increment(catalogue.selfRejected, { reason }),
      onMissedMessages: (count) => selfMetrics.increment(catalogue.selfFollowersMissed, {}, count),
      onInternalError: (error) => logger.error({ err: error }, 'a request failed'),
    });
    this.#listener = new Listener(app, { ...options.listen, retryMs: options.retryListenMs, logger, portOwner });
  }

  /** Starts the control plane first, so that it can report a host that is slow to start. Throws AgentError. */
  async start(): Promise<HostHeader> {
    await this.#listener.start();
    this.outputs.start();
    this.#header = await this.#host.start((observation) => this.observe(observation));
    this.#hostWatch.start();
    return this.#header;
  }

  /** Updates the model with one observation. A tick makes a pass due. */
  observe(observation: Observation): void {
    this.runDuePass();
    const beganAt = this.#now();
    for (const { part, reason } of this.model.observe(observation)) this.#logger.warn(`cannot read ${part}: ${reason}`);
    countObservation(this.selfMetrics, observation);
    this.#dockerLogFiles?.observe(observation);
    if (observation.kind === 'tcp' && observation.data) this.#checkListeners(observation.data);
    if (observation.kind !== 'tick') return;
    this.#logOutlet?.afterTick(this.model.node.identity);
    this.#schedule.schedule(this.#now() - beganAt);
  }

  /** The tables of a tape are those of another machine. */
  #checkListeners(tables: readonly TcpTable[]): void {
    const { bound } = this.#listener;
    if (!bound || this.#host.status().kind !== 'windows') return;
    const problem = foreignListener(tables, { ...bound, pid: process.pid }) ?? '';
    if (problem !== '' && problem !== this.#listenProblem) this.#logger.warn(problem);
    this.#listenProblem = problem;
  }

  /** Runs the pass that is due, if there is one. */
  runDuePass(): void {
    this.#schedule.runDue();
  }

  /** Resolves with the calls that have not returned in time, empty if everything has ended: exit-after-stop.ts. */
  async stop(): Promise<readonly PendingCall[]> {
    this.#hostWatch.stop();
    this.#schedule.cancel();
    this.#logOutlet?.stop();
    const [pending, outputsStopped] = await Promise.all([
      this.#host.stop(),
      this.outputs.stop(STOP_TIMEOUT_MS),
      this.#listener.stop(),
    ]);
    await storeLastPositions(this.#logSource);
    return outputsStopped ? pending : [...pending, pendingCall('', 'an output')];
  }

  /** The port that the control plane listens on. */
  get port(): number {
    return this.#listener.port;
  }
}
