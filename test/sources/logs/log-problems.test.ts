// Which channels and log files are reported as missing, and with which right and consequence.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { INVALID_POSITION } from '../../../src/sources/event-log/channel-problem.ts';
import { channelProblems, fileProblems } from '../../../src/sources/logs/log-problems.ts';
import { aChannel, aLogFile } from '../../helpers/logs.ts';

test('names the right of a channel only where Windows refused access', () => {
  const channels = [
    aChannel(),
    aChannel({ channel: 'Security', problem: 'EvtQuery: access denied (5)', code: 5, lag: 40 }),
    aChannel({ channel: 'Gone', problem: 'EvtQuery: no such channel (15007)', code: 15_007 }),
    aChannel({ channel: 'System', problem: INVALID_POSITION }),
  ];
  const right = 'membership in Event Log Readers, or the rights of an administrator, elevated';
  const events = 'the events of this channel';
  assert.deepEqual(
    channelProblems(channels).map(({ part, code, requiredRight, consequence }) => [
      part,
      code,
      requiredRight,
      consequence,
    ]),
    [
      ['channel Security', 5, right, `${events}, 40 events so far`],
      ['channel Gone', 15_007, undefined, events],
      ['channel System', undefined, undefined, `${events} since the last run of the agent`],
    ],
  );
});

test('reports files with a problem and their lag, not files that are waited for', () => {
  const files = [
    aLogFile(),
    aLogFile({ path: 'C:\\logs\\b.log', state: 'waiting' }),
    aLogFile({ path: 'C:\\logs\\c.log', state: 'failed', problem: 'no access', lagBytes: 70_000 }),
  ];
  assert.deepEqual(fileProblems(files), [
    {
      part: 'log file C:\\logs\\c.log',
      reason: 'no access',
      consequence: 'the messages of this log file, 70000 bytes so far',
    },
  ]);
});

test('lists twenty files and counts the others', () => {
  const files = Array.from({ length: 1000 }, (_, i) => aLogFile({ path: `C:\\${i}.log`, problem: 'no access' }));
  const parts = fileProblems(files).map(({ part }) => part);
  assert.deepEqual([parts.length, parts.at(-2), parts.at(-1)], [21, 'log file C:\\19.log', '980 other log files']);
});
