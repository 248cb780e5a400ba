// Records of the Event Log: types and ids, size, rate, texts that Windows would take for its own.
import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { EVENT, EventLog } from '../../src/service/event-log.ts';

/** https://learn.microsoft.com/windows/win32/api/winbase/nf-winbase-reporteventw */
const ERROR = 1;
const WARNING = 2;
const INFORMATION = 4;

describe('the Event Log', () => {
  let records: [type: number, id: number, text: string][];
  let nowMs: number;
  let taken: boolean;
  let log: EventLog;
  beforeEach(() => {
    [records, nowMs, taken] = [[], 0, true];
    log = new EventLog(
      (...record) => {
        if (taken) records.push(record);
        return taken;
      },
      () => nowMs,
    );
  });

  it('gets messages of the agent by their severity', () => {
    for (const level of [10, 20, 30, 40, 50, 60]) log.writeMessage(level, `level ${level}`);
    assert.deepEqual(
      records.map(([type, id]) => [type, id]),
      [
        [INFORMATION, 100],
        [INFORMATION, 100],
        [INFORMATION, 100],
        [WARNING, 200],
        [ERROR, 300],
        [ERROR, 300],
      ],
    );
  });

  it('has ids that the message file of Windows has texts for', () => {
    for (const { id } of Object.values(EVENT)) assert.ok(id >= 1 && id <= 1000, String(id));
  });

  it('gets 50 at once, then one each ten seconds, and is told how many were left out', () => {
    for (let i = 0; i < 70; i++) log.write(EVENT.warning, 'again');
    assert.equal(records.length, 50);
    nowMs = 9_999;
    log.write(EVENT.warning, 'too early');
    nowMs = 10_000;
    log.write(EVENT.warning, 'now');
    assert.deepEqual(records.slice(50), [[WARNING, 200, 'now\n(21 messages before this one were left out)']]);
    nowMs = 20_000;
    log.write(EVENT.warning, 'later');
    assert.equal(records.at(-1)![2], 'later');
  });

  it('keeps counting what the system does not take', () => {
    taken = false;
    log.write(EVENT.error, 'lost');
    taken = true;
    log.write(EVENT.error, 'kept');
    assert.deepEqual(records, [[ERROR, 300, 'kept\n(1 messages before this one were left out)']]);
  });

  it('gets no text that is too long, ends early, or asks for other texts', () => {
    log.write(EVENT.error, 'x'.repeat(100_000));
    log.write(EVENT.error, 'C:\\a%20b\0c 100%');
    assert.equal(records[0]![2].length, 8000);
    assert.equal(records[1]![2], 'C:\\a% 20bc 100%');
  });
});
