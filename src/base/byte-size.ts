// Byte sizes as Coroot's own agent takes them: 1024-based for both KB and KiB, the unit is mandatory.

const powers: Readonly<Record<string, number>> = { '': 0, K: 1, M: 2, G: 3, T: 4, P: 5, E: 6 };

/** Bytes of e.g. `500MB`, `1.5GiB`, `10B`, `0`; undefined when it is no size, has no unit or is too large to count in bytes. */
export function parseByteSize(text: string): number | undefined {
  if (text === '0') return 0;
  const match = /^(\d+(?:\.\d+)?)([KMGTPE]?)(?:i?B)$/.exec(text);
  if (!match || (match[2] === '' && text.endsWith('iB'))) return undefined;
  const bytes = Math.floor(Number(match[1]) * 1024 ** powers[match[2]!]!);
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}
