// The set of 4-tuples, compared with a Map, and its hash for similar 4-tuples and both address widths.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TupleHash, TupleSet } from '../../../../src/model/net/tracker/tuple-set.ts';
import { endpoint } from '../../../helpers/observations.ts';
import { below, seeded } from '../../../helpers/random.ts';

const mapped = (address: readonly number[]) => Uint8Array.from([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, ...address]);
const family = (text: string): 4 | 6 => (text.startsWith('[') ? 6 : 4);

/** The hash of two texts such as `1.2.3.4:5`; `width` 16 maps IPv4. */
function hashOf(local: string, remote: string, width?: 16): string {
  const [a, b] = [endpoint(family(local), local), endpoint(family(remote), remote)];
  const bytes = (address: readonly number[]) =>
    address.length === 4 && width === 16 ? mapped(address) : Uint8Array.from(address);
  const wide = bytes(a.address).length;
  const hash = new TupleHash().of(bytes(a.address), a.port, bytes(b.address), b.port, 0, wide);
  return `${hash.a} ${hash.b}`;
}

test('hashes an IPv4 connection to the same value in rows of 4 and of 16 bytes', () => {
  const random = seeded(21);
  for (let i = 0; i < 2000; i++) {
    const end = () => `${below(random, 256)}.${below(random, 2)}.0.${below(random, 256)}:${below(random, 65_536)}`;
    const [local, remote] = [end(), end()];
    assert.equal(hashOf(local, remote), hashOf(local, remote, 16), `${local} ${remote}`);
  }
});

test('hashes similar 4-tuples to different values', () => {
  const [a, b, c] = ['10.0.0.1', '10.0.0.2', '127.0.0.1'];
  const pairs: [local: string, remote: string][] = [
    // The two rows of a connection within the host, and variants with some parts swapped.
    [`${c}:80`, `${c}:5000`],
    [`${c}:5000`, `${c}:80`],
    [`${a}:80`, `${b}:5000`],
    [`${b}:5000`, `${a}:80`],
    [`${b}:80`, `${a}:5000`],
    [`${a}:5000`, `${b}:80`],
    [`${a}:80`, `${b}:5001`],
    [`${a}:81`, `${b}:5000`],
    [`${a}:0`, `${b}:0`],
    [`${b}:0`, `${a}:0`],
    ['0.0.0.0:80', `${a}:5000`],
    [`${a}:80`, '0.0.0.0:5000'],
    ['[::1]:80', '[::1]:5000'],
    ['[::a00:1]:80', '[::a00:2]:5000'],
    ['[::1:0:0]:80', '[::1]:5000'],
    ['[::1]:80', '[::1:0:0]:5000'],
    ['[1::]:80', '[::1]:5000'],
    ['[0:1::]:80', '[::1]:5000'],
    ['[fe80::1]:80', '[fe80::2]:5000'],
    ['[fe80::2]:80', '[fe80::1]:5000'],
    ['[2001:db8::1]:80', '[2001:db8::1:0]:5000'],
  ];
  const hashes = pairs.map(([local, remote]) => hashOf(local, remote));
  assert.equal(new Set(hashes).size, pairs.length);
  for (const half of [0, 1]) assert.equal(new Set(hashes.map((each) => each.split(' ')[half])).size, pairs.length);
});

test('reads the addresses at the given row', () => {
  const addresses = Uint8Array.of(9, 9, 9, 9, 10, 0, 0, 1, 9, 9, 9, 9);
  const remotes = Uint8Array.of(8, 8, 8, 8, 10, 0, 0, 2, 8, 8, 8, 8);
  const hash = new TupleHash().of(addresses, 80, remotes, 5000, 1, 4);
  assert.equal(`${hash.a} ${hash.b}`, hashOf('10.0.0.1:80', '10.0.0.2:5000'));
  const wide = new TupleHash().of(
    Uint8Array.from([...mapped([9, 9, 9, 9]), ...mapped([10, 0, 0, 1])]),
    80,
    mapped2(),
    5000,
    1,
    16,
  );
  assert.equal(`${wide.a} ${wide.b}`, hashOf('10.0.0.1:80', '10.0.0.2:5000'));
});

const mapped2 = () => Uint8Array.from([...mapped([8, 8, 8, 8]), ...mapped([10, 0, 0, 2])]);

test('spreads both hashes over 100,000 connections of one host', () => {
  const hash = new TupleHash();
  const local = Uint8Array.of(10, 0, 0, 5);
  const seen = [new Set<number>(), new Set<number>()];
  const whole = new Set<string>();
  for (let i = 0; i < 100_000; i++) {
    hash.of(local, 49_152 + (i % 16_384), Uint8Array.of(10, 0, 1, i >> 14), 443, 0, 4);
    seen[0]!.add(hash.a);
    seen[1]!.add(hash.b);
    whole.add(`${hash.a} ${hash.b}`);
  }
  assert.equal(whole.size, 100_000);
  // About one pair of 100,000 random 32-bit hashes is equal.
  for (const half of seen) assert.ok(half.size > 99_900, `${half.size}`);
});

/** A hash with given values. */
function hashWith(a: number, b: number): TupleHash {
  const hash = new TupleHash();
  hash.a = a;
  hash.b = b;
  return hash;
}

test('finds what a Map finds after random additions, lookups and clears', () => {
  const random = seeded(22);
  const set = new TupleSet();
  const plain = new Map<string, number>();
  const back = new TupleHash();
  for (let step = 0; step < 30_000; step++) {
    if (below(random, 10_000) === 0) {
      set.clear();
      plain.clear();
    }
    // Few values of the first hash, some at the limits of the range, so that slots collide and wrap around.
    const a = [0, 1, -1, 0x7fff_ffff, -0x8000_0000, 511, 1023][below(random, 7)]! ^ (below(random, 4000) << 3);
    const hash = hashWith(a | 0, below(random, 3) - 1);
    const key = `${hash.a} ${hash.b}`;
    assert.equal(set.find(hash), plain.get(key) ?? -1);
    if (below(random, 2) === 0) continue;
    if (!plain.has(key)) plain.set(key, plain.size);
    const number = set.add(hash);
    assert.equal(number, plain.get(key));
    set.hashOf(number, back);
    assert.equal(`${back.a} ${back.b}`, key);
    assert.equal(set.size, plain.size);
  }
  assert.ok(plain.size > 600);
});

test('finds every connection after it has grown, and none after it was cleared', () => {
  const set = new TupleSet();
  for (let i = 0; i < 5000; i++) assert.equal(set.add(hashWith(i * 7919, i)), i);
  for (let i = 0; i < 5000; i++) assert.equal(set.find(hashWith(i * 7919, i)), i);
  assert.equal(set.find(hashWith(7919, 2)), -1);
  set.clear();
  for (let i = 0; i < 5000; i++) assert.equal(set.find(hashWith(i * 7919, i)), -1);
  assert.equal(set.add(hashWith(7919, 1)), 0);
});
