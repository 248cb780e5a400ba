// DNS requests of one container by type, domain and status, with limits, and the histogram of their durations.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DNS_BUCKETS, DnsCounts } from '../../../src/model/owner/dns-counts.ts';
import { below, seeded } from '../../helpers/random.ts';

const shown = (dns: DnsCounts) =>
  [...dns.requests()].map(({ type, domain, status, count }) => `${type} ${domain} ${status} ${count}`);

test('counts by type, domain and status, in the same object each time', () => {
  const dns = new DnsCounts();
  assert.deepEqual([dns.used, shown(dns), dns.lastFailure, dns.unanswered], [false, [], undefined, 0]);
  dns.count('a.example', 1, 0, 5, undefined, 10);
  const [first] = dns.requests();
  dns.count('a.example', 28, 0, 5, undefined, 10);
  dns.count('a.example', 1, 9003, 5, undefined, 10);
  dns.count('b.example', 1, 0, 5, undefined, 10);
  dns.count('a.example', 1, 9501, 5, undefined, 10);
  assert.deepEqual(shown(dns), [
    'TypeA a.example ok 2',
    'TypeAAAA a.example ok 1',
    'TypeA a.example nxdomain 1',
    'TypeA b.example ok 1',
  ]);
  assert.deepEqual([[...dns.requests()][0] === first, dns.used], [true, true]);
});

test('counts domains beyond the limit as one, and all as one if the limit is 0', () => {
  const dns = new DnsCounts();
  for (const domain of ['a', 'b', 'c', 'd', 'a', 'c', 'b']) dns.count(domain, 1, 0, 5, undefined, 2);
  assert.deepEqual(shown(dns), ['TypeA a ok 2', 'TypeA b ok 2', 'TypeA ~other ok 3']);
  const none = new DnsCounts();
  for (const domain of ['a', 'b']) none.count(domain, 1, 0, 5, undefined, 0);
  assert.deepEqual(shown(none), ['TypeA ~other ok 2']);
});

test('counts types beyond 32 as one, and keeps counting known ones', () => {
  const dns = new DnsCounts();
  for (let type = 1000; type < 1040; type++) dns.count('a', type, 0, 5, undefined, 2);
  for (const type of [1000, 1031, 1032]) dns.count('a', type, 0, 5, undefined, 2);
  const counts = shown(dns);
  assert.equal(counts.length, 33);
  assert.deepEqual([counts[0], counts[31], counts[32]], ['Type1000 a ok 2', 'Type1031 a ok 2', '~other a ok 9']);
});

test('counts every one of 20,000 random requests with a limited number of domains and types', () => {
  const random = seeded(51);
  const dns = new DnsCounts();
  for (let i = 0; i < 20_000; i++)
    dns.count(`${below(random, 5000)}.example`, below(random, 65_536), below(random, 12_000), 5, undefined, 50);
  const all = [...dns.requests()];
  assert.equal(
    all.reduce((sum, { count }) => sum + count, 0),
    20_000,
  );
  assert.ok(new Set(all.map(({ domain }) => domain)).size <= 51);
  assert.ok(new Set(all.map(({ type }) => type)).size <= 33);
});

test('has the buckets of Coroot’s agents, with inclusive upper bounds', () => {
  assert.deepEqual([...DNS_BUCKETS], [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]);
  for (const [bucket, seconds] of [...DNS_BUCKETS, 11].entries()) {
    for (const ms of [seconds * 1000, seconds * 1000 - 0.5]) {
      const dns = new DnsCounts();
      dns.count('a', 1, 0, 5, ms, 2);
      assert.deepEqual([dns.durations.counts.indexOf(1), dns.durations.sum], [bucket, ms / 1000], `${ms}`);
    }
  }
});

test('adds no duration to the histogram if it is unknown or not positive', () => {
  const dns = new DnsCounts();
  for (const ms of [undefined, 0, -5]) dns.count('a', 1, 0, 5, ms, 2);
  assert.deepEqual([dns.durations.sum, Math.max(...dns.durations.counts)], [0, 0]);
  dns.count('a', 1, 0, 5, 0.5, 2);
  dns.count('a', 1, 9002, 5, 5000, 2);
  assert.deepEqual([...dns.durations.counts], [1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0]);
  assert.equal(dns.durations.sum, 5.0005);
});

test('keeps the last failure with name and code, also after a success', () => {
  const dns = new DnsCounts();
  dns.count('a', 1, 9002, 5, undefined, 0);
  dns.count('b', 65, 4711, 6, undefined, 0);
  dns.count('b', 1, 0, 7, undefined, 0);
  assert.deepEqual(dns.lastFailure, { domain: 'b', type: 'Type65', status: 'error', code: 4711, atMs: 6 });
  dns.count('b', 1, undefined, 8, undefined, 0);
  assert.equal(dns.lastFailure?.code, -1);
});
