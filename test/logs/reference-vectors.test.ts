// The reference vectors, recorded from Coroot's parser; they are not part of this repository.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import test from 'node:test';
import { runVector, type Vector, type VectorResult } from '../helpers/log-vectors.ts';

const file = '../shared/reference/log-vectors.jsonl';
if (existsSync(file)) {
  const vectors = readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line): Vector => JSON.parse(line));
  // A counter merged under an older pattern is marked; the sample shows it as well.
  const expected = ({ messages, counters }: VectorResult) => ({
    messages: messages.map((message) =>
      Object.fromEntries(Object.entries(message).filter(([key]) => key !== 'merged')),
    ),
    counters: counters.map((counter) => ({ ...counter })),
  });

  for (const vector of vectors) {
    test(`groups, levels and counts as Coroot does: ${vector.name}`, () => {
      assert.deepEqual(runVector(vector, new Set()), expected(vector));
      for (const [rules, result] of Object.entries(vector.variants ?? {}))
        assert.deepEqual(runVector(vector, new Set(rules.split('+'))), expected(result), rules);
    });
  }
}
