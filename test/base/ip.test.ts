// Addresses as text and bytes: RFC 5952, IPv4-mapped addresses, and the ranges of internal addresses.
import assert from 'node:assert/strict';
import { BlockList } from 'node:net';
import { test } from 'node:test';
import {
  canonicalIp,
  endpointParts,
  endpointText,
  ipBytes,
  ipv4Text,
  ipv6Text,
  isExternal,
  isIpv4Mapped,
  isLinkLocalOrMulticast,
} from '../../src/base/ip.ts';
import { below, seeded } from '../helpers/random.ts';

/** Bytes of eight groups. */
const bytes = (...groups: number[]): Uint8Array =>
  Uint8Array.from(groups.flatMap((group) => [group >> 8, group & 255]));

test('formats IPv4 addresses', () => {
  assert.equal(ipv4Text(Uint8Array.of(10, 0, 200, 255)), '10.0.200.255');
  assert.equal(ipv4Text(Uint8Array.of(9, 9, 0, 0, 0, 0, 9), 2), '0.0.0.0');
});

test('formats IPv6 addresses as RFC 5952 section 4 specifies', () => {
  const cases: [string, ...number[]][] = [
    ['2001:db8::1', 0x2001, 0xdb8, 0, 0, 0, 0, 0, 1],
    ['2001:db8:0:1:1:1:1:1', 0x2001, 0xdb8, 0, 1, 1, 1, 1, 1],
    ['2001:0:0:1::1', 0x2001, 0, 0, 1, 0, 0, 0, 1],
    ['2001:db8::1:0:0:1', 0x2001, 0xdb8, 0, 0, 1, 0, 0, 1],
    ['::', 0, 0, 0, 0, 0, 0, 0, 0],
    ['::1', 0, 0, 0, 0, 0, 0, 0, 1],
    ['1::', 1, 0, 0, 0, 0, 0, 0, 0],
    ['abcd:ef01:2345:6789:abcd:ef01:2345:6789', 0xabcd, 0xef01, 0x2345, 0x6789, 0xabcd, 0xef01, 0x2345, 0x6789],
    ['0:1:2:3:4:5:6:7', 0, 1, 2, 3, 4, 5, 6, 7],
    ['::2:3:4:5:6:7', 0, 0, 2, 3, 4, 5, 6, 7],
    ['1:2:3:4:5:6::', 1, 2, 3, 4, 5, 6, 0, 0],
  ];
  for (const [text, ...groups] of cases) assert.equal(ipv6Text(bytes(...groups)), text);
});

test('formats 5,000 random IPv6 addresses with runs of zeros as the URL standard does', () => {
  const random = seeded(11);
  for (let round = 0; round < 5000; round++) {
    const groups = Array.from({ length: 8 }, () => (below(random, 2) === 0 ? 0 : below(random, 0x10000)));
    const image = bytes(...groups);
    if (isIpv4Mapped(image)) continue;
    const full = groups.map((group) => group.toString(16)).join(':');
    assert.equal(`[${ipv6Text(image)}]`, new URL(`http://[${full}]/`).hostname);
  }
});

test('formats an IPv4-mapped address as IPv4, and similar prefixes as IPv6', () => {
  assert.equal(ipv6Text(bytes(0, 0, 0, 0, 0, 0xffff, 0x0a00, 0x0005)), '10.0.0.5');
  assert.equal(ipv6Text(bytes(0, 0, 0, 0, 0, 0, 0x0a00, 0x0005)), '::a00:5');
  assert.equal(ipv6Text(bytes(0, 0, 0, 0, 1, 0xffff, 0x0a00, 0x0005)), '::1:ffff:a00:5');
  assert.equal(ipv6Text(Uint8Array.from([7, 7, ...bytes(0, 0, 0, 0, 0, 0xffff, 0x0102, 0x0304), 7]), 2), '1.2.3.4');
});

