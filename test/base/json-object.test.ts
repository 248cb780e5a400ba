// JSON objects in which a key is there twice, and what is not an object.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseJsonObject } from '../../src/base/json-object.ts';

test('parses an object, with and without a byte order mark', () => {
  assert.deepEqual(parseJsonObject('{"a": [1, {"a": 2}], "b": {"a": 3}}'), { a: [1, { a: 2 }], b: { a: 3 } });
  assert.deepEqual(parseJsonObject('\uFEFF{}'), {});
});

const repeated: [text: string, key: string, first: string, second: string][] = [
  ['{"listen": "a", "listen": "b"}', 'listen', 'line 1 column 2', 'line 1 column 17'],
  ['{\n  "a": 1,\n  "b": 2,\n  "a" : 1\n}', 'a', 'line 2 column 3', 'line 4 column 3'],
  ['{"listen": 1, "l\\u0069sten": 2}', 'listen', 'line 1 column 2', 'line 1 column 15'],
  ['{"__proto__": 1, "__proto__": 2}', '__proto__', 'line 1 column 2', 'line 1 column 18'],
  ['{"": 1, "": 2}', '', 'line 1 column 2', 'line 1 column 9'],
  ['{"a": {"b": 1, "c": [], "b": 2}}', 'b', 'line 1 column 8', 'line 1 column 25'],
  [
    '[{"b": 1}, {"b": 1, "b": 2}]'.replace(/^/, '{"a": ').replace(/$/, '}'),
    'b',
    'line 1 column 19',
    'line 1 column 27',
  ],
  ['{"a": "x\\"}, {", "a": "\\\\"}', 'a', 'line 1 column 2', 'line 1 column 18'],
  ['\uFEFF{"a": 1, "a": 2}', 'a', 'line 1 column 2', 'line 1 column 10'],
];
for (const [text, key, first, second] of repeated)
  test(`names a key that is there twice in ${JSON.stringify(text)}`, () =>
    assert.throws(() => parseJsonObject(text), {
      message: `${JSON.stringify(key)} is there twice, at ${first} and ${second}; remove one of them`,
    }));

test('accepts the same text as key and value, in an array and in two objects', () => {
  for (const text of ['{"a": "a"}', '{"a": ["a", "a"]}', '{"a": {"a": {"a": 1}}}', '{"a": [{"b": 1}, {"b": 1}]}'])
    assert.deepEqual(parseJsonObject(text), JSON.parse(text));
});

test('rejects other values and invalid JSON without quoting them', () => {
  for (const text of ['[]', 'null', '"secret"', '1'])
    assert.throws(() => parseJsonObject(text), { message: 'it is not a JSON object' });
  assert.throws(
    () => parseJsonObject('{"a": secret}'),
    (error: Error) => !error.message.includes('secret'),
  );
});

test('parses texts of 1 MiB: one string of escapes, and deep nesting', () => {
  const escapes = `{"a": "${'\\n'.repeat(524_000)}"}`;
  assert.equal((parseJsonObject(escapes).a as string).length, 524_000);
  const nested = `{"a": ${'['.repeat(5000)}${']'.repeat(5000)}}`;
  assert.ok(parseJsonObject(nested));
});
