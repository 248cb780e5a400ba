// Memory behind pointers in structs survives forced collections during the native call, in optimised code too.
import assert from 'node:assert/strict';
import { closeSync, openSync, readSync } from 'node:fs';
import { describe, it } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { addressOf } from '../../src/native/ffi.ts';
import { withPointers } from '../../src/native/pointers.ts';
import { openObject } from '../../src/sources/poll/object-directory.ts';

setFlagsFromString('--expose-gc');
setFlagsFromString('--allow-natives-syntax');
const collect = runInNewContext('gc') as () => void;
// The natives syntax compiles a function at once; otherwise V8 decides when it has run often enough.
const prepare = runInNewContext('(f) => %PrepareFunctionForOptimization(f)') as (f: unknown) => void;
const optimise = runInNewContext('(f) => %OptimizeFunctionOnNextCall(f)') as (f: unknown) => void;

/** Collects twice, because the first one frees in the background, and overwrites the memory that was freed. */
function reuseFreedMemory(): void {
  // The pool of Buffer.from keeps one block alive: other texts take its place.
  for (let i = 0; i < 2000; i++) Buffer.from('x'.repeat(60), 'utf16le');
  collect();
  collect();
  for (let i = 0; i < 2000; i++) {
    Buffer.alloc(8, 0xee);
    Buffer.alloc(16, 0xee);
    Buffer.alloc(120, 0xee);
  }
}

/** Memory at an address, or nothing if it is no memory of this process: a plain read would end the process. */
function readMemory(address: bigint, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  const memory = openSync('/proc/self/mem', 'r');
  try {
    return bytes.subarray(0, readSync(memory, bytes, 0, length, address));
  } catch {
    return Buffer.alloc(0);
  } finally {
    closeSync(memory);
  }
}

/** What a native function reads: the text behind the UNICODE_STRING of OBJECT_ATTRIBUTES (fields at 0, 8 and 16). */
function pathOf(attributes: Buffer): string {
  const name = readMemory(attributes.readBigUInt64LE(16), 16);
  return name.length < 16 ? '' : readMemory(name.readBigUInt64LE(8), name.readUInt16LE(0)).toString('utf16le');
}

/** A native function that opens an object while the collector runs. */
function openWithCollections(found: string[]): Parameters<typeof openObject>[1] {
  return (_handle, _access, attributes) => {
    reuseFreedMemory();
    found.push(pathOf(attributes));
    return 0;
  };
}

/** Neither variable is used after its address was read, so optimised code drops both. */
function unsafeOpen(open: Parameters<typeof openObject>[1], path: string): number {
  const text = Buffer.from(path, 'utf16le');
  const name = Buffer.alloc(16);
  name.writeUInt16LE(text.length, 0);
  name.writeBigUInt64LE(addressOf(text), 8);
  const attributes = Buffer.alloc(48);
  attributes.writeBigUInt64LE(addressOf(name), 16);
  return open(new BigUint64Array(1), 0, attributes, 0, 0);
}

const PATH = String.raw`\BaseNamedObjects\Container_0123456789abcdef`;

/**
 * The paths that `open` passes to a native function, the collector running during each call; `optimised` is compiled
 * by the optimiser before.
 */
function pathsOf(
  open: (native: Parameters<typeof openObject>[1], path: string) => unknown,
  optimised: (...args: never[]) => unknown,
): string[] {
  const found: string[] = [];
  const native = openWithCollections(found);
  const quick: typeof native = () => 0;
  prepare(optimised);
  for (let i = 0; i < 50; i++) open(quick, PATH);
  optimise(optimised);
  open(quick, PATH);
  for (let i = 0; i < 20; i++) open(native, PATH);
  return found;
}

