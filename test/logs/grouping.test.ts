// Properties of grouping, and what the rules and the ends of streams change.
import assert from 'node:assert/strict';
import test from 'node:test';
import { LogStream, type LogStreamOptions } from '../../src/logs/log-stream.ts';
import { below, seeded } from '../helpers/random.ts';

interface Emitted {
  readonly level: string;
  readonly body: string;
}

/** Pushes texts at the times and returns the messages; the stream ends only if `ends`. */
function messagesOf(
  texts: readonly (readonly [text: string, monoMs: number])[],
  options: Partial<LogStreamOptions<object>> = {},
  ends = true,
): Emitted[] {
  const messages: Emitted[] = [];
  const stream = new LogStream<object>({
    rules: 'coroot',
    json: true,
    jsonLines: true,
    entryLevelFirst: true,
    wholeEntries: false,
    createdMonoMs: 0,
    ...options,
    onMessage: ({ level, body }) => messages.push({ level, body }),
  });
  for (const [text, monoMs] of texts) stream.push(text, monoMs, {});
  if (ends) stream.end(texts.at(-1)?.[1] ?? 0);
  return messages;
}

const at0 = (...texts: string[]) => texts.map((text) => [text, 0] as const);
const bodies = (messages: readonly Emitted[]): string[] => messages.map(({ body }) => body);

test('groups a line the same with and without its line feed', () => {
  const lines = ['05:06:07 error', 'Caused by: x', '', '}', 'Traceback a', 'ValueError', '  b', '{"msg":"c"}', ' '];
  const random = seeded(2);
  for (let run = 0; run < 300; run++) {
    const texts = Array.from({ length: 12 }, () => lines[below(random, lines.length)]!);
    const withFeeds = texts.map((text) => (below(random, 2) ? `${text}\n` : text));
    assert.deepEqual(messagesOf(at0(...withFeeds)), messagesOf(at0(...texts)));
  }
});

test('completes an idle message the same whether ticks come or only the next line', () => {
  const random = seeded(4);
  for (let run = 0; run < 200; run++) {
    let monoMs = below(random, 1000);
    const texts = Array.from({ length: 8 }, (_, i) => {
      monoMs += below(random, 2500);
      return [below(random, 2) ? `\tpart ${i}` : `line ${i}`, monoMs] as const;
    });
    const ticked: string[] = [];
    const stream = new LogStream<object>({
      rules: 'coroot',
      json: false,
      jsonLines: false,
      entryLevelFirst: false,
      wholeEntries: false,
      createdMonoMs: 0,
      onMessage: ({ body, completeMonoMs }) => ticked.push(`${body} ${completeMonoMs}`),
    });
    let now = 0;
    for (const [text, at] of texts) {
      for (; now < at; now += 50) stream.tick(now);
      stream.push(text, at, {});
    }
    stream.end(monoMs);
    assert.deepEqual(
      ticked.map((text) => text.replace(/ \d+$/, '')),
      bodies(messagesOf(texts)),
    );
  }
});

test('keeps the last message when the stream ends', () => {
  assert.deepEqual(bodies(messagesOf(at0('error one', '\ttwo'), {}, false)), []);
  assert.deepEqual(bodies(messagesOf(at0('error one', '\ttwo'))), ['error one\n\ttwo']);
});

test('does not join records if each is a message', () => {
  const records = at0('05:06:07 error gate', 'pump stopped', '\tindented');
  assert.deepEqual(bodies(messagesOf(records)), ['05:06:07 error gate\npump stopped\n\tindented']);
  assert.deepEqual(bodies(messagesOf(records, { wholeEntries: true })), [
    '05:06:07 error gate',
    'pump stopped',
    'indented',
  ]);
});

test('ignores carriage returns at the ends of lines under the extended rules', () => {
  const lines = at0('error gate\r', '\r', '}\r', 'next\r');
  assert.deepEqual(bodies(messagesOf(lines)), ['error gate', '', '}', 'next']);
  assert.deepEqual(bodies(messagesOf(lines, { rules: 'extended' })), ['error gate\n\n}', 'next']);
});

for (const [line, coroot, extended] of [
  ['\x1b[31mERROR\x1b[0m gate shut', 'unknown', 'error'],
  ['fail: Gate.Worker[7]', 'unknown', 'error'],
  ['dbug: Gate.Worker[7]', 'unknown', 'debug'],
  ['SEVERE: gate shut', 'unknown', 'error'],
  ['level="error" gate', 'unknown', 'error'],
  ['severity=critical gate', 'unknown', 'critical'],
  ['warn: gate', 'warning', 'warning'],
  ['gate failure', 'unknown', 'unknown'],
] as const)
  test(`guesses ${coroot}, and ${extended} under the extended rules: ${JSON.stringify(line)}`, () => {
    assert.deepEqual(messagesOf(at0(line)), [{ level: coroot, body: line }]);
    assert.deepEqual(messagesOf(at0(line), { rules: 'extended' }), [{ level: extended, body: line }]);
  });
