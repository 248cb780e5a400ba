// The last finished pass as Prometheus text, rendered by prom-client.
import { Registry } from 'prom-client';
import type { Family, Snapshot } from '../collectors/samples.ts';

const noLabels = {};

/**
 * Gives prom-client the families of a snapshot through its metric interface. Label sets go in as shared labels: it renders
 * such an object once and remembers the text for as long as the object lives, which is as long as the series does.
 */
class SnapshotRegistry extends Registry {
  families: readonly Family[] = [];

  override getMetricsAsArray(): never[] {
    return this.families.map(({ definition: { name, help, type }, samples }) => ({
      name,
      help,
      type,
      get: () => ({
        name,
        help,
        type,
        values: samples.map(({ suffix, labels, value }) => ({
          value,
          labels: noLabels,
          sharedLabels: labels,
          metricName: suffix === '' ? name : `${name}${suffix}`,
        })),
      }),
      // prom-client's types know its own metric classes only; this is the interface that its registry calls.
    })) as never[];
  }
}

const registry = new SnapshotRegistry();

/** MIME type of the text: https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format */
export const EXPOSITION_TYPE = registry.contentType;

/** Text of a snapshot; families without a sample are left out. */
export function renderExposition(snapshot: Snapshot): Promise<string> {
  registry.families = snapshot.families;
  return registry.metrics();
}
