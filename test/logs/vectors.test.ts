// Cases of our own in the format of the reference vectors; hashes follow from the stated patterns.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { runVector, type Vector, type VectorMessage } from '../helpers/log-vectors.ts';

/** A message of a case, which states its hash by a pattern. */
interface StatedMessage extends Omit<VectorMessage, 'hash'> {
  /** Content, joined of repeated texts. */
  readonly rep?: readonly (readonly [string, number])[];
  readonly pattern: string;
  /** The pattern that the message is counted under; absent for its own one. */
  readonly like?: string;
  readonly unclassified?: boolean;
}

interface StatedVector extends Omit<Vector, 'messages' | 'counters'> {
  readonly rules?: string;
  readonly messages: readonly StatedMessage[];
}

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

function hashOf({ level, pattern, like, unclassified }: StatedMessage): string {
  if (!['warning', 'error', 'critical'].includes(level)) return '';
  return unclassified ? '0'.repeat(32) : md5(like ?? pattern);
}

function expectedMessage(stated: StatedMessage): object {
  const { level, content, rep, pattern, attributes, t, at } = stated;
  const long = rep?.map(([text, times]) => text.repeat(times)).join('');
  return {
    ...(t !== undefined && { t, at }),
    level,
    hash: hashOf(stated),
    ...(long === undefined ? { content } : { content_bytes: Buffer.byteLength(long), content_sha256: sha256(long) }),
    pattern,
    ...(attributes && { attributes }),
  };
}

const vectors = readFileSync(new URL('vectors.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line): StatedVector => JSON.parse(line));

for (const { rules, messages, ...vector } of vectors)
  test(vector.name, () => {
    const result = runVector({ ...vector, messages: [], counters: [] }, new Set(rules ? [rules] : []));
    assert.deepEqual(
      result.messages.map(({ sample: _, ...message }) => message),
      messages.map(expectedMessage),
    );
    const counts = Map.groupBy(messages, (message) => `${message.level} ${hashOf(message)}`);
    assert.deepEqual(
      new Map(result.counters.map(({ level, hash, count }) => [`${level} ${hash}`, count])),
      new Map([...counts].map(([key, each]) => [key, each.length])),
    );
  });
