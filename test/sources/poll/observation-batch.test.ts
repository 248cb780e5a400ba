// Observations of a round are sent together, in their order and with their memory.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Observation, ObservationKind } from '../../../src/sources/host.ts';
import { batchObservations } from '../../../src/sources/poll/observation-batch.ts';

function fixture() {
  const sent: { kinds: string[]; bytes: number[] }[] = [];
  const push = batchObservations((observations, transfer) =>
    sent.push({ kinds: observations.map(({ kind }) => kind), bytes: transfer.map(({ byteLength }) => byteLength) }),
  );
  const observe = (kind: ObservationKind, ...bytes: number[]): void =>
    push(
      { seq: 1, tMono: 1, tWall: 1, source: 'windows', kind, seconds: 0 } as Observation,
      bytes.map((length) => new ArrayBuffer(length)),
    );
  return { sent, observe };
}

test('process and TCP tables and the tick are sent at once, the others with the next of them', () => {
  const { sent, observe } = fixture();
  const round = ['identity', 'services', 'processes', 'cpu', 'disks', 'tcp', 'tcpStatistics', 'tick'] as const;
  for (const kind of round) observe(kind);
  assert.deepEqual(
    sent.map(({ kinds }) => kinds),
    [
      ['identity', 'services', 'processes'],
      ['cpu', 'disks', 'tcp'],
      ['tcpStatistics', 'tick'],
    ],
  );
});

test('memory is sent once, with its observation', () => {
  const { sent, observe } = fixture();
  observe('processes', 1, 2);
  observe('gpus', 3);
  observe('tick');
  observe('tick');
  assert.deepEqual(
    sent.map(({ bytes }) => bytes),
    [[1, 2], [3], []],
  );
});

test('a table that cannot be read does not keep back the observations before it', () => {
  const { sent, observe } = fixture();
  observe('services');
  observe('tick');
  assert.deepEqual(sent, [{ kinds: ['services', 'tick'], bytes: [] }]);
});
