// DNS queries: names in one spelling, answers read, questions joined with them, counts where they belong.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseAnswer } from '../../../src/model/dns/answers.ts';
import { IpNames } from '../../../src/model/dns/ip-names.ts';
import { NameNormaliser } from '../../../src/model/dns/name-normaliser.ts';
import type { DnsEventRecord } from '../../../src/sources/host.ts';
import { aModel, containerOf, HOUR_MS, round, wall, web } from '../../helpers/model.ts';
import { observation } from '../../helpers/observations.ts';

test('names are normalised as the reference says, where it is right', () => {
  const cases: [name: string, type: number, expected: string][] = [
    // Golden vectors of the reference, Appendix B.
    ['4.3.2.1.in-addr.arpa', 12, 'IP.in-addr.arpa'],
    ['ip-10-1-2-3.ec2.internal', 1, 'IP.ec2.internal'],
    ['shop.example.com.corp.local', 1, 'shop.example.com.search_path_suffix'],
    ['example.com', 1, 'example.com'],
    // Weak spot 41.
    ['Example.COM.', 1, 'example.com'],
    ['shop.com.au', 1, 'shop.com.au'],
    ['www.shop.org.uk', 28, 'www.shop.org.uk'],
    ['shop.com.au.corp.local', 1, 'shop.com.au.search_path_suffix'],
    ['com', 1, 'com'],
    ['example.com.cdn.example.net', 1, 'example.com.cdn.example.net'],
    ['', 1, ''],
    ['a\u0000b\ud800.example.com', 1, 'a\ufffdb\ufffd.example.com'],
    [`${'a'.repeat(300)}.com`, 1, '~invalid'],
  ];
  for (const [name, type, expected] of cases) assert.equal(new NameNormaliser().normalise(name, type), expected, name);
});

test('a public domain is a search list when names in front of it exist alone and not with it, in either order', () => {
  for (const order of ['alone first', 'alone last']) {
    const normaliser = new NameNormaliser();
    const alone = () => normaliser.learn('shop.example.com', true);
    if (order === 'alone first') alone();
    normaliser.learn('shop.example.com.ad.contoso.com', false);
    if (order === 'alone last') alone();
    assert.equal(normaliser.normalise('other.example.com.ad.contoso.com', 1), 'other.example.com.search_path_suffix', order);
  }
  const exists = new NameNormaliser();
  exists.learn('example.com', true);
  exists.learn('example.com.cdn.example.net', true);
  assert.equal(exists.normalise('example.com.cdn.example.net', 1), 'example.com.cdn.example.net');
});

test('answers: addresses mapped or not, each once; other records are none', () => {
  assert.deepEqual(parseAnswer('::ffff:203.0.113.7;type:  5 a.example.net;203.0.113.7; 2001:DB8::1 ;;junk'), {
    ips: ['203.0.113.7', '2001:db8::1'],
    together: true,
  });
  for (const [results, together] of [
    ['203.0.113.7;203.0.113.8', true],
    ['203.0.113.7', false],
    ['203.0.113.7;10.0.0.8', false],
    ['203.0.113.7;100.64.0.1', false],
    ['2001:db8::1;fd00::1', false],
  ] as const) {
    assert.equal(parseAnswer(results).together, together, results);
  }
  assert.deepEqual(parseAnswer(undefined), { ips: [], together: false });
});

test('names of addresses: the last answer wins, the idle go, the number is limited', () => {
  const names = new IpNames();
  names.learn(['10.0.0.1'], 'a', false, 0);
  names.learn(['10.0.0.1'], 'b', false, 1);
  assert.equal(names.of('10.0.0.1')?.fqdn, 'b');
  names.learn(['10.0.0.2'], 'c', false, 50 * 60_000);
  names.expire(70 * 60_000);
  assert.deepEqual([names.of('10.0.0.1'), names.of('10.0.0.2')?.fqdn], [undefined, 'c']);
  for (let i = 0; i < 100_000; i++) names.learn([`10.${i >> 16}.${(i >> 8) & 255}.${i & 255}x`], 'd', false, 80 * 60_000 + i);
  assert.ok(names.size <= 32_768);
  assert.equal(names.of('10.1.134.159x')?.fqdn, 'd');
});

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

test('an answer finds its own question: by process, type, options and name, several in turn; the time lies in its bucket', () => {
  const asked = { type: 'asked' as const, status: undefined };
  const { dns } = hears(
    { ...asked, atMs: wall(0) },
    { ...asked, atMs: wall(100) },
    { ...asked, atMs: wall(0), options: 7 },
    { ...asked, atMs: wall(0), queryType: 28 },
    { ...asked, atMs: wall(0), pid: 101 },
    { atMs: wall(200), name: 'SHOP.example.com.' },
    { atMs: wall(140) },
    { atMs: wall(500), name: 'never.asked.example' },
  );
  assert.ok(Math.abs(dns.durations.sum - 0.24) < 1e-9);
  assert.deepEqual([...dns.durations.counts], [0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0]);
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
    { queryType: 65, name: 'a.example' },
  );
  assert.deepEqual(requests, ['TypeA a.example ok 2', 'TypeA b.example ok 1', 'TypeA ~other ok 1', 'Type65 a.example ok 1']);
  assert.deepEqual(uncounted, { 'unknown process': 1, 'no name': 1 });
});

test('a question without an answer is let go of and told, and is no request', () => {
  const { model, look, dns } = hears({ type: 'asked', status: undefined });
  look(60_000);
  assert.equal(dns.unanswered, 0);
  look(180_000);
  assert.deepEqual([dns.unanswered, dns.used, model.dns.asking], [1, false, 0]);
});
