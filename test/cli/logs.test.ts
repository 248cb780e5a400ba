// The output of `logs` and `patterns`, from a real control plane.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { addLogsCommand, sinceMs } from '../../cli/commands/logs.ts';
import { addPatternsCommand } from '../../cli/commands/patterns.ts';
import type { LogMessageView } from '../../src/api/resources/logs.ts';
import { AgentError } from '../../src/base/errors.ts';
import { aFileMessage, aLogHost, RETRY_HASH, TIMEOUT_HASH, writeMessages } from '../helpers/log-host.ts';
import { HOUR_MS, wall } from '../helpers/model.ts';
import { printedBy } from '../helpers/printed.ts';

const commands = [addLogsCommand, addPatternsCommand];
const printed = (...args: string[]) => printedBy(commands, args, aLogHost());
const time = (ms: number) => {
  const date = new Date(ms - new Date(ms).getTimezoneOffset() * 60_000).toISOString();
  return date.replace('T', ' ').replace('Z', '');
};

test('logs prints time, level and container before the message, and indents its further lines', async () => {
  assert.equal(
    await printed('logs'),
    [
      `${time(wall(1000))} INFO web ready`,
      `${time(wall(1500))} ERROR web ERROR timeout of payments`,
      '  at pay.js:12',
      `${time(wall(1600))} WARNING web WARN retry 1 of 3`,
      `${time(wall(1700))} CRITICAL (node) The system has rebooted without cleanly shutting down first.`,
      '',
    ]
      .join('\n')
      .replace(/ {2,}/g, ' '),
  );
});

test('logs selects messages by its options', async () => {
  const seqs = async (...args: string[]) =>
    (JSON.parse(await printed('logs', '-o', 'json', ...args)) as LogMessageView[]).map(({ seq }) => seq);
  assert.deepEqual(await seqs('web'), [1, 2, 3]);
  assert.deepEqual(await seqs('/win/w?b', '--level', 'error,warning'), [2, 3]);
  assert.deepEqual(await seqs('--level', 'Error', '--level', 'critical'), [2, 4]);
  assert.deepEqual(await seqs('--min-level', 'error'), [2, 4]);
  assert.deepEqual(await seqs('--node'), [4]);
  assert.deepEqual(await seqs('--grep', 'time*of'), [2]);
  assert.deepEqual(await seqs('--grep', 'ready', '--grep', 'retry'), [1, 3]);
  assert.deepEqual(await seqs('--pattern', RETRY_HASH), [3]);
  assert.deepEqual(await seqs('--source', 'std*'), [1, 2, 3]);
  assert.deepEqual(await seqs('--channel', 'system', '--provider', '*Power', '--event-id', '41'), [4]);
  assert.deepEqual(await seqs('--since', new Date(wall(1600)).toISOString()), [3, 4]);
  assert.deepEqual(await seqs('--last', '1'), [4]);
});

test('logs shows where a message comes from with -w', async () => {
  const text = await printed('logs', '-w');
  assert.match(text, new RegExp(`web \\[stdout/stderr ${TIMEOUT_HASH}\\] ERROR timeout`));
  assert.match(text, /\(node\) \[System Microsoft-Windows-Kernel-Power 41 [0-9a-f]{32}\] The system/);
});

test('logs refuses empty and invalid values, and names containers that do not exist', async () => {
  const invalid = [
    ['--level', ''],
    ['--level', 'error,,warning'],
    ['--level', 'warn'],
    ['--grep', ''],
    ['--source', ''],
    ['--channel', ''],
    ['--provider', ''],
    ['--pattern', 'abc'],
    ['--event-id', '-1'],
    ['--since', 'yesterday'],
    ['--since', '-5m'],
    ['--since', ''],
    ['--last', '0'],
    ['--last', '10001'],
    [''],
  ];
  for (const args of invalid) {
    const code = (error: unknown) => error instanceof AgentError && error.code === 'USAGE';
    await assert.rejects(printed('logs', ...args), code, args.join(' '));
  }
  const unknown = (error: unknown) => error instanceof AgentError && error.code === 'NAME_UNKNOWN';
  for (const args of [
    ['logs', 'nosuch'],
    ['logs', '-f', 'web', 'nosuch'],
    ['patterns', 'nosuch'],
  ])
    await assert.rejects(printed(...args), unknown, args.join(' '));
});

