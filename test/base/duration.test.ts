// Go durations; the values are those of https://pkg.go.dev/time#ParseDuration
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseDurationMs } from '../../src/base/duration.ts';

const valid: readonly [text: string, ms: number][] = [
  ['0', 0],
  ['15s', 15_000],
  ['1m30s', 90_000],
  ['1h15m30.918s', 4_530_918],
  ['1.5h', 5_400_000],
  ['.5s', 500],
  ['5.s', 5000],
  ['300ms', 300],
  ['250us', 0.25],
  ['250µs', 0.25],
  ['250μs', 0.25],
  ['+5s', 5000],
  ['-1.5h', -5_400_000],
  ['-0', 0],
  ['2s1m', 62_000],
];

describe('durations', () => {
  for (const [text, ms] of valid) it(`${text} is ${ms} ms`, () => assert.equal(parseDurationMs(text), ms));

  it('parses nanoseconds', () => assert.ok(Math.abs(parseDurationMs('1ns')! - 1e-6) < 1e-12));

  for (const text of [
    '',
    '15',
    '3000',
    '-',
    's',
    '.',
    '.s',
    '1d',
    '1w',
    '5 s',
    ' 5s',
    '5s ',
    '5S',
    '1e3s',
    '+-5s',
    '1m30',
    '0x1s',
  ])
    it(`rejects ${JSON.stringify(text)}`, () => assert.equal(parseDurationMs(text), undefined));

  it('rejects a duration beyond the 63 bits of nanoseconds of Go', () => {
    assert.equal(parseDurationMs('2562047h47m16s'), 9_223_372_036_000);
    assert.equal(parseDurationMs('2562047h47m17s'), undefined);
  });
});