test('formats and parses endpoints of both families and of host names', () => {
  assert.equal(endpointText('10.0.0.5', 80), '10.0.0.5:80');
  assert.equal(endpointText('::1', 65535), '[::1]:65535');
  assert.deepEqual(endpointParts('10.0.0.5:80'), { ip: '10.0.0.5', port: 80 });
  assert.deepEqual(endpointParts('[2001:db8::1]:65535'), { ip: '2001:db8::1', port: 65535 });
  assert.deepEqual(endpointParts('db.example.com:5432'), { ip: 'db.example.com', port: 5432 });
});

test('recognises link-local and multicast addresses', () => {
  for (const ip of [
    '169.254.0.1',
    '169.254.255.255',
    '224.0.0.1',
    '239.255.255.250',
    'fe80::1',
    'febf::1',
    'FE90::1',
    'ff02::1',
    'ff00::',
  ]) {
    assert.equal(isLinkLocalOrMulticast(ip), true, ip);
  }
});

test('other addresses are neither link-local nor multicast, also with the same first letters', () => {
  const others = [
    '169.253.0.1',
    '169.25.4.1',
    '223.255.255.255',
    '240.0.0.1',
    '10.0.0.5',
    '127.0.0.1',
    '255.255.255.255',
  ];
  for (const ip of [
    ...others,
    'fec0::1',
    'fd00::1',
    '::1',
    '::',
    '2001:db8::ff',
    'fe8::1',
    'ff::1',
    'ff0::1',
    'fe9:1::',
  ]) {
    assert.equal(isLinkLocalOrMulticast(ip), false, ip);
  }
});

test('parses addresses of both families in every notation', () => {
  const hex = (text: string) => Buffer.from(ipBytes(text) ?? []).toString('hex');
  const cases: [text: string, expected: string][] = [
    ['10.0.200.255', '00000000000000000000ffff0a00c8ff'],
    ['::ffff:10.0.0.9', '00000000000000000000ffff0a000009'],
    ['::FFFF:0a00:0009', '00000000000000000000ffff0a000009'],
    ['::', '00000000000000000000000000000000'],
    ['::1', '00000000000000000000000000000001'],
    ['1::', '00010000000000000000000000000000'],
    ['2001:db8::1', '20010db8000000000000000000000001'],
    ['2001:0db8:0000:0000:0000:0000:0000:0001', '20010db8000000000000000000000001'],
    ['1:2:3:4:5:6:7:8', '00010002000300040005000600070008'],
    ['1:2:3:4:5:6:7::', '00010002000300040005000600070000'],
    ['::2:3:4:5:6:7:8', '00000002000300040005000600070008'],
    ['1:2:3:4:5:6:1.2.3.4', '00010002000300040005000601020304'],
    ['64:ff9b::192.0.2.33', '0064ff9b0000000000000000c0000221'],
    ['fe80::abcd', 'fe80000000000000000000000000abcd'],
  ];
  for (const [text, expected] of cases) assert.equal(hex(text), expected, text);
});

test('rejects texts that are no address or have a zone', () => {
  for (const text of [
    '',
    'x',
    '10.0.0',
    '10.0.0.256',
    '010.0.0.1',
    ' 10.0.0.1',
    '10.0.0.1:80',
    ':::',
    '1:2:3:4:5:6:7',
    '1::2::3',
    '::g',
  ]) {
    assert.equal(ipBytes(text), undefined, text);
  }
  for (const text of ['fe80::1%12', 'fe80::1%eth0', '[::1]', '::1.2.3', 'example.com'])
    assert.equal(ipBytes(text), undefined, text);
});

test('parses the text of 5,000 random addresses of both families back to their bytes', () => {
  const random = seeded(14);
  for (let round = 0; round < 5000; round++) {
    const groups = Array.from({ length: 8 }, () => (below(random, 2) === 0 ? 0 : below(random, 0x10000)));
    const image = round % 3 === 0 ? bytes(0, 0, 0, 0, 0, 0xffff, groups[0]!, groups[1]!) : bytes(...groups);
    assert.deepEqual(ipBytes(ipv6Text(image)), image);
    assert.deepEqual(ipBytes(bytes6(image)), image);
  }
});

