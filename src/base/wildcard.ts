// Patterns of names with *, ? and [sets], matched against whole texts without regard to case.

/** What one element of a pattern matches: any characters, or one character that the function accepts. */
type Element = '*' | ((character: string) => boolean);

/** True when a text matches one of the patterns, or when there are none. */
export function matcher(patterns: readonly string[]): (text: string) => boolean {
  const parsed = patterns.map(parsePattern);
  return (text) => {
    if (parsed.length === 0) return true;
    const characters = [...text.toLowerCase()];
    return parsed.some((pattern) => matches(pattern, characters));
  };
}

function parsePattern(pattern: string): Element[] {
  const elements: Element[] = [];
  // A bracket that is never closed is an ordinary character.
  for (const [element] of pattern.toLowerCase().matchAll(/\[[^\]]+\]|./gsu)) {
    if (element === '*') elements.push('*');
    else if (element === '?') elements.push(() => true);
    else if (element.length > 1 && element.startsWith('[')) elements.push(parseSet(element.slice(1, -1)));
    else elements.push((character) => character === element);
  }
  return elements;
}

/** The characters and ranges of `[abc]` and `[a-z]`. */
function parseSet(set: string): (character: string) => boolean {
  const ranges = [...set.matchAll(/(.)-(.)|(.)/gsu)].map(([, first, last, single]) => [
    (first ?? single)!,
    (last ?? single)!,
  ]);
  return (character) => ranges.some(([first, last]) => character >= first! && character <= last!);
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
