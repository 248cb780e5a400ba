// Makes text from elsewhere fit for a terminal.

/** Control characters as their Unicode pictures, e.g. U+241B for escape: a name must not move the cursor of whoever looks at it. */
export function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, (char) =>
    char.charCodeAt(0) < 0x20 ? String.fromCharCode(0x2400 + char.charCodeAt(0)) : '\u2421',
  );
}
