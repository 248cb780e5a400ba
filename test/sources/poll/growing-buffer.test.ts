// Tables that grow between two calls: read in a bounded loop, the size kept for the next poll.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Win32Error } from '../../../src/native/win32-error.ts';
import { type Attempt, GrowingBuffer } from '../../../src/sources/poll/growing-buffer.ts';

const TOO_SMALL = 122;

/** A table that needs these sizes, one a call. */
function table(...needs: number[]) {
  const sizes: number[] = [];
  const attempt = (buffer: Buffer): Attempt => {
    sizes.push(buffer.length);
    const needed = needs[Math.min(sizes.length, needs.length) - 1]!;
    return buffer.length >= needed ? { done: true } : { done: false, needed, code: TOO_SMALL };
  };
  return { sizes, attempt };
}

test('a buffer that fits is used as it is', () => {
  const { sizes, attempt } = table(100);
  assert.equal(new GrowingBuffer(100).fill('X', attempt).length, 100);
  assert.deepEqual(sizes, [100]);
});

test('a table that outgrows the size it asked for is read at last, and the size stays for the next time', () => {
  const growing = new GrowingBuffer(64);
  const first = table(1000, 2000, 3000);
  assert.ok(growing.fill('X', first.attempt).length >= 3000);
  assert.ok(first.sizes.length <= 4, `${first.sizes}`);
  const second = table(3000);
  growing.fill('X', second.attempt);
  assert.equal(second.sizes.length, 1);
});

test('room is made for rows that come while it is made', () => {
  const { sizes, attempt } = table(1000);
  new GrowingBuffer(64).fill('X', attempt);
  assert.ok(sizes[1]! >= 1250);
});

test('a system that does not say how much it needs gets twice as much each time', () => {
  const sizes: number[] = [];
  new GrowingBuffer(16).fill('X', (buffer) => {
    sizes.push(buffer.length);
    return buffer.length >= 100 ? { done: true } : { done: false, needed: 0, code: TOO_SMALL };
  });
  assert.deepEqual(sizes, [16, 32, 64, 128]);
});

test('a table that never fits ends in the error of the system', () => {
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

test('a system that asks for gigabytes gets none', () => {
  const attempt = (): Attempt => ({ done: false, needed: 0xffffffff, code: TOO_SMALL });
  const before = process.memoryUsage().arrayBuffers;
  assert.throws(() => new GrowingBuffer(16).fill('X', attempt), Win32Error);
  assert.ok(process.memoryUsage().arrayBuffers - before < 1_000_000);
});

test('what the attempt throws comes through', () => {
  assert.throws(
    () =>
      new GrowingBuffer(16).fill('X', () => {
        throw new Error('no rights');
      }),
    /no rights/,
  );
});
