// Makes untrusted text safe for a terminal.

/**
 * What must not reach a terminal: control characters, format characters (bidirectional, zero-width, tags), lone
 * surrogates, separators of lines and paragraphs, and all other characters that are displayed as nothing
 * (https://www.unicode.org/reports/tr44/#Default_Ignorable_Code_Point).
 */
const unsafe = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/**
 * One line of text in which every control, bidirectional and invisible character is visible: C0 controls as their
 * Unicode pictures, e.g. U+241B for escape, other characters as `<U+202E>`.
 */
export function printable(text: string): string {
  return text.replace(unsafe, picture);
}

/** The same for a text of several lines: line feeds stay. */
export function printableLines(text: string): string {
  return text.replaceAll('\r\n', '\n').split('\n').map(printable).join('\n');
}

/** JSON in which the same characters are escapes, so that the value does not change. */
export function printableJson(json: string): string {
  // A line feed can only be a separator: JSON.stringify escapes those in strings.
  return json.replace(unsafe, (character) =>
    character === '\n'
      ? character
      : Array.from({ length: character.length }, (_, at) => `\\u${hex(character.charCodeAt(at))}`).join(''),
  );
}

function picture(character: string): string {
  const code = character.codePointAt(0)!;
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  if (code === 0x7f) return '\u2421';
  return `<U+${hex(code).toUpperCase()}>`;
}

function hex(code: number): string {
  return code.toString(16).padStart(4, '0');
}
