// Remote ends found again by address and port: against a plain map, and with ends that collide.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Destinations } from '../../../src/model/net/destinations.ts';
import { below, seeded } from '../../helpers/random.ts';

type End = readonly [address: number | string, port: number];

function see(destinations: Destinations, ends: readonly End[]): void {
  destinations.begin();
  for (const [address, port] of ends) {
    if (!destinations.connect(address, port)) destinations.add(address, port, `${address}:${port}`);
  }
  destinations.end();
}

const shown = (destinations: Destinations) =>
  Object.fromEntries(destinations.values().map(({ destination, active }) => [destination, active]));

test('looks of random ends give what a plain map gives', () => {
  const random = seeded(12);
  const destinations = new Destinations();
  for (let look = 0; look < 200; look++) {
    const ends = Array.from({ length: below(random, 60) }, (): End => {
      const port = below(random, 3) === 0 ? 65535 : below(random, 4);
      return below(random, 3) === 0 ? [`v6 ${below(random, 5)}`, port] : [(below(random, 8) - 4) * 0x2000_0000 - 1, port];
    });
    const expected: Record<string, number> = {};
    for (const [address, port] of ends) expected[`${address}:${port}`] = (expected[`${address}:${port}`] ?? 0) + 1;
    see(destinations, ends);
    assert.deepEqual(shown(destinations), expected);
  }
});

test('200,000 ends of either family stay apart, although some of that many share any hash of 32 bits', () => {
  const random = seeded(13);
  const destinations = new Destinations();
  const ends = new Map<string, End>();
  while (ends.size < 200_000) {
    const end: End = [below(random, 2 ** 32) | 0, below(random, 65_536)];
    ends.set(end.join(':'), end);
  }
  while (ends.size < 400_000) {
    const end: End = [String.fromCharCode(...Array.from({ length: 16 }, () => below(random, 256))), 443];
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
  const colliding = [1, 2, 3].map((port): End => [Math.imul(inverse(0x9e37_79b1), Math.imul(port, 0x85eb_ca6b) ^ 0x1234_5678), port]);
  const subsets = Array.from({ length: 8 }, (_, bits) => colliding.filter((_end, i) => bits & (1 << i)));
  for (const first of subsets) {
    for (const second of subsets) {
      const destinations = new Destinations();
      for (const ends of [colliding, first, second, colliding]) {
        const before = new Map(destinations.values().map((end) => [end.destination, end]));
        see(destinations, ends);
        // What stays is the same object: its labels are made once.
        for (const end of destinations.values()) assert.equal(end, before.get(end.destination) ?? end);
        assert.deepEqual(shown(destinations), Object.fromEntries(ends.map(([address, port]) => [`${address}:${port}`, 1])));
      }
    }
  }
});
