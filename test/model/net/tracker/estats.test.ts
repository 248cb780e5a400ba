// Bytes from per-connection statistics and summaries: growth is added once.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TCP_EVENT } from '../../../../src/base/event-types.ts';
import { ConnectionFixture, LOCAL, REMOTE, row } from '../../../helpers/connection-fixture.ts';
import { tcpStatistics } from '../../../helpers/event-tables.ts';
import { containerOf } from '../../../helpers/model.ts';
import { observation } from '../../../helpers/observations.ts';

const { connected, summary, retransmitted, closed } = TCP_EVENT;

test('adds the growth of the statistics, and the rest from the summary', () => {
  const fixture = new ConnectionFixture().etw().scan([]).etw().events({ type: connected }).scan([row]);
  const bytes = () =>
    containerOf(fixture.model)
      .network.destinations.values()
      .map(({ sentBytes, receivedBytes }) => [sentBytes, receivedBytes]);
  const measure = (sentBytes: number, receivedBytes: number) => {
    const rows = [{ pid: 100, local: LOCAL, remote: REMOTE, sentBytes, receivedBytes, rttUs: 900 }];
    fixture.model.observe(observation('tcpStatistics', tcpStatistics(rows), { atMs: fixture.atMs }));
  };
  measure(100, 1000);
  fixture.etw().scan([row]);
  measure(150, 1000);
  fixture.etw().scan([row]);
  assert.deepEqual(bytes(), [[150, 1000]]);
  fixture.events(
    { type: retransmitted, pid: 0 },
    { type: closed, pid: 0 },
    { type: summary, pid: 0, sentBytes: 400, receivedBytes: 1100, durationMs: 100 },
  );
  // Read before the close, received after it.
  measure(160, 1050);
  fixture.etw().scan([]);
  assert.deepEqual(bytes(), [[400, 1100]]);
  const { network } = containerOf(fixture.model);
  assert.deepEqual(
    [network.destinations.values()[0]!.retransmits, [...network.destinations.latencies()].map(({ ip }) => ip)],
    [1, ['10.0.0.9']],
  );
});

test('counts the growth of connections outside of containers as unattributed', () => {
  const network = { publicNetworks: ['203.0.113.0/24'] };
  const [strange, foreign] = [
    { pid: 900, local: '10.0.0.5:1' },
    { local: '10.0.0.5:2', remote: '198.51.100.7:443' },
  ];
  const rows = [
    { ...row, ...strange },
    { ...row, ...foreign },
  ];
  const fixture = new ConnectionFixture({ network }).etw().scan([]).etw();
  fixture.events({ type: connected, tcb: 16, ...strange }, { type: connected, tcb: 32, ...foreign }).scan(rows);
  fixture
    .statistics({ ...strange, sentBytes: 1, receivedBytes: 2 }, { ...foreign, sentBytes: 10, receivedBytes: 20 })
    .scan(rows);
  assert.deepEqual(fixture.bytes, []);
  assert.deepEqual(fixture.unattributed, {
    'connect: no_container': 1,
    'connect: public_network': 1,
    'bytes: no_container': 3,
    'bytes: public_network': 30,
  });
});
