// Records of the Event Log: types, ids, size, rate, and texts that Windows would expand.
import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { EVENT, EventLog } from '../../src/service/event-log.ts';

/** https://learn.microsoft.com/windows/win32/api/winbase/nf-winbase-reporteventw */
const ERROR = 1;
const WARNING = 2;
const INFORMATION = 4;

describe('EventLog', () => {
  let records: [type: number, id: number, text: string][];
  let nowMs: number;
  let accepted: boolean;
  let log: EventLog;
  beforeEach(() => {
    [records, nowMs, accepted] = [[], 0, true];
    log = new EventLog(
      (...record) => {
        if (accepted) records.push(record);
        return accepted;
      },
      () => nowMs,
    );
  });

  it('writes messages with the type and id of their severity', () => {
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

  it('uses ids that the message file of Windows has texts for', () => {
    for (const { id } of Object.values(EVENT)) assert.ok(id >= 1 && id <= 1000, String(id));
  });

  it('writes 50 records at once, then one per 10 s, with the number of omitted messages', () => {
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

  it('counts messages that the system rejects as omitted', () => {
    accepted = false;
    log.write(EVENT.error, 'lost');
    accepted = true;
    log.write(EVENT.error, 'kept');
    assert.deepEqual(records, [[ERROR, 300, 'kept\n(1 messages before this one were left out)']]);
  });

  it('cuts long texts, and removes NUL characters and insertion sequences', () => {
    log.write(EVENT.error, 'x'.repeat(100_000));
    log.write(EVENT.error, 'C:\\a%20b\0c 100%');
    assert.equal(records[0]![2].length, 8000);
    assert.equal(records[1]![2], 'C:\\a% 20bc 100%');
  });
});
