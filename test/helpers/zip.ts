// Reads a zip through its central directory, written from PKWARE's APPNOTE.TXT; imports no product code.
import { crc32, inflateRawSync } from 'node:zlib';

const END_OF_DIRECTORY = 0x0605_4b50;
const DIRECTORY_ENTRY = 0x0201_4b50;
const LOCAL_HEADER = 0x0403_4b50;

/** Contents by name. Throws for an invalid zip, a compression other than stored and deflate, and a wrong checksum. */
export function readZip(bytes: Buffer): Map<string, Buffer> {
  const end = bytes.lastIndexOf(Buffer.from('PK\u0005\u0006', 'latin1'));
  if (end < 0 || bytes.readUInt32LE(end) !== END_OF_DIRECTORY) throw new Error('no zip');
  const files = new Map<string, Buffer>();
  let at = bytes.readUInt32LE(end + 16);
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left--) {
    if (bytes.readUInt32LE(at) !== DIRECTORY_ENTRY) throw new Error(`no directory entry at ${at}`);
    const method = bytes.readUInt16LE(at + 10);
    const [checksum, packed, , nameLength, extraLength, commentLength, local] = [
      bytes.readUInt32LE(at + 16),
      bytes.readUInt32LE(at + 20),
      bytes.readUInt32LE(at + 24),
      bytes.readUInt16LE(at + 28),
      bytes.readUInt16LE(at + 30),
      bytes.readUInt16LE(at + 32),
      bytes.readUInt32LE(at + 42),
    ];
    const name = bytes.toString('utf8', at + 46, at + 46 + nameLength!);
    if (bytes.readUInt32LE(local!) !== LOCAL_HEADER) throw new Error(`no local header of ${name}`);
    const start = local! + 30 + bytes.readUInt16LE(local! + 26) + bytes.readUInt16LE(local! + 28);
    const data = bytes.subarray(start, start + packed!);
    if (method !== 0 && method !== 8) throw new Error(`${name}: compression ${method}`);
    const content = method === 8 ? inflateRawSync(data) : Buffer.from(data);
    if (crc32(content) !== checksum || files.has(name)) throw new Error(`${name} is damaged`);
    files.set(name, content);
    at += 46 + nameLength! + extraLength! + commentLength!;
  }
  return files;
}
