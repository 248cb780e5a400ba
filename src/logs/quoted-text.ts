// Ends of bracketed and quoted texts and of control sequences, which do not belong to the pattern of a message.

const BACKSLASH = 0x5c;
const LEFT_ROUND = 0x28;
const LEFT_SQUARE = 0x5b;
const LEFT_CURLY = 0x7b;

const isOpening = (unit: number): boolean => unit === LEFT_ROUND || unit === LEFT_SQUARE || unit === LEFT_CURLY;
/** The bracket that closes the one at `unit`. */
const closerOf = (unit: number): number => (unit === LEFT_ROUND ? unit + 1 : unit + 2);

/** Index of the bracket that closes the one at `at`, or the end of the text. Quotation marks inside mean nothing. */
export function endOfBrackets(message: string, at: number): number {
  let closer = closerOf(message.charCodeAt(at));
  /** Closers of the brackets around the innermost one; most texts have none. */
  let outer: number[] | undefined;
  for (let i = at + 1; i < message.length; i++) {
    const unit = message.charCodeAt(i);
    if (unit === closer) {
      const next = outer?.pop();
      if (next === undefined) return i;
      closer = next;
    } else if (isOpening(unit)) {
      outer ??= [];
      outer.push(closer);
      closer = closerOf(unit);
    }
  }
  return message.length;
}

/** Index of the quotation mark that closes the one at `at`, or the end of the text. */
export function endOfQuotation(message: string, at: number): number {
  const mark = message[at]!;
  let end = message.indexOf(mark, at + 1);
  while (end >= 0 && message.charCodeAt(end - 1) === BACKSLASH) end = message.indexOf(mark, end + 1);
  return end < 0 ? message.length : end;
}

/** Index of the last character of a control sequence (ECMA-48, 5.4), or `at` if it is none. */
export function endOfEscape(message: string, at: number): number {
  if (message.charCodeAt(at + 1) !== LEFT_SQUARE) return at;
  for (let i = at + 2; i < message.length; i++) {
    const unit = message.charCodeAt(i);
    if (unit >= 0x40 && unit <= 0x7e) return i;
    if (unit < 0x20 || unit > 0x7e) return i - 1;
  }
  return message.length;
}
