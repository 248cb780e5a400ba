// DNS queries: questions joined with answers, counts where they belong.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DnsEventRecord } from '../../../src/sources/host.ts';
import { aModel, containerOf, HOUR_MS, round, wall, web } from '../../helpers/model.ts';
import { aService, observation, type ProcessRow } from '../../helpers/observations.ts';

const ask = { pid: 100, options: 0, queryType: 1, name: 'shop.example.com' };

/** Undefined takes a field away. */
type Event = { readonly [K in keyof DnsEventRecord]?: DnsEventRecord[K] | undefined };

function hears(...events: Event[]) {
  const model = aModel({ network: { maxDomains: 2 } });
  const look = (atMs: number) =>
    round(model, atMs, { services: [web()], processes: [{ pid: 100, createdAtMs: wall(-HOUR_MS) }] });
  look(0);
  const records = events.map(
    (event) => ({ type: 'answered', atMs: wall(1000), status: 0, ...ask, ...event }) as DnsEventRecord,
  );
  model.observe(observation('dnsEvents', records, { atMs: 1000 }));
  look(15_000);
  const { dns } = containerOf(model);
  const unattributed = Object.fromEntries([...model.unattributed.all()].map(({ reason, count }) => [reason, count]));
  return {
    model,
    look,
    dns,
    unattributed,
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
  const polls = Array.from({ length: 5 }, (_, i): Event[] => [
    { ...asked, atMs: wall(i * 30_000 + 10) },
    { atMs: wall(i * 30_000 + 12) },
  ]);
  const { dns } = hears({ ...asked, atMs: wall(0) }, ...polls.flat());
  assert.equal(dns.durations.counts[0], 5);
  assert.ok(Math.abs(dns.durations.sum - 0.01) < 1e-9);
});

test('the same question twice at once: both answers count, and their times together are right', () => {
  const asked = { type: 'asked' as const, status: undefined };
  const { dns, model } = hears(
    { ...asked, atMs: wall(0) },
    { ...asked, atMs: wall(100) },
    { atMs: wall(140) },
    { atMs: wall(200) },
  );
  assert.ok(Math.abs(dns.durations.sum - 0.24) < 1e-9);
  assert.equal(model.dns.openQuestions, 0);
});

test('an answer that is older than its question, by the clock, has no time', () => {
  const { dns, requests } = hears({ type: 'asked', status: undefined, atMs: wall(500) }, { atMs: wall(400) });
  assert.deepEqual(requests, ['TypeA shop.example.com ok 1']);
  assert.equal(dns.durations.sum, 0);
});

