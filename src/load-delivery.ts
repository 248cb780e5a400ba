// Loads the delivery only where the settings name an endpoint: its code and its buffers cost memory.
import type { Logger } from './base/log.ts';
import type { SelfMetrics } from './base/self-metrics.ts';
import type { Delivery } from './exporters/delivery/delivery.ts';
import type { Config } from './settings/index.ts';

/** What creates the delivery of an agent; undefined where no endpoint is set. */
export async function loadDelivery(
  config: Config,
  logger: Logger,
): Promise<((selfMetrics: SelfMetrics) => Delivery) | undefined> {
  if (!config.metricsEndpoint && !config.logsEndpoint) return undefined;
  const { createDelivery } = await import('./delivery.ts');
  return (selfMetrics) => createDelivery(config, selfMetrics, logger);
}
