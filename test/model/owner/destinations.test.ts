// Remote ends found again by address and port: against a plain map, with ends that collide, with names, limits and age.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NameCache } from '../../../src/model/dns/name-cache.ts';
import { Destinations } from '../../../src/model/owner/destinations.ts';
import { below, seeded } from '../../helpers/random.ts';

const MINUTE_MS = 60_000;

/** Address as 16 bytes in hexadecimal, and port. */
type End = readonly [address: string, port: number];

const v4 = (a: number, b: number, c: number, d: number): string =>
  `00000000000000000000ffff${Buffer.from([a, b, c, d]).toString('hex')}`;
const withLimit = (maxDestinations: number) => ({ names: new NameCache(), maxDestinations });
const roomy = withLimit(1_000_000);

function see(destinations: Destinations, ends: readonly End[], rules = roomy, atMs = 1): void {
  destinations.begin();
  for (const [address, port] of ends) destinations.countActive(Buffer.from(address, 'hex'), 0, port, rules, atMs);
  destinations.end(atMs);
}

const shown = (destinations: Destinations) =>
  Object.fromEntries(destinations.values().map(({ destination, active }) => [destination, active]));

test('looks of random ends give what a plain map gives', () => {
  const random = seeded(12);
  const destinations = new Destinations();
  for (let look = 0; look < 200; look++) {
    const ends = Array.from({ length: below(random, 60) }, (): End => {
      const port = below(random, 3) === 0 ? 65535 : below(random, 4);
      return [
        below(random, 3) === 0 ? `20010db8${'00'.repeat(11)}0${below(random, 5)}` : v4(200, 0, 0, below(random, 8)),
        port,
      ];
    });
    const expected: Record<string, number> = {};
    for (const [address, port] of ends) {
      const last = Number.parseInt(address.slice(-2), 16);
      const ip = address.startsWith('2001') ? (last === 0 ? '[2001:db8::]' : `[2001:db8::${last}]`) : `200.0.0.${last}`;
      expected[`${ip}:${port}`] = (expected[`${ip}:${port}`] ?? 0) + 1;
    }
    see(destinations, ends);
    assert.deepEqual(shown(destinations), expected);
  }
});

test('200,000 ends of either family stay apart, although some of that many share any hash of 32 bits', () => {
  const random = seeded(13);
  const destinations = new Destinations();
  const ends = new Map<string, End>();
  const byte = () => below(random, 256);
  while (ends.size < 200_000) {
    const end: End = [v4(byte(), byte(), byte(), byte()), below(random, 65_536)];
    ends.set(end.join(':'), end);
  }
  while (ends.size < 400_000) {
    const end: End = [Buffer.from(Array.from({ length: 16 }, byte)).toString('hex'), 443];
    ends.set(end.join(':'), end);
  }
  see(destinations, [...ends.values()]);
  assert.equal(destinations.values().length, ends.size);
  const half = [...ends.values()].filter((_, i) => i % 2 === 0);
  see(destinations, half);
  assert.equal(destinations.values().length, half.length);
  for (const { active } of destinations.values()) assert.equal(active, 1);
});

/** Solves `factor * x = 1` modulo 2^32 (Newton; `factor` is odd). */
function inverse(factor: number): number {
  let x = factor;
  for (let i = 0; i < 5; i++) x = Math.imul(x, 2 - Math.imul(factor, x));
  return x;
}

test('three ends with one hash come and go in every order', () => {
  // Addresses with the same mixture of address and port, by the multipliers of the hash.
  const colliding = [1, 2, 3].map((port): End => {
    const word = Math.imul(inverse(0x9e37_79b1), Math.imul(port, 0x85eb_ca6b) ^ 0x1234_5678);
    return [v4(word >>> 24, (word >>> 16) & 255, (word >>> 8) & 255, word & 255), port];
  });
  const text = ([address, port]: End): string => `${[...Buffer.from(address.slice(24), 'hex')].join('.')}:${port}`;
  const subsets = Array.from({ length: 8 }, (_, bits) => colliding.filter((_end, i) => bits & (1 << i)));
  for (const first of subsets) {
    for (const second of subsets) {
      const destinations = new Destinations();
      for (const ends of [colliding, first, second, colliding]) {
        const before = new Map(destinations.values().map((end) => [end.destination, end]));
        see(destinations, ends);
        // What stays is the same object: its labels are made once.
        for (const end of destinations.values()) assert.equal(end, before.get(end.destination) ?? end);
        assert.deepEqual(shown(destinations), Object.fromEntries(ends.map((end) => [text(end), 1])));
      }
    }
  }
});

const at = Buffer.from(v4(203, 0, 113, 1), 'hex');

