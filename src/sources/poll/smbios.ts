// Parses the system UUID in the SMBIOS tables.
import { findStructure, SMBIOS, smbiosVersion } from '../smbios-tables.ts';
import { isPlaceholderUuid, swapFields } from './placeholder-uuids.ts';

/** Length of structure type 1 from version 2.1 on, and the position of the UUID in it: DMTF DSP0134, section 7.2. */
const SYSTEM_BYTES = 0x19;
const UUID_START = 8;
const UUID_END = 24;

/**
 * System UUID, upper case with dashes, or empty when the tables have none or a placeholder. The first three fields are
 * little-endian from version 2.6 on.
 */
export function parseSystemUuid(raw: Buffer): string {
  const system = findStructure(raw, SMBIOS.system);
  if (!system || system.length < SYSTEM_BYTES || system.formatted.length < UUID_END) return '';
  const { major, minor } = smbiosVersion(raw);
  return uuidText(system.formatted.subarray(UUID_START, UUID_END), major > 2 || (major === 2 && minor >= 6));
}

function uuidText(uuid: Buffer, littleEndian: boolean): string {
  if (isPlaceholderUuid(uuid)) return '';
  const hex = (littleEndian ? swapFields(uuid) : uuid).toString('hex').toUpperCase();
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
