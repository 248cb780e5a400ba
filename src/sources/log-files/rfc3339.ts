// Times of RFC 3339 with up to nine digits of a fraction.

/** Milliseconds since 1970, and the nanoseconds below the millisecond. */
export interface LogInstant {
  readonly atMs: number;
  readonly nanoseconds: number;
}

const FORM = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.(\d{1,9})\d*)?(Z|[+-]\d\d:\d\d)$/i;

/** Undefined for a text that is no time after 1970. */
export function parseInstant(text: string): LogInstant | undefined {
  const [, date, time, fraction = '', zone] = FORM.exec(text) ?? [];
  if (date === undefined) return undefined;
  const secondMs = Date.parse(`${date}T${time}${zone!.toUpperCase()}`);
  if (!(secondMs >= 0)) return undefined;
  const nanoseconds = Number(fraction.padEnd(9, '0'));
  return { atMs: secondMs + Math.floor(nanoseconds / 1e6), nanoseconds: nanoseconds % 1e6 };
}
