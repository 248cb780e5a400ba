// Patterns of names in the language of PowerShell's -like, matched against whole texts without regard to case.

/** What one element of a pattern matches: any characters, or one character that the function accepts. */
type Element = '*' | ((character: string) => boolean);

/** A set, an escaped character, or one character. The first character of a set may be a closing bracket. */
const tokens = /\[(?:`.|[^`])(?:`.|[^\]`])*\]|`.|./gsu;

/**
 * True when a text matches one of the patterns, or when there are none: * any characters, ? one, [abc] and [a-z] one of
 * a set, ` before a character that stands for itself. A bracket that opens no set stands for itself, too.
 * https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_wildcards
 */
export function matcher(patterns: readonly string[]): (text: string) => boolean {
  if (patterns.length === 0) return () => true;
  const names = new Set<string>();
  const parsed: Element[][] = [];
  for (const pattern of patterns) {
    const parts = pattern.toLowerCase().match(tokens) ?? [];
    if (parts.some((part) => part === '*' || part === '?' || isSet(part))) parsed.push(parts.map(element));
    else names.add(parts.map(literal).join(''));
  }
  return (text) => {
    const lower = text.toLowerCase();
    if (names.has(lower)) return true;
    if (parsed.length === 0) return false;
    const characters = [...lower];
    return parsed.some((pattern) => matches(pattern, characters));
  };
}

/**
 * True when a part of a text matches one of the patterns. Its time is at most the product of both lengths, and little
 * for plain texts.
 */
export function partMatcher(patterns: readonly string[]): (text: string) => boolean {
  const searches = patterns.map((pattern) => segmentsOf(pattern.toLowerCase()));
  return (text) => {
    const lower = text.toLowerCase();
    return searches.some((segments) => {
      let from = 0;
      return segments.every((segment) => {
        segment.lastIndex = from;
        const isFound = segment.test(lower);
        from = segment.lastIndex;
        return isFound;
      });
    });
  };
}

/** The pieces of a pattern between its `*`, which a text has one after the other; each has a fixed length. */
function segmentsOf(pattern: string): RegExp[] {
  const sources = [''];
  for (const part of pattern.match(tokens) ?? []) {
    if (part === '*') sources.push('');
    else sources[sources.length - 1] += elementSource(part);
  }
  return sources.filter((source) => source !== '').map((source) => new RegExp(source, 'gsu'));
}

function elementSource(part: string): string {
  if (part === '?') return '.';
  return isSet(part) ? setSource(part) : escaped(literal(part));
}

function setSource(set: string): string {
  const ranges = parseRanges(set.slice(1, -1)).filter(([first, last]) => first <= last);
  return `[${ranges.map(([first, last]) => `${escaped(first)}-${escaped(last)}`).join('')}]`;
}

function escaped(character: string): string {
  return `\\u{${character.codePointAt(0)!.toString(16)}}`;
}

/** Like `matcher`, for addresses: brackets around a colon at the start, as in `[::1]:443`, stand for themselves. */
export function endpointMatcher(patterns: readonly string[]): (text: string) => boolean {
  return matcher(patterns.map(endpointPattern));
}

/** The pattern in which the brackets of an IPv6 address stand for themselves. */
export function endpointPattern(pattern: string): string {
  return pattern.replace(/^\[([^[\]]*:[^[\]]*)\]/, '`[$1`]');
}

/** The name that a pattern without wildcards stands for; undefined for a pattern with wildcards. */
export function plainName(pattern: string): string | undefined {
  const parts = pattern.match(tokens) ?? [];
  if (parts.some((part) => part === '*' || part === '?' || isSet(part))) return undefined;
  return parts.map(literal).join('');
}

/** False for a set with a range in reverse, such as `[z-a]`, which PowerShell refuses. */
export function isValidPattern(pattern: string): boolean {
  const sets = (pattern.toLowerCase().match(tokens) ?? []).filter(isSet);
  return sets.every((set) => parseRanges(set.slice(1, -1)).every(([first, last]) => first <= last));
}

function isSet(part: string): boolean {
  return part.startsWith('[') && part.length > 1;
}

/** The character that a token without wildcards stands for. */
function literal(part: string): string {
  return part.length > 1 && part.startsWith('`') ? part.slice(1) : part;
}

function element(part: string): Element {
  if (part === '*') return '*';
  if (part === '?') return () => true;
  if (isSet(part)) return parseSet(part.slice(1, -1));
  const expected = literal(part);
  return (character) => character === expected;
}

/** The characters and ranges of `[abc]` and `[a-z]`; an escaped hyphen makes no range. */
function parseSet(set: string): (character: string) => boolean {
  const ranges = parseRanges(set);
  return (character) => ranges.some(([first, last]) => character >= first && character <= last);
}

function parseRanges(set: string): (readonly [first: string, last: string])[] {
  const parts = set.match(/`.|./gsu) ?? [];
  const ranges: (readonly [first: string, last: string])[] = [];
  for (let at = 0; at < parts.length; at++) {
    const first = literal(parts[at]!);
    const isRange = parts[at + 1] === '-' && at + 2 < parts.length;
    ranges.push([first, isRange ? literal(parts[at + 2]!) : first]);
    if (isRange) at += 2;
  }
  return ranges;
}

/** Goes back to the last `*` only, so that the time is at most the product of both lengths. */
function matches(pattern: readonly Element[], text: readonly string[]): boolean {
  let inPattern = 0;
  let star = -1;
  let afterStar = 0;
  for (let inText = 0; inText < text.length; ) {
    const element = pattern[inPattern];
    if (element === '*') {
      star = inPattern++;
      afterStar = inText;
    } else if (element?.(text[inText]!)) {
      inPattern++;
      inText++;
    } else if (star >= 0) {
      inPattern = star + 1;
      inText = ++afterStar;
    } else {
      return false;
    }
  }
  return pattern.slice(inPattern).every((element) => element === '*');
}
