// The delivery of an agent with its real spool and transport, a clock that tests advance, and the count of the server.
import assert from 'node:assert/strict';
import pino from 'pino';
import { SelfMetrics } from '../../src/base/self-metrics.ts';
import { createDelivery } from '../../src/delivery.ts';
import type { Delivery } from '../../src/exporters/delivery/delivery.ts';
import type { DeliveryStatus, DestinationName } from '../../src/exporters/delivery/delivery-status.ts';
import { diskFiles, type SpoolFiles } from '../../src/exporters/spool/spool-files.ts';
import type { Flags } from '../../src/settings/index.ts';
import type { CorootCollector } from './coroot-collector.ts';
import { FakeClock } from './delivery.ts';
import { passAt } from './passes.ts';
import { resolve } from './settings.ts';

export const INTERVAL_MS = 15_000;

export interface ChainOptions {
  readonly walDir: string;
  readonly flags?: Flags;
  readonly clock?: FakeClock;
  readonly files?: SpoolFiles;
}

/** Rejects for a condition that does not become true. */
const HANG_MS = 60_000;

/** Resolves when the condition holds, after any number of turns of the event loop. */
export async function untilTrue(condition: () => boolean, what = String(condition)): Promise<void> {
  for (const start = performance.now(); !condition(); ) {
    if (performance.now() - start > HANG_MS) throw new Error(`never true: ${what}`);
    await new Promise((settle) => setTimeout(settle, 1));
  }
}

/** Items that are not accounted for; not 0 while a payload is taken out of the queue. */
function unaccounted(status: DeliveryStatus): number {
  const { recoveredItems, producedItems, deliveredItems, droppedItems, queuedItems } = status;
  const dropped = Object.values(droppedItems).reduce((sum, count) => sum + count, 0);
  return recoveredItems + producedItems - deliveredItems - dropped - queuedItems;
}

export class DeliveryChain {
  readonly delivery: Delivery;
  readonly clock: FakeClock;
  /** Everything that was logged. */
  readonly log: string[] = [];

  constructor(collector: CorootCollector, { walDir, flags, clock, files = diskFiles }: ChainOptions) {
    this.clock = clock ?? new FakeClock();
    const config = resolve({ 'collector-endpoint': collector.url.href, 'wal-dir': walDir, ...flags });
    const logger = pino({ level: 'debug' }, { write: (line: string) => void this.log.push(line) });
    this.delivery = createDelivery(config, new SelfMetrics(), logger, { clock: this.clock, files });
    this.delivery.start();
  }

  status(name: DestinationName = 'metrics'): DeliveryStatus {
    return this.delivery.statuses().find((each) => each.name === name)!;
  }

  /** Finishes a pass with the time of the clock, and waits until it is delivered or an attempt has failed. */
  async pass(): Promise<void> {
    const before = this.status().producedItems;
    this.delivery.afterPass(passAt(this.clock.wallMs()));
    await untilTrue(() => this.status().producedItems > before);
    await this.settled();
  }

  /** Waits until a destination has nothing to do before time passes. */
  async settled(name: DestinationName = 'metrics'): Promise<void> {
    await untilTrue(() => {
      const status = this.status(name);
      const isWaiting = status.queuedItems === 0 || status.nextAttemptAtMs > 0 || status.state === 'stopped';
      return isWaiting && unaccounted(status) === 0;
    }, 'the destination waits and every item is accounted for');
  }

  async advance(ms: number): Promise<void> {
    await this.clock.advance(ms);
    await this.settled();
  }

  async passes(count: number): Promise<void> {
    for (let pass = 0; pass < count; pass++) {
      await this.pass();
      await this.advance(INTERVAL_MS);
    }
  }

  /** Lets time pass until the queue is empty, but no longer than an hour. */
  async drain(): Promise<void> {
    for (let waited = 0; waited < 240 && this.status().queuedItems > 0; waited++) await this.advance(INTERVAL_MS);
    assert.equal(this.status().queuedItems, 0, this.status().problem);
  }

  /** Every item is delivered, dropped by a reason or queued, and the server has as many as were delivered. */
  check(collector: CorootCollector): void {
    const status = this.status();
    assert.equal(unaccounted(status), 0, JSON.stringify(status));
    assert.equal(serverCount(collector).distinct, status.deliveredItems);
  }
}

/** The samples that the server accepted: different ones, repeated ones, and whether their times ever go back. */
export function serverCount({ metrics }: CorootCollector) {
  const seen = new Set<string>();
  let repeated = 0;
  let isInOrder = true;
  let highest = 0;
  for (const { timeseries } of metrics) {
    let newest = highest;
    for (const { labels, samples } of timeseries) {
      const series = labels.map(({ name, value }) => `${name}=${value}`).join(',');
      for (const { timestamp } of samples) {
        const sample = `${series} @${timestamp}`;
        if (seen.has(sample)) repeated++;
        else if (Number(timestamp) < highest) isInOrder = false;
        seen.add(sample);
        newest = Math.max(newest, Number(timestamp));
      }
    }
    highest = newest;
  }
  return { distinct: seen.size, repeated, isInOrder };
}
