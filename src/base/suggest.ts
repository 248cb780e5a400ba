// Finds the most similar name, for "did you mean" messages.

/** The name with the smallest edit distance, or undefined if none is similar. */
export function suggest(text: string, names: Iterable<string>): string | undefined {
  let [best, bestDistance] = [undefined as string | undefined, Math.max(2, Math.floor(text.length / 3)) + 1];
  for (const name of names) {
    // The difference in length is a lower bound of the distance.
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
