// Walks the structures of the SMBIOS tables.

/**
 * https://learn.microsoft.com/windows/win32/api/sysinfoapi/nf-sysinfoapi-getsystemfirmwaretable: RawSMBIOSData before
 * its table.
 */
const RAW_HEADER_BYTES = 8;
const HEADER_BYTES = 4;
const END_OF_TABLE = 127;
const MAX_STRINGS = 255;

/** Types of structures: DMTF DSP0134, section 7. */
export const SMBIOS = { bios: 0, system: 1, board: 2, chassis: 3 } as const;

export interface Structure {
  /** The part with a fixed layout, with its header; shorter than `length` where the table is cut. */
  readonly formatted: Buffer;
  readonly length: number;
  /** In Latin-1, as real firmware has them. */
  readonly strings: readonly string[];
}

/** Version of the specification that the tables follow. */
export function smbiosVersion(raw: Buffer): { major: number; minor: number } {
  return raw.length < RAW_HEADER_BYTES ? { major: 0, minor: 0 } : { major: raw.readUInt8(1), minor: raw.readUInt8(2) };
}

/** The first structure of a type; undefined when there is none, or one before it is damaged. */
export function findStructure(raw: Buffer, type: number): Structure | undefined {
  if (raw.length < RAW_HEADER_BYTES) return undefined;
  const table = raw.subarray(RAW_HEADER_BYTES, RAW_HEADER_BYTES + raw.readUInt32LE(4));
  let at = 0;
  while (at + HEADER_BYTES <= table.length) {
    const found = table.readUInt8(at);
    const length = table.readUInt8(at + 1);
    if (length < HEADER_BYTES || found === END_OF_TABLE) return undefined;
    if (found === type) {
      return { formatted: table.subarray(at, at + length), length, strings: stringsAt(table, at + length) };
    }
    at = endOfStrings(table, at + length);
  }
  return undefined;
}

/** The strings of a structure end with an empty one; a structure without strings has two NULs. */
function endOfStrings(table: Buffer, start: number): number {
  for (let at = start; at + 1 < table.length; at++) if (table[at] === 0 && table[at + 1] === 0) return at + 2;
  return table.length;
}

function stringsAt(table: Buffer, start: number): string[] {
  const strings: string[] = [];
  let at = start;
  while (at < table.length && table[at] !== 0 && strings.length < MAX_STRINGS) {
    const end = table.indexOf(0, at);
    const stop = end < 0 ? table.length : end;
    strings.push(table.toString('latin1', at, stop));
    at = stop + 1;
  }
  return strings;
}
