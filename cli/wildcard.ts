// Names with * and ? as people type them at a prompt.

/** True when a text matches one of the patterns (case-insensitive), or when there are none. */
export function matcher(patterns: readonly string[]): (text: string) => boolean {
  const expressions = patterns.map((pattern) => {
    const source = pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.');
    return new RegExp(`^${source}$`, 'is');
  });
  return (text) => expressions.length === 0 || expressions.some((expression) => expression.test(text));
}
