// Pointers from one buffer to another: the memory that they refer to stays alive until the native call has returned.
import { addressOf } from './ffi.ts';

/**
 * Writes the address of `target` at byte `offset` of `struct`. Both stay alive until the call has returned; then the
 * pointer is NULL again, so that no later call follows it to memory that is gone.
 */
export type SetPointer = (struct: Buffer, offset: number, target: Uint8Array) => void;

/** What a native call returns. A struct is none of these: its pointers are not valid after the call. */
type Result = number | bigint | boolean | null;

interface Pointer {
  readonly struct: Buffer;
  readonly offset: number;
  readonly target: Uint8Array;
}

// V8 collects a buffer as soon as no code uses it again, even if its address is in use: optimised code drops a local
// variable after its last use, before the function ends. Only what this set contains is certain to survive the call.
const alive = new Set<Pointer[]>();

/**
 * Runs `call`, which fills structs with `setPointer` and passes them to a native function, and returns its result.
 * With a promise the buffers stay alive until it is settled. Each struct with a pointer to a JavaScript buffer is
 * filled by this function; test/repo/native-addresses.test.ts finds other ways.
 */
export function withPointers<R extends Result | Promise<Result>>(call: (setPointer: SetPointer) => R): R {
  const pointers: Pointer[] = [];
  let returned = false;
  alive.add(pointers);
  const release = (): void => {
    returned = true;
    alive.delete(pointers);
    for (const { struct, offset } of pointers) struct.writeBigUInt64LE(0n, offset);
  };
  let result: R | undefined;
  try {
    result = call((struct, offset, target) => {
      if (returned) throw new Error('a pointer was set after the native call had returned');
      struct.writeBigUInt64LE(addressOf(target), offset);
      pointers.push({ struct, offset, target });
    });
  } finally {
    if (!(result instanceof Promise)) release();
  }
  return result instanceof Promise ? (result.finally(release) as R) : result;
}
