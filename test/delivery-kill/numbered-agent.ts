// The process that is killed: delivers numbered passes by the whole chain, and prints what is on disk and what is not.

// Arguments: folder of the spool, URL of the collector, round, number of the first pass, number of passes.
import { writeSync } from 'node:fs';
import { basename } from 'node:path';
import pino from 'pino';
import { SelfMetrics } from '../../src/base/self-metrics.ts';
import { createDelivery } from '../../src/delivery.ts';
import { systemClock } from '../../src/exporters/delivery/clock.ts';
import type { DeliveryStatus } from '../../src/exporters/delivery/delivery-status.ts';
import { diskFiles, type SpoolFiles } from '../../src/exporters/spool/spool-files.ts';
import { passAt } from '../helpers/passes.ts';
import { resolve } from '../helpers/settings.ts';
import { numberOf, timeOf } from './numbered-pass.ts';

const [walDir, url, round, first, count] = process.argv.slice(2) as [string, string, string, string, string];
const print = (line: string): void => void writeSync(1, `${line}\n`);

const onSpooled = new Map<number, () => void>();
/** Number and samples of a payload by the name of its file, `SEQ-SAMPLES-TIME.payload`. */
function parse(path: string): { readonly number: number; readonly samples: number } {
  const [, samples, oldestMs] = basename(path).split('.')[0]!.split('-').map(Number) as [number, number, number];
  return { number: numberOf(oldestMs), samples };
}

let written: string | undefined;
const files: SpoolFiles = {
  ...diskFiles,
  async rename(from, to) {
    await diskFiles.rename(from, to);
    written = to;
  },
  // The last step of an append.
  async syncFolder(folder) {
    await diskFiles.syncFolder(folder);
    if (written?.startsWith(`${folder}/`) && basename(folder) === 'metrics') {
      const { number, samples } = parse(written);
      print(`spooled ${number} ${samples}`);
      onSpooled.get(number)?.();
    }
    written = undefined;
  },
  async remove(path) {
    const isPayload = path.includes('/metrics/') && !path.endsWith('.tmp');
    await diskFiles.remove(path);
    if (isPayload) print(`removed ${parse(path).number}`);
  },
};

const flags = { 'metrics-endpoint': `${url}v1/metrics`, 'wal-dir': walDir, 'request-headers': [`X-Round: ${round}`] };
const logger = pino({ level: 'silent' });
const delivery = createDelivery(resolve(flags), new SelfMetrics(), logger, { clock: systemClock, files });
delivery.start();
const status = (): DeliveryStatus => delivery.statuses()[0]!;
for (let number = Number(first); number < Number(first) + Number(count); number++) {
  const { promise, resolve: spooled } = Promise.withResolvers<void>();
  onSpooled.set(number, spooled);
  print(`pass ${number}`);
  delivery.afterPass(passAt(timeOf(number)));
  await promise;
  // Every other request has one pass; the others have as many as the spool holds.
  while (number % 2 === 0 && status().queuedItems > 0 && status().state !== 'retrying')
    await new Promise((settle) => setTimeout(settle, 1));
}
const isInTime = await delivery.stop(3000);
print(`stopped ${JSON.stringify({ isInTime, spool: delivery.spool().problem, ...status() })}`);
