// The rate limit of records, on a clock of the test.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RecordLimiter } from '../../src/logs/record-limiter.ts';

const admitted = (limiter: RecordLimiter, count: number, monoMs: number): number => {
  let passed = 0;
  for (let i = 0; i < count; i++) if (limiter.admit(monoMs)) passed++;
  return passed;
};

test('passes a burst of ten seconds at once, and then the rate', () => {
  const limiter = new RecordLimiter(5);
  assert.equal(admitted(limiter, 100, 1000), 50);
  assert.equal(admitted(limiter, 100, 1100), 0);
  assert.equal(admitted(limiter, 100, 2000), 5);
  assert.equal(admitted(limiter, 100, 4000), 10);
});

test('saves no more than one burst, however long nothing came', () => {
  const limiter = new RecordLimiter(5);
  admitted(limiter, 100, 0);
  assert.equal(admitted(limiter, 1000, 1e9), 50);
});

test('passes everything with a rate of 0', () => {
  assert.equal(admitted(new RecordLimiter(0), 1000, 0), 1000);
});

test('does not refill by a clock that goes back', () => {
  const limiter = new RecordLimiter(1);
  admitted(limiter, 10, 10_000);
  assert.equal(admitted(limiter, 10, 0), 0);
  assert.equal(admitted(limiter, 10, 10_000), 0);
  assert.equal(admitted(limiter, 10, 11_000), 1);
});
