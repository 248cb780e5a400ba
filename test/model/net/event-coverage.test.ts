// When events may be trusted to have told every connect, and when the tables must stand in for them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EventCoverage } from '../../../src/model/net/event-coverage.ts';
import { session } from '../../helpers/connection-fixture.ts';

test('without a word of a session the tables tell', () => {
  const coverage = new EventCoverage();
  assert.deepEqual(coverage.source, { by: 'tables', reason: 'connection events are not available' });
  assert.equal(coverage.session, undefined);
  assert.deepEqual([coverage.endInterval(), coverage.endInterval()], [false, false]);
});

test('a session covers an interval when it ran at both ends of it', () => {
  const coverage = new EventCoverage();
  coverage.update(session());
  assert.deepEqual(coverage.source, { by: 'events', reason: '' });
  assert.deepEqual([coverage.endInterval(), coverage.endInterval(), coverage.endInterval()], [false, true, true]);
  coverage.update(session({ state: 'retrying', reason: 'ended by somebody' }));
  assert.deepEqual(coverage.source, { by: 'tables', reason: 'ended by somebody' });
  assert.deepEqual([coverage.endInterval(), coverage.endInterval()], [false, false]);
  coverage.update(session());
  assert.deepEqual([coverage.endInterval(), coverage.endInterval()], [false, true]);
});

test('whatever may hide an event ends the trust for one interval, more events do not', () => {
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

test('a session of other providers alone tells nothing of connections', () => {
  const coverage = new EventCoverage();
  coverage.update(session({ providers: ['Microsoft-Windows-DNS-Client', 'Microsoft-Windows-Kernel-Process'] }));
  assert.deepEqual(coverage.source, { by: 'tables', reason: 'the provider of TCP events is not enabled' });
  assert.deepEqual([coverage.endInterval(), coverage.endInterval()], [false, false]);
  coverage.update(session({ providers: ['Microsoft-Windows-DNS-Client', 'Microsoft-Windows-TCPIP'] }));
  assert.equal(coverage.source.by, 'events');
});

test('the reason is the newest one, and never missing', () => {
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
