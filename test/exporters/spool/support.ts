// Payloads and folders for the tests of the spool.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Payload } from '../../../src/exporters/payload.ts';
import { Spool } from '../../../src/exporters/spool/spool.ts';
import type { SpoolOptions } from '../../../src/exporters/spool/spool-options.ts';

export const MIB = 1024 * 1024;
export const ALL = { maxPayloads: 1000, maxBytes: 100 * MIB };
/** Bytes before the body of each file. */
export const HEADER = 40;

/** A payload with `number` as its text and count. */
export function payloadOf(number: number, more: Partial<Payload> = {}): Payload {
  return {
    kind: 'metrics',
    encoding: 'snappy',
    count: number,
    oldestMs: 1_764_288_000_000 + number,
    newestMs: 1_764_288_000_000 + number,
    body: Buffer.from(`payload ${number}`),
    ...more,
  };
}

/** Removed when the test ends. */
export function temporaryFolder(): { readonly path: string } & Disposable {
  const path = mkdtempSync(join(tmpdir(), 'coroot-agent-spool-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

/** A clock that a test advances; pauses end at once. */
export class FakeClock {
  now = 0;

  monotonicMs(): number {
    return this.now;
  }

  async pause(): Promise<void> {}
}

export function openSpool(folder: string, more: Partial<SpoolOptions> = {}): Spool {
  return new Spool({ folder, maxBytes: 10 * MIB, clock: new FakeClock(), ...more });
}

/** The numbers of all payloads in a queue, in order. */
export async function numbersIn(spool: Spool, queue = 'metrics'): Promise<number[]> {
  return (await spool.queue(queue).first(ALL)).map(({ payload }) => payload.count);
}
