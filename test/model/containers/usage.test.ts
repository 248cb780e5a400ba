// Counters of a container that only grow, whatever its processes do.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Usage } from '../../../src/model/containers/usage.ts';
import { type ProcessRow, processTable } from '../../helpers/observations.ts';

/** Takes tables in, each read at its time; all rows belong to the container. */
function feed(usage: Usage, ...looks: [atMs: number, rows: ProcessRow[]][]): number[] {
  let previous = 0;
  return looks.map(([atMs, rows]) => {
    usage.update(
      processTable(rows),
      rows.map((_, row) => row),
      previous,
    );
    previous = atMs;
    return usage.cpuSeconds;
  });
}

const old = { pid: 10, createdAtMs: 100 };

test('the first look only sets the baseline', () => {
  assert.deepEqual(feed(new Usage(), [1000, [{ ...old, userMs: 5000, kernelMs: 7000 }]]), [0]);
});

test('user and kernel time of all processes add up', () => {
  const second = { pid: 11, createdAtMs: 200 };
  const sums = feed(
    new Usage(),
    [
      1000,
      [
        { ...old, userMs: 100, kernelMs: 10 },
        { ...second, userMs: 7 },
      ],
    ],
    [
      2000,
      [
        { ...old, userMs: 400, kernelMs: 30 },
        { ...second, userMs: 1007 },
      ],
    ],
  );
  assert.deepEqual(sums, [0, 1.32]);
});

test('a process that began after the last look counts fully, one that is only new to us counts from now on', () => {
  const usage = new Usage();
  feed(usage, [1000, [{ ...old, userMs: 100 }]]);
  usage.update(
    processTable([
      { ...old, userMs: 100 },
      { pid: 20, createdAtMs: 1500, userMs: 250, kernelMs: 50 },
      { pid: 21, createdAtMs: 500, userMs: 90_000 },
      { pid: 22, createdAtMs: 1000, userMs: 90_000 },
    ]),
    [0, 1, 2, 3],
    1000,
  );
  assert.equal(usage.cpuSeconds, 0.3);
});

test('what ended processes used stays', () => {
  const sums = feed(new Usage(), [1000, [{ ...old, userMs: 0 }]], [2000, [{ ...old, userMs: 600 }]], [3000, []], [4000, []]);
  assert.deepEqual(sums, [0, 0.6, 0.6, 0.6]);
});

test('a reused pid is another process: its own time counts, the difference to the dead one does not', () => {
  const sums = feed(
    new Usage(),
    [1000, [{ ...old, userMs: 50_000 }]],
    [2000, [{ pid: 10, createdAtMs: 1500, userMs: 40 }]],
    [3000, [{ pid: 10, createdAtMs: 1500, userMs: 90 }]],
  );
  assert.deepEqual(sums, [0, 0.04, 0.09]);
});

test('a system that counts back does not make the counter go back, nor forward twice', () => {
  const sums = feed(new Usage(), [1000, [{ ...old, userMs: 500 }]], [2000, [{ ...old, userMs: 400 }]], [3000, [{ ...old, userMs: 450 }]]);
  assert.deepEqual(sums, [0, 0, 0.05]);
});

test('the private working set counts where the system tells it, else the whole one, and it is said which', () => {
  const usage = new Usage();
  const row = { ...old, workingSetBytes: 1000, privateWorkingSetBytes: 300 };
  feed(usage, [1000, [row, { ...row, pid: 11, privateWorkingSetBytes: 0 }]]);
  assert.deepEqual([usage.rssBytes, usage.rssSource], [300, 'private working set']);
  feed(usage, [
    1000,
    [
      { ...row, privateWorkingSetBytes: 0 },
      { ...row, pid: 11, privateWorkingSetBytes: 0, workingSetBytes: 50 },
    ],
  ]);
  assert.deepEqual([usage.rssBytes, usage.rssSource], [1050, 'working set']);
});

test('cleared, it uses no memory but keeps its total, and begins a new baseline', () => {
  const usage = new Usage();
  feed(usage, [1000, [{ ...old, userMs: 0, workingSetBytes: 77 }]], [2000, [{ ...old, userMs: 1000, workingSetBytes: 77 }]]);
  usage.clear();
  assert.deepEqual([usage.cpuSeconds, usage.rssBytes], [1, 0]);
  usage.update(processTable([{ ...old, userMs: 9000 }]), [0], 5000);
  assert.equal(usage.cpuSeconds, 1);
});
