// The nearest of some names, for "did you mean".

/** The name with the fewest changed, missing or extra letters, or undefined when none is near. */
export function suggest(text: string, names: Iterable<string>): string | undefined {
  let [best, bestDistance] = [undefined as string | undefined, Math.max(2, Math.floor(text.length / 3)) + 1];
  for (const name of names) {
    // Far longer or shorter texts cannot be near, and must not cost time.
    if (Math.abs(name.length - text.length) >= bestDistance) continue;
    const distance = editDistance(text, name);
    if (distance < bestDistance) [best, bestDistance] = [name, distance];
  }
  return best;
}

/** Levenshtein distance: https://en.wikipedia.org/wiki/Levenshtein_distance */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    row = next;
  }
  return row[b.length]!;
}
