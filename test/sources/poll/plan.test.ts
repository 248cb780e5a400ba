// The plan of the product: every kind once, in an order that its needs allow.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KIND_GRANTS } from '../../../src/sources/grants.ts';
import { createPlan } from '../../../src/sources/poll/plan.ts';
import { Poller } from '../../../src/sources/poll/poller.ts';

const everything = { connectionStatistics: true, gpus: true, intervalMs: 15_000 };

test('the plan reads each kind that has a grant, once and with that grant', () => {
  const plan = createPlan(everything);
  const kinds = plan.map(({ kind }) => kind);
  assert.deepEqual([...kinds].sort(), Object.keys(KIND_GRANTS).sort());
  for (const { kind, grant } of plan) assert.equal(grant, KIND_GRANTS[kind]);
});

test('each need comes before the poll that has it', () => {
  const clock = { monotonicMs: () => 0, wallMs: () => 0 };
  const polls = createPlan(everything);
  assert.doesNotThrow(() => new Poller({ polls, intervalMs: 1, clock, push: () => {} }));
});

test('without connection statistics they are not read', () => {
  const kinds = createPlan({ ...everything, connectionStatistics: false }).map(({ kind }) => kind);
  assert.ok(!kinds.includes('tcpStatistics'));
  assert.equal(kinds.length, Object.keys(KIND_GRANTS).length - 1);
});

test('without GPU monitoring no GPU is read', () => {
  const kinds = createPlan({ ...everything, gpus: false }).map(({ kind }) => kind);
  assert.ok(!kinds.includes('gpus'));
  assert.equal(kinds.length, Object.keys(KIND_GRANTS).length - 1);
});
