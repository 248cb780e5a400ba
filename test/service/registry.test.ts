// Values in the encoding of the registry.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeValue } from '../../src/service/registry.ts';

test('encodes texts with a final NUL, lists with two, and numbers as little-endian', () => {
  // https://learn.microsoft.com/windows/win32/sysinfo/registry-value-types
  const text = (value: Buffer) => value.toString('utf16le');
  assert.equal(text(encodeValue({ kind: 'text', value: 'ä' })), 'ä\0');
  assert.equal(text(encodeValue({ kind: 'expandable', value: '%A%' })), '%A%\0');
  assert.equal(text(encodeValue({ kind: 'list', value: ['NODE_OPTIONS=', 'B=5'] })), 'NODE_OPTIONS=\0B=5\0\0');
  assert.equal(encodeValue({ kind: 'number', value: 7 }).toString('hex'), '07000000');
});
