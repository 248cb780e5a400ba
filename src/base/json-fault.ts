// Describes a JSON syntax error without quoting the text, which may contain secrets.
import { reasonOf } from './errors.ts';

/** Reason and position of an error that `JSON.parse(text)` threw. */
export function jsonFault(text: string, error: unknown): string {
  const reason = reasonOf(error);
  // V8's messages of these two forms quote nothing; the others quote the surrounding text.
  if (/ JSON at position \d+ \(line \d+ column \d+\)$/.test(reason) || reason === 'Unexpected end of JSON input')
    return reason;
  const lines = text.slice(0, unexpectedAt(text)).split('\n');
  return `it is not valid JSON at line ${lines.length} column ${lines.at(-1)!.length + 1}`;
}

/** Index of the unexpected character, by bisection: any prefix before it is merely incomplete. */
function unexpectedAt(text: string): number {
  let [good, bad] = [0, text.length];
  while (good + 1 < bad) {
    const middle = (good + bad) >> 1;
    if (isIncomplete(text.slice(0, middle))) good = middle;
    else bad = middle;
  }
  return good;
}

function isIncomplete(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    return !reasonOf(error).endsWith('is not valid JSON');
  }
}
