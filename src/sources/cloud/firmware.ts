// Texts in the SMBIOS tables by which a cloud identifies its machines.
import { findStructure, SMBIOS, type Structure } from '../smbios-tables.ts';

/** Trimmed; empty where the firmware has none or a placeholder. */
export interface Firmware {
  readonly biosVersion: string;
  readonly systemManufacturer: string;
  readonly systemProduct: string;
  readonly systemVersion: string;
  readonly systemSerial: string;
  /** 32 hexadecimal digits in the order of the bytes, in lower case. */
  readonly systemUuid: string;
  readonly boardManufacturer: string;
  readonly chassisManufacturer: string;
  readonly chassisAssetTag: string;
  /** Whether the tables have a chassis at all. */
  readonly hasChassis: boolean;
}

/** Texts of firmware whose manufacturer set none. */
const placeholders = new Set([
  'to be filled by o.e.m.',
  'default string',
  'system manufacturer',
  'no asset information',
  'no asset tag',
  'not specified',
  '0123456789',
]);

/** Offsets of the texts: DMTF DSP0134, sections 7.1 to 7.4. */
export function parseFirmware(raw: Buffer): Firmware {
  const bios = findStructure(raw, SMBIOS.bios);
  const system = findStructure(raw, SMBIOS.system);
  const board = findStructure(raw, SMBIOS.board);
  const chassis = findStructure(raw, SMBIOS.chassis);
  return {
    biosVersion: textAt(bios, 5),
    systemManufacturer: textAt(system, 4),
    systemProduct: textAt(system, 5),
    systemVersion: textAt(system, 6),
    systemSerial: textAt(system, 7),
    systemUuid: system && system.formatted.length >= 24 ? system.formatted.toString('hex', 8, 24) : '',
    boardManufacturer: textAt(board, 4),
    chassisManufacturer: textAt(chassis, 4),
    chassisAssetTag: textAt(chassis, 8),
    hasChassis: chassis !== undefined,
  };
}

/** The text whose number is at an offset of a structure. */
function textAt(structure: Structure | undefined, offset: number): string {
  const number = structure?.formatted[offset] ?? 0;
  const text = (number === 0 ? undefined : structure!.strings[number - 1])?.trim() ?? '';
  return placeholders.has(text.toLowerCase()) ? '' : text;
}
