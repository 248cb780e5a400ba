// Tests of records made from the XML of events.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SERVICE_NAME } from '../../../src/base/service-name.ts';
import { eventRecordOf } from '../../../src/sources/event-log/event-record.ts';
import type { EventRecord } from '../../../src/sources/host.ts';
import { EVENT_COMPUTER, type EventParts, eventXml, serviceEventXml } from '../../helpers/event-xml.ts';

const forms = ['render', 'viewer'] as const;

function record(xml: string, message?: string, computer = EVENT_COMPUTER): EventRecord {
  const result = eventRecordOf(xml, message, computer);
  assert.notEqual(typeof result, 'string', `${result}`);
  return result as EventRecord;
}
const recordWith = (parts: EventParts, message?: string): EventRecord => record(eventXml(parts), message);

for (const form of forms) {
  test(`reads every field of an event in the form of ${form}`, () => {
    const xml = eventXml(
      {
        provider: 'Shop-Orders',
        guid: '{00000000-1111-2222-3333-444444444444}',
        eventId: 17,
        qualifiers: 49152,
        level: 2,
        time: '2026-03-04T05:06:07.123456789Z',
        recordId: '9007199254740993',
        pid: 4321,
        channel: 'Shop/Operational',
        data: [
          ['Order', 'A & B <1> "two" \'three\''],
          ['Empty', ''],
          ['Reason', 'first\nsecond\tthird'],
        ],
      },
      form,
    );
    assert.deepEqual(record(xml), {
      channel: 'Shop/Operational',
      provider: 'Shop-Orders',
      eventId: 17,
      recordId: '9007199254740993',
      level: 'error',
      atMs: Date.UTC(2026, 2, 4, 5, 6, 7, 123),
      nanoseconds: 456_789,
      pid: 4321,
      message: `Order: A & B <1> "two" 'three', Reason: first\nsecond\tthird`,
    });
  });
}

test('a classic event without Execution has no process', () => {
  assert.equal(recordWith({}).pid, undefined);
});

test('process ids 0, negative, too large and no number are no process', () => {
  for (const pid of [0, -1, 4294967296, 'x', '']) assert.equal(recordWith({ pid }).pid, undefined, `${pid}`);
  assert.equal(recordWith({ pid: 4294967295 }).pid, 4294967295);
  assert.equal(recordWith({ pid: 10620, threadId: 0 }).pid, 10620);
});

test('record ids are kept as decimal texts, negative and huge ones too', () => {
  for (const recordId of ['-1', '0', '18446744073709551615']) assert.equal(recordWith({ recordId }).recordId, recordId);
  for (const recordId of ['', 'x', '123456789012345678901']) assert.equal(recordWith({ recordId }).recordId, '0');
});

const times: readonly [time: string, atMs: number, nanoseconds: number][] = [
  ['2026-03-04T05:06:07.1234567Z', Date.UTC(2026, 2, 4, 5, 6, 7, 123), 456_700],
  ['2012-03-14T04:17:43.354562700Z', Date.UTC(2012, 2, 14, 4, 17, 43, 354), 562_700],
  ['2026-03-04T05:06:07Z', Date.UTC(2026, 2, 4, 5, 6, 7), 0],
  ['2026-03-04T05:06:07.000000100Z', Date.UTC(2026, 2, 4, 5, 6, 7), 100],
  ['2024-02-29T23:59:59.9999999Z', Date.UTC(2024, 1, 29, 23, 59, 59, 999), 999_900],
  ['2026-03-04T05:06:07.5+02:00', Date.UTC(2026, 2, 4, 3, 6, 7, 500), 0],
  ['2026-02-30T05:06:07Z', 0, 0],
  ['2026-13-01T05:06:07Z', 0, 0],
  ['1601-01-01T00:00:00.0000000Z', 0, 0],
  ['', 0, 0],
  ['yesterday', 0, 0],
];
for (const [time, atMs, nanoseconds] of times)
  test(`the time ${time || 'that is missing'} is ${atMs} ms and ${nanoseconds} ns`, () => {
    const { atMs: ms, nanoseconds: ns } = recordWith({ time });
    assert.deepEqual([ms, ns], [atMs, nanoseconds]);
  });

