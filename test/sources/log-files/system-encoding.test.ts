// Code pages of Windows as encodings.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodingOfCodePage } from '../../../src/sources/log-files/system-encoding.ts';

test('every code page has an encoding that TextDecoder knows', () => {
  const codePages = [874, 932, 936, 949, 950, 1250, 1251, 1252, 1253, 1254, 1255, 1256, 1257, 1258, 65001, 437, 0];
  const found = codePages.map((codePage) => new TextDecoder(encodingOfCodePage(codePage)).encoding);
  assert.deepEqual(found.slice(0, 7), [
    'windows-874',
    'shift_jis',
    'gbk',
    'euc-kr',
    'big5',
    'windows-1250',
    'windows-1251',
  ]);
  assert.deepEqual(found.slice(-3), ['utf-8', 'windows-1252', 'windows-1252']);
});
