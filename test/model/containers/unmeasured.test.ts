// Containers without a process list: the root process is the one that the SCM reports.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aModel, containerOf, HOUR_MS, round, wall, web } from '../../helpers/model.ts';
import { tcpTable } from '../../helpers/observations.ts';

const tcp = [tcpTable(4, [{ local: '10.0.0.5:50000', remote: '10.0.0.9:5432', pid: 100 }])];

test('attributes connections of the root process, without usage, if there is no process list', () => {
  const model = aModel();
  round(model, 0, { services: [web()], processes: 'fails', tcp });
  const container = containerOf(model);
  assert.deepEqual([container.pids, container.hasListedRoot, container.network.activeConnections], [[100], false, 1]);
});

test('uses the root process alone until a list has it, then the process tree', () => {
  const model = aModel();
  round(model, 0, { services: [web()], processes: [{ pid: 4 }], tcp });
  assert.deepEqual([containerOf(model).pids, containerOf(model).hasListedRoot], [[100], false]);
  const processes = [
    { pid: 100, createdAtMs: wall(-HOUR_MS) },
    { pid: 101, parentPid: 100, createdAtMs: wall(-10) },
  ];
  round(model, 15_000, { processes });
  assert.deepEqual([containerOf(model).pids, containerOf(model).hasListedRoot], [[100, 101], true]);
});

test('does not report a container that is gone before it has reached the minimum age', () => {
  const model = aModel({ minContainerAgeMs: 30_000 });
  round(model, 0, { services: [web()], processes: [{ pid: 100, createdAtMs: wall(-1000) }] });
  assert.deepEqual([containerOf(model).state, containerOf(model).reported], ['pending', false]);
  round(model, 15_000, { services: [] });
  assert.deepEqual([containerOf(model).state, containerOf(model).reported], ['gone', false]);
});