test('leaves out empty IPv6 answers, groups domains beyond the limit, counts unattributed requests', () => {
  const { requests, unattributed } = hears(
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
  assert.deepEqual(requests, [
    'TypeA a.example ok 2',
    'TypeA b.example ok 1',
    'TypeA ~other ok 1',
    'Type65 a.example ok 1',
  ]);
  assert.deepEqual(unattributed, { unknown_process: 1, no_name: 2 });
});

test('a question without an answer is let go of and told, and is no request', () => {
  const { model, look, dns } = hears({ type: 'asked', status: undefined });
  look(60_000);
  assert.equal(dns.unanswered, 0);
  look(180_000);
  assert.deepEqual([dns.unanswered, dns.used, model.dns.openQuestions], [1, false, 0]);
});

test('a question of a process that died belongs to its container all the same', () => {
  const model = aModel();
  const root = { pid: 100, createdAtMs: wall(-HOUR_MS) };
  const child = { pid: 101, parentPid: 100, createdAtMs: wall(500) };
  round(model, 0, { services: [web()], processes: [root] });
  // One that is known when it asks, and one that a list shows later.
  const asked = (pid: number) => ({ ...ask, type: 'asked' as const, pid, atMs: wall(1000) });
  model.observe(
    observation('processEvents', [{ ...child, pid: 102, type: 'started', atMs: wall(500), imageName: 'b.exe' }], {
      atMs: 1000,
    }),
  );
  model.observe(observation('dnsEvents', [asked(101), asked(102)], { atMs: 1000 }));
  round(model, 15_000, { services: [web()], processes: [root, child] });
  for (let atMs = 30_000; atMs <= 180_000; atMs += 15_000) round(model, atMs, { services: [web()], processes: [root] });
  assert.equal(containerOf(model).dns.unanswered, 2);
});

const asked = { ...ask, type: 'asked' as const };
const answered = { ...ask, type: 'answered' as const, status: 0 };

/** A host whose looks show these processes, told by hand. */
class Host {
  readonly model = aModel({ network: { maxDomains: 50 } });
  atMs = 0;

  look(...processes: ProcessRow[]): this {
    const services = [web(), aService({ name: 'twin', pid: 500 }), aService({ name: 'double', pid: 500 })];
    const list = [{ pid: 100, createdAtMs: wall(-HOUR_MS) }, { pid: 900, createdAtMs: wall(-HOUR_MS) }, ...processes];
    round(this.model, this.atMs, { services, processes: list });
    this.atMs += 15_000;
    return this;
  }

  tick(): this {
    this.model.observe(observation('tick', { intervalMs: 15_000 }, { atMs: this.atMs }));
    this.atMs += 15_000;
    return this;
  }

  hear(...events: DnsEventRecord[]): this {
    this.model.observe(observation('dnsEvents', events, { atMs: this.atMs }));
    return this;
  }

  get unattributed(): string[] {
    return [...this.model.unattributed.all()].map(({ kind, reason, count }) => `${kind}: ${reason} ${count}`);
  }

  get count(): number {
    return [...containerOf(this.model).dns.requests()].reduce((sum, { count }) => sum + count, 0);
  }
}

test('a query of a process that no list has shown waits for one, four ticks at most', () => {
  const late = (ticks: number) => {
    const host = new Host().look();
    host.hear({ ...answered, pid: 101, atMs: wall(host.atMs - 1000) });
    for (let i = 0; i < ticks; i++) host.tick();
    host.look({ pid: 101, parentPid: 100, createdAtMs: wall(500) });
    return [host.count, ...host.unattributed];
  };
  assert.deepEqual(late(0), [1]);
  assert.deepEqual(late(4), [1]);
  assert.deepEqual(late(5), [0, 'dns_request: unknown_process 1']);
});

test('a query that a newer list does not explain is nobody’s at once; so is one of a process in no container', () => {
  const host = new Host().look();
  host
    .hear({ ...answered, pid: 4444, atMs: wall(host.atMs - 1) }, { ...answered, pid: 900, atMs: wall(host.atMs - 1) })
    .look();
  assert.deepEqual(host.unattributed, ['dns_request: no_container 1', 'dns_request: unknown_process 1']);
});

test('a query of a process that several services share is none’s', () => {
  const shared = { pid: 500, createdAtMs: wall(-HOUR_MS) };
  const host = new Host().look(shared);
  host.hear({ ...answered, pid: 500, atMs: wall(host.atMs - 1) }).look(shared);
  assert.deepEqual(host.unattributed, ['dns_request: shared_process 1']);
});

test('the word that an answer will come later is none', () => {
  const host = new Host().look();
  host
    .hear(
      { ...asked, atMs: wall(1000) },
      { ...answered, status: 9506, atMs: wall(1001) },
      { ...answered, atMs: wall(1050) },
    )
    .look();
  assert.equal(host.count, 1);
  assert.equal(containerOf(host.model).dns.durations.sum, 0.05);
});

test('of questions that are the same only those older than two minutes are let go of', () => {
  const host = new Host().look();
  host.hear({ ...asked, atMs: wall(1000) }, { ...asked, atMs: wall(2000) }, { ...asked, atMs: wall(40_000) });
  const left = () => [host.model.dns.openQuestions, containerOf(host.model).dns.unanswered, ...host.unattributed];
  host.model.observe(observation('tick', { intervalMs: 15_000 }, { atMs: 121_000 }));
  assert.deepEqual(left(), [3, 0]);
  host.model.observe(observation('tick', { intervalMs: 15_000 }, { atMs: 121_001 }));
  assert.deepEqual(left(), [2, 1, 'dns_request: unanswered 1']);
  host.model.observe(observation('tick', { intervalMs: 15_000 }, { atMs: 140_000 }));
  assert.deepEqual(left(), [1, 2, 'dns_request: unanswered 2']);
  host.atMs = 140_000;
  host.hear({ ...answered, atMs: wall(140_500) }).look();
  assert.deepEqual([...left(), containerOf(host.model).dns.durations.sum], [0, 2, 'dns_request: unanswered 2', 100.5]);
});

test('at most 10,000 questions wait: the oldest go, and are told', () => {
  const host = new Host().look();
  const many = Array.from({ length: 10_002 }, (_, i) => ({ ...asked, name: `n${i}.example`, atMs: wall(1000) }));
  host.hear({ ...many[0]! }, ...many);
  assert.deepEqual([host.model.dns.openQuestions, ...host.unattributed], [10_000, 'dns_request: limit_reached 3']);
  const ends = [0, 1, 2, 10_001].map((i) => ({ ...answered, name: `n${i}.example`, atMs: wall(1000 + i + 2) }));
  host.hear(...ends).look();
  const { durations } = containerOf(host.model).dns;
  // Times are known of those two whose questions stayed.
  assert.deepEqual([host.count, durations.counts[0], durations.counts[11]], [4, 1, 1]);
});

test('at most 10,000 queries wait for their process: the others are told', () => {
  const host = new Host().look();
  const many = Array.from({ length: 10_001 }, () => ({ ...answered, pid: 101, atMs: wall(host.atMs - 1000) }));
  host.hear(...many);
  assert.deepEqual(host.unattributed, ['dns_request: limit_reached 1']);
  host.look({ pid: 101, parentPid: 100, createdAtMs: wall(500) });
  assert.equal(host.count, 10_000);
});

test('addresses are named by answers of both types, of anybody’s queries, and by no others', () => {
  const host = new Host().look();
  const results = (ip: string) => ({ results: `${ip};`, atMs: wall(1000) });
  host.hear(
    { ...answered, ...results('10.0.0.1'), name: 'A.example.' },
    { ...answered, ...results('2001:db8::1'), name: 'aaaa.example', queryType: 28 },
    { ...answered, ...results('10.0.0.3'), name: 'nobody.example', pid: 900 },
    { ...answered, ...results('10.0.0.4'), name: 'txt.example', queryType: 16 },
    { ...answered, ...results('10.0.0.5'), name: 'odd.example', status: 9002 },
  );
  const names = [...host.model.names.all()].map(({ ip, fqdn }) => `${ip} ${fqdn}`);
  assert.deepEqual(names, [
    '10.0.0.1 a.example',
    '2001:db8::1 aaaa.example',
    '10.0.0.3 nobody.example',
    '10.0.0.5 odd.example',
  ]);
});

test('a name that does not exist with a search list behind it teaches the list', () => {
  const host = new Host().look();
  host.hear(
    { ...answered, name: 'shop.example.com', atMs: wall(1000) },
    { ...answered, name: 'shop.example.com.ad.contoso.com', status: 9003, atMs: wall(1000) },
    { ...answered, name: 'else.example.com.ad.contoso.com', status: 9003, atMs: wall(1000) },
  );
  const domains = [...containerOf(host.model).dns.requests()].map(({ domain }) => domain);
  assert.deepEqual(domains, [
    'shop.example.com',
    'shop.example.com.search_path_suffix',
    'else.example.com.search_path_suffix',
  ]);
});
