// Process trees: children by parent pid and creation time.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ProcessIndex } from '../../../src/model/processes/process-index.ts';
import { type ProcessRow, processTable } from '../../helpers/observations.ts';

function tree(root: number, ...rows: ProcessRow[]): number[] {
  const index = new ProcessIndex(processTable(rows));
  return index.tree(root).map((row) => rows[row]!.pid);
}

test('returns the root first, then all descendants', () => {
  const rows: ProcessRow[] = [
    { pid: 40, parentPid: 30, createdAtMs: 5 },
    { pid: 10, createdAtMs: 1 },
    { pid: 20, parentPid: 10, createdAtMs: 2 },
    { pid: 30, parentPid: 20, createdAtMs: 3 },
    { pid: 21, parentPid: 10, createdAtMs: 3 },
    { pid: 99, parentPid: 7, createdAtMs: 3 },
  ];
  const pids = tree(10, ...rows);
  assert.equal(pids[0], 10);
  assert.deepEqual(pids.toSorted(), [10, 20, 21, 30, 40]);
  assert.deepEqual(tree(30, ...rows), [30, 40]);
});

test('returns no tree and no row for a pid that does not run', () => {
  assert.deepEqual(tree(77, { pid: 10 }, { pid: 11, parentPid: 77 }), []);
  assert.equal(new ProcessIndex(processTable([{ pid: 10 }])).row(77), undefined);
  assert.equal(new ProcessIndex(processTable([{ pid: 9 }, { pid: 10 }])).row(10), 1);
});

test('ignores a parent that is newer than the child, because the pid was reused', () => {
  assert.deepEqual(tree(10, { pid: 10, createdAtMs: 100 }, { pid: 11, parentPid: 10, createdAtMs: 50 }), [10]);
});

test('accepts a child with the creation time of its parent', () => {
  assert.deepEqual(tree(10, { pid: 10, createdAtMs: 100 }, { pid: 11, parentPid: 10, createdAtMs: 100 }), [10, 11]);
});

test('stops at a process that is its own parent, and at two that are parents of each other', () => {
  assert.deepEqual(tree(10, { pid: 10, parentPid: 10, createdAtMs: 1 }), [10]);
  assert.deepEqual(
    tree(10, { pid: 10, parentPid: 11, createdAtMs: 1 }, { pid: 11, parentPid: 10, createdAtMs: 1 }),
    [10, 11],
  );
});

test('does not add processes without a parent to the idle process', () => {
  assert.deepEqual(tree(0, { pid: 0, parentPid: 0 }, { pid: 4, parentPid: 0 }), [0, 4]);
  assert.deepEqual(tree(500, { pid: 0 }, { pid: 4, parentPid: 0 }, { pid: 500, parentPid: 4, createdAtMs: 5 }), [500]);
});

test('walks a chain of 100,000 processes without recursion', () => {
  const rows = Array.from({ length: 100_000 }, (_, i) => ({ pid: i + 1, parentPid: i, createdAtMs: i }));
  assert.equal(tree(1, ...rows).length, 100_000);
});
