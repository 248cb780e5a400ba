// Destinations by remote address and port, compared with a Map, with hash collisions, names, limits and expiry.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NameCache } from '../../../src/model/dns/name-cache.ts';
import { Destinations } from '../../../src/model/owner/destinations.ts';
import { below, seeded } from '../../helpers/random.ts';

const MINUTE_MS = 60_000;

/** Address as 16 bytes in hexadecimal, and port. */
type RemoteEndpoint = readonly [address: string, port: number];

const v4 = (a: number, b: number, c: number, d: number): string =>
  `00000000000000000000ffff${Buffer.from([a, b, c, d]).toString('hex')}`;
const withLimit = (maxDestinations: number) => ({ names: new NameCache(), maxDestinations });
const roomy = withLimit(1_000_000);

function scan(destinations: Destinations, endpoints: readonly RemoteEndpoint[], rules = roomy, atMs = 1): void {
  destinations.begin();
  for (const [address, port] of endpoints) destinations.countActive(Buffer.from(address, 'hex'), 0, port, rules, atMs);
  destinations.end(atMs);
}

const shown = (destinations: Destinations) =>
  Object.fromEntries(destinations.values().map(({ destination, active }) => [destination, active]));

test('returns what a Map returns after scans of random endpoints', () => {
  const random = seeded(12);
  const destinations = new Destinations();
  for (let i = 0; i < 200; i++) {
    const endpoints = Array.from({ length: below(random, 60) }, (): RemoteEndpoint => {
      const port = below(random, 3) === 0 ? 65535 : below(random, 4);
      return [
        below(random, 3) === 0 ? `20010db8${'00'.repeat(11)}0${below(random, 5)}` : v4(200, 0, 0, below(random, 8)),
        port,
      ];
    });
    const expected: Record<string, number> = {};
    for (const [address, port] of endpoints) {
      const last = Number.parseInt(address.slice(-2), 16);
      const ip = address.startsWith('2001') ? (last === 0 ? '[2001:db8::]' : `[2001:db8::${last}]`) : `200.0.0.${last}`;
      expected[`${ip}:${port}`] = (expected[`${ip}:${port}`] ?? 0) + 1;
    }
    scan(destinations, endpoints);
    assert.deepEqual(shown(destinations), expected);
  }
});

test('separates 200,000 endpoints of each family, although some have the same 32-bit hash', () => {
  const random = seeded(13);
  const destinations = new Destinations();
  const endpoints = new Map<string, RemoteEndpoint>();
  const byte = () => below(random, 256);
  while (endpoints.size < 200_000) {
    const end: RemoteEndpoint = [v4(byte(), byte(), byte(), byte()), below(random, 65_536)];
    endpoints.set(end.join(':'), end);
  }
  while (endpoints.size < 400_000) {
    const end: RemoteEndpoint = [Buffer.from(Array.from({ length: 16 }, byte)).toString('hex'), 443];
    endpoints.set(end.join(':'), end);
  }
  scan(destinations, [...endpoints.values()]);
  assert.equal(destinations.values().length, endpoints.size);
  const half = [...endpoints.values()].filter((_, i) => i % 2 === 0);
  scan(destinations, half);
  assert.equal(destinations.values().length, half.length);
  for (const { active } of destinations.values()) assert.equal(active, 1);
});

/** Solves `factor * x = 1` modulo 2^32 (Newton; `factor` is odd). */
function inverse(factor: number): number {
  let x = factor;
  for (let i = 0; i < 5; i++) x = Math.imul(x, 2 - Math.imul(factor, x));
  return x;
}

test('adds and removes three endpoints with the same hash in every order', () => {
  // Addresses with the same hash of address and port, computed from the multipliers of the hash.
  const colliding = [1, 2, 3].map((port): RemoteEndpoint => {
    const word = Math.imul(inverse(0x9e37_79b1), Math.imul(port, 0x85eb_ca6b) ^ 0x1234_5678);
    return [v4(word >>> 24, (word >>> 16) & 255, (word >>> 8) & 255, word & 255), port];
  });
  const text = ([address, port]: RemoteEndpoint): string =>
    `${[...Buffer.from(address.slice(24), 'hex')].join('.')}:${port}`;
  const subsets = Array.from({ length: 8 }, (_, bits) => colliding.filter((_end, i) => bits & (1 << i)));
  for (const first of subsets) {
    for (const second of subsets) {
      const destinations = new Destinations();
      for (const endpoints of [colliding, first, second, colliding]) {
        const before = new Map(destinations.values().map((end) => [end.destination, end]));
        scan(destinations, endpoints);
        // A destination that stays is the same object, so that its labels are made once.
        for (const end of destinations.values()) assert.equal(end, before.get(end.destination) ?? end);
        assert.deepEqual(shown(destinations), Object.fromEntries(endpoints.map((end) => [text(end), 1])));
      }
    }
  }
});

