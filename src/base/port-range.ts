// Ranges of TCP ports in settings.

export interface PortRange {
  readonly from: number;
  readonly to: number;
}

/**
 * Ranges of e.g. `49152-65535` or `1000-2000, 3000-3000`, separated by spaces and commas; undefined when malformed.
 * An empty text gives no ranges, which disables the filter.
 */
export function parsePortRanges(text: string): PortRange[] | undefined {
  if (text === '') return [];
  const parts = text.split(/[\s,]+/).filter((part) => part !== '');
  if (parts.length === 0) return undefined;
  const ranges: PortRange[] = [];
  for (const part of parts) {
    const match = /^(\d{1,5})-(\d{1,5})$/.exec(part);
    if (!match) return undefined;
    const [from, to] = [Number(match[1]), Number(match[2])];
    if (to > 65_535 || from > to) return undefined;
    ranges.push({ from, to });
  }
  return ranges;
}
