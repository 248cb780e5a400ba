// What the last scan of the TCP tables knows: direction and process of each connection, and how it was found.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  directionIn,
  EstablishedRows,
  isUndecided,
  wasInferred,
} from '../../../../src/model/net/tracker/established-rows.ts';
import { TupleHash } from '../../../../src/model/net/tracker/tuple-set.ts';

const hash = (number: number): TupleHash =>
  new TupleHash().of(Uint8Array.of(10, 0, 0, 5), number, Uint8Array.of(10, 0, 0, 9), 80, 0, 4);

/** One scan that adds these connections. */
function scan(rows: EstablishedRows, act: () => void, atMs = 1): void {
  rows.begin();
  act();
  rows.end(atMs);
}

test('remembers a scan from its end to the end of the next one', () => {
  const rows = new EstablishedRows();
  assert.deepEqual([rows.scans, rows.scannedAtMs, rows.pidOf(hash(1)), rows.recall(hash(1), 7)], [0, 0, 0, -1]);
  rows.begin();
  rows.add(hash(1), 7, 'outbound', 'reported');
  assert.deepEqual([rows.pidOf(hash(1)), rows.recall(hash(1), 7), rows.directionOf(hash(1))], [0, -1, undefined]);
  rows.end(500);
  assert.deepEqual(
    [rows.scans, rows.scannedAtMs, rows.pidOf(hash(1)), rows.directionOf(hash(1))],
    [1, 500, 7, 'outbound'],
  );
  scan(rows, () => rows.add(hash(2), 8, 'inbound', 'reported'), 600);
  assert.deepEqual([rows.pidOf(hash(1)), rows.recall(hash(1), 7), rows.directionOf(hash(1))], [0, -1, undefined]);
  assert.deepEqual(
    [rows.scans, rows.scannedAtMs, rows.pidOf(hash(2)), rows.directionOf(hash(2))],
    [2, 600, 8, 'inbound'],
  );
});

test('recalls direction and finding of each connection', () => {
  const rows = new EstablishedRows();
  scan(rows, () => {
    rows.add(hash(1), 7, 'outbound', 'inferred');
    rows.add(hash(2), 7, 'inbound', 'reported');
    rows.add(hash(3), 7, undefined, 'undecided');
    rows.add(hash(4), 7, undefined, 'reported');
  });
  const all = [1, 2, 3, 4, 5].map((number) => {
    const recalled = rows.recall(hash(number), 7);
    return [
      recalled >= 0,
      directionIn(recalled),
      wasInferred(recalled),
      isUndecided(recalled),
      rows.isInferred(hash(number), 7),
    ];
  });
  assert.deepEqual(all, [
    [true, 'outbound', true, false, true],
    [true, 'inbound', false, false, false],
    [true, undefined, false, true, false],
    [true, undefined, false, false, false],
    [false, undefined, false, false, false],
  ]);
  assert.equal(rows.directionOf(hash(3)), undefined);
});

test('recalls a 4-tuple for its process and for a row without a process, but for no other', () => {
  const rows = new EstablishedRows();
  scan(rows, () => {
    rows.add(hash(1), 7, 'outbound', 'inferred');
    rows.add(hash(2), 0, 'outbound', 'inferred');
  });
  assert.equal(rows.recall(hash(1), 8), -1);
  assert.equal(rows.isInferred(hash(1), 8), false);
  assert.equal(rows.recall(hash(1), 0) >= 0, true);
  assert.equal(rows.recall(hash(2), 9) >= 0, true);
});

test('keeps a closing connection as the last scan had it, and no unknown one', () => {
  const rows = new EstablishedRows();
  scan(rows, () => rows.add(hash(1), 7, 'outbound', 'inferred'));
  scan(rows, () => rows.add(hash(2), 7, 'inbound', 'reported'));
  scan(rows, () => rows.keep(hash(1), 7));
  assert.equal(rows.recall(hash(1), 7), -1);
  scan(rows, () => rows.add(hash(1), 7, 'outbound', 'inferred'));
  for (let i = 0; i < 3; i++) scan(rows, () => rows.keep(hash(1), 0));
  assert.deepEqual(
    [rows.pidOf(hash(1)), rows.isInferred(hash(1), 7), rows.directionOf(hash(1))],
    [7, true, 'outbound'],
  );
  scan(rows, () => rows.keep(hash(1), 8));
  assert.equal(rows.pidOf(hash(1)), 0);
});

test('infers nothing after a scan without an inferred connection', () => {
  const rows = new EstablishedRows();
  scan(rows, () => rows.add(hash(1), 7, 'outbound', 'inferred'));
  scan(rows, () => rows.add(hash(1), 7, 'outbound', 'reported'));
  assert.equal(rows.isInferred(hash(1), 7), false);
});

test('separates 3,000 connections', () => {
  const rows = new EstablishedRows();
  scan(rows, () => {
    for (let i = 0; i < 3000; i++)
      rows.add(hash(i), i + 1, i % 2 === 0 ? 'outbound' : 'inbound', i % 3 === 0 ? 'inferred' : 'reported');
  });
  for (let i = 0; i < 3000; i++) {
    assert.deepEqual(
      [rows.pidOf(hash(i)), rows.directionOf(hash(i)), rows.isInferred(hash(i), i + 1)],
      [i + 1, i % 2 === 0 ? 'outbound' : 'inbound', i % 3 === 0],
    );
  }
});
