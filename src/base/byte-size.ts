// Byte sizes in the syntax of Coroot's own agent: 1024-based for both KB and KiB, with a mandatory unit.

const powers: Readonly<Record<string, number>> = { '': 0, K: 1, M: 2, G: 3, T: 4, P: 5, E: 6 };

/** Bytes of e.g. `500MB`, `1.5GiB`, `10B`, `0`; undefined when malformed, without a unit or beyond safe integers. */
export function parseByteSize(text: string): number | undefined {
  if (text === '0') return 0;
  const match = /^(\d+(?:\.\d+)?)([KMGTPE]?)(?:i?B)$/.exec(text);
  if (!match || (match[2] === '' && text.endsWith('iB'))) return undefined;
  const bytes = Math.floor(Number(match[1]) * 1024 ** powers[match[2]!]!);
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}
