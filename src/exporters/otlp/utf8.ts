// Bounds texts to a number of UTF-8 bytes, and makes them well-formed.
import { cutUtf8 } from '../../base/utf8.ts';

/** Whether a text is well-formed and surely has at most so many bytes; quick, and false for some texts that fit. */
export function surelyFits(text: string, maxBytes: number): boolean {
  return text.length * 3 <= maxBytes && text.isWellFormed();
}

/** The text with lone surrogates replaced by U+FFFD, cut to at most so many bytes of UTF-8. */
export function cutToBytes(text: string, maxBytes: number): string {
  // A character has at least as many bytes as UTF-16 units, and a pair cut in half here does not fit.
  return cutUtf8(text.slice(0, maxBytes).toWellFormed(), maxBytes);
}
