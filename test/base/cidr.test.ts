// Networks in CIDR notation, as Go's net.ParseCIDR accepts them.
import assert from 'node:assert/strict';
import { BlockList } from 'node:net';
import { describe, it } from 'node:test';
import { contains, isCidr, parseCidr } from '../../src/base/cidr.ts';
import { ipBytes, ipv4Text } from '../../src/base/ip.ts';
import { below, seeded } from '../helpers/random.ts';

describe('isCidr', () => {
  for (const text of ['0.0.0.0/0', '10.0.0.0/8', '192.168.1.7/32', '::/0', 'fd00::/8', '2001:db8::1/128'])
    it(`accepts ${text}`, () => assert.equal(isCidr(text), true));

  for (const text of [
    '',
    '10.0.0.0',
    '10.0.0.0/',
    '10.0.0.0/33',
    '10.0.0/8',
    '256.0.0.0/8',
    '10.0.0.0/-1',
    '10.0.0.0/8/8',
    '::/129',
  ])
    it(`rejects ${JSON.stringify(text)}`, () => assert.equal(isCidr(text), false));

  it('rejects zones and leading zeros', () => {
    assert.equal(isCidr('fe80::1%eth0/64'), false);
    assert.equal(isCidr('010.0.0.0/8'), false);
  });
});

describe('contains', () => {
  const cases: [network: string, inside: string[], outside: string[]][] = [
    ['10.0.0.0/8', ['10.0.0.0', '10.255.255.255'], ['9.255.255.255', '11.0.0.0', '::a00:1', 'a00::']],
    ['203.0.113.128/25', ['203.0.113.128', '203.0.113.255'], ['203.0.113.127', '203.0.114.128']],
    ['192.0.2.4/30', ['192.0.2.4', '192.0.2.7'], ['192.0.2.3', '192.0.2.8']],
    ['192.168.1.7/32', ['192.168.1.7'], ['192.168.1.6']],
    ['0.0.0.0/0', ['1.2.3.4', '255.255.255.255'], ['::1', '2001:db8::1']],
    ['fd00::/8', ['fd00::', 'fdff::1'], ['fc00::1', 'fe00::']],
    ['2001:db8:8000::/33', ['2001:db8:8000::1', '2001:db8:ffff::'], ['2001:db8:7fff::', '2001:db9:8000::']],
    ['2001:db8::1/128', ['2001:db8::1'], ['2001:db8::']],
    ['::/0', ['::1', '1.2.3.4'], []],
    ['::ffff:10.0.0.0/104', ['10.9.9.9'], ['11.0.0.0', '::a00:1']],
    // Bits after the prefix are ignored.
    ['10.9.9.9/8', ['10.0.0.1'], ['11.9.9.9']],
  ];
  for (const [network, inside, outside] of cases) {
    it(`accepts the addresses in ${network} only`, () => {
      for (const ip of inside) assert.equal(contains(parseCidr(network), ipBytes(ip)!), true, ip);
      for (const ip of outside) assert.equal(contains(parseCidr(network), ipBytes(ip)!), false, ip);
    });
  }

  it('agrees with BlockList for random prefixes, at an offset in a buffer', () => {
    const random = seeded(16);
    for (let round = 0; round < 5000; round++) {
      const text = () => `10.${below(random, 2)}.${below(random, 4) * 64}.${below(random, 256)}`;
      const [address, bits] = [text(), below(random, 33)];
      const list = new BlockList();
      list.addSubnet(address, bits);
      const other = ipBytes(text())!;
      const found = contains(parseCidr(`${address}/${bits}`), Uint8Array.from([1, ...other]), 1);
      assert.equal(found, list.check(ipv4Text(other, 12)), `${address}/${bits} ${ipv4Text(other, 12)}`);
    }
  });
});
