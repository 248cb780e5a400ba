// Parses the system UUID in the SMBIOS tables.
import { isPlaceholderUuid, swapFields } from './placeholder-uuids.ts';

/**
 * https://learn.microsoft.com/windows/win32/api/sysinfoapi/nf-sysinfoapi-getsystemfirmwaretable: RawSMBIOSData before
 * its table.
 */
const RAW_HEADER_BYTES = 8;
const SYSTEM_INFORMATION = 1;
const END_OF_TABLE = 127;

/**
 * System UUID, upper case with dashes, or empty when the tables have none or a placeholder.
 * Layout of structure type 1: DMTF DSP0134, section 7.2; the first three fields are little-endian from version 2.6 on.
 */
export function parseSystemUuid(raw: Buffer): string {
  if (raw.length < RAW_HEADER_BYTES) return '';
  const littleEndian = raw.readUInt8(1) > 2 || (raw.readUInt8(1) === 2 && raw.readUInt8(2) >= 6);
  const table = raw.subarray(RAW_HEADER_BYTES, RAW_HEADER_BYTES + raw.readUInt32LE(4));
  let at = 0;
  while (at + 4 <= table.length) {
    const type = table.readUInt8(at);
    const length = table.readUInt8(at + 1);
    if (length < 4 || type === END_OF_TABLE) return '';
    if (type === SYSTEM_INFORMATION && length >= 0x19 && at + 0x18 <= table.length) {
      return uuidText(table.subarray(at + 8, at + 24), littleEndian);
    }
    at = endOfStrings(table, at + length);
  }
  return '';
}

/** The strings of a structure end with an empty one; a structure without strings has two NULs. */
function endOfStrings(table: Buffer, start: number): number {
  for (let at = start; at + 1 < table.length; at++) if (table[at] === 0 && table[at + 1] === 0) return at + 2;
  return table.length;
}

function uuidText(uuid: Buffer, littleEndian: boolean): string {
  if (isPlaceholderUuid(uuid)) return '';
  const hex = (littleEndian ? swapFields(uuid) : uuid).toString('hex').toUpperCase();
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
