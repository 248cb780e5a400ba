// Published events of real machines; they are not part of this repository.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import test from 'node:test';
import { eventRecordOf } from '../../../src/sources/event-log/event-record.ts';

interface Sample {
  readonly channel: string;
  readonly provider: string;
  readonly eventId: number;
  readonly level: number;
  readonly keywords: string;
  readonly recordId: number;
  readonly timeCreated: string;
  readonly computer: string;
  readonly processId: number | null;
  readonly xml: string | null;
}

const levels = ['info', 'critical', 'error', 'warning', 'info', 'debug'];
const AUDIT_FAILURE = 0x10_0000_0000_0000n;

const file = '../shared/samples/event-log.jsonl';
if (existsSync(file)) {
  const samples = readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line): Sample => JSON.parse(line));
  const events = samples.flatMap((sample) => (sample.xml === null ? [] : [{ ...sample, xml: sample.xml }]));

  test(`each of ${events.length} published events becomes a record with the same values`, () => {
    for (const { xml, ...sample } of events) {
      const record = eventRecordOf(xml, undefined, sample.computer);
      assert.ok(typeof record === 'object', `${record}: ${xml}`);
      const { channel, provider, eventId, recordId, level, atMs, nanoseconds, pid, computer, message } = record;
      const isFailure = (BigInt(sample.keywords) & AUDIT_FAILURE) !== 0n;
      assert.deepEqual(
        { channel, provider, eventId, recordId, level, pid, computer },
        {
          channel: sample.channel,
          provider: sample.provider,
          eventId: sample.eventId,
          recordId: String(sample.recordId),
          level: isFailure ? 'warning' : levels[sample.level],
          pid: sample.processId || undefined,
          computer: undefined,
        },
        xml,
      );
      const [seconds = '', fraction = ''] = sample.timeCreated.replace('Z', '').split('.');
      const expected = BigInt(Date.parse(`${seconds}Z`)) * 1_000_000n + BigInt(fraction.padEnd(9, '0'));
      assert.equal(BigInt(atMs) * 1_000_000n + BigInt(nanoseconds), expected, xml);
      assert.ok(message.trim() !== '', xml);
      assertNothingLost(xml, message);
      if (provider === 'Service Control Manager') assertNamesService(xml, record.subject?.service);
    }
  });
}

/** Each text in the data of an event without entities is in its message. */
function assertNothingLost(xml: string, message: string): void {
  const data = /<(?:EventData|UserData)[\s\S]*$/.exec(xml)?.[0] ?? '';
  for (const [, text = ''] of data.replace(/<Binary>.*?<\/Binary>/g, '').matchAll(/>([^<>&]+)</g))
    assert.ok(message.includes(text.trim()), `${text} is not in ${message}`);
}

function assertNamesService(xml: string, service: string | undefined): void {
  const binary = /<Binary>([0-9A-F]*)<\/Binary>/.exec(xml)?.[1];
  if (binary === undefined || xml.includes('>7001<')) return;
  const text = Buffer.from(binary, 'hex')
    .toString('utf16le')
    .replace(/\0[\s\S]*$/, '');
  assert.equal(service, xml.includes('>7036<') ? text.replace(/\/\d+$/, '') : text, xml);
}
