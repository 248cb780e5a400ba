// Settings of log collection.
import assert from 'node:assert/strict';
import test from 'node:test';
import { logSettings } from '../../src/settings/logs.ts';

test('accepts only the two names of rules for logs', () => {
  const { parse } = logSettings.logParsingRules;
  assert.deepEqual(['coroot', 'extended', '', 'Coroot', 'extended '].map(parse), [
    'coroot',
    'extended',
    undefined,
    undefined,
    undefined,
  ]);
});

test('the locale of events is a locale identifier', () => {
  const { parse } = logSettings.eventLogLocale;
  assert.deepEqual(['1033', '0', '1031', '1048575'].map(parse), [1033, 0, 1031, 1_048_575]);
  for (const value of ['', 'en-US', '-1', '0x409', '1048576', '1.5']) assert.equal(parse(value), undefined, value);
});
