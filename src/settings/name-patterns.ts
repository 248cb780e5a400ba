// Patterns of names in settings: RE2 regular expressions, found anywhere in a name, without regard to case.
import { RE2JS } from 're2js';

/** Whether one of the patterns is found in a text. */
export interface NamePatterns {
  (text: string): boolean;
  /** The patterns that are found in none of the texts, as the user wrote them. */
  unmatched(texts: readonly string[]): string[];
}

/**
 * Matches `whenEmpty` for an empty list. Windows compares names without regard to case. RE2 does not backtrack, so a
 * pattern cannot stall the agent; Coroot's agent uses the same syntax. Undefined when a pattern is empty, which would
 * match every name, or malformed.
 */
export function parseNamePatterns(patterns: readonly string[], whenEmpty: boolean): NamePatterns | undefined {
  if (patterns.includes('')) return undefined;
  try {
    const compiled = patterns.map((pattern) => RE2JS.compile(pattern, RE2JS.CASE_INSENSITIVE));
    const matches = (text: string) =>
      compiled.length === 0 ? whenEmpty : compiled.some((pattern) => pattern.matcher(text).find());
    const unmatched = (texts: readonly string[]) =>
      patterns.filter((_, at) => !texts.some((text) => compiled[at]!.matcher(text).find()));
    return Object.assign(matches, { unmatched });
  } catch {
    return undefined;
  }
}
