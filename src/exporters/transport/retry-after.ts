// Parses the header Retry-After: https://www.rfc-editor.org/rfc/rfc9110#field.retry-after

/** A receiver that asks for more waits for this long. */
export const MAX_RETRY_AFTER_MS = 3_600_000;

/** The three forms of an HTTP date: https://www.rfc-editor.org/rfc/rfc9110#http.date */
const dateForms = [
  /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/,
  /^(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, \d{2}-[A-Z][a-z]{2}-\d{2} \d{2}:\d{2}:\d{2} GMT$/,
  /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) [A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2} \d{4}$/,
];

/**
 * The wait in milliseconds; undefined without the header or for a text that is neither seconds nor a date. A date in
 * the past is 0. A date counts from the header Date of the same answer, because the clock of this host may be wrong;
 * without that header from `nowMs`, milliseconds since 1970.
 */
export function parseRetryAfter(
  retryAfter: string | undefined,
  dateHeader: string | undefined,
  nowMs: () => number,
): number | undefined {
  const text = retryAfter?.trim() ?? '';
  if (/^\d+$/.test(text)) return Math.min(MAX_RETRY_AFTER_MS, Number(text) * 1000);
  const until = parseHttpDate(text);
  if (until === undefined) return undefined;
  const from = parseHttpDate(dateHeader?.trim() ?? '') ?? nowMs();
  return Math.min(MAX_RETRY_AFTER_MS, Math.max(0, until - from));
}

function parseHttpDate(text: string): number | undefined {
  if (!dateForms.some((form) => form.test(text))) return undefined;
  const ms = Date.parse(text.endsWith('GMT') ? text : `${text} GMT`);
  return Number.isNaN(ms) ? undefined : ms;
}
