// DNS requests from the bytes of DNS-Client events, in the shapes and orders that real logs have.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { COMPLETED, DUAL, dualLookup, rawEvent, totalsOf } from '../../helpers/dns-log.ts';
import { DNS_CLIENT, dnsAnswered, dnsAsked, event } from '../../helpers/etw-builder.ts';
import { wall } from '../../helpers/model.ts';

const AT = wall(0);
const ok = { unanswered: 0, unattributed: {} };

/** Question and answer as Windows wrote them: options 0x40026000, with bit 51 in the answer. */
const QUESTION =
  '6e0061006d00650030002e006500780061006d0070006c0065002e0063006f006d0000001c000000' +
  '0060024000000000000000000000000000000000000000000000';
const ANSWER =
  '6e0061006d00650030002e006500780061006d0070006c0065002e0063006f006d0000001c000000' +
  '0060024000000800000000003a003a0066006600660066003a003100390032002e0030002e0032002e003100300032003b000000';

test('joins an answer with its question although Windows sets bit 51 of the options in it', () => {
  const { requests, timed, durationMs, names, ...rest } = totalsOf([
    rawEvent(3006, QUESTION, { atMs: AT, pid: 3820 }),
    rawEvent(3008, ANSWER, { atMs: AT + 10, pid: 3820 }),
  ]);
  assert.deepEqual([requests, timed, Math.round(durationMs)], [['TypeA name0.example.com ok 1'], 1, 10]);
  assert.deepEqual(names, { '192.0.2.102': 'name0.example.com' });
  assert.deepEqual(rest, ok);
});

test('counts dual lookups once each, without their refused twins, in both orders of events', () => {
  const shop = { pid: 100, name: 'shop.example.com', tookMs: 5, results: '::ffff:10.0.0.9;' };
  const { requests, timed, durationMs, names, ...rest } = totalsOf([
    ...dualLookup({ ...shop, atMs: AT }),
    ...dualLookup({ ...shop, atMs: AT + 1000 }, true),
    ...dualLookup({ ...shop, atMs: AT + 2000, pid: 200 }),
    ...dualLookup({ ...shop, atMs: AT + 3000, name: 'v6.example.com', results: '2001:db8::9;' }),
    ...dualLookup({ ...shop, atMs: AT + 4000, name: 'mix.example.com', results: '2001:db8::8;::ffff:10.0.0.8;' }),
    ...dualLookup({ ...shop, atMs: AT + 5000, name: 'empty.example.com', status: 9501, results: '' }),
    ...dualLookup({ ...shop, atMs: AT + 6000, name: 'gone.example.com', status: 9003, results: '' }, true),
    ...dualLookup({ ...shop, atMs: AT + 7000, name: 'slow.example.com', tookMs: 12_000, status: 1460, results: '' }),
  ]);
  assert.deepEqual(requests, [
    'TypeA empty.example.com ok 1',
    'TypeA gone.example.com nxdomain 1',
    'TypeA shop.example.com ok 3',
    'TypeA slow.example.com timeout 1',
    'TypeAAAA mix.example.com ok 1',
    'TypeAAAA v6.example.com ok 1',
  ]);
  assert.deepEqual([timed, Math.round(durationMs)], [8, 7 * 5 + 12_000]);
  assert.equal(names['10.0.0.8'], 'mix.example.com');
  assert.deepEqual(rest, ok);
});

test('counts only the question without an answer as unanswered, not the refused ones', () => {
  const lookup = { pid: 100, tookMs: 5, results: '::ffff:10.0.0.9;' };
  const [asked, ...others] = dualLookup({ ...lookup, atMs: AT + 500, name: 'lost.example.com' });
  const { requests, timed, unanswered, unattributed } = totalsOf([
    ...dualLookup({ ...lookup, atMs: AT, name: 'shop.example.com' }),
    asked!,
    // The answer is lost.
    ...others.slice(0, 2),
  ]);
  assert.deepEqual([requests, timed], [['TypeA shop.example.com ok 1'], 1]);
  assert.deepEqual([unanswered, unattributed], [1, { unanswered: 1 }]);
});

test('keeps the question of a plain lookup when an equal name is refused with status 87', () => {
  const plain = { name: 'shop.example.com', type: 1, options: 0x4000_2000n };
  const refused = { ...plain, options: plain.options | DUAL };
  const head = (afterMs: number) => ({ atMs: AT + afterMs, pid: 100 });
  const { requests, timed, durationMs, ...rest } = totalsOf([
    dnsAsked(plain, head(0)),
    // The question of the refused request is lost.
    dnsAnswered({ ...refused, status: 87 }, head(2)),
    dnsAnswered({ ...plain, options: plain.options | COMPLETED, results: '::ffff:10.0.0.9;' }, head(40)),
  ]);
  assert.deepEqual([requests, timed, Math.round(durationMs)], [['TypeA shop.example.com ok 1'], 1, 40]);
  assert.deepEqual([rest.unanswered, rest.unattributed], [0, {}]);
});