test('reads a duration before now and a time', () => {
  assert.equal(sinceMs('10m', HOUR_MS), HOUR_MS - 600_000);
  assert.equal(sinceMs('2h', HOUR_MS), 0);
  assert.equal(sinceMs('1970-01-02T00:00Z', 0), 86_400_000);
  assert.equal(sinceMs('2026-11-28 04:00', 0), new Date(2026, 10, 28, 4).getTime());
});

test('control characters of messages and names do not reach the terminal', async () => {
  const model = aLogHost();
  writeMessages(model, [aFileMessage('a\u001b]0;title\u0007b\rc\td\n\u009b31mred\u202e\u2028x\r\nlast\n\n')]);
  const text = await printedBy(commands, ['logs', '--last', '1'], model);
  assert.match(text, /web a\u241b\]0;title\u2407b\u240dc d\n <U\+009B>31mred<U\+202E><U\+2028>x\n last\n$/);
  const json = await printedBy(commands, ['logs', '--last', '1', '-o', 'json'], model);
  for (const unsafe of ['\u001b', '\u009b', '\u202e']) assert.ok(!json.includes(unsafe));
  assert.ok((JSON.parse(json) as LogMessageView[])[0]!.body.startsWith('a\u001b]'));
});

/** The output of `logs -f` until a text appears, with messages that are written after the first output. */
async function following(args: readonly string[], until: string): Promise<string> {
  const model = aLogHost();
  let text = '';
  let written = false;
  return printedBy(commands, ['logs', '-f', ...args], model, {}, (part) => {
    text += part;
    if (!written) writeMessages(model, [aFileMessage('two\nlines'), aFileMessage('the end')]);
    written = true;
    if (text.includes(until)) process.emit('SIGINT');
  });
}

test('logs -f shows the last messages and new ones, and ends in order with Ctrl-C', async () => {
  const text = await following(['web', '--last', '2'], 'the end');
  assert.match(
    text,
    /^\S+ \S+ ERROR web .*\n.*at pay.*\n.* WARNING .*\n.* INFO web two\n lines\n.* INFO web the end\n$/,
  );
  assert.equal(process.listenerCount('SIGINT'), 0);
});

test('logs -f -o json prints one object per line', async () => {
  const text = await following(['-o', 'json', '--level', 'info'], 'the end');
  const bodies = text
    .trimEnd()
    .split('\n')
    .map((line) => (JSON.parse(line) as LogMessageView).body);
  assert.deepEqual(bodies, ['ready', 'two\nlines', 'the end']);
});

test('patterns lists counts, level, last time, container and a sample of the selected', async () => {
  const text = await printed('patterns');
  assert.match(text, /COUNT LEVEL LAST CONTAINER SAMPLE/);
  assert.match(text, /1 critical \S+ \S+ \(node\) The system has rebooted without cleanly/);
  assert.match(text, /1 error \S+ \S+ web ERROR timeout of payments\n/);
  assert.doesNotMatch(text, /ready/);
  const hashes = async (...args: string[]) =>
    (JSON.parse(await printed('patterns', '-o', 'json', ...args)) as { hash: string }[]).map(({ hash }) => hash);
  assert.deepEqual(await hashes('web'), [RETRY_HASH, TIMEOUT_HASH]);
  assert.deepEqual(await hashes('--grep', 'retry'), [RETRY_HASH]);
  assert.deepEqual(await hashes('web', '--level', 'error'), [TIMEOUT_HASH]);
  assert.deepEqual(await hashes('--new'), []);
  assert.equal((await hashes('--limit', '1')).length, 1);
});

test('patterns cuts the sample so that the table fits the terminal, and 120 columns without one', async () => {
  const model = aLogHost();
  const attributes = { 'pattern.hash': 'c'.repeat(32) };
  writeMessages(model, [aFileMessage(`timeout ${'\u{1f600}'.repeat(300)}`, { level: 'error', attributes })]);
  const widest = async (columns: number | undefined) => {
    let width = 0;
    const before = process.stdout.columns;
    process.stdout.columns = columns as number;
    await printedBy(commands, ['patterns'], model, {}, (part) => {
      for (const line of stripVTControlCharacters(part).split('\n')) width = Math.max(width, [...line].length);
    });
    process.stdout.columns = before;
    return width;
  };
  assert.ok((await widest(undefined)) <= 120);
  assert.ok((await widest(80)) <= 80);
  assert.ok((await widest(200)) > 150);
  assert.ok((await widest(10)) < 90);
});
