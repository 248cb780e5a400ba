// Texts that no program writes on purpose: nothing throws, and what is left out is counted.
import assert from 'node:assert/strict';
import test from 'node:test';
import { parseDockerLine } from '../../src/logs/docker-line.ts';
import { type LogMessage, LogStream, type StreamLosses } from '../../src/logs/log-stream.ts';
import { PatternMemory } from '../../src/logs/pattern-memory.ts';
import { PatternStore } from '../../src/logs/pattern-store.ts';
import type { PatternRules } from '../../src/logs/pattern-words.ts';
import { below, seeded } from '../helpers/random.ts';

interface Result {
  readonly messages: readonly LogMessage<object>[];
  readonly losses: StreamLosses;
}

function parse(lines: readonly string[], rules: PatternRules = 'coroot'): Result {
  const messages: LogMessage<object>[] = [];
  const store = new PatternStore(new PatternMemory({ rules, patternsPerLevel: 256, maxSampleBytes: 4096 }));
  const stream = new LogStream<object>({
    rules,
    json: true,
    jsonLines: true,
    entryLevelFirst: true,
    wholeEntries: false,
    createdMonoMs: 0,
    onMessage: (message) => {
      messages.push(message);
      // Every message counts as an error, so that its pattern is read.
      store.count({ ...message, level: 'error' }, 0);
    },
  });
  for (const line of lines) stream.push(line, 0, {});
  stream.end(0);
  return { messages, losses: stream.losses };
}

const NO_LOSSES: StreamLosses = { cutLines: 0, ignoredLines: 0, droppedAttributes: 0, cutValues: 0 };

test('cuts a line of 1 MB to 64 KiB and counts it', () => {
  const { messages, losses } = parse([`error ${'x'.repeat(1_000_000)}`, '\tmore', '\tand more']);
  assert.deepEqual(
    messages.map(({ body }) => body.length),
    [65_536],
  );
  assert.deepEqual(losses, { ...NO_LOSSES, cutLines: 1, ignoredLines: 2 });
});

test('keeps the first 100 of thousands of attributes and counts the others', () => {
  const members = Array.from({ length: 6000 }, (_, i) => `"k${i}":${i}`).join();
  const { messages, losses } = parse([`{"msg":"error many",${members}}`.slice(0, 65_000).replace(/,[^,]*$/, '}')]);
  const kept = (messages[0]!.body === 'error many' && messages[0]!.attributes) || new Map();
  assert.deepEqual(
    [...kept.keys()],
    Array.from({ length: 100 }, (_, i) => `k${i}`),
  );
  assert.ok(losses.droppedAttributes > 5000);
  assert.deepEqual({ ...losses, droppedAttributes: 0 }, NO_LOSSES);
});

test('cuts values of attributes to 4,096 bytes, also JSON text, and counts them', () => {
  const { messages, losses } = parse([`{"msg":"a","text":"${'ä'.repeat(3000)}","list":["${'b'.repeat(5000)}"]}`]);
  const bytes = [...messages[0]!.attributes!.values()].map((value) => Buffer.byteLength(value));
  assert.deepEqual(bytes, [4096, 4096]);
  assert.equal(losses.cutValues, 2);
});

test('bounds the attributes of an object with a long name, which all members repeat', () => {
  const members = Array.from({ length: 90 }, (_, i) => `"k${i}":1`).join();
  const { messages, losses } = parse([`{"msg":"a","${'n'.repeat(60_000)}":{${members}}}`]);
  let length = 0;
  for (const [name, value] of messages[0]!.attributes!) length += name.length + value.length;
  assert.ok(length < 1_000_000, `${length} characters`);
  assert.equal(messages[0]!.attributes!.size + losses.droppedAttributes, 90);
});

test('reads JSON of any depth, and that beyond 10,000 levels as text', () => {
  const nested = (depth: number) => `{"msg":"deep","a":${'['.repeat(depth)}${']'.repeat(depth)}}`;
  const { messages } = parse([nested(9999), nested(10_000), nested(30_000), `{"a":${'{"a":'.repeat(9000)}}`]);
  assert.equal(messages[0]!.body, 'deep');
  assert.ok(messages.slice(1).every(({ attributes }) => attributes === undefined));
  assert.equal(messages.length, 4);
});

test('keeps NUL, lone surrogates and unusual white space without an error', () => {
  const line = 'error \0 \ud83d gate \udc00\u2028shut\ufeff';
  assert.deepEqual(
    parse([line]).messages.map(({ body, level }) => ({ body, level })),
    [{ body: line, level: 'error' }],
  );
});

const fragments = [
  ...['{', '}', '[', ']', '(', ')', '"', "'", '\\', '\\"', '\\u', '\\ud800', ':', ',', 'null', '1e5', '-', '{"', '"}'],
  ...['error', 'WARN', 'level=', '05:06:07', '0x1f', 'can', "'t", ' ', '  ', '\t', '\r', '\n', '\u0085', '\ufeff'],
  ...['Traceback ', 'Caused by: ', '\x1b[31m', '\x1b[', '\x1b', 'é', '漢字', '🚀', '\ud83d', '\udc00', '\0', 'İ', 'ſ'],
  ...['__proto__', 'constructor', '"msg":', '"level":', '"log":', '"a":{'],
];

test('no text makes it throw, and no message exceeds its limit, under both rules', () => {
  const random = seeded(5);
  for (let run = 0; run < 3000; run++) {
    const lines = Array.from({ length: 1 + below(random, 5) }, () =>
      Array.from({ length: below(random, 40) }, () => fragments[below(random, fragments.length)]).join(''),
    );
    for (const rules of ['coroot', 'extended'] as const)
      for (const { body } of parse(lines, rules).messages) assert.ok(Buffer.byteLength(body) <= 65_536);
    for (const line of lines) parseDockerLine(line);
  }
});

test('reads what JSON.parse reads, and rejects what it rejects', () => {
  const random = seeded(11);
  let accepted = 0;
  for (let run = 0; run < 4000; run++) {
    const inner = Array.from({ length: below(random, 6) }, () => fragments[below(random, fragments.length)]).join('');
    const line = `{"log":"${inner}"}`;
    let expected: string | undefined;
    try {
      const value: unknown = JSON.parse(line);
      const members = Object.entries(value as object);
      if (members.length === 1 && members[0]![0] === 'log') expected = String(members[0]![1]).toWellFormed();
      else continue;
      accepted++;
    } catch {}
    assert.equal(parseDockerLine(line)?.text, expected, line);
  }
  assert.ok(accepted > 500);
});