test('counts outlive the connections for five minutes after the last use, and not for much longer', () => {
  const destinations = new Destinations();
  destinations.resolve(at, 0, 443, roomy, 0).successful++;
  let seconds = 0;
  for (; seconds <= 300; seconds += 15) {
    see(destinations, [], roomy, seconds * 1000);
    assert.equal(destinations.values()[0]?.successful, 1, `${seconds}`);
  }
  for (; seconds <= 420; seconds += 15) see(destinations, [], roomy, seconds * 1000);
  assert.equal(destinations.values().length, 0);
  // What comes back begins anew, and is found again.
  destinations.resolve(at, 0, 443, roomy, 420_000).failed++;
  assert.equal(destinations.resolve(at, 0, 443, roomy, 420_000).failed, 1);
});

test('a name stands for its addresses only where the answer had several, all of the internet', () => {
  const rules = withLimit(500);
  rules.names.learn(['203.0.113.1', '203.0.113.2'], 'shop.example.com', true, 1);
  rules.names.learn(['203.0.113.3'], 'one.example.com', false, 1);
  const destinations = new Destinations();
  see(
    destinations,
    [1, 2, 3].map((last): End => [v4(203, 0, 113, last), 443]),
    rules,
  );
  assert.deepEqual(
    destinations.values().map(({ destination, actualDestination, active }) => [destination, actualDestination, active]),
    [
      ['shop.example.com:443', '', 2],
      ['203.0.113.3:443', '203.0.113.3:443', 1],
    ],
  );
  assert.deepEqual(
    [...destinations.names()],
    [
      ['shop.example.com:443', 'shop.example.com'],
      ['203.0.113.3:443', 'one.example.com'],
    ],
  );
});

test('a name that comes later takes what is new, and leaves what was counted where it was', () => {
  const rules = withLimit(500);
  const destinations = new Destinations();
  destinations.resolve(at, 0, 443, rules, 1).successful++;
  rules.names.learn(['203.0.113.1', '203.0.113.2'], 'shop.example.com', true, 2);
  destinations.resolve(at, 0, 443, rules, 3).successful++;
  assert.deepEqual(
    destinations.values().map(({ destination, successful }) => [destination, successful]),
    [
      ['203.0.113.1:443', 1],
      ['shop.example.com:443', 1],
    ],
  );
});

test('the name that a program connected by counts where it stands for several addresses', () => {
  const rules = withLimit(500);
  rules.names.learn(['203.0.113.1', '203.0.113.2'], 'a.example.com', true, 1);
  rules.names.learn(['203.0.113.1', '203.0.113.2'], 'b.example.com', true, 2);
  rules.names.learn(['203.0.113.9'], 'c.example.com', false, 2);
  const destinations = new Destinations();
  const called = (name: string): string => destinations.resolve(at, 0, 443, rules, 3, name).destination;
  assert.deepEqual(['', 'a.example.com', 'b.example.com', 'c.example.com', 'd.example.com'].map(called), [
    'b.example.com:443',
    'a.example.com:443',
    'b.example.com:443',
    'b.example.com:443',
    'b.example.com:443',
  ]);
});

test('beyond the limit all is one destination, and the number of addresses is limited too', () => {
  const rules = withLimit(3);
  const destinations = new Destinations();
  const ends = Array.from({ length: 1000 }, (_, i): End => [v4(203, 0, 113, i % 250), i]);
  see(destinations, ends, rules);
  assert.deepEqual(shown(destinations), {
    '203.0.113.0:0': 1,
    '203.0.113.1:1': 1,
    '203.0.113.2:2': 1,
    '~other:0': 997,
  });
  see(destinations, [], rules);
  assert.deepEqual(shown(destinations), {});
  see(destinations, ends.slice(500, 502), rules);
  assert.deepEqual(Object.keys(shown(destinations)), ['203.0.113.0:500', '203.0.113.1:501']);
});

test('round-trip times are means of what was measured between two looks, and stay while a connection does', () => {
  const destinations = new Destinations();
  const rtt = () => [...destinations.latencies()].map(({ ip, rttUs }) => [ip, rttUs]);
  for (const rttUs of [1000, 3000]) destinations.addRtt(at, 0, 443, roomy, rttUs, 1);
  destinations.addRtt(at, 0, 80, roomy, 5000, 1);
  const end: End = [v4(203, 0, 113, 1), 443];
  for (const minutes of [0, 9, 18, 27, 36, 45, 54, 63, 72]) {
    see(destinations, [end], roomy, minutes * MINUTE_MS + 1);
    assert.deepEqual(rtt(), [['203.0.113.1', 3000]]);
  }
  destinations.addRtt(at, 0, 443, roomy, 700, 72 * MINUTE_MS);
  for (let look = 0; look < 8; look++) see(destinations, [], roomy, 74 * MINUTE_MS);
  assert.deepEqual(rtt(), [['203.0.113.1', 700]]);
  for (let look = 0; look < 8; look++) see(destinations, [], roomy, 80 * MINUTE_MS);
  assert.deepEqual(rtt(), []);
});
