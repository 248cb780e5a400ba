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
