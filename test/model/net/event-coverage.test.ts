// Intervals in which events have reported every connect, and the reason if connects are inferred from tables.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EventCoverage } from '../../../src/model/net/event-coverage.ts';
import { session } from '../../helpers/connection-fixture.ts';

test('takes connects from the tables before the first record of a session', () => {
  const coverage = new EventCoverage();
  assert.deepEqual(coverage.source, { by: 'tables', reason: 'connection events are not available' });
  assert.equal(coverage.session, undefined);
  assert.deepEqual([coverage.endInterval(), coverage.endInterval()], [false, false]);
});

test('covers an interval if the session ran at its start and at its end', () => {
  const coverage = new EventCoverage();
  coverage.update(session());
  assert.deepEqual(coverage.source, { by: 'events', reason: '' });
  assert.deepEqual([coverage.endInterval(), coverage.endInterval(), coverage.endInterval()], [false, true, true]);
  coverage.update(session({ state: 'retrying', reason: 'stopped by another program' }));
  assert.deepEqual(coverage.source, { by: 'tables', reason: 'stopped by another program' });
  assert.deepEqual([coverage.endInterval(), coverage.endInterval()], [false, false]);
  coverage.update(session());
  assert.deepEqual([coverage.endInterval(), coverage.endInterval()], [false, true]);
});

test('does not cover an interval in which events may have been lost', () => {
  const changes = [
    { restarts: 1 },
    { eventsLost: 1 },
    { buffersLost: 1 },
    { realTimeBuffersLost: 1 },
    { dropped: { 'ring full': 1 } },
    { dropped: { 'unknown version: tcpip 1033 v7': 1 } },
  ];
  for (const change of changes) {
    const coverage = new EventCoverage();
    coverage.update(session());
    coverage.endInterval();
    coverage.endInterval();
    coverage.update(session(change));
    assert.deepEqual([coverage.endInterval(), coverage.endInterval()], [false, true], JSON.stringify(change));
  }
  const coverage = new EventCoverage();
  coverage.update(session({ dropped: { a: 1, b: 2 } }));
  coverage.endInterval();
  coverage.update(session({ events: 1_000_000, dropped: { a: 1, b: 2 } }));
  assert.equal(coverage.endInterval(), true);
});

test('takes connects from the tables if the session has no provider of TCP events', () => {
  const coverage = new EventCoverage();
  coverage.update(session({ providers: ['Microsoft-Windows-DNS-Client', 'Microsoft-Windows-Kernel-Process'] }));
  assert.deepEqual(coverage.source, { by: 'tables', reason: 'the provider of TCP events is not enabled' });
  assert.deepEqual([coverage.endInterval(), coverage.endInterval()], [false, false]);
  coverage.update(session({ providers: ['Microsoft-Windows-DNS-Client', 'Microsoft-Windows-TCPIP'] }));
  assert.equal(coverage.source.by, 'events');
});

test('reports the latest reason, and always has one', () => {
  const coverage = new EventCoverage();
  coverage.setUnavailable({ part: 'events', reason: 'access denied', code: 5 });
  assert.deepEqual(coverage.source, { by: 'tables', reason: 'access denied' });
  coverage.update(session({ state: 'starting' }));
  assert.deepEqual(coverage.source, { by: 'tables', reason: 'the event session is starting' });
  coverage.update(session());
  assert.equal(coverage.session?.state, 'running');
  coverage.setUnavailable({ part: 'events', reason: 'switched off' });
  assert.deepEqual([coverage.source, coverage.session], [{ by: 'tables', reason: 'switched off' }, undefined]);
  coverage.setUnavailable({ part: 'events', reason: '' });
  assert.deepEqual(coverage.source, { by: 'tables', reason: 'the event session is off' });
});
