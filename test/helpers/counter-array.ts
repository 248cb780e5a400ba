// Memory as PdhGetRawCounterArrayW fills it: items, and the names behind them.
import { ForeignBuffer } from '../../src/native/buffer.ts';

const BASE = 0x2a0_0000_0000n;
const ITEM_BYTES = 48;

export interface RawItem {
  readonly name: string;
  readonly value: bigint;
  /** PDH_CSTATUS_*, valid by default. */
  readonly status?: number;
  /** Replaces the address of the name. */
  readonly nameAt?: bigint;
}

/** PDH_RAW_COUNTER_ITEM_W: szName 0, CStatus 8, TimeStamp 12, FirstValue 24, SecondValue 32, MultiCount 40. */
export function rawCounterArray(items: readonly RawItem[]): ForeignBuffer {
  const names = items.map(({ name }) => Buffer.from(`${name}\0`, 'utf16le'));
  const heads = Buffer.alloc(items.length * ITEM_BYTES);
  let at = heads.length;
  for (const [i, { value, status = 0, nameAt }] of items.entries()) {
    heads.writeBigUInt64LE(nameAt ?? BASE + BigInt(at), i * ITEM_BYTES);
    heads.writeUInt32LE(status, i * ITEM_BYTES + 8);
    heads.writeBigInt64LE(value, i * ITEM_BYTES + 24);
    at += names[i]!.length;
  }
  return new ForeignBuffer(Buffer.concat([heads, ...names]), BASE);
}
