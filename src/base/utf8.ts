// Length and truncation of texts in bytes of UTF-8. A lone surrogate is encoded as U+FFFD, which has three bytes.

const isHigh = (unit: number): boolean => (unit & 0xfc00) === 0xd800;
const isLow = (unit: number): boolean => (unit & 0xfc00) === 0xdc00;

/** Bytes of the character whose first code unit is at `at`: 1 to 4. */
export function utf8SizeAt(text: string, at: number): number {
  const unit = text.charCodeAt(at);
  if (unit < 0x80) return 1;
  if (unit < 0x800) return 2;
  return isHigh(unit) && isLow(text.charCodeAt(at + 1)) ? 4 : 3;
}

export function utf8Length(text: string): number {
  let bytes = 0;
  for (let at = 0; at < text.length; ) {
    const size = utf8SizeAt(text, at);
    bytes += size;
    at += size === 4 ? 2 : 1;
  }
  return bytes;
}

/** Index of the first character of `text` that does not fit in `maxBytes`; the length of the text if all fit. */
export function utf8CutIndex(text: string, maxBytes: number): number {
  // No code unit needs more than three bytes.
  if (text.length * 3 <= maxBytes) return text.length;
  let bytes = 0;
  for (let at = 0; at < text.length; ) {
    const size = utf8SizeAt(text, at);
    bytes += size;
    if (bytes > maxBytes) return at;
    at += size === 4 ? 2 : 1;
  }
  return text.length;
}

/** The longest start of `text` that has at most `maxBytes` bytes and ends between two characters. */
export function cutUtf8(text: string, maxBytes: number): string {
  return text.slice(0, utf8CutIndex(text, maxBytes));
}
