// Delivery as an output of the agent: passes to the queue of metrics, and every queue to its destination.
import type { Snapshot } from '../../collectors/samples.ts';
import type { LogSink } from '../../logs/log-record.ts';
import type { HostIdentity } from '../otlp/logger-providers.ts';
import type { LogsSource } from '../otlp/logs-source.ts';
import type { Output, OutputStatus } from '../output.ts';
import type { PassEncoder } from '../remote-write/pass-encoder.ts';
import type { Spool } from '../spool/spool.ts';
import type { SpoolQueue } from '../spool/spool-queue.ts';
import { DAMAGED } from '../spool/spool-totals.ts';
import type { DeliveryReports, DeliveryStatus, DestinationName, SpoolStatus } from './delivery-status.ts';
import type { Destination } from './destination.ts';
import type { Source } from './source.ts';

export interface DeliveryRoute {
  readonly name: DestinationName;
  readonly queue: SpoolQueue;
  readonly destination: Destination;
  /** Undefined while nothing produces for this destination. */
  source(): Source | undefined;
}

export interface DeliveryOptions {
  readonly spool: Spool;
  readonly folder: string;
  readonly maxBytes: number;
  readonly routes: readonly DeliveryRoute[];
  /** Receives each pass; undefined where metrics have no destination. */
  readonly passes: PassEncoder | undefined;
  /** Receives log records; undefined where logs have no destination. */
  readonly logs: LogsSource | undefined;
  /** Milliseconds since 1970. */
  readonly wallMs: () => number;
}

/** Shares of the time of a stop: for what is not in the queue yet, and then for requests. */
const FINISH_SHARE = 0.3;
const SEND_SHARE = 0.5;

export class Delivery implements Output, DeliveryReports {
  readonly name = 'delivery';
  readonly #options: DeliveryOptions;

  constructor(options: DeliveryOptions) {
    this.#options = options;
  }

  start(): void {
    for (const { destination } of this.#options.routes) destination.start();
  }

  afterPass(snapshot: Snapshot): void {
    this.#options.passes?.add(snapshot);
  }

  /**
   * What the log pipeline emits its records to; undefined where logs have no destination, or after the stop. Call it
   * once the identity of the host is known: all records carry that of the first call, which loads the SDK.
   */
  async logSink(host: HostIdentity): Promise<LogSink | undefined> {
    return await this.#options.logs?.sink(host);
  }

  /** Sends what it can in this time; what is left stays in the spool. */
  async stop(timeoutMs: number): Promise<boolean> {
    const { routes, spool } = this.#options;
    const within = async (work: Promise<boolean>, ms: number): Promise<boolean> => {
      const timer = Promise.withResolvers<false>();
      const timeout = setTimeout(() => timer.resolve(false), ms);
      const inTime = await Promise.race([work, timer.promise]);
      clearTimeout(timeout);
      return inTime;
    };
    const finishMs = timeoutMs * FINISH_SHARE;
    const sendMs = timeoutMs * SEND_SHARE;
    const finished = await Promise.all(
      routes.map((route) => within(route.source()?.finish(finishMs) ?? Promise.resolve(true), finishMs)),
    );
    const stopped = await Promise.all(routes.map(({ destination }) => destination.stop(sendMs)));
    const close = spool.close().then(() => true);
    const closed = await within(close, timeoutMs - finishMs - sendMs);
    return closed && [...finished, ...stopped].every(Boolean);
  }

  /** The problem of each destination is in its own status. */
  status(): OutputStatus {
    const { routes, passes } = this.#options;
    return { detail: { destinations: routes.length }, problem: passes?.problem ?? '' };
  }

  statuses(): readonly DeliveryStatus[] {
    return this.#options.routes.map((route) => this.#statusOf(route));
  }

  spool(): SpoolStatus {
    const { spool, folder, maxBytes } = this.#options;
    const { diskBytes, memoryBytes, rejectedPayloads, leftovers, problem } = spool.status();
    const bytes = diskBytes + memoryBytes;
    return { folder, bytes, maxBytes, leftovers: Object.fromEntries(leftovers), rejectedPayloads, problem };
  }

  #statusOf({ name, queue, destination, source }: DeliveryRoute): DeliveryStatus {
    const status = destination.status();
    const { produced, delivered, dropped, requests, sentBytes } = destination.counts;
    const totals = queue.totals();
    const droppedEarly = Object.entries(source()?.dropped() ?? {});
    const droppedItems = sumByReason([
      ...Object.entries(dropped).map(([reason, amount]) => [reason, amount.items] as const),
      ...[...totals.dropped].map(([reason, { items }]) => [reason, items] as const),
      [DAMAGED, totals.setAside.get(DAMAGED)?.items ?? 0],
      ...droppedEarly,
    ]);
    const early = droppedEarly.reduce((sum, [, count]) => sum + count, 0);
    return {
      name,
      endpoint: status.url,
      state: status.state,
      problem: status.problem,
      queuedPayloads: status.queuedPayloads,
      queuedItems: status.queuedItems,
      queuedBytes: status.queuedBytes,
      oldestAgeSeconds: status.oldestAgeMs / 1000,
      recoveredItems: totals.recovered.items,
      producedItems: produced.items + early,
      deliveredItems: delivered.items,
      droppedItems,
      changes: sumByReason(Object.entries(source()?.changes() ?? {})),
      requests: { ...requests },
      sentBytes,
      lastStatus: status.lastStatus ?? 0,
      lastRequestSeconds: (status.lastDurationMs ?? 0) / 1000,
      lastSuccessAtMs: status.lastSuccessAtMs ?? 0,
      nextAttemptAtMs: status.nextAttemptInMs === undefined ? 0 : this.#options.wallMs() + status.nextAttemptInMs,
    };
  }
}

function sumByReason(counts: readonly (readonly [reason: string, count: number])[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const [reason, count] of counts) if (count > 0) sums[reason] = (sums[reason] ?? 0) + count;
  return sums;
}
