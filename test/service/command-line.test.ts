// Windows command lines: the examples of Microsoft, and a command line of a service.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { splitCommandLine } from '../../src/service/command-line.ts';

// https://learn.microsoft.com/cpp/c-language/parsing-c-command-line-arguments#remarks
const vendor: [line: string, args: string[]][] = [
  ['"a b c" d e', ['a b c', 'd', 'e']],
  [String.raw`"ab\"c" "\\" d`, ['ab"c', '\\', 'd']],
  [String.raw`a\\\b d"e f"g h`, ['a\\\\\\b', 'de fg', 'h']],
  [String.raw`a\\\"b c d`, ['a\\"b', 'c', 'd']],
  [String.raw`a\\\\"b c" d e`, ['a\\\\b c', 'd', 'e']],
  ['a"b"" c d', ['ab" c d']],
];

for (const [line, args] of vendor) test(`splits ${line}`, () => assert.deepEqual(splitCommandLine(line), args));

test('splits the command line of a service with empty flags and tabs', () => {
  assert.deepEqual(
    splitCommandLine('"C:\\Program Files\\Coroot\\agent.exe" --collector-endpoint=  --api-key="a b"\t--x ""'),
    ['C:\\Program Files\\Coroot\\agent.exe', '--collector-endpoint=', '--api-key=a b', '--x', ''],
  );
  assert.deepEqual(splitCommandLine(' '), []);
});
