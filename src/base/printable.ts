// Makes untrusted text safe for a terminal.

/**
 * Replaces control characters by their Unicode pictures, e.g. U+241B for escape: a name must not control the terminal.
 */
export function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, (char) =>
    char.charCodeAt(0) < 0x20 ? String.fromCharCode(0x2400 + char.charCodeAt(0)) : '\u2421',
  );
}
