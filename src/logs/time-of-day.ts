// Test whether a line contains a time of day, which decides where multi-line messages begin.
import { utf8SizeAt } from '../base/utf8.ts';

/** Bytes at the start of a line that are searched. */
const SEARCHED_BYTES = 100;
const ZERO = 0x30;
const NINE = 0x39;
const COLON = 0x3a;

/**
 * Whether the first 100 bytes contain a time like `05:06:07`, by Coroot's counters of digits and colons. Values are not
 * checked. A third digit restarts the count, so a run of digits counts as two if its length modulo 3 is 2.
 */
export function hasTimeOfDay(line: string): boolean {
  let digits = 0;
  let colons = 0;
  let bytes = 0;
  for (let at = 0; at < line.length && bytes < SEARCHED_BYTES; at++) {
    const unit = line.charCodeAt(at);
    if (unit >= ZERO && unit <= NINE) {
      if (++digits > 2) digits = 0;
      else if (digits === 2 && colons === 2) return true;
      bytes++;
    } else if (unit === COLON) {
      if (digits === 2) colons++;
      digits = 0;
      bytes++;
    } else {
      digits = 0;
      colons = 0;
      if (unit < 0x80) bytes++;
      else {
        const size = utf8SizeAt(line, at);
        bytes += size;
        if (size === 4) at++;
      }
    }
  }
  return false;
}
