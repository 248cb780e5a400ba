// Foreign memory and handles: each read is checked against the bounds, and each handle is counted.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BoundsError, ForeignBuffer } from '../../src/native/buffer.ts';
import { Handle, openHandles } from '../../src/native/handle.ts';
import { Win32Error } from '../../src/native/win32-error.ts';

const sixteen = new ForeignBuffer(Buffer.from('00112233445566778899aabbccddeeff', 'hex'), 0x1000n);

test('reads numbers as little-endian and ports as big-endian', () => {
  assert.deepEqual(
    [sixteen.u8(15), sixteen.u16(1), sixteen.u16be(1), sixteen.u32(4)],
    [0xff, 0x2211, 0x1122, 0x77665544],
  );
});

test('reads 64-bit numbers as signed and exactly up to 2^53', () => {
  const bytes = Buffer.alloc(8);
  for (const value of [0n, 1n, -1n, 2n ** 53n, -(2n ** 53n), 2n ** 32n, -(2n ** 31n), 2n ** 62n]) {
    bytes.writeBigInt64LE(value);
    assert.equal(new ForeignBuffer(bytes).i64(0), Number(value));
  }
});

test('reads the last byte, and rejects reads before and after the buffer', () => {
  const reads: [keyof ForeignBuffer, size: number][] = [
    ['u8', 1],
    ['u16', 2],
    ['u16be', 2],
    ['u32', 4],
    ['i64', 8],
  ];
  for (const [name, size] of reads) {
    const read = (at: number) => (sixteen[name] as (at: number) => number).call(sixteen, at);
    assert.doesNotThrow(() => read(16 - size));
    for (const at of [16 - size + 1, 16, 1e9, -1, Number.MAX_SAFE_INTEGER])
      assert.throws(() => read(at), BoundsError, `${name} at ${at}`);
  }
  assert.equal(sixteen.slice(16, 0).length, 0);
  for (const [at, length] of [
    [15, 2],
    [-1, 2],
    [3, -1],
    [0, 17],
  ] as const) {
    assert.throws(() => sixteen.slice(at, length), BoundsError);
  }
});

test('a buffer without a given base has its own address', () => {
  const bytes = Buffer.alloc(32);
  const buffer = new ForeignBuffer(bytes);
  assert.equal(buffer.pointer(0), -1);
  const elsewhere = new ForeignBuffer(bytes, 0x5000n);
  bytes.writeBigUInt64LE(0x5000n + 31n);
  assert.equal(elsewhere.pointer(0), 31);
  assert.throws(() => buffer.pointer(0), BoundsError);
});

test('closes a handle once at the end of its block, also after an error', () => {
  const closed: bigint[] = [];
  const before = openHandles();
  assert.throws(() => {
    using handle = new Handle(7n, (value) => closed.push(value));
    assert.equal(openHandles(), before + 1);
    handle[Symbol.dispose]();
    throw new Error('in between');
  }, /in between/);
  assert.deepEqual([closed, openHandles()], [[7n], before]);
});

test('the message of an error has a text for frequent codes, and always the number', () => {
  assert.equal(new Win32Error('OpenServiceW', 5).message, 'OpenServiceW: access denied (5)');
  assert.equal(new Win32Error('X', 99999).message, 'X: error 0x1869f');
  assert.equal(
    new Win32Error('NtQuerySystemInformation', 0xc0000022).message,
    'NtQuerySystemInformation: access denied (0xc0000022)',
  );
});
