// Builds SMBIOS tables with the texts by which clouds and other platforms are known.
import { type BuiltStructure, rawSmbios } from './foreign-memory.ts';

export interface FirmwareTexts {
  readonly bios?: readonly [vendor: string, version: string];
  readonly system?: readonly [manufacturer: string, product: string, version?: string, serial?: string];
  /** 32 hexadecimal digits in the order of the bytes. */
  readonly uuid?: string;
  readonly board?: readonly [manufacturer: string, product: string];
  readonly chassis?: readonly [manufacturer: string, assetTag: string];
}

const EMPTY_UUID = '0'.repeat(32);

/** Tables in the layout of DMTF DSP0134, sections 7.1 to 7.4; a structure that is not given is left out. */
export function firmwareTables({ bios, system, uuid = EMPTY_UUID, board, chassis }: FirmwareTexts): Buffer {
  const structures: BuiltStructure[] = [];
  const add = (type: number, texts: readonly string[], body: (numbers: number[]) => number[]): void => {
    const strings = texts.filter((text) => text !== '');
    let next = 0;
    structures.push({ type, strings, body: body(texts.map((text) => (text === '' ? 0 : ++next))) });
  };
  if (bios) add(0, bios, ([vendor, version]) => [vendor!, version!, 0, 0, ...new Array<number>(12).fill(0)]);
  if (system) {
    const [manufacturer, product, version = '', serial = ''] = system;
    add(1, [manufacturer, product, version, serial], (numbers) => [...numbers, ...Buffer.from(uuid, 'hex'), 6, 0, 0]);
  }
  if (board) add(2, board, ([maker, product]) => [maker!, product!, 0, 0, 0, 0, 0, 0, 0, 0]);
  if (chassis) add(3, chassis, ([maker, tag]) => [maker!, 1, 0, 0, tag!, 0, 0, 0, 0]);
  structures.push({ type: 127, body: [] });
  return rawSmbios(3, 0, structures);
}
