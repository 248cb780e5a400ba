// Masks secrets in URLs and texts that are shown to users or logged.

export const MASK = '********';

/** `@`, also percent-encoded, once or several times, and in its wide and small forms, which a user may have pasted. */
const at = '(?:[@\uFF20\uFE6B]|%(?:25)*40)';
/** A scheme with its slashes, or slashes alone. */
const start = /^\s*(?:[a-z][a-z\d+.-]*:(?=[/\\])[/\\]*|https?:|[/\\]{2,})?/i;
const userInformation = new RegExp(`^.*${at}`, 'is');
/** A query, fragment or path parameter: everything that a `?`, `&`, `;` or `#` begins. */
const parameters = /([?&;#]|%(?:25)*(?:3f|26|3b|23))((?:(?![?&;#=]|%(?:25)*(?:3f|26|3b|23|3d)).)*)(=|%(?:25)*3d)?/gis;

/**
 * A URL, valid or not, with its user information and the value of every parameter masked; scheme, host, path and the
 * names of parameters are kept. Everything before the last `@` is user information, because the user information of an
 * invalid URL may contain slashes, question marks and spaces.
 */
export function maskUrl(text: string): string {
  const scheme = start.exec(text)![0];
  const rest = text.slice(scheme.length);
  const [before, tail] = splitAtParameters(rest);
  const inTail = !hasHost(before) || new RegExp(`^[^=]*${at}`, 'is').test(tail);
  const masked = inTail
    ? rest.replace(userInformation, `${MASK}@`)
    : before.replace(userInformation, `${MASK}@`) + tail;
  return scheme + maskParameters(masked);
}

/** The value of a setting that may hold a URL, also without its scheme: as `maskCredentials`, and `h/x?key=VALUE`. */
export function maskSettingValue(text: string): string {
  return maskCredentials(text).replace(schemelessParameter, (_, name: string) => `${name}${MASK}`);
}

/** Windows allows no `?` in file names, and a group of a regular expression has no name before its `=`. */
const schemelessParameter = /([?&][^\s?&=#"'<>()]+=)[^\s?&#"'<>()]+/g;

/** The URLs in any other text, masked like `maskUrl` does. */
export function maskCredentials(text: string): string {
  return text
    .replace(quotedParameter, (_, name: string, quote: string) => `${name}${quote}${MASK}${quote}`)
    .replace(spacedUserInformation, (_, scheme: string) => `${scheme}${MASK}@`)
    .replace(urlInText, (url) => maskUrl(url))
    .replace(schemelessUserInformation, (_, slashes = '') => `${slashes}${MASK}@`);
}

/** A quoted value, at which any other URL in a text ends: `https://host/?key="VALUE"`. */
const quotedParameter = /(:[/\\]{2}[^\s"'<>]*[?&;#][^\s?&;#"'<>]*=\\?)(["'])[^"'\n]*\2?/g;
/** User information with spaces or quotes, which end any other URL in a text: `https://user:two words@host/`. */
const spacedUserInformation =
  /([a-z][a-z\d+.-]{0,31}:[/\\]{2,})[^\s"'<>@/\\?#[]*:(?!\d*(?:[/\\?#\s"'<>,;)\]]|$))[^\n]*[@\uFF20\uFE6B]/gi;
const urlInText = new RegExp(
  [
    String.raw`[a-z][a-z\d+.-]{0,31}:[/\\]{2,}[^\s"'<>]+`,
    String.raw`\bhttps?:[/\\]?(?![/\\])[^\s"'<>]*@[^\s"'<>]*`,
    String.raw`\b[a-z][a-z\d+.-]{0,31}%(?:25)*3a%(?:25)*2f[^\s"'<>]+`,
    String.raw`(?<![^\s"'(=,;])//[^\s"'<>/]+[^\s"'<>]*`,
  ].join('|'),
  'gi',
);
const schemelessUserInformation =
  /(?<![^\s"'(=,;])([/\\]{2})?[^\s:@/\\"'<>=(]+:(?![/*])[^\s@\uFF20\uFE6B"'<>\\]*[@\uFF20\uFE6B](?=[^\s@])/g;

/** Whether a text without scheme begins with a host and, perhaps, a port. */
function hasHost(text: string): boolean {
  return /^(?:\[[\da-f:.]*\]|[^:/\\[\]]*)(?::\d*)?(?:[/\\]|$)/i.test(text);
}

function splitAtParameters(text: string): [before: string, tail: string] {
  const from = text.search(/[?#]/);
  return from < 0 ? [text, ''] : [text.slice(0, from), text.slice(from)];
}

function maskParameters(text: string): string {
  const first = text.search(/[?&;#]|%(?:25)*(?:3f|26|3b|23)/i);
  if (first < 0) return text;
  const marks = text.slice(first).matchAll(parameters);
  let masked = text.slice(0, first);
  for (const [, mark, name, equals = ''] of marks)
    masked += equals === '' ? `${mark}${name === '' ? '' : MASK}` : `${mark}${name}${equals}${MASK}`;
  return masked;
}
