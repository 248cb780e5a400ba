// What ended processes used and no list has shown: counted once, and only where it belongs.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Usage } from '../../../src/model/containers/usage.ts';
import type { ProcessEventRecord } from '../../../src/sources/host.ts';
import { processTable } from '../../helpers/observations.ts';
import { disk, feed, io, ioOf, listOf } from '../../helpers/usage.ts';

const old = { pid: 10, createdAtMs: 100 };
const noList = { lastMs: 0, beforeMs: 0 };
/** The end of a process, told by an event; at 9000 unless said otherwise. */
const stop = (values: Partial<ProcessEventRecord>): ProcessEventRecord => {
  return { type: 'stopped', atMs: 9000, pid: 20, createdAtMs: 2100, imageName: 'a.exe', ...values };
};

test('weak spot 24: an ended process counts with all that no table has shown', () => {
  const usage = new Usage();
  const lists = { lastMs: 2000, beforeMs: 1000 };
  feed(usage, [1000, [{ ...old, userMs: 500 }]], [2000, [{ ...old, userMs: 600 }]]);
  // Seen before: what it used since the last look.
  usage.addExited(stop({ ...old, cpuMs: 650 }), lists);
  assert.equal(usage.cpuSeconds, 0.15);
  // Never seen, began after the last look: all of it.
  usage.addExited(stop({ cpuMs: 40 }), lists);
  assert.equal(usage.cpuSeconds, 0.19);
  // Told twice; alive at the last look, or at the one before, and not among ours; before any look: nothing.
  usage.addExited(stop({ cpuMs: 999 }), lists);
  usage.addExited(stop({ ...old, cpuMs: 999 }), lists);
  usage.addExited(stop({ pid: 30, createdAtMs: 1500, cpuMs: 999 }), lists);
  usage.addExited(stop({ pid: 31, createdAtMs: 2000, cpuMs: 999 }), lists);
  usage.addExited(stop({ pid: 32, createdAtMs: 1000, atMs: 1500, cpuMs: 999 }), lists);
  usage.addExited(stop({ pid: 33, createdAtMs: 1500, atMs: 2000, cpuMs: 999 }), lists);
  usage.addExited(stop({ pid: 40, cpuMs: 999 }), noList);
  usage.addExited(stop({ pid: 41, createdAtMs: 500, atMs: 1500, cpuMs: 999 }), { lastMs: 2000, beforeMs: 0 });
  assert.equal(usage.cpuSeconds, 0.19);
});

test('an end that is told only after the next list counts all the same', () => {
  const usage = new Usage();
  const lists = { lastMs: 3000, beforeMs: 2000 };
  feed(usage, [1000, [{ ...old, userMs: 500 }]], [2000, [{ ...old, userMs: 600 }]], [3000, []]);
  usage.addExited(stop({ ...old, atMs: 2900, cpuMs: 640 }), lists);
  assert.equal(usage.cpuSeconds, 0.14);
  // Between those two lists.
  usage.addExited(stop({ createdAtMs: 2100, atMs: 2900, cpuMs: 25 }), lists);
  assert.equal(usage.cpuSeconds, 0.165);
  // One more list later it is forgotten.
  const late = new Usage();
  feed(late, [1000, [{ ...old, userMs: 500 }]], [2000, []], [3000, []]);
  late.addExited(stop({ ...old, atMs: 1900, cpuMs: 640 }), lists);
  assert.equal(late.cpuSeconds, 0);
});

test('... also of a service that has stopped meanwhile, and of a pid that somebody else has meanwhile', () => {
  const stopped = new Usage();
  feed(stopped, [1000, [{ ...old, userMs: 500 }]]);
  stopped.clear();
  stopped.addExited(stop({ ...old, cpuMs: 570 }), { lastMs: 2000, beforeMs: 1000 });
  assert.equal(stopped.cpuSeconds, 0.07);
  stopped.clear();
  stopped.clear();
  stopped.addExited(stop({ ...old, cpuMs: 9999 }), { lastMs: 2000, beforeMs: 1000 });
  assert.equal(stopped.cpuSeconds, 0.07);

  const reused = new Usage();
  const heir = { pid: 10, createdAtMs: 1500 };
  feed(reused, [1000, [{ ...old, userMs: 500 }]], [2000, [{ ...heir, userMs: 30 }]]);
  reused.addExited(stop({ ...old, atMs: 1400, cpuMs: 570 }), { lastMs: 2000, beforeMs: 1000 });
  assert.equal(reused.cpuSeconds, 0.1);
  // One in between that no list has shown takes nothing from the heir.
  reused.addExited(stop({ pid: 10, createdAtMs: 1410, atMs: 1490, cpuMs: 5 }), { lastMs: 2000, beforeMs: 1000 });
  reused.update(processTable([{ ...heir, userMs: 50 }]), [0], listOf(heir));
  assert.equal(reused.cpuSeconds, 0.125);
});

