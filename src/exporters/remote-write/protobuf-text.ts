// Parts of a protobuf message as texts with one character for each byte (protobuf.dev/programming-guides/encoding).

/** A number from 0 to 2^32-1 in the variable-length form. */
export function varintText(value: number): string {
  let text = '';
  let rest = value;
  for (; rest > 0x7f; rest >>>= 7) text += String.fromCharCode((rest & 0x7f) | 0x80);
  return text + String.fromCharCode(rest);
}

/** A whole number as int64 in the variable-length form. */
export function int64Text(value: number): string {
  let text = '';
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest > 0x7fn; rest >>= 7n) text += String.fromCharCode(Number(rest & 0x7fn) | 0x80);
  return text + String.fromCharCode(Number(rest));
}

/** A field with a length, e.g. a message. `bytes` has one character for each byte. */
export function messageText(field: number, bytes: string): string {
  return varintText((field << 3) | 2) + varintText(bytes.length) + bytes;
}

/** A field of the type string. A lone surrogate becomes U+FFFD, because the text must be UTF-8. */
export function stringText(field: number, text: string): string {
  return messageText(field, /[^\0-\x7f]/.test(text) ? Buffer.from(text, 'utf8').toString('latin1') : text);
}

/** The same text, in one piece with one byte for each character, so that it is small and quickly copied. */
export function compactText(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString('latin1');
}
