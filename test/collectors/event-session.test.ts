// Self-metrics of the event session: up, restarts, events by kind, losses by cause, drops by reason alone.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SelfMetrics } from '../../src/base/self-metrics.ts';
import { eventSessionCollector } from '../../src/collectors/event-session.ts';
import { SampleGatherer } from '../../src/collectors/samples.ts';
import { HostModel } from '../../src/model/host-model.ts';
import type { EtwSessionRecord } from '../../src/sources/host.ts';
import { tcpEvents } from '../helpers/event-tables.ts';
import { parseExposition } from '../helpers/exposition.ts';
import { observation } from '../helpers/observations.ts';

const session: EtwSessionRecord = {
  state: 'running',
  reason: '',
  providers: ['Microsoft-Windows-TCPIP'],
  restarts: 2,
  events: 100,
  eventsLost: 11,
  buffersLost: 22,
  realTimeBuffersLost: 33,
  dropped: { 'ring full': 5, 'unknown version: tcpip 1033 v7': 1, 'unknown version: tcpip 1002 v1': 2 },
};

async function series(model: HostModel, selfMetrics = new SelfMetrics()): Promise<Record<string, number>> {
  const context = { model, agentVersion: '0', selfMetrics, nodeLabels: { machine_id: '', system_uuid: '' } };
  eventSessionCollector.collect(context, new SampleGatherer());
  const text = await selfMetrics.text();
  const samples = text === '' ? [] : parseExposition(text).flatMap((family) => family.samples);
  return Object.fromEntries(
    samples.map(({ name, labels, value }) => [`${name} ${Object.values(labels).join()}`.trim(), value]),
  );
}

const aModel = () => new HostModel({ minContainerAgeMs: 0, filter: () => 'selected' });

test('sets nothing without a session', async () => {
  assert.deepEqual(await series(aModel()), {});
});

test('sets the state of a session, its losses, and events by kind', async () => {
  const model = aModel();
  const selfMetrics = new SelfMetrics();
  model.observe(observation('tcpEvents', tcpEvents([{ type: 1 }, { type: 2 }])));
  model.observe(observation('tcpEvents', tcpEvents([{ type: 2 }])));
  model.observe(observation('dnsEvents', [{ type: 'started', atMs: 1, pid: 1, name: 'a', queryType: 1, options: 0 }]));
  model.observe(
    observation('processEvents', [{ type: 'started', atMs: 1, pid: 1, createdAtMs: 1, imageName: 'a.exe' }]),
  );
  model.observe(observation('etw', session));
  const expected = {
    coroot_agent_etw_up: 1,
    coroot_agent_etw_restarts_total: 2,
    'coroot_agent_etw_events_total tcp': 3,
    'coroot_agent_etw_events_total dns': 1,
    'coroot_agent_etw_events_total process': 1,
    'coroot_agent_etw_lost_total events': 11,
    'coroot_agent_etw_lost_total buffers': 22,
    'coroot_agent_etw_lost_total real-time buffers': 33,
    'coroot_agent_etw_dropped_total ring full': 5,
    'coroot_agent_etw_dropped_total unknown version': 3,
  };
  assert.deepEqual(await series(model, selfMetrics), expected);
  model.observe(observation('etw', { ...session, state: 'retrying', reason: 'another program stopped the session' }));
  assert.deepEqual(await series(model, selfMetrics), { ...expected, coroot_agent_etw_up: 0 });
});
