// Counters of the agent itself: by name and labels, as Prometheus writes a series.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Counters } from '../../src/base/counters.ts';

test('counts add up by name and labels', () => {
  const counters = new Counters();
  counters.add('a_total');
  counters.add('a_total', {}, 4);
  counters.add('b_total', { kind: 'x', result: 'good' });
  counters.add('b_total', { kind: 'x', result: 'failed' }, 2);
  counters.add('b_total', { kind: 'x', result: 'good' });
  assert.deepEqual(counters.asRecord(), {
    a_total: 5,
    'b_total{kind="x",result="good"}': 2,
    'b_total{kind="x",result="failed"}': 2,
  });
});

test('entries are the same objects from call to call', () => {
  const counters = new Counters();
  counters.add('a_total', { reason: 'x' });
  const [before] = [...counters.entries()];
  counters.add('a_total', { reason: 'x' });
  assert.equal([...counters.entries()][0], before);
  assert.deepEqual({ ...before }, { name: 'a_total', labels: { reason: 'x' }, value: 2 });
});

test('backslashes and line feeds are escaped', () => {
  const counters = new Counters();
  counters.add('a_total', { x: 'C:\\temp\n' });
  assert.deepEqual(counters.asRecord(), { 'a_total{x="C:\\\\temp\\n"}': 1 });
});

test('values that look like other labels do not run into them', () => {
  const counters = new Counters();
  counters.add('a_total', { x: '1",y="2' });
  counters.add('a_total', { x: '1', y: '2' });
  assert.deepEqual(Object.keys(counters.asRecord())[0], 'a_total{x="1\\",y=\\"2"}');
  assert.equal(Object.keys(counters.asRecord()).length, 2);
  assert.equal([...counters.entries()].length, 2);
});
