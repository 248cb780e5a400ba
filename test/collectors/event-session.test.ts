// Metrics of the event session: up, restarts, events by kind, losses by cause, what was left out by reason alone.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventSessionCollector } from '../../src/collectors/event-session.ts';
import { SampleGatherer } from '../../src/collectors/samples.ts';
import { HostModel } from '../../src/model/host-model.ts';
import type { EtwSessionRecord } from '../../src/sources/host.ts';
import { tcpEvents } from '../helpers/event-tables.ts';
import { observation } from '../helpers/observations.ts';
import { shown } from '../helpers/samples.ts';

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

function series(model: HostModel, samples = new SampleGatherer()): Record<string, number> {
  samples.begin();
  const context = { model, agentVersion: '0', nodeLabels: { machine_id: '', system_uuid: '' } };
  eventSessionCollector.collect(context, samples);
  const all = samples
    .finish(0)
    .families.flatMap(shown)
    .map(({ name, labels, value }) => [`${name} ${Object.values(labels).join()}`.trim(), value] as const);
  return Object.fromEntries(all);
}

const aModel = () => new HostModel({ minContainerAgeMs: 0, filter: () => 'selected' });

test('without a session there is nothing', () => {
  assert.deepEqual(series(aModel()), {});
});

test('a session and the events that came through', () => {
  const model = aModel();
  const samples = new SampleGatherer();
  model.observe(observation('tcpEvents', tcpEvents([{ type: 1 }, { type: 2 }])));
  model.observe(observation('tcpEvents', tcpEvents([{ type: 2 }])));
  model.observe(observation('dnsEvents', [{ type: 'asked', atMs: 1, pid: 1, name: 'a', queryType: 1, options: 0 }]));
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
  assert.deepEqual(series(model, samples), expected);
  model.observe(observation('etw', { ...session, state: 'retrying', reason: 'somebody ended the session' }));
  assert.deepEqual(series(model, samples), { ...expected, coroot_agent_etw_up: 0 });
});