test('keeps an equal question that is too old to be the one refused with status 87', () => {
  const lookup = { name: 'shop.example.com', type: 1, options: 0x4000_2000n };
  const head = (afterMs: number) => ({ atMs: AT + afterMs, pid: 100 });
  const { requests, timed, durationMs, ...rest } = totalsOf([
    dnsAsked(lookup, head(0)),
    // Windows also refuses by parameters that the events do not have; the question of this request is lost.
    dnsAnswered({ ...lookup, status: 87 }, head(5000)),
    dnsAnswered({ ...lookup, options: lookup.options | COMPLETED, results: '::ffff:10.0.0.9;' }, head(6000)),
  ]);
  assert.deepEqual([requests, timed, Math.round(durationMs)], [['TypeA shop.example.com ok 1'], 1, 6000]);
  assert.deepEqual([rest.unanswered, rest.unattributed], [0, {}]);
});

test('neither learns names from status 87 nor counts it, whatever its type, name and question', () => {
  const request = { status: 87, results: '::ffff:10.0.0.9;' };
  const { requests, timed, names, ...rest } = totalsOf([
    dnsAnswered({ ...request, name: 'shop.example.com', type: 1, options: DUAL }, { atMs: AT, pid: 100 }),
    dnsAnswered({ ...request, name: 'shop.example.com', type: 28 }, { atMs: AT, pid: 100 }),
    dnsAnswered({ ...request, name: '', type: 16, options: COMPLETED }, { atMs: AT, pid: 100 }),
  ]);
  assert.deepEqual([requests, timed, names], [[], 0, {}]);
  assert.deepEqual([rest.unanswered, rest.unattributed], [0, {}]);
});

test('completes a question without a name by its answer', () => {
  const head = (afterMs: number) => ({ atMs: AT + afterMs, pid: 100 });
  const both = { type: 28, options: 0x4002_2000n | DUAL };
  const onlyA = { type: 1, options: 0x4000_2000n | DUAL };
  const { requests, timed, durationMs, ...rest } = totalsOf([
    dnsAsked({ ...both, name: '' }, head(0)),
    dnsAsked({ ...onlyA, name: '' }, head(1)),
    dnsAnswered({ ...onlyA, name: 'host1', status: 87 }, head(2)),
    dnsAnswered({ ...both, name: 'host1', options: both.options | COMPLETED, results: '::ffff:10.0.0.5;' }, head(7)),
  ]);
  assert.deepEqual([requests, timed, Math.round(durationMs)], [['TypeA host1 ok 1'], 1, 7]);
  assert.deepEqual([rest.unanswered, rest.unattributed], [0, {}]);
});

test('learns no address from the part of the results that Windows cut at 1,024 characters', () => {
  const addresses = Array.from({ length: 60 }, (_, i) => `::ffff:203.0.113.${100 + i};`).join('');
  // Every length of the cut: the parts `::ffff:203.0.113.1` and `.15` are valid addresses of other hosts.
  for (let length = 990; length <= 1024; length++) {
    const { names } = totalsOf([
      dnsAnswered(
        { name: 'cdn.example.com', type: 28, options: DUAL, results: addresses.slice(0, length) },
        { atMs: AT, pid: 100 },
      ),
    ]);
    const whole = Math.floor(length / '::ffff:203.0.113.100;'.length);
    const expected = Array.from({ length: whole }, (_, i) => `203.0.113.${100 + i}`);
    assert.deepEqual(Object.keys(names), expected, `cut at ${length}`);
  }
});

interface LogLine {
  readonly host: number;
  readonly event: number;
  readonly pid: number;
  readonly fileTime: string;
  readonly payloadHex: string;
}

// Real events of two hosts; they are not part of this repository.
const log = '../shared/reference/dns-client-events.jsonl';
if (existsSync(log)) {
  const lines = readFileSync(log, 'utf8')
    .trim()
    .split('\n')
    .map((line): LogLine => JSON.parse(line));
  const hostTotals = (host: number) => {
    const events = lines
      .filter((line) => line.host === host)
      .map((line) => {
        const built = event(DNS_CLIENT, line.event, 0, Buffer.from(line.payloadHex, 'hex'), { pid: line.pid });
        return { ...built, ticks: BigInt(line.fileTime) };
      });
    const { requests, timed, durationMs, unanswered, unattributed } = totalsOf(events);
    return { requests, timed, durationMs: Math.round(durationMs), unanswered, unattributed };
  };

  test('counts the requests in two real logs, with one unanswered question each', () => {
    assert.deepEqual(hostTotals(0), {
      requests: [
        'TypeA name0.example.com ok 15',
        'TypeA name1.example.com nxdomain 1',
        'TypeA name2.example.com servfail 1',
      ],
      timed: 11,
      durationMs: 12_069,
      unanswered: 1,
      unattributed: { unanswered: 1 },
    });
    assert.deepEqual(hostTotals(1), {
      requests: [
        'TypeA name0.example.com ok 7',
        'TypeA name1.example.com timeout 1',
        'TypeA name2.example.com timeout 1',
        'TypeA name4.example.com timeout 11',
        'TypeA name5.example.com nxdomain 1',
      ],
      timed: 7,
      durationMs: 12_082,
      unanswered: 1,
      unattributed: { unanswered: 1 },
    });
  });
}
