// Usage counters of a container, which never decrease when its processes start and exit.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Usage } from '../../../src/model/containers/usage.ts';
import { type ProcessRow, processTable } from '../../helpers/observations.ts';
import { applyLists, disk, io, ioOf, listOf } from '../../helpers/usage.ts';

const old = { pid: 10, createdAtMs: 100 };

test('sets only the baseline with the first list', () => {
  const { cpuSeconds, rssBytes, threads, handles, reads, writes, readBytes, writtenBytes } = new Usage();
  assert.deepEqual(
    [cpuSeconds, rssBytes, threads, handles, reads, writes, readBytes, writtenBytes],
    [0, 0, 0, 0, 0, 0, 0, 0],
  );
  assert.deepEqual(applyLists(new Usage(), [1000, [{ ...old, userMs: 5000, kernelMs: 7000 }]]), [0]);
});

test('adds user and kernel time of all processes', () => {
  const second = { pid: 11, createdAtMs: 200 };
  const sums = applyLists(
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

test('counts a process fully if it is new in the list, and from now on if new in the container', () => {
  const usage = new Usage();
  applyLists(usage, [1000, [{ ...old, userMs: 100 }]]);
  const strangers = [
    { pid: 21, createdAtMs: 500, userMs: 90_000 },
    { pid: 22, createdAtMs: 1000, userMs: 90_000 },
  ];
  usage.update(
    processTable([{ ...old, userMs: 100 }, { pid: 20, createdAtMs: 1500, userMs: 250, kernelMs: 50 }, ...strangers]),
    [0, 1, 2, 3],
    listOf(old, ...strangers),
  );
  assert.equal(usage.cpuSeconds, 0.3);
});

test('keeps the usage of exited processes', () => {
  const sums = applyLists(
    new Usage(),
    [1000, [{ ...old, userMs: 0 }]],
    [2000, [{ ...old, userMs: 600 }]],
    [3000, []],
    [4000, []],
  );
  assert.deepEqual(sums, [0, 0.6, 0.6, 0.6]);
});

test('keeps the baselines of other processes when one exits', () => {
  const second = { pid: 11, createdAtMs: 200 };
  const sums = applyLists(
    new Usage(),
    [1000, [old, second]],
    [2000, [{ ...old, userMs: 600 }]],
    [3000, [{ ...old, userMs: 700 }]],
    [4000, [{ ...old, userMs: 900 }]],
  );
  assert.deepEqual(sums, [0, 0.6, 0.7, 0.9]);
});

test('counts a process with a reused pid from zero', () => {
  const sums = applyLists(
    new Usage(),
    [1000, [{ ...old, userMs: 50_000 }]],
    [2000, [{ pid: 10, createdAtMs: 1500, userMs: 40 }]],
    [3000, [{ pid: 10, createdAtMs: 1500, userMs: 90 }]],
  );
  assert.deepEqual(sums, [0, 0.04, 0.09]);
});

test('neither decreases nor counts twice if Windows reports a lower time', () => {
  const sums = applyLists(
    new Usage(),
    [1000, [{ ...old, userMs: 500 }]],
    [2000, [{ ...old, userMs: 400 }]],
    [3000, [{ ...old, userMs: 450 }]],
  );
  assert.deepEqual(sums, [0, 0, 0]);
});

test('adds nothing for a reading in which the counts of a process dip, and no more afterwards', () => {
  const values = [1_000_000, 1_050_000, 1_100_000, 0, 1_200_000];
  const usage = new Usage();
  const scans = values.map((value, i): [number, ProcessRow[]] => [
    i * 15_000,
    [{ ...old, userMs: value, ...io(value, value, value, value), pageFaults: value, hardFaults: value / 2 }],
  ]);
  assert.deepEqual(applyLists(usage, ...scans), [0, 50, 100, 100, 200]);
  assert.deepEqual(ioOf(usage).slice(1), [200_000, 200_000, 200_000, 200_000]);
  assert.deepEqual(usage.faults, { hard: 100_000, soft: 100_000 });
});

test('adds nothing while counts of disk requests dip, and no more afterwards', () => {
  const usage = new Usage();
  const at = (value: number): [number, ProcessRow[]] => [0, [{ ...old, ...disk(value, value, value, value) }]];
  applyLists(usage, at(1000), at(1100), at(500), at(0), at(1200));
  assert.deepEqual(ioOf(usage), ['disk', 200, 200, 200, 200]);
});

test('continues a process that some lists lacked from its last counts', () => {
  const usage = new Usage();
  const row = (userMs: number): ProcessRow[] => [{ pid: 10, createdAtMs: 500, userMs }];
  const root = { ...old, pid: 5 };
  const sums = applyLists(
    usage,
    [1000, [root, ...row(1_000_000)]],
    [2000, [root, ...row(1_050_000)]],
    [3000, [root]],
    [4000, [root]],
    [5000, [root, ...row(1_100_000)]],
  );
  assert.deepEqual(sums, [0, 50, 50, 50, 100]);
});

test('a fault count of 32 bits wraps only from the top of its range to the bottom', () => {
  const usage = new Usage();
  const at = (pageFaults: number): [number, ProcessRow[]] => [0, [{ ...old, pageFaults, hardFaults: 0 }]];
  applyLists(usage, at(3_000_000), at(2_000_000), at(3_000_010), at(4_294_967_290), at(0), at(6));
  assert.deepEqual(usage.faults, { hard: 0, soft: 10 + (4_294_967_290 - 3_000_010) + 12 });
});

test('sums private working sets, or whole ones if Windows does not report them, and names which', () => {
  const usage = new Usage();
  const row = { ...old, workingSetBytes: 1000, privateWorkingSetBytes: 300 };
  applyLists(usage, [1000, [row, { ...row, pid: 11, privateWorkingSetBytes: 0 }]]);
  assert.deepEqual([usage.rssBytes, usage.rssSource], [300, 'private working set']);
  applyLists(usage, [
    1000,
    [
      { ...row, privateWorkingSetBytes: 0 },
      { ...row, pid: 11, privateWorkingSetBytes: 0, workingSetBytes: 50 },
    ],
  ]);
  assert.deepEqual([usage.rssBytes, usage.rssSource], [1050, 'working set']);
});

test('keeps totals when cleared, reports no memory, and sets a new baseline', () => {
  const usage = new Usage();
  applyLists(
    usage,
    [1000, [{ ...old, userMs: 0, workingSetBytes: 77 }]],
    [2000, [{ ...old, userMs: 1000, workingSetBytes: 77 }]],
  );
  usage.clear();
  assert.deepEqual([usage.cpuSeconds, usage.rssBytes], [1, 0]);
  usage.update(processTable([{ ...old, userMs: 9000 }]), [0], listOf(old));
  assert.equal(usage.cpuSeconds, 1);
});

test('counts requests by pid and creation time, and keeps them when a process exits', () => {
  const usage = new Usage();
  applyLists(
    usage,
    [1000, [{ ...old, ...io(100, 200, 3000, 4000) }]],
    [2000, [{ ...old, ...io(101, 202, 3003, 4004) }]],
    [3000, [{ pid: 10, createdAtMs: 2500, ...io(10, 20, 30, 40) }]],
    [4000, []],
  );
  assert.deepEqual(ioOf(usage), ['all requests', 11, 22, 33, 44]);
});

test('weak spot 26: counts only requests that reached a disk if Windows reports them', () => {
  const usage = new Usage();
  applyLists(
    usage,
    [1000, [{ ...old, ...io(1000, 1000, 1e6, 1e6), ...disk(1, 1, 10, 10) }]],
    [2000, [{ ...old, ...io(9000, 9000, 9e9, 9e9), ...disk(2, 3, 14, 15) }]],
  );
  assert.deepEqual(ioOf(usage), ['disk', 1, 2, 4, 5]);
});

test('adds no requests for a list with the other kind of counts', () => {
  const usage = new Usage();
  applyLists(
    usage,
    [1000, [{ ...old, ...io(1000, 1000, 1e6, 1e6), ...disk(1, 1, 10, 10) }]],
    [2000, [{ ...old, ...io(5000, 5000, 5e6, 5e6) }]],
    [3000, [{ ...old, ...io(5001, 5002, 5e6 + 3, 5e6 + 4) }]],
  );
  assert.deepEqual(ioOf(usage), ['all requests', 1, 2, 3, 4]);
});

test('reports threads and handles of the last list', () => {
  const usage = new Usage();
  const child = { pid: 11, createdAtMs: 200, threads: 2, handles: 30 };
  applyLists(
    usage,
    [1000, [{ ...old, threads: 5, handles: 100 }, child]],
    [2000, [{ ...old, threads: 6, handles: 90 }, child]],
  );
  assert.deepEqual([usage.threads, usage.handles], [8, 120]);
  usage.clear();
  assert.deepEqual([usage.threads, usage.handles], [0, 0]);
});

test('counts hard and soft page faults across a 32-bit wrap, if the list has them', () => {
  const usage = new Usage();
  applyLists(
    usage,
    [1000, [{ ...old, pageFaults: 4_294_967_290, hardFaults: 5 }]],
    [2000, [{ ...old, pageFaults: 4, hardFaults: 8 }]],
    [3000, [{ pid: 10, createdAtMs: 2500, pageFaults: 30, hardFaults: 1 }]],
    [4000, [{ pid: 10, createdAtMs: 2500, pageFaults: 32, hardFaults: 2 }]],
    [5000, [{ pid: 10, createdAtMs: 2500, pageFaults: 32 + 4e9, hardFaults: 2 + 3e9 }]],
  );
  assert.deepEqual(usage.faults, { hard: 4 + 1 + 3e9, soft: 7 + 29 + 1 + 1e9 });
  const blind = new Usage();
  applyLists(blind, [1000, [old]]);
  assert.equal(blind.faults, undefined);
});

test('counts no hard fault as a soft one if a list lacks the page faults for once', () => {
  const usage = new Usage();
  const lists = [
    [1000, 10],
    [1100, 20],
    [0, 30],
    [1200, 30],
  ].map(([pageFaults, hardFaults]): [number, ProcessRow[]] => [
    0,
    [{ ...old, pageFaults: pageFaults!, hardFaults: hardFaults! }],
  ]);
  applyLists(usage, ...lists);
  assert.deepEqual(usage.faults, { hard: 20, soft: 180 });
});

test('counts the full usage of a process in its first list if the list before lacks it', () => {
  const usage = new Usage();
  applyLists(usage, [1000, [old]]);
  const elder = { pid: 30, createdAtMs: 900_000, userMs: 7000 };
  usage.update(processTable([old, elder]), [0, 1], listOf(old, { ...elder, userMs: 6000 }));
  assert.equal(usage.cpuSeconds, 0);
  const young = { pid: 31, createdAtMs: 50, userMs: 7 };
  usage.update(processTable([old, elder, young]), [0, 1, 2], listOf(old, elder));
  assert.equal(usage.cpuSeconds, 0.007);
});
