// Fuzzes the reader of events with 10,000 damaged and random texts.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventRecordOf } from '../../../src/sources/event-log/event-record.ts';
import { eventRecord } from '../../../src/sources/records/logs.ts';
import { blockCoverage } from '../../helpers/coverage.ts';
import { EVENT_COMPUTER, eventXml, serviceEventXml, utf16Hex } from '../../helpers/event-xml.ts';
import { below, seeded } from '../../helpers/random.ts';

const ROUNDS = 10_000;
const FUZZED_FILES = /\/src\/sources\/event-log\/(?:event-[a-z]+|subjects\/[a-z-]+)\.ts$/;

const crash = ['a.exe', '', '', '', '', '', '', '', '1f4', '1dc000000000000', 'c:\\a.exe', '', 'r-1'];
const report = ['', '', 'APPCRASH', '', '', 'a.exe', ...Array.from({ length: 13 }, () => ''), 'r-1'];
const sqlBinary = (severity: number) => `94430000${severity.toString(16).padStart(2, '0')}000000`;

const seeds: readonly string[] = [
  eventXml({}, 'viewer'),
  eventXml({ userData: `<A xmlns='urn:a' x='1'><B>b</B><C><D>&#13;&amp;</D></C></A>`, data: [] }),
  eventXml({ rendered: 'text', computer: 'OTHER.example' }),
  eventXml({ time: '2026-01-02T03:04:05.5-01:30', level: 0, keywords: '0x90000000000000', pid: 77 }),
  eventXml({ data: [], binary: '' }).replace('<EventData', "<EventData Name='TITLE'"),
  `\ufeff<?xml version="1.0"?><!-- c --><Events>${eventXml({ data: ['@'] }).replace('@', '<![CDATA[x]]>')}</Events>`,
  ...[7036, 7031, 7001, 7011, 7026, 7032, 7040].map((id) =>
    serviceEventXml(id, ['Shop Orders', 'b', 'c', 'd'], { binary: utf16Hex('orders/4') }),
  ),
  eventXml({ provider: 'CorootAgent' }),
  eventXml({ provider: 'Application Error', eventId: 1000, data: crash }),
  eventXml({ provider: 'Application Error', eventId: 1000, data: ['svchost.exe_mail', ...crash.slice(1)] }),
  eventXml({ provider: 'Application Error', eventId: 1, data: [['AppName', 'x_unknown']] }),
  eventXml({ provider: 'Application Hang', eventId: 1002, data: [['AppName', 'a.exe_unknown']] }),
  eventXml({ provider: 'Windows Error Reporting', eventId: 1001, data: report }),
  eventXml({ provider: 'Windows Error Reporting', eventId: 1001, data: ['', '', 'LiveKernelEvent'] }),
  eventXml({ provider: '.NET Runtime', eventId: 1026, data: ['Application: a.exe\nx'] }),
  eventXml({ provider: '.NET Runtime', eventId: 1000 }),
  eventXml({
    provider: 'WAS',
    eventId: 5011,
    data: [
      ['AppPoolID', 'p'],
      ['ProcessID', '5'],
    ],
  }),
  eventXml({ provider: 'WAS', eventId: 5189, data: ['*', '7'] }),
  eventXml({ provider: 'WAS', eventId: 5076, data: ['7', 'p'] }),
  eventXml({ provider: 'W3SVC-WP', eventId: 2303, data: ["application pool 'p'"] }),
  ...[0, 16, 24].map((severity) => eventXml({ provider: 'MSSQL$A', level: 0, binary: sqlBinary(severity) })),
];

const pieces = [
  ...['<', '</', '>', '/>', '<!--', '-->', '<![CDATA[', ']]>', '<?', '&#0;', '&#xD800;', '&amp;', '&', '\0', '\ud800'],
  ...[
    "'",
    '"',
    '=',
    ' ',
    '\r\n',
    'Event',
    'System',
    'EventID',
    'Data',
    'Name',
    'Binary',
    'xmlns:a',
    '999999999999',
    '-1',
  ],
];

