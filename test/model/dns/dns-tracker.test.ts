// DNS requests: questions joined with answers, and attribution to containers.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DnsEventRecord } from '../../../src/sources/host.ts';
import { aModel, containerOf, HOUR_MS, round, wall, web } from '../../helpers/model.ts';
import { aService, observation, type ProcessRow } from '../../helpers/observations.ts';

const base = { pid: 100, options: 0, queryType: 1, name: 'shop.example.com' };

/** Undefined removes a field. */
type Event = { readonly [K in keyof DnsEventRecord]?: DnsEventRecord[K] | undefined };

function applyEvents(...events: Event[]) {
  const model = aModel({ network: { maxDomains: 2 } });
  const list = (atMs: number) =>
    round(model, atMs, { services: [web()], processes: [{ pid: 100, createdAtMs: wall(-HOUR_MS) }] });
  list(0);
  const records = events.map(
    (event) => ({ type: 'completed', atMs: wall(1000), status: 0, ...base, ...event }) as DnsEventRecord,
  );
  model.observe(observation('dnsEvents', records, { atMs: 1000 }));
  list(15_000);
  const { dns } = containerOf(model);
  const unattributed = Object.fromEntries([...model.unattributed.all()].map(({ reason, count }) => [reason, count]));
  return {
    model,
    list,
    dns,
    unattributed,
    requests: [...dns.requests()].map(({ type, domain, status, count }) => `${type} ${domain} ${status} ${count}`),
  };
}

