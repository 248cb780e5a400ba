// Figures of `npm run bench` with their limits; times and rates also as multiples of the calibration workload.

export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** A time in calibrations, or a rate per calibration; undefined for figures independent of the machine's speed. */
  readonly calibrated?: number;
  /** In the unit of `calibrated` where there is one, else of `value`. */
  readonly limit: number | null;
  readonly bound: 'most' | 'least';
}

export interface Limit {
  readonly limit: number | null;
  readonly bound?: 'most' | 'least';
}

/** A figure that does not depend on the speed of the machine, e.g. memory. */
export function plainFigure(name: string, value: number, unit: string, { limit, bound = 'most' }: Limit): Figure {
  return { name, value: rounded(value), unit, limit, bound };
}

/** A time in milliseconds; the limit is a multiple of the calibration. */
export function timeFigure(name: string, ms: number, calibrationMs: number, { limit, bound = 'most' }: Limit): Figure {
  return { name, value: rounded(ms), unit: 'ms', calibrated: rounded(ms / calibrationMs), limit, bound };
}

/** A rate per second in thousands; the limit is the number, in thousands, in the time of one calibration. */
export function rateFigure(
  name: string,
  perSecond: number,
  calibrationMs: number,
  { limit, bound = 'least' }: Limit,
): Figure {
  const calibrated = rounded((perSecond * calibrationMs) / 1_000_000);
  return { name, value: rounded(perSecond / 1000), unit: 'k/s', calibrated, limit, bound };
}

export function isWithinLimit({ value, calibrated = value, limit, bound }: Figure): boolean {
  return limit === null || (bound === 'most' ? calibrated <= limit : calibrated >= limit);
}

/** One line of the report. */
export function figureLine(figure: Figure): string {
  const { name, value, unit, calibrated, limit, bound } = figure;
  const multiple = calibrated === undefined ? '' : `${calibrated.toFixed(2)} cal`;
  const verdict = isWithinLimit(figure) ? '' : bound === 'most' ? '  EXCEEDED' : '  NOT REACHED';
  const limitText = limit === null ? '' : `limit ${limit}${calibrated === undefined ? '' : ' cal'}${verdict}`;
  const figureText = `${name.padEnd(52)} ${value.toFixed(1).padStart(8)} ${unit.padEnd(4)}`;
  return `${figureText} ${multiple.padStart(11)}  ${limitText}`.trimEnd();
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