/** All eight groups, without `::`. */
const bytes6 = (image: Uint8Array): string =>
  Buffer.from(image)
    .toString('hex')
    .replace(/....(?!$)/g, '$&:');

/** RFC 1122 (loopback), RFC 1918, RFC 6598, RFC 4291 (loopback), RFC 4193; the list that Coroot's agents have. */
const internal = new BlockList();
internal.addSubnet('127.0.0.0', 8);
internal.addSubnet('10.0.0.0', 8);
internal.addSubnet('172.16.0.0', 12);
internal.addSubnet('192.168.0.0', 16);
internal.addSubnet('100.64.0.0', 10);
internal.addAddress('::1', 'ipv6');
internal.addSubnet('fc00::', 7, 'ipv6');

test('distinguishes external addresses at the edges of every internal range', () => {
  const inside = [
    '127.0.0.0',
    '127.255.255.255',
    '10.0.0.0',
    '10.255.255.255',
    '172.16.0.0',
    '172.31.255.255',
    '192.168.0.0',
  ];
  const more = [
    '192.168.255.255',
    '100.64.0.0',
    '100.127.255.255',
    '::1',
    'fc00::',
    'fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
  ];
  for (const ip of [...inside, ...more]) assert.equal(isExternal(ipBytes(ip)!), false, ip);
  const outside = [
    '126.255.255.255',
    '128.0.0.0',
    '9.255.255.255',
    '11.0.0.0',
    '172.15.255.255',
    '172.32.0.0',
    '192.167.255.255',
  ];
  const others = [
    '192.169.0.0',
    '100.63.255.255',
    '100.128.0.0',
    '::',
    '::2',
    '1::1',
    '0:0:0:0:0:0:1:1',
    'fbff::1',
    'fe00::1',
    '193.168.0.1',
  ];
  for (const ip of [...outside, ...others, '169.254.0.1', 'fe80::1', '224.0.0.1'])
    assert.equal(isExternal(ipBytes(ip)!), true, ip);
});

test('isExternal agrees with BlockList for 20,000 random addresses at an offset', () => {
  const random = seeded(15);
  const first = [127, 10, 172, 192, 100, 0xfc, 0xfd, 0xfe, 0, 8];
  for (let round = 0; round < 20_000; round++) {
    const image = Uint8Array.from({ length: 16 }, () => (below(random, 4) === 0 ? below(random, 256) : 0));
    const v4 = round % 2 === 0;
    if (v4)
      image.set([
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0xff,
        0xff,
        first[below(random, first.length)]!,
        [0, 16, 31, 32, 64, 127, 168][below(random, 7)]!,
      ]);
    else if (below(random, 2) === 0) image[0] = first[below(random, first.length)]!;
    const known = internal.check(v4 ? ipv4Text(image, 12) : bytes6(image), v4 ? 'ipv4' : 'ipv6');
    assert.equal(isExternal(Uint8Array.from([9, 9, ...image, 9]), 2), !known, bytes6(image));
  }
});

test('gives every spelling of an address the same text', () => {
  const same = [
    'fd00::5',
    'FD00::5',
    'fd00:0:0:0:0:0:0:5',
    'fd00:0000:0000:0000:0000:0000:0000:0005',
    'fd00::0:5',
    '[fd00::5]',
    '[FD00::0005]',
    'fd00::5%12',
    '[fd00::5%25eth0]',
    'fd00::0.0.0.5',
  ];
  for (const text of same) assert.equal(canonicalIp(text), 'fd00::5', text);
  for (const text of ['10.0.0.5', '::ffff:10.0.0.5', '::FFFF:0a00:0005', '[::ffff:10.0.0.5]', '0:0:0:0:0:ffff:a00:5'])
    assert.equal(canonicalIp(text), '10.0.0.5', text);
  for (const text of [
    '',
    '*',
    '[]',
    '%5',
    'fd00::5]',
    '[fd00::5',
    '10.0.0',
    '010.0.0.5',
    'www.example.com',
    'fd00::5:',
  ])
    assert.equal(canonicalIp(text), undefined, text);
});
