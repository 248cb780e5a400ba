// DNS queries: questions joined with answers, counts where they belong.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DnsEventRecord } from '../../../src/sources/host.ts';
import { aModel, containerOf, HOUR_MS, round, wall, web } from '../../helpers/model.ts';
import { observation } from '../../helpers/observations.ts';

const ask = { pid: 100, options: 0, queryType: 1, name: 'shop.example.com' };

/** Undefined takes a field away. */
type Event = { readonly [K in keyof DnsEventRecord]?: DnsEventRecord[K] | undefined };

function hears(...events: Event[]) {
  const model = aModel({ network: { maxDomains: 2 } });
  const look = (atMs: number) => round(model, atMs, { services: [web()], processes: [{ pid: 100, createdAtMs: wall(-HOUR_MS) }] });
  look(0);
  const records = events.map((event) => ({ type: 'answered', atMs: wall(1000), status: 0, ...ask, ...event }) as DnsEventRecord);
  model.observe(observation('dnsEvents', records, { atMs: 1000 }));
  look(15_000);
  const { dns } = containerOf(model).network;
  const uncounted = Object.fromEntries([...model.uncounted.all()].map(({ reason, count }) => [reason, count]));
  return {
    model,
    look,
    dns,
    uncounted,
    requests: [...dns.requests()].map(({ type, domain, status, count }) => `${type} ${domain} ${status} ${count}`),
  };
}

test('every status counts: the resolver’s timeouts and codes that nobody expected, too', () => {
  const codes = [0, 9501, 9001, 9002, 9003, 9004, 9005, 1460, 9852, 4711, undefined];
  const { requests } = hears(...codes.map((status) => ({ status })));
  const counts = [
    'ok 2',
    'format_error 1',
    'servfail 1',
    'nxdomain 1',
    'not_implemented 1',
    'refused 1',
    'timeout 1',
    'no_servers 1',
    'error 2',
  ];
  assert.deepEqual(
    requests,
    counts.map((each) => `TypeA shop.example.com ${each}`),
  );
});

test('an answer finds its own question: by process, type, options and name; the time lies in its bucket', () => {
  const asked = { type: 'asked' as const, status: undefined };
  const { dns } = hears(
    { ...asked, atMs: wall(0) },
    { ...asked, atMs: wall(100), options: 7 },
    { ...asked, atMs: wall(0), queryType: 28 },
    { ...asked, atMs: wall(0), pid: 101 },
    { atMs: wall(200), name: 'SHOP.example.com.' },
    { atMs: wall(140), options: 7 },
    { atMs: wall(500), name: 'never.asked.example' },
  );
  assert.ok(Math.abs(dns.durations.sum - 0.24) < 1e-9);
  assert.deepEqual([...dns.durations.counts], [0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0]);
});

test('after an answer that was lost, those that follow have their own times', () => {
  const asked = { type: 'asked' as const, status: undefined };
  const polls = Array.from({ length: 5 }, (_, i): Event[] => [{ ...asked, atMs: wall(i * 30_000 + 10) }, { atMs: wall(i * 30_000 + 12) }]);
  const { dns } = hears({ ...asked, atMs: wall(0) }, ...polls.flat());
  assert.equal(dns.durations.counts[0], 5);
  assert.ok(Math.abs(dns.durations.sum - 0.01) < 1e-9);
});

test('the same question twice at once: both answers count, and their times together are right', () => {
  const asked = { type: 'asked' as const, status: undefined };
  const { dns, model } = hears({ ...asked, atMs: wall(0) }, { ...asked, atMs: wall(100) }, { atMs: wall(140) }, { atMs: wall(200) });
  assert.ok(Math.abs(dns.durations.sum - 0.24) < 1e-9);
  assert.equal(model.dns.asking, 0);
});

test('an answer that is older than its question, by the clock, has no time', () => {
  const { dns, requests } = hears({ type: 'asked', status: undefined, atMs: wall(500) }, { atMs: wall(400) });
  assert.deepEqual(requests, ['TypeA shop.example.com ok 1']);
  assert.equal(dns.durations.sum, 0);
});

test('IPv6 addresses that do not exist do not count; domains beyond the limit are one; nobody’s queries are told', () => {
  const { requests, uncounted } = hears(
    { queryType: 28, status: 9501 },
    { name: 'a.example' },
    { name: 'b.example' },
    { name: 'c.example' },
    { name: 'a.example' },
    { name: 'a.example', pid: 4444 },
    { name: '' },
    { name: '..' },
    { queryType: 65, name: 'a.example' },
  );
  assert.deepEqual(requests, ['TypeA a.example ok 2', 'TypeA b.example ok 1', 'TypeA ~other ok 1', 'Type65 a.example ok 1']);
  assert.deepEqual(uncounted, { 'unknown process': 1, 'no name': 2 });
});

test('a question without an answer is let go of and told, and is no request', () => {
  const { model, look, dns } = hears({ type: 'asked', status: undefined });
  look(60_000);
  assert.equal(dns.unanswered, 0);
  look(180_000);
  assert.deepEqual([dns.unanswered, dns.used, model.dns.asking], [1, false, 0]);
});

test('a question of a process that died belongs to its container all the same', () => {
  const model = aModel();
  const root = { pid: 100, createdAtMs: wall(-HOUR_MS) };
  const child = { pid: 101, parentPid: 100, createdAtMs: wall(500) };
  round(model, 0, { services: [web()], processes: [root] });
  // One that is known when it asks, and one that a list shows later.
  const asked = (pid: number) => ({ ...ask, type: 'asked' as const, pid, atMs: wall(1000) });
  model.observe(
    observation('processEvents', [{ ...child, pid: 102, type: 'started', atMs: wall(500), imageName: 'b.exe' }], { atMs: 1000 }),
  );
  model.observe(observation('dnsEvents', [asked(101), asked(102)], { atMs: 1000 }));
  round(model, 15_000, { services: [web()], processes: [root, child] });
  for (let atMs = 30_000; atMs <= 180_000; atMs += 15_000) round(model, atMs, { services: [web()], processes: [root] });
  assert.equal(containerOf(model).network.dns.unanswered, 2);
});
