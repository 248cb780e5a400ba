// Self-metrics of observations: each counts by kind and result, readings by duration, events by batch size.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SelfMetrics } from '../../src/base/self-metrics.ts';
import { countObservation } from '../../src/collectors/observation-metrics.ts';
import type { Observation } from '../../src/sources/host.ts';
import { tcpEvents } from '../helpers/event-tables.ts';
import { parseExposition } from '../helpers/exposition.ts';
import { observation, unavailable } from '../helpers/observations.ts';

async function values(...observations: Observation[]): Promise<Record<string, number>> {
  const selfMetrics = new SelfMetrics();
  for (const each of observations) countObservation(selfMetrics, each);
  const samples = parseExposition(await selfMetrics.text()).flatMap((family) => family.samples);
  return Object.fromEntries(
    samples
      .filter(({ name }) => !name.endsWith('_bucket'))
      .map(({ name, labels, value }) => [[name, ...Object.values(labels)].join(' '), value]),
  );
}

test('counts good and failed readings, and measures both', async () => {
  const good = { ...observation('system', { uptimeMs: 1 }), seconds: 0.25 } as Observation;
  const failed = { ...unavailable('system', { part: 'system', reason: 'denied' }), seconds: 0.5 } as Observation;
  assert.deepEqual(await values(good, good, failed), {
    'coroot_agent_readings_total system good': 2,
    'coroot_agent_readings_total system failed': 1,
    'coroot_agent_reading_duration_seconds_sum system': 1,
    'coroot_agent_reading_duration_seconds_count system': 3,
  });
});

test('measures event batches by their size instead of their duration', async () => {
  const found = await values(
    observation('tcpEvents', tcpEvents([{ type: 1 }, { type: 2 }])),
    observation('dnsEvents', [{ type: 'started', atMs: 1, pid: 1, name: 'a', queryType: 1, options: 0 }]),
    observation('processEvents', []),
  );
  assert.deepEqual(
    Object.entries(found).filter(([name]) => !name.startsWith('coroot_agent_readings_total')),
    [
      ['coroot_agent_event_batch_size_sum tcp', 2],
      ['coroot_agent_event_batch_size_count tcp', 1],
      ['coroot_agent_event_batch_size_sum dns', 1],
      ['coroot_agent_event_batch_size_count dns', 1],
      ['coroot_agent_event_batch_size_sum process', 0],
      ['coroot_agent_event_batch_size_count process', 1],
    ],
  );
});

test('a tick has no duration', async () => {
  assert.deepEqual(await values(observation('tick', { intervalMs: 15_000 })), {
    'coroot_agent_readings_total tick good': 1,
  });
});
