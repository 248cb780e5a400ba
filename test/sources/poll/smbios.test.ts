// The system UUID: its byte order by SMBIOS version, and tables that are damaged or have none.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PLACEHOLDER_UUIDS } from '../../../src/sources/poll/placeholder-uuids.ts';
import { parseSystemUuid } from '../../../src/sources/poll/smbios.ts';
import { type BuiltStructure, rawSmbios } from '../../helpers/foreign-memory.ts';
import { below, seeded } from '../../helpers/random.ts';

/** The example of DMTF DSP0134, section 7.2.1: {00112233-4455-6677-8899-AABBCCDDEEFF} as bytes from 2.6 on. */
const EXAMPLE = [0x33, 0x22, 0x11, 0x00, 0x55, 0x44, 0x77, 0x66, 0x88, 0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff];

/** Type 1: four string numbers, the UUID at 8, wake-up type, two more string numbers (SMBIOS 2.4: 1Bh bytes in all). */
function system(uuid: readonly number[] = EXAMPLE): BuiltStructure {
  return { type: 1, body: [1, 2, 0, 3, ...uuid, 6, 0, 0], strings: ['Vendor', 'Model', 'Serial'] };
}

const bios: BuiltStructure = { type: 0, body: new Array<number>(14).fill(1), strings: ['American Megatrends', '1.2'] };
const enclosure: BuiltStructure = { type: 3, body: [0, 0, 0, 0, 0] };
const end: BuiltStructure = { type: 127, body: [] };

test('reads the first three fields as little-endian from 2.6 on', () => {
  for (const [major, minor] of [
    [2, 6],
    [2, 8],
    [3, 0],
    [3, 6],
  ] as const) {
    assert.equal(
      parseSystemUuid(rawSmbios(major, minor, [bios, system(), end])),
      '00112233-4455-6677-8899-AABBCCDDEEFF',
      `${major}.${minor}`,
    );
  }
});

test('keeps the order of the bytes before 2.6', () => {
  for (const [major, minor] of [
    [2, 1],
    [2, 5],
    [1, 9],
  ] as const) {
    assert.equal(
      parseSystemUuid(rawSmbios(major, minor, [bios, system(), end])),
      '33221100-5544-7766-8899-AABBCCDDEEFF',
      `${major}.${minor}`,
    );
  }
});

test('skips structures without strings', () => {
  assert.equal(
    parseSystemUuid(rawSmbios(3, 0, [enclosure, bios, enclosure, system(), end])),
    '00112233-4455-6677-8899-AABBCCDDEEFF',
  );
});

test('reads the shortest type 1 with a UUID (2.1: 19h bytes); type 1 of 2.0 has none', () => {
  assert.equal(
    parseSystemUuid(rawSmbios(2, 1, [{ ...system(), body: system().body.slice(0, 0x19 - 4) }])),
    '33221100-5544-7766-8899-AABBCCDDEEFF',
  );
  assert.equal(parseSystemUuid(rawSmbios(2, 0, [{ ...system(), body: [1, 2, 0, 3] }, end])), '');
});

test('"not set" and "not present" give no UUID', () => {
  assert.equal(parseSystemUuid(rawSmbios(3, 0, [system(new Array<number>(16).fill(0))])), '');
  assert.equal(parseSystemUuid(rawSmbios(3, 0, [system(new Array<number>(16).fill(0xff))])), '');
});

/** Bytes of a UUID text in the order of its digits. */
const digits = (uuid: string): number[] => [...Buffer.from(uuid.replaceAll('-', ''), 'hex')];
const swapped = ([a, b, c, d, e, f, g, h, ...rest]: number[]): number[] =>
  [d, c, b, a, f, e, h, g, ...rest] as number[];

test('well-known placeholders give no UUID, in both byte orders and all versions', () => {
  // FreeBSD's rc.d/hostid, osquery's isPlaceholderHardwareUUID, FOG's list of invalid UUIDs.
  for (const uuid of [
    'FEFEFEFE-FEFE-FEFE-FEFE-FEFEFEFEFEFE',
    '58585858-5858-5858-5858-585858585858',
    '11111111-1111-1111-1111-111111111111',
    '11111111-2222-3333-4444-555555555555',
    '00020003-0004-0005-0006-000700080009',
    '03000200-0400-0500-0006-000700080009',
    '03020100-0504-0706-0809-0A0B0C0D0E0F',
    '00010203-0405-0607-0809-0A0B0C0D0E0F',
    '07090201-0103-0301-0807-060504030201',
    '10000000-0000-8000-0040-000000000000',
    '12345678-1234-5678-90AB-CDDEEFAABBCC',
    '4C4C4544-0000-2010-8020-80C04F202020',
    '44454C4C-0000-1020-8020-80C04F202020',
    'FFFFFF00-FFFF-FFFF-FFFF-FFFFFFFFFFFF',
  ])
    for (const [major, minor] of [
      [2, 5],
      [3, 0],
    ] as const)
      for (const bytes of [digits(uuid), swapped(digits(uuid))])
        assert.equal(parseSystemUuid(rawSmbios(major, minor, [system(bytes)])), '', uuid);
});

test('keeps UUIDs that resemble placeholders', () => {
  // A Dell with a service tag, a Supermicro with its MAC address.
  for (const uuid of ['4C4C4544-0042-3510-8052-B4C04F4B3032', '00000000-0000-0000-0000-002590C7C000'])
    assert.equal(parseSystemUuid(rawSmbios(3, 0, [system(swapped(digits(uuid)))])), uuid);
});

test('names the source of each placeholder', () => {
  for (const { uuid, source } of PLACEHOLDER_UUIDS) {
    assert.match(uuid, /^[0-9A-F]{8}-([0-9A-F]{4}-){3}[0-9A-F]{12}$/);
    assert.match(source, /FreeBSD|osquery|FOG/);
  }
});

test('does not read behind the end of the table', () => {
  assert.equal(parseSystemUuid(rawSmbios(3, 0, [bios, end, system()])), '');
  const raw = rawSmbios(3, 0, [bios, system()]);
  raw.writeUInt32LE(20, 4);
  assert.equal(parseSystemUuid(raw), '');
});

test('does not take a text for a structure', () => {
  const text = String.fromCharCode(1, 0x1b, 9, 9);
  assert.equal(parseSystemUuid(rawSmbios(3, 0, [{ ...bios, strings: [text, 'x'.repeat(60)] }, end])), '');
});

test('truncated tables give the UUID when they contain all of it, otherwise nothing', () => {
  const raw = rawSmbios(3, 0, [bios, system(), end]);
  const whole = raw.indexOf(Buffer.from(EXAMPLE)) + EXAMPLE.length;
  for (let length = 0; length <= raw.length; length++) {
    assert.equal(
      parseSystemUuid(raw.subarray(0, length)),
      length < whole ? '' : '00112233-4455-6677-8899-AABBCCDDEEFF',
      `${length}`,
    );
  }
});

test('20,000 damaged tables give a UUID or nothing', { timeout: 60_000 }, () => {
  const raw = rawSmbios(3, 0, [bios, enclosure, system(), end]);
  const random = seeded(8);
  for (let round = 0; round < 20_000; round++) {
    const bytes = Buffer.from(raw);
    for (let changes = 1 + below(random, 4); changes > 0; changes--)
      bytes[below(random, bytes.length)] = below(random, 256);
    assert.match(parseSystemUuid(bytes), /^$|^[0-9A-F]{8}-([0-9A-F]{4}-){3}[0-9A-F]{12}$/);
  }
});