describe('memory behind pointers', { skip: process.platform !== 'linux' && 'it reads /proc/self/mem' }, () => {
  it('survives collections during the call of optimised code', { timeout: 60_000 }, () => {
    const found = pathsOf((native, path) => openObject('open', native, path, 0), openObject);
    assert.deepEqual([found.length, new Set(found)], [20, new Set([PATH])]);
  });

  it('is lost in the same test when only its address is kept', { timeout: 60_000 }, () => {
    assert.ok(pathsOf(unsafeOpen, unsafeOpen).some((path) => path !== PATH));
  });

  it('survives although no variable refers to it', { timeout: 60_000 }, () => {
    withPointers((setPointer) => {
      const outer = Buffer.alloc(8);
      const inner = Buffer.alloc(8);
      setPointer(outer, 0, Buffer.from('outer'));
      const nested = withPointers((setInner) => {
        setInner(inner, 0, Buffer.from('inner'));
        reuseFreedMemory();
        assert.equal(readMemory(inner.readBigUInt64LE(0), 5).toString(), 'inner');
        return 7;
      });
      reuseFreedMemory();
      assert.equal(readMemory(outer.readBigUInt64LE(0), 5).toString(), 'outer');
      return nested;
    });
  });

  it('survives until the promise of a blocking call is settled', { timeout: 60_000 }, async () => {
    for (const settle of ['resolve', 'reject'] as const) {
      const call = Promise.withResolvers<number>();
      const table = Buffer.alloc(16);
      const returned = withPointers((setPointer) => {
        setPointer(table, 8, Buffer.from('a service'));
        return call.promise;
      });
      reuseFreedMemory();
      await new Promise(setImmediate);
      reuseFreedMemory();
      assert.equal(readMemory(table.readBigUInt64LE(8), 9).toString(), 'a service');
      if (settle === 'resolve') call.resolve(3);
      else call.reject(new Error('refused'));
      assert.equal(await returned.catch((error: Error) => error.message), settle === 'resolve' ? 3 : 'refused');
      assert.equal(table.readBigUInt64LE(8), 0n);
    }
  });

  it('can be collected after the call, and after a call that threw', { timeout: 60_000 }, async () => {
    let collected = 0;
    const registry = new FinalizationRegistry(() => collected++);
    const fill = (fails: boolean) =>
      withPointers((setPointer) => {
        const target = Buffer.alloc(100_000);
        registry.register(target, '');
        setPointer(Buffer.alloc(8), 0, target);
        if (fails) throw new Error('refused');
        return 0;
      });
    for (let i = 0; i < 5; i++) fill(false);
    for (let i = 0; i < 5; i++) assert.throws(() => fill(true), /refused/);
    for (let tries = 0; tries < 20 && collected < 10; tries++) {
      await new Promise(setImmediate);
      collect();
    }
    assert.equal(collected, 10);
  });
});

describe('pointers', () => {
  it('are NULL after the call, so that a struct that is used again refers to nothing', () => {
    const struct = Buffer.alloc(24, 0xff);
    let during = 0n;
    withPointers((setPointer) => {
      setPointer(struct, 8, Buffer.from('text'));
      during = struct.readBigUInt64LE(8);
      return true;
    });
    assert.notEqual(during, 0n);
    assert.equal(struct.toString('hex'), `${'ff'.repeat(8)}${'00'.repeat(8)}${'ff'.repeat(8)}`);
  });

  it('cannot be set after the call, nor beyond the struct', () => {
    let late: Parameters<Parameters<typeof withPointers>[0]>[0] | undefined;
    withPointers((setPointer) => {
      late = setPointer;
      assert.throws(() => setPointer(Buffer.alloc(12), 8, Buffer.alloc(1)), RangeError);
      return null;
    });
    assert.throws(() => late!(Buffer.alloc(8), 0, Buffer.alloc(8)), /after the native call/);
  });

  it('refer to the part of a buffer that a view shows', () => {
    const whole = Buffer.from('0123456789');
    const struct = Buffer.alloc(8);
    withPointers((setPointer) => {
      setPointer(struct, 0, whole.subarray(4));
      assert.equal(struct.readBigUInt64LE(0), addressOf(whole) + 4n);
      return 0n;
    });
  });
});
