// Cuts texts to a number of UTF-8 bytes, between two characters.

const encoder = new TextEncoder();
let scratch = new Uint8Array(0);

/** Whether a text is well-formed and surely has at most so many bytes; quick, and false for some texts that fit. */
export function surelyFits(text: string, maxBytes: number): boolean {
  return text.length * 3 <= maxBytes && text.isWellFormed();
}

/** The text with lone surrogates replaced by U+FFFD, cut to at most so many bytes of UTF-8. */
export function cutToBytes(text: string, maxBytes: number): string {
  // A character has at least as many bytes as UTF-16 units, and a pair cut in half here does not fit.
  const wellFormed = text.slice(0, maxBytes).toWellFormed();
  if (text.length <= maxBytes && Buffer.byteLength(wellFormed) <= maxBytes) return wellFormed;
  if (scratch.length < maxBytes) scratch = new Uint8Array(maxBytes);
  return wellFormed.slice(0, encoder.encodeInto(wellFormed, scratch.subarray(0, maxBytes)).read);
}
