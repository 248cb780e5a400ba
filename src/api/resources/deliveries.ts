// Deliveries, the spool and the outputs: the parts of the status about where the data of the agent goes.
import type { DeliveryStatus } from '../../exporters/delivery/delivery-status.ts';
import type { OutputReport } from '../../exporters/outputs.ts';
import { choice, integer, list, number, numbers, record, type Static, text } from '../fields.ts';

const deliverySchema = record({
  destination: choice(['metrics', 'logs'], 'What is delivered.'),
  endpoint: text('removed', 'URL without password, and without the values of its query.'),
  state: choice(
    ['idle', 'delivering', 'retrying', 'refused', 'stopped'],
    '`idle`: no payload yet. `retrying`: the receiver cannot be reached. `refused`: it refuses this agent.',
  ),
  problem: text('text', 'Why data does not arrive and what to do; empty while it does.'),
  queuedPayloads: integer('Queued payloads: passes of metrics, or batches of records.'),
  queuedItems: integer('Queued samples or log records.'),
  queuedBytes: integer('Bytes of the queue, on disk and in memory.'),
  oldestAgeSeconds: number('Age of the oldest queued sample or record, in seconds; 0 for an empty queue.'),
  recoveredItems: integer('Samples or records found in the spool when the agent started.'),
  producedItems: integer('Samples or records that were passed to the delivery.'),
  deliveredItems: integer('Samples or records that the receiver accepted.'),
  droppedItems: numbers('text', 'Samples or records that were given up, by reason.'),
  changes: numbers('text', 'Changes of log records that keep them within their limits, by what was changed.'),
  requests: numbers('text', 'Requests, by result.'),
  sentBytes: integer('Bytes of the bodies of accepted requests.'),
  lastStatus: integer('HTTP status of the last answer; 0 for none.'),
  lastRequestSeconds: number('Duration of the last request, in seconds; 0 before the first.'),
  lastSuccessAtMs: number('Time of the last accepted request, in milliseconds since 1970; 0 when there was none.'),
  nextAttemptAtMs: number('Time of the next attempt, in milliseconds since 1970; 0 when none is planned.'),
});
export type DeliveryView = Static<typeof deliverySchema>;

export const deliveriesSchema = list(deliverySchema, 'Delivery to each destination; empty where no endpoint is set.');

export const spoolSchema = record(
  {
    folder: text('removed', 'Folder of the spool; empty where nothing is delivered.'),
    bytes: integer('Bytes of all files in it.'),
    maxBytes: integer('Maximum of `bytes`; beyond it the oldest payloads are deleted.'),
    leftovers: numbers('text', 'Files found at the start that belong to no queue, by reason.'),
    rejectedPayloads: integer('Payloads in it that a receiver rejected, kept for inspection.'),
    problem: text('text', 'Why payloads cannot be written and what to do; empty while they can.'),
  },
  'The payloads on disk.',
);

export const outputsSchema = list(
  record({
    name: text('text', 'Name of the output.'),
    failures: integer('Failed calls.'),
    problem: text('text', 'Why data does not reach its destination; empty when it does.'),
  }),
  'Receivers of finished passes: the scrape endpoint, and delivery where an endpoint is set.',
);

export function deliveryView({ name, ...facts }: DeliveryStatus): DeliveryView {
  const { droppedItems, changes, requests } = facts;
  return {
    ...facts,
    destination: name,
    droppedItems: { ...droppedItems },
    changes: { ...changes },
    requests: { ...requests },
  };
}

export function outputView({ name, failures, lastError, problem }: OutputReport): Static<typeof outputsSchema>[number] {
  return { name, failures, problem: lastError || problem };
}
