// Figures of the benchmark: units, multiples of the calibration, limits.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { figureLine, isWithinLimit, plainFigure, rateFigure, timeFigure } from '../../scripts/lib/bench-figures.ts';

test('a time is compared with its limit in calibrations, not in milliseconds', () => {
  const onFastMachine = timeFigure('pass', 30, 10, { limit: 4 });
  const onSlowMachine = timeFigure('pass', 60, 20, { limit: 4 });
  assert.deepEqual([onFastMachine.calibrated, onSlowMachine.calibrated], [3, 3]);
  assert.ok(isWithinLimit(onFastMachine) && isWithinLimit(onSlowMachine));
  assert.equal(isWithinLimit(timeFigure('pass', 50, 10, { limit: 4 })), false);
});

test('a rate counts thousands in the time of one calibration, with a lower limit', () => {
  const figure = rateFigure('events', 2_000_000, 10, { limit: 15 });
  assert.deepEqual([figure.value, figure.unit, figure.calibrated], [2000, 'k/s', 20]);
  assert.ok(isWithinLimit(figure));
  assert.equal(isWithinLimit(rateFigure('events', 1_000_000, 10, { limit: 15 })), false);
});

test('memory is compared with its limit in its own unit', () => {
  assert.ok(isWithinLimit(plainFigure('RssAnon', 65, 'MiB', { limit: 65 })));
  assert.equal(isWithinLimit(plainFigure('RssAnon', 65.01, 'MiB', { limit: 65 })), false);
  assert.ok(isWithinLimit(plainFigure('RssAnon', 1000, 'MiB', { limit: null })));
});

test('a line has the value, the multiple and the limit, and names an exceeded one', () => {
  assert.match(
    figureLine(timeFigure('pass', 50, 10, { limit: 4 })),
    /^pass +50\.0 ms +5\.00 cal {2}limit 4 cal {2}EXCEEDED$/,
  );
  assert.match(figureLine(plainFigure('RssAnon', 60, 'MiB', { limit: 65 })), /^RssAnon +60\.0 MiB +limit 65$/);
});