const FAILURE = '0x8010000000000000';
const levels: readonly [level: number | string, keywords: string, expected: EventRecord['level']][] = [
  [1, '0x0', 'critical'],
  [2, '0x0', 'error'],
  [3, '0x0', 'warning'],
  [4, '0x0', 'info'],
  [5, '0x0', 'debug'],
  [0, '0x8020000000000000', 'info'],
  [0, FAILURE, 'warning'],
  [0, '0x90000000000000', 'warning'],
  // As a signed number, as NXLog writes it.
  [0, '-9218868437227405312', 'warning'],
  [4, FAILURE, 'warning'],
  [2, FAILURE, 'error'],
  [16, '0x0', 'info'],
  ['', '', 'info'],
  ['x', '0xzz', 'info'],
];
for (const [level, keywords, expected] of levels)
  test(`level ${level || 'none'} with keywords ${keywords || 'none'} is ${expected}`, () => {
    assert.equal(recordWith({ level, keywords }).level, expected);
  });

const sqlBinary = (severity: number): string => {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt32LE(17300, 0);
  bytes.writeUInt32LE(severity, 4);
  return bytes.toString('hex');
};
test('an event of SQL Server with level 0 has the level of the severity in its binary data', () => {
  const at = (severity: number, parts: EventParts = {}) =>
    recordWith({ provider: 'MSSQL$SHOP', level: 0, binary: sqlBinary(severity), ...parts }).level;
  assert.deepEqual(
    [10, 11, 16, 19, 20, 24].map((severity) => at(severity)),
    ['info', 'error', 'error', 'error', 'critical', 'critical'],
  );
  assert.equal(at(14, { keywords: '0x90000000000000' }), 'warning');
  assert.equal(at(16, { keywords: '0xa0000000000000' }), 'info');
  assert.equal(at(16, { provider: 'ShopApi' }), 'info');
  assert.equal(recordWith({ provider: 'MSSQLSERVER', level: 0, binary: '84' }).level, 'info');
});

test('the message is that of the publisher, else that of the forwarder, else the data', () => {
  const parts = { data: ['one', '', 'three'], rendered: '  stored by the forwarder\r\n' };
  assert.equal(recordWith(parts, ' formatted\r\nhere \r\n\0').message, 'formatted\r\nhere');
  assert.equal(recordWith(parts, ' \r\n').message, 'stored by the forwarder');
  assert.equal(recordWith(parts).message, 'stored by the forwarder');
  assert.equal(recordWith({ data: parts.data }).message, 'one three');
});

test('without a message no part of the data is lost', () => {
  const content = "<User>U1</User><Where id='7'><Path>C:\\a</Path></Where>";
  const userData = `<Cleared xmlns='http://shop.example/log'>${content}</Cleared>`;
  assert.equal(recordWith({ userData }).message, 'User: U1, id: 7, Path: C:\\a');
  assert.equal(
    recordWith({ data: [['Default SD String:', 'O:SY'], 'tail'] }).message,
    'Default SD String:: O:SY, tail',
  );
  assert.equal(recordWith({ data: [], binary: '0A0B' }).message, 'Binary: 0A0B');
  assert.equal(recordWith({ level: 0, keywords: FAILURE, data: ['sa', 'denied'] }).message, 'sa denied');
});

test('an event without any text is kept with the name of its provider and its id', () => {
  for (const form of forms)
    assert.equal(record(eventXml({ provider: 'Shop-Orders', eventId: 9, data: [''] }, form)).message, 'Shop-Orders 9');
  const bare = eventXml({ data: ['x'] }).replace(/<EventData>.*<\/EventData>/, '');
  assert.equal(record(bare).message, 'ShopApi 1');
});

