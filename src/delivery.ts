// Creates the delivery that the settings ask for: spool, transports, and a destination for each endpoint.
import { join } from 'node:path';
import type { Logger } from './base/log.ts';
import type { SelfMetrics } from './base/self-metrics.ts';
import { SPOOL_FOLDER } from './base/spool-folder.ts';
import { catalogue } from './collectors/catalogue.ts';
import { type DeliveryClock, systemClock } from './exporters/delivery/clock.ts';
import { Delivery, type DeliveryRoute } from './exporters/delivery/delivery.ts';
import type { DestinationName } from './exporters/delivery/delivery-status.ts';
import { Destination } from './exporters/delivery/destination.ts';
import type { Source } from './exporters/delivery/source.ts';
import { OtlpLogsFormat } from './exporters/otlp/logs-format.ts';
import { LogsSource } from './exporters/otlp/logs-source.ts';
import type { PayloadFormat } from './exporters/payload.ts';
import { remoteWriteFormat } from './exporters/remote-write/format.ts';
import { PassEncoder } from './exporters/remote-write/pass-encoder.ts';
import { encodePass } from './exporters/remote-write/write-request.ts';
import { Spool } from './exporters/spool/spool.ts';
import { diskFiles, type SpoolFiles } from './exporters/spool/spool-files.ts';
import type { Transport } from './exporters/transport/transport.ts';
import type { Config } from './settings/index.ts';
import { createTransports } from './transports.ts';

/** Replaced by tests. */
export interface DeliverySystem {
  /** For waits and ages of the destinations. */
  readonly clock: DeliveryClock;
  readonly files: SpoolFiles;
}

/** `config` must have an endpoint. */
export function createDelivery(
  config: Config,
  selfMetrics: SelfMetrics,
  logger: Logger,
  { clock, files }: DeliverySystem = { clock: systemClock, files: diskFiles },
): Delivery {
  const { metricsEndpoint, logsEndpoint, maxSpoolBytes: maxBytes } = config;
  const folder = join(config.walDir, SPOOL_FOLDER);
  const spool = new Spool({ folder, maxBytes, files, log: (level, message) => logger[level](message) });
  const transports = createTransports(config);
  const log = { warn: (text: string) => logger.warn(text), info: (text: string) => logger.info(text) };
  const routeTo = (name: DestinationName, url: URL, format: PayloadFormat, transport: Transport): DeliveryRoute => {
    const queue = spool.queue(name);
    const onRequest = (_kind: string, durationMs: number): void =>
      selfMetrics.observe(catalogue.deliveryRequestDuration, { destination: name }, durationMs / 1000);
    const destination = new Destination({ name, url, queue, format, transport, log, clock, onRequest });
    return { name, queue, destination, source: () => (name === 'metrics' ? passSource : logSource) };
  };
  const metrics = metricsEndpoint && routeTo('metrics', metricsEndpoint, remoteWriteFormat, transports.metrics);
  const logs =
    logsEndpoint && routeTo('logs', logsEndpoint, new OtlpLogsFormat(config.otlpCompression), transports.logs);
  const passes =
    metrics &&
    new PassEncoder({
      encode: async (snapshot) => encodePass(snapshot, await selfMetrics.families()),
      add: (payload) => metrics.destination.add(payload),
      onProblem: (text) => logger.warn(`delivery of metrics: ${text}`),
    });
  const passSource: Source | undefined = passes && {
    dropped: () => passes.dropped,
    changes: () => ({}),
    finish: (timeoutMs) => passes.finish(timeoutMs).then(() => true),
  };
  const logSource = logs && new LogsSource({ append: (payload) => logs.destination.add(payload) });
  const routes = [metrics, logs].filter((route) => route !== undefined);
  return new Delivery({ spool, folder, maxBytes, routes, passes, logs: logSource, wallMs: () => clock.wallMs() });
}
