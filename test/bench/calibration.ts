// The calibration workload of `npm run bench`: a fixed amount of work that resembles a pass; prints its time as one
// JSON line.
import { keepHeapSmall } from '../../src/base/memory.ts';

export interface CalibrationResult {
  /** Median of the repetitions, milliseconds. */
  readonly ms: number;
}

keepHeapSmall();

const REPETITIONS = 21;
const ROWS = 20_000;
const COLUMN_BYTES = 1 << 20;

/**
 * Strings, a Map, a column scan and a sort: the operations that dominate a pass. Do not change it: limits are in its
 * time.
 */
function workload(): number {
  const byKey = new Map<string, number>();
  for (let i = 0; i < ROWS; i++) byKey.set(`10.${i & 255}.${(i >> 8) & 255}.1:${i}`, i);
  const column = new Uint8Array(COLUMN_BYTES);
  for (let i = 0; i < COLUMN_BYTES; i++) column[i] = (i * 31) & 255;
  let hash = 0;
  for (let i = 0; i < COLUMN_BYTES; i++) hash = (Math.imul(hash, 16_777_619) ^ column[i]!) | 0;
  const values = Float64Array.from({ length: ROWS }, (_, i) => (i * 7919) % ROWS).sort();
  let sum = values[ROWS >> 1]!;
  for (let i = 0; i < ROWS; i++) sum += byKey.get(`10.${i & 255}.${(i >> 8) & 255}.1:${i}`)!;
  return hash + sum;
}

const times = Array.from({ length: REPETITIONS }, () => {
  const startedAt = performance.now();
  if (!Number.isFinite(workload())) throw new Error('the workload has no result');
  return performance.now() - startedAt;
});
const result: CalibrationResult = { ms: times.sort((a, b) => a - b)[REPETITIONS >> 1]! };
console.log(JSON.stringify(result));
