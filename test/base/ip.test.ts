// Addresses as text: RFC 5952, IPv4-mapped ones, and the ranges that nobody elsewhere can reach.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { endpointText, ipv4Text, ipv6Text, isIpv4Mapped, isLinkLocalOrMulticast } from '../../src/base/ip.ts';
import { below, seeded } from '../helpers/random.ts';

/** Bytes of eight groups. */
const bytes = (...groups: number[]): Uint8Array => Uint8Array.from(groups.flatMap((group) => [group >> 8, group & 255]));

test('IPv4 text', () => {
  assert.equal(ipv4Text(Uint8Array.of(10, 0, 200, 255)), '10.0.200.255');
  assert.equal(ipv4Text(Uint8Array.of(9, 9, 0, 0, 0, 0, 9), 2), '0.0.0.0');
});

test('IPv6 text as RFC 5952 section 4 says', () => {
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

test('IPv6 text is what the URL standard writes, for 5,000 random addresses with runs of zeros', () => {
  const random = seeded(11);
  for (let round = 0; round < 5000; round++) {
    const groups = Array.from({ length: 8 }, () => (below(random, 2) === 0 ? 0 : below(random, 0x10000)));
    const image = bytes(...groups);
    if (isIpv4Mapped(image)) continue;
    const full = groups.map((group) => group.toString(16)).join(':');
    assert.equal(`[${ipv6Text(image)}]`, new URL(`http://[${full}]/`).hostname);
  }
});

test('an IPv4-mapped address is the IPv4 one, its neighbours are not', () => {
  assert.equal(ipv6Text(bytes(0, 0, 0, 0, 0, 0xffff, 0x0a00, 0x0005)), '10.0.0.5');
  assert.equal(ipv6Text(bytes(0, 0, 0, 0, 0, 0, 0x0a00, 0x0005)), '::a00:5');
  assert.equal(ipv6Text(bytes(0, 0, 0, 0, 1, 0xffff, 0x0a00, 0x0005)), '::1:ffff:a00:5');
  assert.equal(ipv6Text(Uint8Array.from([7, 7, ...bytes(0, 0, 0, 0, 0, 0xffff, 0x0102, 0x0304), 7]), 2), '1.2.3.4');
});

test('endpoints', () => {
  assert.equal(endpointText('10.0.0.5', 80), '10.0.0.5:80');
  assert.equal(endpointText('::1', 65535), '[::1]:65535');
});

test('link-local and multicast addresses', () => {
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

test('all others are neither, also those that begin with the same letters', () => {
  const others = ['169.253.0.1', '169.25.4.1', '223.255.255.255', '240.0.0.1', '10.0.0.5', '127.0.0.1', '255.255.255.255'];
  for (const ip of [...others, 'fec0::1', 'fd00::1', '::1', '::', '2001:db8::ff', 'fe8::1', 'ff::1', 'ff0::1', 'fe9:1::']) {
    assert.equal(isLinkLocalOrMulticast(ip), false, ip);
  }
});
