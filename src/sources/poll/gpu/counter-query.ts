// The open query of Windows' GPU counters.
import { ForeignBuffer } from '../../../native/buffer.ts';
import {
  PDH_MORE_DATA,
  PDH_NO_DATA,
  PdhAddEnglishCounterW,
  PdhCloseQuery,
  PdhCollectQueryData,
  PdhGetRawCounterArrayW,
  PdhOpenQueryW,
} from '../../../native/pdh.ts';
import { ERROR_SUCCESS, Win32Error } from '../../../native/win32-error.ts';
import { type CounterValues, parseCounterArray } from './counter-array.ts';

const COUNTERS = {
  runningTime: '\\GPU Engine(*)\\Running Time',
  processMemory: '\\GPU Process Memory(*)\\Dedicated Usage',
  adapterMemory: '\\GPU Adapter Memory(*)\\Dedicated Usage',
} as const;
export type CounterName = keyof typeof COUNTERS;

/** A list of instances that grows from call to call is read at most this often. */
const MAX_ATTEMPTS = 5;
const FIRST_BYTES = 64 * 1024;
const MAX_BYTES = 64 * 1024 * 1024;
const NONE: CounterValues = { values: [], invalid: 0 };

/** Values by counter, or why a counter has none. */
export type Collected = Readonly<Record<CounterName, CounterValues | { readonly error: unknown }>>;

export interface CounterQuery {
  /** Collects every counter at one moment. Throws Win32Error when nothing can be read. */
  collect(): Promise<Collected>;
  /** The call that has not returned yet. */
  readonly running: string | undefined;
}

export class PdhQuery implements CounterQuery {
  #query: bigint | undefined;
  /** Handles of counters, or why a counter could not be added. */
  #counters: Readonly<Record<CounterName, bigint | { readonly error: unknown }>> | undefined;
  #bytes = FIRST_BYTES;
  #running: string | undefined;

  get running(): string | undefined {
    return this.#running;
  }

  async collect(): Promise<Collected> {
    try {
      this.#query ??= await this.#open();
      const query = this.#query;
      this.#counters ??= await this.#addAll(query);
      const counters = this.#counters;
      await this.#check('PdhCollectQueryData', PdhCollectQueryData(query), [PDH_NO_DATA]);
      const found: Partial<Record<CounterName, Collected[CounterName]>> = {};
      for (const name of Object.keys(COUNTERS) as CounterName[]) {
        const counter = counters[name];
        found[name] = typeof counter === 'bigint' ? await this.#values(counter) : counter;
      }
      return found as Collected;
    } catch (error) {
      await this.#close();
      throw error;
    }
  }

  async #open(): Promise<bigint> {
    const handle = Buffer.alloc(8);
    await this.#check('PdhOpenQueryW', PdhOpenQueryW(null, 0n, handle));
    return handle.readBigUInt64LE();
  }

  async #addAll(query: bigint): Promise<Record<CounterName, bigint | { error: unknown }>> {
    const added: Partial<Record<CounterName, bigint | { error: unknown }>> = {};
    for (const [name, path] of Object.entries(COUNTERS) as [CounterName, string][]) {
      const handle = Buffer.alloc(8);
      try {
        await this.#check('PdhAddEnglishCounterW', PdhAddEnglishCounterW(query, path, 0n, handle));
        added[name] = handle.readBigUInt64LE();
      } catch (error) {
        added[name] = { error };
      }
    }
    const all = added as Record<CounterName, bigint | { error: unknown }>;
    // Windows before 10 1709, or a host without a graphics driver that has counters.
    const problem = all.runningTime;
    if (Object.values(all).every((each) => typeof each !== 'bigint') && typeof problem !== 'bigint')
      throw problem.error;
    return all;
  }

  async #values(counter: bigint): Promise<CounterValues | { error: unknown }> {
    try {
      for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
        const buffer = Buffer.alloc(this.#bytes);
        const bytes = Buffer.alloc(4);
        const count = Buffer.alloc(4);
        bytes.writeUInt32LE(buffer.length);
        const call = PdhGetRawCounterArrayW(counter, bytes, count, buffer);
        const code = await this.#check('PdhGetRawCounterArrayW', call, [PDH_MORE_DATA, PDH_NO_DATA]);
        if (code === PDH_NO_DATA) return NONE;
        if (code === ERROR_SUCCESS) return parseCounterArray(new ForeignBuffer(buffer), count.readUInt32LE());
        const wanted = Math.max(this.#bytes * 2, bytes.readUInt32LE());
        if (wanted > MAX_BYTES) break;
        this.#bytes = wanted;
      }
      throw new Win32Error('PdhGetRawCounterArrayW', PDH_MORE_DATA);
    } catch (error) {
      return { error };
    }
  }

  async #check(call: string, result: Promise<number>, expected: readonly number[] = []): Promise<number> {
    this.#running = call;
    const code = (await result) >>> 0;
    this.#running = undefined;
    if (code !== ERROR_SUCCESS && !expected.includes(code)) throw new Win32Error(call, code);
    return code;
  }

  async #close(): Promise<void> {
    const query = this.#query;
    this.#query = undefined;
    this.#counters = undefined;
    if (query !== undefined) await PdhCloseQuery(query);
  }
}
