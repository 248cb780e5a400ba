// The settings of followed log files.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseEncoding, parseLogFiles } from '../../src/settings/log-files.ts';

test('reads services and the node with their paths', () => {
  assert.deepEqual(parseLogFiles(' W3SVC = C:\\inetpub\\logs\\*\\u_ex*.log ; Node=\\\\srv\\share\\a=b.log;'), [
    { service: 'W3SVC', pattern: 'C:\\inetpub\\logs\\*\\u_ex*.log' },
    { service: undefined, pattern: '\\\\srv\\share\\a=b.log' },
  ]);
});

test('an empty text selects no files', () => {
  assert.deepEqual(parseLogFiles(''), []);
  assert.deepEqual(parseLogFiles('  '), []);
});

const wrong = [
  'C:\\a.log',
  '=C:\\a.log',
  'web=',
  'web=a.log',
  'web=C:a.log',
  'web=C:\\logs\\',
  'web=C:\\a|b.log',
  'we/b=C:\\a.log',
  'web=C:\\a.log;;db=C:\\b.log',
  'web=C:\\a.log;db=C:\\A.LOG',
];
for (const text of wrong) {
  test(`refuses ${text}`, () => {
    assert.equal(parseLogFiles(text), undefined);
  });
}

test('knows the encodings of TextDecoder and the code page of the system', () => {
  assert.equal(parseEncoding('System'), 'system');
  assert.equal(parseEncoding('windows-1252'), 'windows-1252');
  assert.equal(parseEncoding('GBK'), 'gbk');
  assert.equal(parseEncoding('cp437'), undefined);
});