test('control characters, lone surrogates and loose markup characters do not lose the event', () => {
  const message = (text: string): string => record(eventXml({ data: ['@'] }).replace('@', text)).message;
  assert.equal(message('a\u0001b\u001fc'), 'a\u0001b\u001fc');
  assert.equal(message('a&#1;b&#x1F;c'), 'a\u0001b\u001fc');
  assert.equal(message('a\0b\0\0'), 'a\0b');
  assert.equal(message('a\ud800b'), 'a\ufffdb');
  assert.equal(message('a&#xD800;b'), 'a\ufffdb');
  assert.equal(message('a&#xD83D;&#xDE00;b'), 'a😀b');
  assert.equal(message('&#128512;&#x110000;'), '😀\ufffd');
  assert.equal(message('1 < 2 & 3 &unknown; &#; > 0'), '1 < 2 & 3 &unknown; &#; > 0');
  assert.equal(message('one&#13;&#10;two'), 'one\r\ntwo');
  assert.equal(message('one\r\ntwo\rthree'), 'one\ntwo\nthree');
  assert.equal(message('&amp;lt; &lt;&gt;&quot;&apos;'), `&lt; <>"'`);
});

test('a message of more than 64 KiB is cut between two characters', () => {
  const { message } = recordWith({}, `x${'é'.repeat(40_000)}`);
  assert.equal(Buffer.byteLength(message), 65_535);
  assert.equal(message.at(-1), 'é');
});

test('only events of other machines have the name of a computer', () => {
  const computer = (name: string, local: string) => record(eventXml({ computer: name }), undefined, local).computer;
  assert.equal(computer('shop-01.SHOP.example', 'SHOP-01.shop.example'), undefined);
  assert.equal(computer('SHOP-01', 'shop-01.shop.example'), undefined);
  assert.equal(computer('SHOP-01.shop.example', 'shop-01'), undefined);
  assert.equal(computer('SHOP-01.shop.example.', 'shop-01'), undefined);
  assert.equal(computer('AVERYLONGSHOPNA', 'averylongshopname-01.shop.example'), undefined);
  assert.equal(computer('', 'shop-01'), undefined);
  assert.equal(computer('SHOP-02', 'shop-01.shop.example'), 'SHOP-02');
  assert.equal(computer('SHOP-0', 'shop-01.shop.example'), 'SHOP-0');
  assert.equal(computer('shop-01.other.example', 'shop-01.shop.example'), 'shop-01.other.example');
});

test('a provider without a name is known by its source name or GUID', () => {
  assert.equal(recordWith({ provider: '', guid: '{1}', sourceName: 'Shop' }).provider, 'Shop');
  assert.equal(recordWith({ provider: '', guid: '{1}' }).provider, '{1}');
});

test('events of the agent itself are dropped, those of an agent on another machine are not', () => {
  const xml = eventXml({ provider: SERVICE_NAME.toUpperCase(), eventId: 300, level: 2 });
  assert.equal(eventRecordOf(xml, undefined, EVENT_COMPUTER), 'own event');
  assert.equal(record(xml, undefined, 'shop-07').computer, EVENT_COMPUTER);
  // The Service Control Manager reports about the agent's service.
  assert.equal(record(serviceEventXml(7034, ['Coroot Agent', '1'])).eventId, 7034);
});

test('what is no complete event is malformed', () => {
  const xml = eventXml({ data: ['text'] });
  for (const broken of [
    '',
    ' ',
    'no XML',
    '<Event/>',
    '<Event><System/></Event>',
    xml.slice(0, -1),
    xml.slice(0, 200),
    xml.replace('<EventID>1<', '<EventID>x<'),
    xml.replace('<EventID>1<', '<EventID>-1<'),
    xml.replaceAll('Event>', 'Other>'),
  ])
    assert.equal(eventRecordOf(broken, undefined, EVENT_COMPUTER), 'malformed', broken);
});

test('accepts a declaration, comments, CDATA, prefixes and the root element of exports', () => {
  const xml = eventXml({ data: ['@'] });
  assert.equal(record(`\ufeff<?xml version="1.0"?><!-- x > y --><Events>${xml}</Events>`).message, '@');
  assert.equal(record(xml.replace('@', '<![CDATA[a < b & c]]>')).message, 'a < b & c');
  assert.equal(record(xml.replace(/<(\/?)(\w)/g, '<$1e:$2')).message, '@');
});
