// Usage of exited processes since the last list, counted once for the container that they belonged to.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Usage } from '../../../src/model/containers/usage.ts';
import type { ProcessEventRecord } from '../../../src/sources/host.ts';
import { processTable } from '../../helpers/observations.ts';
import { applyLists, disk, io, ioOf, listOf } from '../../helpers/usage.ts';

const old = { pid: 10, createdAtMs: 100 };
const noList = { lastMs: 0, beforeMs: 0 };
/** A stop event, at 9000 by default. */
const stop = (values: Partial<ProcessEventRecord>): ProcessEventRecord => {
  return { type: 'stopped', atMs: 9000, pid: 20, createdAtMs: 2100, imageName: 'a.exe', ...values };
};

test('weak spot 24: adds the usage of an exited process that no list has shown', () => {
  const usage = new Usage();
  const lists = { lastMs: 2000, beforeMs: 1000 };
  applyLists(usage, [1000, [{ ...old, userMs: 500 }]], [2000, [{ ...old, userMs: 600 }]]);
  // Listed before: the usage since the last list.
  usage.addExited(stop({ ...old, cpuMs: 650 }), lists);
  assert.equal(usage.cpuSeconds, 0.15);
  // Never listed, started after the last list: all of it.
  usage.addExited(stop({ cpuMs: 40 }), lists);
  assert.equal(usage.cpuSeconds, 0.19);
  // Nothing for a second stop event, for a process that a list would have shown, and before the first list.
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

test('adds the usage of a process with a stop event that arrives after the next list', () => {
  const usage = new Usage();
  const lists = { lastMs: 3000, beforeMs: 2000 };
  applyLists(usage, [1000, [{ ...old, userMs: 500 }]], [2000, [{ ...old, userMs: 600 }]], [3000, []]);
  usage.addExited(stop({ ...old, atMs: 2900, cpuMs: 640 }), lists);
  assert.equal(usage.cpuSeconds, 0.14);
  // A process that ran between those two lists.
  usage.addExited(stop({ createdAtMs: 2100, atMs: 2900, cpuMs: 25 }), lists);
  assert.equal(usage.cpuSeconds, 0.165);
  // After one more list the baseline is dropped.
  const late = new Usage();
  applyLists(late, [1000, [{ ...old, userMs: 500 }]], [2000, []], [3000, []]);
  late.addExited(stop({ ...old, atMs: 1900, cpuMs: 640 }), lists);
  assert.equal(late.cpuSeconds, 0);
});

test('adds usage by a late stop event after the service has stopped or the pid was reused', () => {
  const stopped = new Usage();
  applyLists(stopped, [1000, [{ ...old, userMs: 500 }]]);
  stopped.clear();
  stopped.addExited(stop({ ...old, cpuMs: 570 }), { lastMs: 2000, beforeMs: 1000 });
  assert.equal(stopped.cpuSeconds, 0.07);
  stopped.clear();
  stopped.clear();
  stopped.addExited(stop({ ...old, cpuMs: 9999 }), { lastMs: 2000, beforeMs: 1000 });
  assert.equal(stopped.cpuSeconds, 0.07);

  const reused = new Usage();
  const heir = { pid: 10, createdAtMs: 1500 };
  applyLists(reused, [1000, [{ ...old, userMs: 500 }]], [2000, [{ ...heir, userMs: 30 }]]);
  reused.addExited(stop({ ...old, atMs: 1400, cpuMs: 570 }), { lastMs: 2000, beforeMs: 1000 });
  assert.equal(reused.cpuSeconds, 0.1);
  // An unlisted process with the same pid in between does not change the baseline of the later one.
  reused.addExited(stop({ pid: 10, createdAtMs: 1410, atMs: 1490, cpuMs: 5 }), { lastMs: 2000, beforeMs: 1000 });
  reused.update(processTable([{ ...heir, userMs: 50 }]), [0], listOf(heir));
  assert.equal(reused.cpuSeconds, 0.125);
});

test('matches creation times of lists and events that differ by less than a millisecond', () => {
  const usage = new Usage();
  applyLists(usage, [1000, [{ ...old, userMs: 500 }]], [2000, [{ pid: 10, createdAtMs: 100.9, userMs: 600 }]]);
  usage.addExited(stop({ pid: 10, createdAtMs: 99.5, atMs: 2100, cpuMs: 650 }), { lastMs: 2000, beforeMs: 1000 });
  assert.equal(usage.cpuSeconds, 0.15);
  usage.addExited(stop({ pid: 10, createdAtMs: 98.5, atMs: 2100, cpuMs: 999 }), { lastMs: 2000, beforeMs: 1000 });
  assert.equal(usage.cpuSeconds, 0.15);
});

test('adds processor time by cycles since the last list if both sides have cycles', () => {
  const usage = new Usage();
  applyLists(
    usage,
    [1000, [{ ...old, userMs: 500_000, cycles: 1e12 }]],
    [2000, [{ ...old, userMs: 500_000, cycles: 2.99e12 }]],
  );
  // By cycles it has used 750 s, one third of a percent of them since the last list.
  usage.addExited(stop({ ...old, cpuMs: 750_000, cycles: 3e12 }), { lastMs: 2000, beforeMs: 1000 });
  assert.ok(Math.abs(usage.cpuSeconds - 2.5) < 1e-9, `${usage.cpuSeconds}`);
  // Fewer cycles than before add nothing. Without cycles in the list the times are subtracted.
  const odd = new Usage();
  const second = { pid: 11, createdAtMs: 100 };
  applyLists(odd, [
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
  // A stop event without cycles, as in old recordings: the difference of times.
  const early = new Usage();
  applyLists(early, [1000, [{ ...old, userMs: 100, cycles: 5e9 }]]);
  early.addExited(stop({ ...old, cpuMs: 130 }), { lastMs: 1000, beforeMs: 0 });
  assert.equal(early.cpuSeconds, 0.03);
  // A stop event without a time adds nothing.
  const silent = new Usage();
  applyLists(silent, [1000, [{ ...old, userMs: 100, cycles: 5e9 }]]);
  silent.addExited(stop({ ...old, cycles: 9e9 }), { lastMs: 1000, beforeMs: 0 });
  assert.equal(silent.cpuSeconds, 0);
});

test('adds requests of an exited process since the last list if all requests are counted', () => {
  const usage = new Usage();
  const lists = { lastMs: 2000, beforeMs: 1000 };
  applyLists(
    usage,
    [1000, [{ ...old, ...io(100, 200, 3000, 4000) }]],
    [2000, [{ ...old, ...io(101, 202, 3003, 4004) }]],
  );
  // The stop event has whole KiB: 5 KiB are 5120 bytes.
  usage.addExited(stop({ ...old, ...io(111, 212, 5120, 6144) }), lists);
  assert.deepEqual(ioOf(usage), ['all requests', 11, 12, 2120, 2144]);
  usage.addExited(stop({ ...io(5, 6, 1024, 2048) }), lists);
  assert.deepEqual(ioOf(usage), ['all requests', 16, 18, 3144, 4192]);
  usage.addExited(stop({ ...io(999, 999, 9e9, 9e9) }), lists);
  assert.deepEqual(ioOf(usage), ['all requests', 16, 18, 3144, 4192]);
  // Lower values than in the list (after a 32-bit wrap, or rounded down to KiB) or missing ones add nothing.
  const wrapped = new Usage();
  const second = { pid: 11, createdAtMs: 100 };
  applyLists(wrapped, [
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

test('does not add requests of an exited process to a count of disk requests', () => {
  const usage = new Usage();
  const lists = { lastMs: 1000, beforeMs: 0 };
  const row = { ...old, ...io(100, 100, 1e6, 1e6), ...disk(1, 1, 10, 10) };
  applyLists(usage, [1000, [row]]);
  usage.addExited(stop({ ...old, ...io(500, 500, 5e6, 5e6), cpuMs: 1 }), lists);
  usage.addExited(stop({ ...io(500, 500, 5e6, 5e6), cpuMs: 1 }), lists);
  assert.deepEqual(ioOf(usage), ['disk', 0, 0, 0, 0]);
  // The same if the list before counted disk requests and the last one all requests.
  const changed = new Usage();
  applyLists(changed, [1000, [row]], [2000, [{ pid: 12, createdAtMs: 100 }]]);
  changed.addExited(stop({ ...old, ...io(500, 500, 5e6, 5e6), atMs: 1900 }), { lastMs: 2000, beforeMs: 1000 });
  assert.deepEqual(ioOf(changed), ['all requests', 0, 0, 0, 0]);
  // The same before the first list, when the kind of counts is unknown.
  const blind = new Usage();
  blind.addExited(stop({ ...io(500, 500, 5e6, 5e6), cpuMs: 40 }), lists);
  assert.deepEqual([ioOf(blind), blind.cpuSeconds], [['all requests', 0, 0, 0, 0], 0.04]);
});

test('adds hard page faults of an exited process; the stop event has no soft ones', () => {
  const usage = new Usage();
  const lists = { lastMs: 1000, beforeMs: 0 };
  applyLists(usage, [1000, [{ ...old, pageFaults: 100, hardFaults: 10 }]]);
  usage.addExited(stop({ ...old, hardFaults: 13 }), lists);
  assert.deepEqual(usage.faults, { hard: 3, soft: 0 });
  usage.addExited(stop({ hardFaults: 4 }), lists);
  assert.deepEqual(usage.faults, { hard: 7, soft: 0 });
  const blind = new Usage();
  applyLists(blind, [1000, [old]]);
  blind.addExited(stop({ ...old, hardFaults: 13 }), lists);
  assert.equal(blind.faults, undefined);
});

test('counts nothing twice if a list was read before the exit and arrives after the stop event', () => {
  const usage = new Usage();
  const late = { pid: 20, createdAtMs: 1100 };
  applyLists(usage, [1000, [{ ...old, userMs: 0, pageFaults: 0 }]]);
  usage.addExited(stop({ ...late, cpuMs: 40, ...io(9, 9, 9216, 9216), hardFaults: 9 }), { lastMs: 1000, beforeMs: 0 });
  const counted = () => [usage.cpuSeconds, ...ioOf(usage), usage.faults];
  const once = [0.04, 'all requests', 9, 9, 9216, 9216, { hard: 9, soft: 0 }];
  assert.deepEqual(counted(), once);
  // The list has bytes, more than the KiB of the stop event, and fewer hard faults, which is no wrap.
  const row = { ...late, userMs: 45, ...io(10, 10, 9300, 9300), pageFaults: 50, hardFaults: 8, threads: 2 };
  usage.update(processTable([row]), [0], listOf(old));
  assert.deepEqual([counted(), usage.threads], [once, 2]);
  usage.update(processTable([]), [], listOf(row));
  usage.update(processTable([]), [], listOf());
  assert.deepEqual(counted(), once);
});