function mutated(random: () => number): string {
  let xml = seeds[below(random, seeds.length)]!;
  for (let changes = below(random, 4); changes > 0; changes--) {
    const at = below(random, xml.length + 1);
    const kind = below(random, 4);
    const piece = pieces[below(random, pieces.length)]!;
    const length = below(random, 12);
    if (kind === 0) xml = xml.slice(0, at) + piece + xml.slice(at);
    if (kind === 1) xml = xml.slice(0, at) + xml.slice(at + length);
    if (kind === 2) xml = xml.slice(0, at) + String.fromCharCode(below(random, 0x10000)) + xml.slice(at + 1);
    if (kind === 3) xml = xml.slice(0, at) + xml.slice(at, at + length * 4).repeat(2) + xml.slice(at);
    if (below(random, 40) === 0) xml = xml.slice(0, at);
  }
  return xml;
}

function randomText(random: () => number): string {
  return Array.from({ length: below(random, 60) }, () => pieces[below(random, pieces.length)]).join('');
}

test('10,000 damaged events become records or have a reason, and reach 95 % of the branches', {
  timeout: 60_000,
}, async (t) => {
  const counts = new Map<string, number>();
  const { blocks, missed } = await blockCoverage(
    (url) => FUZZED_FILES.test(url),
    () => {
      const random = seeded(11);
      for (let round = 0; round < ROUNDS; round++) {
        const xml = round % 10 === 0 ? randomText(random) : mutated(random);
        const message = below(random, 4) === 0 ? randomText(random) : undefined;
        const result = eventRecordOf(xml, message, EVENT_COMPUTER);
        const kind = typeof result === 'string' ? result : 'record';
        counts.set(kind, (counts.get(kind) ?? 0) + 1);
        if (typeof result === 'string') continue;
        // What crosses the seam is what a tape can hold.
        eventRecord.encode(result, 'event');
        assert.ok(result.message !== '' && result.message.isWellFormed());
      }
    },
  );
  t.diagnostic(
    `${[...counts].map(([kind, count]) => `${count} ${kind}`).join(', ')}; ${missed.length} of ${blocks} blocks missed`,
  );
  for (const each of missed) t.diagnostic(`not reached: ${each}`);
  assert.ok(counts.get('record')! > 5000 && counts.get('malformed')! > 1000 && counts.get('own event')! > 50);
  assert.ok(blocks > 60);
  assert.ok(missed.length <= blocks / 20, missed.join('\n'));
});

test('hostile XML of 200,000 characters is read in a bounded time', { timeout: 20_000 }, () => {
  const length = 200_000;
  for (const piece of ['<a>', '<a ', '</a>', '<', '&', "<a b='", '<!--', '<a b=', '<a/>', '\r', '< <a>x</b>']) {
    const xml = `<Event>${piece.repeat(length / piece.length)}`;
    assert.equal(typeof eventRecordOf(xml, undefined, ''), 'string', piece);
    const wrapped = eventXml({ data: ['@'] }).replace('@', piece.repeat(length / piece.length));
    eventRecordOf(wrapped, undefined, EVENT_COMPUTER);
  }
  for (const piece of ['Application: ', ' ', '\t', 'a.exe ', '.exe_', ':', '\n', 'a:\n']) {
    const data = [`Application:${piece.repeat(length / piece.length)}`];
    eventRecordOf(eventXml({ provider: '.NET Runtime', eventId: 1026, data }), undefined, EVENT_COMPUTER);
    eventRecordOf(eventXml({ provider: 'Application Error', eventId: 1000, data }), undefined, EVENT_COMPUTER);
    eventRecordOf(eventXml({ provider: 'W3SVC-WP', time: data[0]!, level: data[0]!, data }), undefined, EVENT_COMPUTER);
  }
});