test('counts every status, also timeouts of the resolver and unknown codes', () => {
  const codes = [0, 9501, 9001, 9002, 9003, 9004, 9005, 1460, 9852, 4711, undefined];
  const { requests } = applyEvents(...codes.map((status) => ({ status })));
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

test('joins an answer with its question by process, type, options and name', () => {
  const asked = { type: 'started' as const, status: undefined };
  const { dns } = applyEvents(
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

test('measures later requests correctly after an answer was lost', () => {
  const asked = { type: 'started' as const, status: undefined };
  const polls = Array.from({ length: 5 }, (_, i): Event[] => [
    { ...asked, atMs: wall(i * 30_000 + 10) },
    { atMs: wall(i * 30_000 + 12) },
  ]);
  const { dns } = applyEvents({ ...asked, atMs: wall(0) }, ...polls.flat());
  assert.equal(dns.durations.counts[0], 5);
  assert.ok(Math.abs(dns.durations.sum - 0.01) < 1e-9);
});

test('counts both answers of two equal questions, with the correct sum of durations', () => {
  const asked = { type: 'started' as const, status: undefined };
  const { dns, model } = applyEvents(
    { ...asked, atMs: wall(0) },
    { ...asked, atMs: wall(100) },
    { atMs: wall(140) },
    { atMs: wall(200) },
  );
  assert.ok(Math.abs(dns.durations.sum - 0.24) < 1e-9);
  assert.equal(model.dns.openQuestions, 0);
});

test('counts no duration if the answer is older than its question', () => {
  const { dns, requests } = applyEvents({ type: 'started', status: undefined, atMs: wall(500) }, { atMs: wall(400) });
  assert.deepEqual(requests, ['TypeA shop.example.com ok 1']);
  assert.equal(dns.durations.sum, 0);
});

test('skips empty IPv6 answers, groups domains beyond the limit, counts unattributed requests', () => {
  const { requests, unattributed } = applyEvents(
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

test('counts an expired question as unanswered, and not as a request', () => {
  const { model, list, dns } = applyEvents({ type: 'started', status: undefined });
  list(60_000);
  assert.equal(dns.unanswered, 0);
  list(180_000);
  assert.deepEqual([dns.unanswered, dns.used, model.dns.openQuestions], [1, false, 0]);
});

test('counts an unanswered question for the container of a process that has exited', () => {
  const model = aModel();
  const root = { pid: 100, createdAtMs: wall(-HOUR_MS) };
  const child = { pid: 101, parentPid: 100, createdAtMs: wall(500) };
  round(model, 0, { services: [web()], processes: [root] });
  // One process is known when it sends the question, the other is listed later.
  const asked = (pid: number) => ({ ...base, type: 'started' as const, pid, atMs: wall(1000) });
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

const asked = { ...base, type: 'started' as const };
const answered = { ...base, type: 'completed' as const, status: 0 };

/** A host with lists, ticks and DNS events under control of the test. */
class DnsFixture {
  readonly model = aModel({ network: { maxDomains: 50 } });
  atMs = 0;

  list(...processes: ProcessRow[]): this {
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

  events(...events: DnsEventRecord[]): this {
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

test('lets a request of an unlisted process wait for a list, for four ticks at most', () => {
  const late = (ticks: number) => {
    const fixture = new DnsFixture().list();
    fixture.events({ ...answered, pid: 101, atMs: wall(fixture.atMs - 1000) });
    for (let i = 0; i < ticks; i++) fixture.tick();
    fixture.list({ pid: 101, parentPid: 100, createdAtMs: wall(500) });
    return [fixture.count, ...fixture.unattributed];
  };
  assert.deepEqual(late(0), [1]);
  assert.deepEqual(late(4), [1]);
  assert.deepEqual(late(5), [0, 'dns_request: unknown_process 1']);
});

test('counts a request as unattributed once a newer list has no container for its process', () => {
  const fixture = new DnsFixture().list();
  fixture
    .events(
      { ...answered, pid: 4444, atMs: wall(fixture.atMs - 1) },
      { ...answered, pid: 900, atMs: wall(fixture.atMs - 1) },
    )
    .list();
  assert.deepEqual(fixture.unattributed, ['dns_request: no_container 1', 'dns_request: unknown_process 1']);
});

test('counts a request of a process that several services share as unattributed', () => {
  const shared = { pid: 500, createdAtMs: wall(-HOUR_MS) };
  const fixture = new DnsFixture().list(shared);
  fixture.events({ ...answered, pid: 500, atMs: wall(fixture.atMs - 1) }).list(shared);
  assert.deepEqual(fixture.unattributed, ['dns_request: shared_process 1']);
});

test('ignores an answer with the status "pending"', () => {
  const fixture = new DnsFixture().list();
  fixture
    .events(
      { ...asked, atMs: wall(1000) },
      { ...answered, status: 9506, atMs: wall(1001) },
      { ...answered, atMs: wall(1050) },
    )
    .list();
  assert.equal(fixture.count, 1);
  assert.equal(containerOf(fixture.model).dns.durations.sum, 0.05);
});

test('expires only those of several equal questions that are older than two minutes', () => {
  const fixture = new DnsFixture().list();
  fixture.events({ ...asked, atMs: wall(1000) }, { ...asked, atMs: wall(2000) }, { ...asked, atMs: wall(40_000) });
  const left = () => [
    fixture.model.dns.openQuestions,
    containerOf(fixture.model).dns.unanswered,
    ...fixture.unattributed,
  ];
  fixture.model.observe(observation('tick', { intervalMs: 15_000 }, { atMs: 121_000 }));
  assert.deepEqual(left(), [3, 0]);
  fixture.model.observe(observation('tick', { intervalMs: 15_000 }, { atMs: 121_001 }));
  assert.deepEqual(left(), [2, 1, 'dns_request: unanswered 1']);
  fixture.model.observe(observation('tick', { intervalMs: 15_000 }, { atMs: 140_000 }));
  assert.deepEqual(left(), [1, 2, 'dns_request: unanswered 2']);
  fixture.atMs = 140_000;
  fixture.events({ ...answered, atMs: wall(140_500) }).list();
  assert.deepEqual(
    [...left(), containerOf(fixture.model).dns.durations.sum],
    [0, 2, 'dns_request: unanswered 2', 100.5],
  );
});

test('keeps 10,000 open questions, and drops and counts the oldest ones beyond', () => {
  const fixture = new DnsFixture().list();
  const many = Array.from({ length: 10_002 }, (_, i) => ({ ...asked, name: `n${i}.example`, atMs: wall(1000) }));
  fixture.events({ ...many[0]! }, ...many);
  assert.deepEqual(
    [fixture.model.dns.openQuestions, ...fixture.unattributed],
    [10_000, 'dns_request: limit_reached 3'],
  );
  const answers = [0, 1, 2, 10_001].map((i) => ({ ...answered, name: `n${i}.example`, atMs: wall(1000 + i + 2) }));
  fixture.events(...answers).list();
  const { durations } = containerOf(fixture.model).dns;
  // Durations are known for the two requests with a kept question.
  assert.deepEqual([fixture.count, durations.counts[0], durations.counts[11]], [4, 1, 1]);
});

test('lets 10,000 requests wait for their process, and counts the others as unattributed', () => {
  const fixture = new DnsFixture().list();
  const many = Array.from({ length: 10_001 }, () => ({ ...answered, pid: 101, atMs: wall(fixture.atMs - 1000) }));
  fixture.events(...many);
  assert.deepEqual(fixture.unattributed, ['dns_request: limit_reached 1']);
  fixture.list({ pid: 101, parentPid: 100, createdAtMs: wall(500) });
  assert.equal(fixture.count, 10_000);
});

test('learns names of addresses from A and AAAA answers of every process', () => {
  const fixture = new DnsFixture().list();
  const results = (ip: string) => ({ results: `${ip};`, atMs: wall(1000) });
  fixture.events(
    { ...answered, ...results('10.0.0.1'), name: 'A.example.' },
    { ...answered, ...results('2001:db8::1'), name: 'aaaa.example', queryType: 28 },
    { ...answered, ...results('10.0.0.3'), name: 'nobody.example', pid: 900 },
    { ...answered, ...results('10.0.0.4'), name: 'txt.example', queryType: 16 },
    { ...answered, ...results('10.0.0.5'), name: 'odd.example', status: 9002 },
  );
  const names = [...fixture.model.names.all()].map(({ ip, fqdn }) => `${ip} ${fqdn}`);
  assert.deepEqual(names, [
    '10.0.0.1 a.example',
    '2001:db8::1 aaaa.example',
    '10.0.0.3 nobody.example',
    '10.0.0.5 odd.example',
  ]);
});

test('learns a search list from a name that does not exist with the suffix', () => {
  const fixture = new DnsFixture().list();
  fixture.events(
    { ...answered, name: 'shop.example.com', atMs: wall(1000) },
    { ...answered, name: 'shop.example.com.ad.contoso.com', status: 9003, atMs: wall(1000) },
    { ...answered, name: 'else.example.com.ad.contoso.com', status: 9003, atMs: wall(1000) },
  );
  const domains = [...containerOf(fixture.model).dns.requests()].map(({ domain }) => domain);
  assert.deepEqual(domains, [
    'shop.example.com',
    'shop.example.com.search_path_suffix',
    'else.example.com.search_path_suffix',
  ]);
});