test('births of lists and events may differ by a rounding, less than a millisecond, and no more', () => {
  const usage = new Usage();
  feed(usage, [1000, [{ ...old, userMs: 500 }]], [2000, [{ pid: 10, createdAtMs: 100.9, userMs: 600 }]]);
  usage.addExited(stop({ pid: 10, createdAtMs: 99.5, atMs: 2100, cpuMs: 650 }), { lastMs: 2000, beforeMs: 1000 });
  assert.equal(usage.cpuSeconds, 0.15);
  usage.addExited(stop({ pid: 10, createdAtMs: 98.5, atMs: 2100, cpuMs: 999 }), { lastMs: 2000, beforeMs: 1000 });
  assert.equal(usage.cpuSeconds, 0.15);
});

test('of a long life only the cycles since the last list count: its ticks and its cycles have drifted apart', () => {
  const usage = new Usage();
  feed(
    usage,
    [1000, [{ ...old, userMs: 500_000, cycles: 1e12 }]],
    [2000, [{ ...old, userMs: 500_000, cycles: 2.99e12 }]],
  );
  // By its cycles it has used 750 s, one third of a per cent of them since.
  usage.addExited(stop({ ...old, cpuMs: 750_000, cycles: 3e12 }), { lastMs: 2000, beforeMs: 1000 });
  assert.ok(Math.abs(usage.cpuSeconds - 2.5) < 1e-9, `${usage.cpuSeconds}`);
  // Fewer than before, or none known: nothing, and the difference.
  const odd = new Usage();
  const second = { pid: 11, createdAtMs: 100 };
  feed(odd, [
    1000,
    [
      { ...old, userMs: 100, cycles: 5e9 },
      { ...second, userMs: 100, cycles: 0 },
    ],
  ]);
  odd.addExited(stop({ ...old, cpuMs: 130, cycles: 4e9 }), { lastMs: 1000, beforeMs: 0 });
  assert.equal(odd.cpuSeconds, 0);
  odd.addExited(stop({ ...second, cpuMs: 130, cycles: 4e9 }), { lastMs: 1000, beforeMs: 0 });
  assert.equal(odd.cpuSeconds, 0.03);
  // An end without cycles, as on tapes of earlier days: the difference of times.
  const early = new Usage();
  feed(early, [1000, [{ ...old, userMs: 100, cycles: 5e9 }]]);
  early.addExited(stop({ ...old, cpuMs: 130 }), { lastMs: 1000, beforeMs: 0 });
  assert.equal(early.cpuSeconds, 0.03);
  // An end that tells no time counts none.
  const silent = new Usage();
  feed(silent, [1000, [{ ...old, userMs: 100, cycles: 5e9 }]]);
  silent.addExited(stop({ ...old, cycles: 9e9 }), { lastMs: 1000, beforeMs: 0 });
  assert.equal(silent.cpuSeconds, 0);
});

