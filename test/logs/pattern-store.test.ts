// Patterns against a plain scan of all patterns, their limits, and the extended rules.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import test from 'node:test';
import type { CountedMessages } from '../../src/logs/counted-messages.ts';
import type { LogLevel } from '../../src/logs/log-record.ts';
import { type PatternLimits, PatternMemory } from '../../src/logs/pattern-memory.ts';
import { PatternStore } from '../../src/logs/pattern-store.ts';
import { type PatternRules, PatternWords } from '../../src/logs/pattern-words.ts';
import { below, seeded } from '../helpers/random.ts';

const LIMITS: PatternLimits = { rules: 'coroot', patternsPerLevel: 256, maxSampleBytes: 4096 };
const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
const UNCLASSIFIED = '0'.repeat(32);

function storeOf(limits: Partial<PatternLimits> = {}): PatternStore {
  return new PatternStore(new PatternMemory({ ...LIMITS, ...limits }));
}

const count = (store: PatternStore, body: string, level: LogLevel = 'error', atMs = 0): string =>
  store.count({ level, body, patternSource: body }, atMs);

function collected(store: PatternStore): CountedMessages[] {
  const all: CountedMessages[] = [];
  store.collect((counted) => all.push(counted));
  return all;
}

function patternOf(message: string, rules: PatternRules): string {
  const words = new PatternWords(rules);
  words.read(message);
  return words.pattern;
}

test('finds the equal pattern, else the oldest with one other word, as a plain scan does', () => {
  const random = seeded(9);
  const vocabulary = ['gate', 'pump', 'lamp', 'mast', 'loom'];
  for (let run = 0; run < 40; run++) {
    const store = storeOf({ patternsPerLevel: 60 });
    const patterns: string[][] = [];
    for (let i = 0; i < 300; i++) {
      const words = Array.from({ length: below(random, 7) }, () => vocabulary[below(random, vocabulary.length)]!);
      const differences = (other: string[]): number =>
        other.length === words.length ? words.filter((word, at) => word !== other[at]).length : 2;
      const found =
        patterns.find((other) => differences(other) === 0) ?? patterns.find((other) => differences(other) === 1);
      if (!found && patterns.length < 60) patterns.push(words);
      const expected = found ?? (patterns.includes(words) ? words : undefined);
      assert.equal(count(store, words.join(' ')), expected ? md5(expected.join(' ')) : UNCLASSIFIED);
    }
  }
});

test('collects counts and times since the last collection, and the sample once', () => {
  const store = storeOf();
  count(store, 'gate one shut', 'error', 5);
  count(store, 'gate two shut', 'error', 9);
  count(store, 'gate', 'info', 7);
  const hash = md5('gate one shut');
  assert.deepEqual(collected(store), [
    { level: 'info', hash: '', sample: '', count: 1, firstAtMs: 7, lastAtMs: 7 },
    { level: 'error', hash, sample: 'gate one shut', count: 2, firstAtMs: 5, lastAtMs: 9 },
  ]);
  assert.deepEqual(collected(store), []);
  count(store, 'gate one shut', 'error', 11);
  assert.deepEqual(collected(store), [
    { level: 'error', hash, sample: undefined, count: 1, firstAtMs: 11, lastAtMs: 11 },
  ]);
});

test('cuts a sample to the limit between two characters, also the one of unclassified messages', () => {
  const store = storeOf({ maxSampleBytes: 10, patternsPerLevel: 1 });
  count(store, 'gate 🚀🚀🚀');
  count(store, 'pump lamp mast');
  assert.deepEqual(
    collected(store).map(({ sample }) => sample),
    ['gate 🚀', 'unclassifi'],
  );
});

test('counts messages as unclassified beyond the common memory, until a store is removed', () => {
  const memory = new PatternMemory({ ...LIMITS, bytes: 2000 });
  const [first, second] = [new PatternStore(memory), new PatternStore(memory)];
  assert.equal(count(first, 'gate one shut'), md5('gate one shut'));
  assert.equal(count(first, 'lamp off'), md5('lamp off'));
  assert.equal(count(first, 'mast'), md5('mast'));
  assert.equal(count(second, 'loom jammed twice'), UNCLASSIFIED);
  assert.deepEqual(second.losses, { patternLimit: 0, memoryLimit: 1 });
  first.remove();
  assert.equal(memory.used, 0);
  assert.equal(count(second, 'loom jammed twice'), md5('loom jammed twice'));
});

test('needs no more memory for a pattern with a long word', () => {
  const memory = new PatternMemory({ ...LIMITS, maxSampleBytes: 0 });
  const store = new PatternStore(memory);
  count(store, `${'g'.repeat(60_000)} shut`);
  assert.ok(memory.used < 1000, `${memory.used} bytes`);
});

test('counts messages beyond the number of patterns as unclassified, by reason', () => {
  const store = storeOf({ patternsPerLevel: 1 });
  count(store, 'gate one shut');
  assert.equal(count(store, 'pump lamp mast'), UNCLASSIFIED);
  assert.deepEqual(store.losses, { patternLimit: 1, memoryLimit: 0 });
});

const defects: readonly (readonly [message: string, coroot: string, extended: string])[] = [
  ["can't open gate, it isn't there", 'cant there', "can't open gate it isn't there"],
  ["the users' gate is shut", 'the users', 'the gate is shut'],
  ['feed added to facade 7b1c', 'to', 'feed added to facade'],
  ['ошибка открытия ворот 7', '', 'ошибка открытия ворот'],
  ['\x1b[31mgate\x1b[0m is shut', '', 'gate is shut'],
];
for (const [message, coroot, extended] of defects)
  test(`keeps words under the extended rules that Coroot loses: ${JSON.stringify(message)}`, () => {
    assert.equal(patternOf(message, 'coroot'), coroot);
    assert.equal(patternOf(message, 'extended'), extended);
  });

test('drops quoted texts under the extended rules, too', () => {
  assert.equal(patternOf(`gate 'number seven' is "really" shut`, 'extended'), 'gate is shut');
});

test('does not merge patterns of one word under the extended rules', () => {
  const store = storeOf({ rules: 'extended' });
  assert.equal(count(store, 'timeout'), md5('timeout'));
  assert.equal(count(store, 'refused'), md5('refused'));
  assert.equal(count(store, 'refused twice'), md5('refused twice'));
  assert.equal(count(store, 'refused often'), md5('refused twice'));
});
