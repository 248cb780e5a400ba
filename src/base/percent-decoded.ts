// A part of a URL without its percent encoding.

/** The text itself when it has a percent sign that encodes nothing. */
export function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
