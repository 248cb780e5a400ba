// Each level of ChangeServiceConfig2W: encoding after the documented structs, parsing, and text.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ForeignBuffer } from '../../src/native/buffer.ts';
import { copyOf } from '../../src/native/ffi.ts';
import { withPointers } from '../../src/native/pointers.ts';
import * as levels from '../../src/service/config-levels.ts';
import { BASE, Memory } from '../helpers/foreign-memory.ts';
import { mutate } from '../helpers/fuzz.ts';

const parse = <T>({ parse }: levels.ConfigLevel<T>, memory: Memory): T => parse(new ForeignBuffer(memory.bytes, BASE));

/** The struct, and the memory behind its pointer at `offset`, as ChangeServiceConfig2W reads them. */
function encoded<T>(level: levels.ConfigLevel<T>, value: T, offset: number, length: number): [Buffer, Buffer] {
  let read: [Buffer, Buffer] | undefined;
  withPointers((setPointer) => {
    const info = level.encode(value, setPointer);
    read = [Buffer.from(info), copyOf(info.readBigUInt64LE(offset), length)];
    return 1;
  });
  return read!;
}

/** SERVICE_FAILURE_ACTIONSW: DWORD, (4), LPWSTR, LPWSTR, DWORD, (4), SC_ACTION* of { int type; DWORD delay }. */
function failureMemory(resetSeconds: number, actions: readonly [type: number, delayMs: number][]): Memory {
  const memory = new Memory();
  memory.room(40);
  memory.u32(0, resetSeconds);
  memory.u32(24, actions.length);
  if (actions.length === 0) return memory;
  const start = memory.room(8 * actions.length);
  memory.pointer(32, start);
  for (const [i, [type, delay]] of actions.entries()) {
    memory.u32(start + 8 * i, type);
    memory.u32(start + 8 * i + 4, delay);
  }
  return memory;
}

describe('recovery actions', () => {
  const value = { resetSeconds: 86_400, restartAfterMs: [5000, 30_000, 60_000] };

  it('are encoded as SERVICE_FAILURE_ACTIONSW', () => {
    const [info, actions] = encoded(levels.failureActions, value, 32, 24);
    assert.equal(info.length, 40);
    assert.equal(info.readUInt32LE(0), 86_400);
    assert.deepEqual([info.readBigUInt64LE(8), info.readBigUInt64LE(16)], [0n, 0n]);
    assert.equal(info.readUInt32LE(24), 3);
    assert.equal(actions.toString('hex'), `0100000088130000${'01000000'}30750000${'01000000'}60ea0000`);
  });

  it('are parsed and formatted as text', () => {
    const found = parse(
      levels.failureActions,
      failureMemory(86_400, [
        [1, 5000],
        [1, 30_000],
        [1, 60_000],
      ]),
    );
    assert.deepEqual(found, value);
    assert.equal(levels.failureActions.text(found), 'restart after 5 s, 30 s, 60 s; reset after 24 h');
  });

  it('of another kind, or none, have a text of their own', () => {
    // Type 2 reboots the machine.
    for (const actions of [
      [],
      [
        [1, 5000],
        [2, 30_000],
      ],
    ] as [number, number][][]) {
      const found = parse(levels.failureActions, failureMemory(86_400, actions));
      assert.equal(levels.failureActions.text(found), 'none, or actions other than restarts');
    }
  });

  it('are rejected if the memory is damaged', () => {
    const { bytes } = failureMemory(86_400, [
      [1, 5000],
      [1, 30_000],
    ]);
    mutate((buffer) => levels.failureActions.parse(buffer), bytes, 3000, 5);
  });
});

describe('privileges', () => {
  it('are encoded as a list of texts that ends with an empty text', () => {
    const [info, names] = encoded(levels.requiredPrivileges, ['SeA', 'SeBc'], 0, 20);
    assert.equal(info.length, 8);
    assert.equal(names.toString('utf16le'), 'SeA\0SeBc\0\0');
  });

  it('are parsed, and an empty list means all privileges of the account', () => {
    const memory = new Memory();
    memory.room(8);
    assert.deepEqual(parse(levels.requiredPrivileges, memory), []);
    assert.equal(levels.requiredPrivileges.text([]), 'all of the account');
    memory.textAt(0, 'SeA\0SeBc\0');
    assert.deepEqual(parse(levels.requiredPrivileges, memory), ['SeA', 'SeBc']);
    mutate((buffer) => levels.requiredPrivileges.parse(buffer), memory.bytes, 3000, 6);
  });
});

describe('levels with a single value', () => {
  const cases: [levels.ConfigLevel<never>, unknown, string, string][] = [
    [levels.delayedStart as never, true, '01000000', 'yes'],
    [levels.delayedStart as never, false, '00000000', 'no'],
    [levels.failureFlag as never, true, '01000000', 'yes'],
    [levels.sidType as never, 1, '01000000', 'unrestricted'],
    [levels.sidType as never, 3, '03000000', 'restricted'],
    [levels.sidType as never, 0, '00000000', 'none'],
    [levels.preshutdownTimeout as never, 15_000, '983a0000', '15 s'],
  ];
  for (const [level, value, hex, text] of cases)
    it(`encode, parse and format level ${level.level} as ${text}`, () => {
      const noPointer = () => assert.fail('a value has no pointer');
      assert.equal(level.encode(value as never, noPointer).toString('hex'), hex);
      assert.equal(level.parse(new ForeignBuffer(Buffer.from(hex, 'hex'), BASE)), value);
      assert.equal(level.text(value as never), text);
    });

  it('have the documented numbers', () => {
    // https://learn.microsoft.com/windows/win32/api/winsvc/nf-winsvc-changeserviceconfig2w
    const inOrder = [
      levels.description,
      levels.failureActions,
      levels.delayedStart,
      levels.failureFlag,
      levels.sidType,
      levels.requiredPrivileges,
      levels.preshutdownTimeout,
    ];
    assert.deepEqual(
      inOrder.map(({ level }) => level),
      [1, 2, 3, 4, 5, 6, 7],
    );
  });

  it('encode a description as a pointer to its text', () => {
    assert.equal(encoded(levels.description, 'Größe', 0, 12)[1].toString('utf16le'), 'Größe\0');
    const memory = new Memory();
    memory.room(8);
    memory.textAt(0, 'Größe');
    assert.equal(parse(levels.description, memory), 'Größe');
  });
});