const at = Buffer.from(v4(203, 0, 113, 1), 'hex');

test('keeps counts for five minutes after the last use, and removes them soon after', () => {
  const destinations = new Destinations();
  destinations.resolve(at, 0, 443, roomy, 0).successful++;
  let seconds = 0;
  for (; seconds <= 300; seconds += 15) {
    scan(destinations, [], roomy, seconds * 1000);
    assert.equal(destinations.values()[0]?.successful, 1, `${seconds}`);
  }
  for (; seconds <= 420; seconds += 15) scan(destinations, [], roomy, seconds * 1000);
  assert.equal(destinations.values().length, 0);
  // A destination that is used again starts at zero.
  destinations.resolve(at, 0, 443, roomy, 420_000).failed++;
  assert.equal(destinations.resolve(at, 0, 443, roomy, 420_000).failed, 1);
});

test('groups addresses under a name only if the answer had several, all of them public', () => {
  const rules = withLimit(500);
  rules.names.learn(['203.0.113.1', '203.0.113.2'], 'shop.example.com', true, 1);
  rules.names.learn(['203.0.113.3'], 'one.example.com', false, 1);
  const destinations = new Destinations();
  scan(
    destinations,
    [1, 2, 3].map((last): RemoteEndpoint => [v4(203, 0, 113, last), 443]),
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

test('counts new connections under a name that was learned later, and keeps earlier counts', () => {
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

test('counts under the name that a program connected by if it is a shared name', () => {
  const rules = withLimit(500);
  rules.names.learn(['203.0.113.1', '203.0.113.2'], 'a.example.com', true, 1);
  rules.names.learn(['203.0.113.1', '203.0.113.2'], 'b.example.com', true, 2);
  rules.names.learn(['203.0.113.9'], 'c.example.com', false, 2);
  const destinations = new Destinations();
  const destinationOf = (name: string): string => destinations.resolve(at, 0, 443, rules, 3, name).destination;
  assert.deepEqual(['', 'a.example.com', 'b.example.com', 'c.example.com', 'd.example.com'].map(destinationOf), [
    'b.example.com:443',
    'a.example.com:443',
    'b.example.com:443',
    'b.example.com:443',
    'b.example.com:443',
  ]);
});

test('counts endpoints beyond the limit in one destination', () => {
  const rules = withLimit(3);
  const destinations = new Destinations();
  const endpoints = Array.from({ length: 1000 }, (_, i): RemoteEndpoint => [v4(203, 0, 113, i % 250), i]);
  scan(destinations, endpoints, rules);
  assert.deepEqual(shown(destinations), {
    '203.0.113.0:0': 1,
    '203.0.113.1:1': 1,
    '203.0.113.2:2': 1,
    '~other:0': 997,
  });
  scan(destinations, [], rules);
  assert.deepEqual(shown(destinations), {});
  scan(destinations, endpoints.slice(500, 502), rules);
  assert.deepEqual(Object.keys(shown(destinations)), ['203.0.113.0:500', '203.0.113.1:501']);
});

test('reports the mean round-trip time between scans, and keeps it while a connection is open', () => {
  const destinations = new Destinations();
  const rtt = () => [...destinations.latencies()].map(({ ip, rttUs }) => [ip, rttUs]);
  for (const rttUs of [1000, 3000]) destinations.addRtt(at, 0, 443, roomy, rttUs, 1);
  destinations.addRtt(at, 0, 80, roomy, 5000, 1);
  const end: RemoteEndpoint = [v4(203, 0, 113, 1), 443];
  for (const minutes of [0, 9, 18, 27, 36, 45, 54, 63, 72]) {
    scan(destinations, [end], roomy, minutes * MINUTE_MS + 1);
    assert.deepEqual(rtt(), [['203.0.113.1', 3000]]);
  }
  destinations.addRtt(at, 0, 443, roomy, 700, 72 * MINUTE_MS);
  for (let i = 0; i < 8; i++) scan(destinations, [], roomy, 74 * MINUTE_MS);
  assert.deepEqual(rtt(), [['203.0.113.1', 700]]);
  for (let i = 0; i < 8; i++) scan(destinations, [], roomy, 80 * MINUTE_MS);
  assert.deepEqual(rtt(), []);
});