test('requests of an ended process: what no list has shown, where all requests are counted', () => {
  const usage = new Usage();
  const lists = { lastMs: 2000, beforeMs: 1000 };
  feed(usage, [1000, [{ ...old, ...io(100, 200, 3000, 4000) }]], [2000, [{ ...old, ...io(101, 202, 3003, 4004) }]]);
  // The end tells whole KiB: 5 of them are 5120 bytes.
  usage.addExited(stop({ ...old, ...io(111, 212, 5120, 6144) }), lists);
  assert.deepEqual(ioOf(usage), ['all requests', 11, 12, 2120, 2144]);
  usage.addExited(stop({ ...io(5, 6, 1024, 2048) }), lists);
  assert.deepEqual(ioOf(usage), ['all requests', 16, 18, 3144, 4192]);
  usage.addExited(stop({ ...io(999, 999, 9e9, 9e9) }), lists);
  assert.deepEqual(ioOf(usage), ['all requests', 16, 18, 3144, 4192]);
  // Less than a list has shown, as after the wrap of 32 bits or by the missing part of a KiB; or not told at all.
  const wrapped = new Usage();
  const second = { pid: 11, createdAtMs: 100 };
  feed(wrapped, [
    1000,
    [
      { ...old, ...io(5e9, 5e9, 3000, 3000) },
      { ...second, ...io(1, 1, 1, 1) },
    ],
  ]);
  wrapped.addExited(stop({ ...old, ...io(10, 10, 2048, 2048) }), { lastMs: 1000, beforeMs: 0 });
  wrapped.addExited(stop({ ...second, cpuMs: 0 }), { lastMs: 1000, beforeMs: 0 });
  assert.deepEqual(ioOf(wrapped), ['all requests', 0, 0, 0, 0]);
});

test('all requests of an ended process do not go into a count of those that reached a disk', () => {
  const usage = new Usage();
  const lists = { lastMs: 1000, beforeMs: 0 };
  const row = { ...old, ...io(100, 100, 1e6, 1e6), ...disk(1, 1, 10, 10) };
  feed(usage, [1000, [row]]);
  usage.addExited(stop({ ...old, ...io(500, 500, 5e6, 5e6), cpuMs: 1 }), lists);
  usage.addExited(stop({ ...io(500, 500, 5e6, 5e6), cpuMs: 1 }), lists);
  assert.deepEqual(ioOf(usage), ['disk', 0, 0, 0, 0]);
  // Nor where a look that tells all requests has come after one that told those of the disk and the process.
  const changed = new Usage();
  feed(changed, [1000, [row]], [2000, [{ pid: 12, createdAtMs: 100 }]]);
  changed.addExited(stop({ ...old, ...io(500, 500, 5e6, 5e6), atMs: 1900 }), { lastMs: 2000, beforeMs: 1000 });
  assert.deepEqual(ioOf(changed), ['all requests', 0, 0, 0, 0]);
  // Nor before any look has said which are counted.
  const blind = new Usage();
  blind.addExited(stop({ ...io(500, 500, 5e6, 5e6), cpuMs: 40 }), lists);
  assert.deepEqual([ioOf(blind), blind.cpuSeconds], [['all requests', 0, 0, 0, 0], 0.04]);
});

test('hard page faults of an ended process count; of the others its end tells nothing', () => {
  const usage = new Usage();
  const lists = { lastMs: 1000, beforeMs: 0 };
  feed(usage, [1000, [{ ...old, pageFaults: 100, hardFaults: 10 }]]);
  usage.addExited(stop({ ...old, hardFaults: 13 }), lists);
  assert.deepEqual(usage.faults, { hard: 3, soft: 0 });
  usage.addExited(stop({ hardFaults: 4 }), lists);
  assert.deepEqual(usage.faults, { hard: 7, soft: 0 });
  const blind = new Usage();
  feed(blind, [1000, [old]]);
  blind.addExited(stop({ ...old, hardFaults: 13 }), lists);
  assert.equal(blind.faults, undefined);
});

test('a table that was read before the end and comes after it counts nothing twice', () => {
  const usage = new Usage();
  const late = { pid: 20, createdAtMs: 1100 };
  feed(usage, [1000, [{ ...old, userMs: 0, pageFaults: 0 }]]);
  usage.addExited(stop({ ...late, cpuMs: 40, ...io(9, 9, 9216, 9216), hardFaults: 9 }), { lastMs: 1000, beforeMs: 0 });
  const counted = () => [usage.cpuSeconds, ...ioOf(usage), usage.faults];
  const once = [0.04, 'all requests', 9, 9, 9216, 9216, { hard: 9, soft: 0 }];
  assert.deepEqual(counted(), once);
  // Its list has whole bytes, more than the KiB of its end, and fewer hard faults: no wrap.
  const row = { ...late, userMs: 45, ...io(10, 10, 9300, 9300), pageFaults: 50, hardFaults: 8, threads: 2 };
  usage.update(processTable([row]), [0], listOf(old));
  assert.deepEqual([counted(), usage.threads], [once, 2]);
  usage.update(processTable([]), [], listOf(row));
  usage.update(processTable([]), [], listOf());
  assert.deepEqual(counted(), once);
});
