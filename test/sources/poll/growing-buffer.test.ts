// Tables that grow between two calls: read in a bounded loop; the size is kept for the next poll.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Win32Error } from '../../../src/native/win32-error.ts';
import { type Attempt, GrowingBuffer } from '../../../src/sources/poll/growing-buffer.ts';

const TOO_SMALL = 122;

/** A table that needs these sizes, one for each call. */
function table(...needs: number[]) {
  const sizes: number[] = [];
  const attempt = (buffer: Buffer): Attempt => {
    sizes.push(buffer.length);
    const needed = needs[Math.min(sizes.length, needs.length) - 1]!;
    return buffer.length >= needed ? { done: true } : { done: false, needed, code: TOO_SMALL };
  };
  return { sizes, attempt };
}

test('uses a buffer of sufficient size as it is', () => {
  const { sizes, attempt } = table(100);
  assert.equal(new GrowingBuffer(100).fill('X', attempt).length, 100);
  assert.deepEqual(sizes, [100]);
});

test('reads a table that outgrows the size it asked for, and keeps the size for the next poll', () => {
  const growing = new GrowingBuffer(64);
  const first = table(1000, 2000, 3000);
  assert.ok(growing.fill('X', first.attempt).length >= 3000);
  assert.ok(first.sizes.length <= 4, `${first.sizes}`);
  const second = table(3000);
  growing.fill('X', second.attempt);
  assert.equal(second.sizes.length, 1);
});

test('allocates more than needed, for rows that are added meanwhile', () => {
  const { sizes, attempt } = table(1000);
  new GrowingBuffer(64).fill('X', attempt);
  assert.ok(sizes[1]! >= 1250);
});

test('doubles the size when the system does not report the size it needs', () => {
  const sizes: number[] = [];
  new GrowingBuffer(16).fill('X', (buffer) => {
    sizes.push(buffer.length);
    return buffer.length >= 100 ? { done: true } : { done: false, needed: 0, code: TOO_SMALL };
  });
  assert.deepEqual(sizes, [16, 32, 64, 128]);
});

test('throws the error of the system for a table that never fits', () => {
  let calls = 0;
  assert.throws(
    () =>
      new GrowingBuffer(16).fill('SomeCall', (buffer) => {
        calls++;
        return { done: false, needed: buffer.length + 1, code: TOO_SMALL };
      }),
    (error: unknown) => error instanceof Win32Error && error.call === 'SomeCall' && error.code === TOO_SMALL,
  );
  assert.ok(calls <= 8);
});

test('refuses to allocate gigabytes', () => {
  const attempt = (): Attempt => ({ done: false, needed: 0xffffffff, code: TOO_SMALL });
  const before = process.memoryUsage().arrayBuffers;
  assert.throws(() => new GrowingBuffer(16).fill('X', attempt), Win32Error);
  assert.ok(process.memoryUsage().arrayBuffers - before < 1_000_000);
});

test('passes on what the attempt throws', () => {
  assert.throws(
    () =>
      new GrowingBuffer(16).fill('X', () => {
        throw new Error('no rights');
      }),
    /no rights/,
  );
});
