// Addresses in the answers of the resolver; etw.md section 4 has the grammar.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseAnswer } from '../../../src/model/dns/answers.ts';

test('returns each address once, mapped or not, and no other records', () => {
  assert.deepEqual(parseAnswer('::ffff:203.0.113.7;type:  5 a.example.net;203.0.113.7; 2001:DB8::1 ;;junk'), {
    ips: ['203.0.113.7', '2001:db8::1'],
    sharedName: true,
  });
  for (const [results, sharedName] of [
    ['203.0.113.7;203.0.113.8', true],
    ['203.0.113.7', false],
    ['203.0.113.7;10.0.0.8', false],
    ['203.0.113.7;100.64.0.1', false],
    ['2001:db8::1;fd00::1', false],
  ] as const) {
    assert.equal(parseAnswer(results).sharedName, sharedName, results);
  }
  assert.deepEqual(parseAnswer(undefined), { ips: [], sharedName: false });
});

test('accepts alias chains, white space and empty parts, and ignores invalid addresses', () => {
  const chain = 'type:  5 www.example.com.edge.example.net;type:  5 e1.example.net;::ffff:10.0.0.1;::ffff:10.0.0.2;';
  assert.deepEqual(parseAnswer(chain), { ips: ['10.0.0.1', '10.0.0.2'], sharedName: false });
  for (const none of [
    '',
    ';',
    ' ; ; ',
    '-',
    'type: 15 mail.example.com',
    'type:  1 203.0.113.7',
    'fe80::1%5',
    '1.2.3.4:53',
    '1.2.3.4.5',
  ]) {
    assert.deepEqual(parseAnswer(none), { ips: [], sharedName: false }, none);
  }
  assert.deepEqual(parseAnswer(' 2001:DB8:0:0:0:0:0:1 ').ips, ['2001:db8::1']);
});

test('returns a repeated address once, and no shared name for one address', () => {
  assert.deepEqual(parseAnswer('203.0.113.7;::ffff:203.0.113.7;203.0.113.7'), {
    ips: ['203.0.113.7'],
    sharedName: false,
  });
});

test('returns 256 addresses at most', () => {
  const many = Array.from({ length: 300 }, (_, i) => `203.0.${i >> 8}.${i & 255}`);
  const { ips, sharedName } = parseAnswer(many.join(';'));
  assert.deepEqual([ips, sharedName], [many.slice(0, 256), true]);
  // The private address comes after the limit.
  assert.equal(parseAnswer([...many, '10.0.0.1'].join(';')).sharedName, true);
  assert.equal(parseAnswer(['10.0.0.1', ...many].join(';')).sharedName, false);
});

test('keeps a last address without a separator, except in a text that Windows may have cut', () => {
  const upTo = (length: number, last: string): string => `${'x'.repeat(length - last.length - 1)};${last}`;
  assert.deepEqual(parseAnswer('::ffff:10.0.0.9;10.0.0.8').ips, ['10.0.0.9', '10.0.0.8']);
  assert.deepEqual(parseAnswer(upTo(1022, '10.0.0.1')).ips, ['10.0.0.1']);
  for (const length of [1023, 1024, 1025, 65_537]) {
    assert.deepEqual(parseAnswer(upTo(length, '10.0.0.1')).ips, [], `${length} characters`);
    assert.deepEqual(parseAnswer(upTo(length, '10.0.0.12;')).ips, ['10.0.0.12'], `${length} characters`);
  }
  assert.deepEqual(parseAnswer('1'.repeat(1024)).ips, []);
});
