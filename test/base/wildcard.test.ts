// Patterns of names: what they match, and that matching is fast.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { endpointMatcher, matcher, partMatcher } from '../../src/base/wildcard.ts';
import { seeded } from '../helpers/random.ts';

const matching = (patterns: readonly string[], texts: readonly string[]) => texts.filter(matcher(patterns));

test('wildcards match whole names without regard to case', () => {
  assert.deepEqual(
    matching(['stock-*', 'a.c', 'x?z'], ['stock-reader', 'STOCK-1', 'mystock-1', 'abc', 'a.c', 'xyz', 'xz', '']),
    ['stock-reader', 'STOCK-1', 'a.c', 'xyz'],
  );
  assert.deepEqual(matching(['*b*d'], ['abcd', 'bd', 'abdc', 'abcdbd']), ['abcd', 'bd', 'abcdbd']);
});

test('every text matches an empty list of patterns', () => {
  assert.deepEqual(matching([], ['', 'anything']), ['', 'anything']);
});

test('a set matches its characters and ranges, and an unclosed bracket matches itself', () => {
  assert.deepEqual(matching(['app_[1-3x]'], ['app_1', 'app_3', 'APP_X', 'app_4', 'app_']), ['app_1', 'app_3', 'APP_X']);
  assert.deepEqual(matching(['a[b', '[]*'], ['a[b', 'ab', '[]c']), ['a[b', '[]c']);
});

// Each expected value is the result of PowerShell's -like.
test('an escaped character matches itself, in a set as well', () => {
  const names = ['svc[1]', 'svc1', 'a*b', 'axb', 'a`b', 'a-c', 'b'];
  assert.deepEqual(matching(['svc`[1`]'], names), ['svc[1]']);
  assert.deepEqual(matching(['svc[1]'], names), ['svc1']);
  assert.deepEqual(matching(['svc[[]1]'], names), ['svc[1]']);
  assert.deepEqual(matching(['a`*b'], names), ['a*b']);
  assert.deepEqual(matching(['a``b'], names), ['a`b']);
  assert.deepEqual(matching(['a[`*`-]?'], names), ['a*b', 'a-c']);
  assert.deepEqual(matching(['[a`-c]'], ['a', 'b', 'c', '-']), ['a', 'c', '-']);
  assert.deepEqual(matching(['svc`[?]'], names), ['svc[1]']);
});

test('a set may contain a closing bracket as its first character, and ! and ^ do not negate', () => {
  assert.deepEqual(matching(['a[]]b'], ['a]b', 'ab']), ['a]b']);
  assert.deepEqual(matching(['[a`]b]'], ['a', ']', 'b', '`']), ['a', ']', 'b']);
  assert.deepEqual(matching(['[!a]', '[^a]'], ['a', '!', '^', 'b']), ['a', '!', '^']);
  assert.deepEqual(matching(['[a-c-e]'], ['a', 'b', 'd', '-', 'e']), ['a', 'b', '-', 'e']);
});

test('a last backtick matches itself', () => {
  assert.deepEqual(matching(['x`', '`'], ['x`', 'x', '`', '']), ['x`', '`']);
});

test('brackets of an IPv6 address match themselves in patterns of addresses', () => {
  const matchingAddresses = (patterns: readonly string[]) =>
    ['[::1]:443', '[fd00::5]:443', '1:443', ':443', '10.0.0.1:443'].filter(endpointMatcher(patterns));
  assert.deepEqual(matchingAddresses(['[::1]:443']), ['[::1]:443']);
  assert.deepEqual(matchingAddresses(['[FD00:*]:*']), ['[fd00::5]:443']);
  assert.deepEqual(matchingAddresses(['`[::1`]:443']), ['[::1]:443']);
  assert.deepEqual(matchingAddresses(['[12]*:443']), ['1:443', '10.0.0.1:443']);
});

test('special characters of regular expressions and astral characters match themselves', () => {
  assert.deepEqual(matching(['MSSQL$R', '(a|b)+'], ['mssql$r', 'a', '(a|b)+']), ['mssql$r', '(a|b)+']);
  assert.deepEqual(matching(['x?y'], ['x\u{1f600}y']), ['x\u{1f600}y']);
});

test('a pattern with many stars is fast on a long text that does not match', () => {
  const started = performance.now();
  assert.equal(matcher(['*a'.repeat(200)])(`${'a'.repeat(10_000)}b`), false);
  assert.ok(performance.now() - started < 2000);
});

test('finds a part of a text by a plain text, and by pieces in their order', () => {
  const found = (pattern: string, text: string) => partMatcher([pattern])(text);
  assert.ok(found('TimeOut', 'a timeout of 3 s'));
  assert.ok(found('time*3', 'a timeout of 3 s'));
  assert.ok(!found('3*time', 'a timeout of 3 s'));
  assert.ok(found('o?t', 'timeout'));
  assert.ok(!found('t?', 't'));
  assert.ok(found('[0-9] s', 'of 3 s'));
  assert.ok(found('`*', 'a*b') && !found('`*', 'ab'));
  assert.ok(found('*', ''));
  assert.ok(found('a*\nb?', 'x a\ny\nb\u{1f600}'));
  assert.ok(found('[\u{1f600}-\u{1f602}]', '\u{1f601}') && !found('[\u{1f600}-\u{1f602}]', '\u{1f603}'));
  assert.ok(found('(.+)[', '(.+)['));
  assert.ok(!found('[z-a]', 'm'));
  assert.ok(partMatcher(['no', 'yes'])('oh yes'));
  assert.ok(!partMatcher([])('text'));
});

test('finds the same parts as a pattern between two asterisks', () => {
  const random = seeded(20_261_128);
  const pick = (letters: string, length: number) =>
    Array.from({ length }, () => letters[Math.floor(random() * letters.length)]).join('');
  for (let i = 0; i < 20_000; i++) {
    // A last backtick would escape the asterisk that follows it.
    const pattern = pick('ab*?[]-`.', Math.floor(random() * 6)).replace(/`+$/, '');
    const text = pick('abAB-[]`.', Math.floor(random() * 8));
    assert.equal(partMatcher([pattern])(text), matcher([`*${pattern}*`])(text), JSON.stringify([pattern, text]));
  }
});
