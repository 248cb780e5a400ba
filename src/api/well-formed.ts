// Makes serialised JSON valid for every parser.

/**
 * Replaces lone surrogates, which JSON.stringify escapes. Names on Windows may contain them, and many JSON parsers
 * reject them (RFC 8259, section 8.2).
 */
export function wellFormed(json: string): string {
  return json.includes('\\ud') ? json.replace(/(?<=(?:^|[^\\])(?:\\\\)*)\\ud[89a-f][0-9a-f]{2}/g, '\ufffd') : json;
}
