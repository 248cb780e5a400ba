// Options of the host model by the settings.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { modelOptions } from '../src/model-options.ts';
import { resolve } from './helpers/settings.ts';

test('parses events by the same settings as files, and no logs if that is turned off', () => {
  const flags = { 'log-records-per-second': '7', 'disable-json-log-parsing': 'true' };
  const { logs } = modelOptions(resolve(flags));
  assert.ok(logs && logs !== 'off');
  assert.deepEqual([logs.recordsPerSecond, logs.json], [7, false]);
  assert.equal(modelOptions(resolve({ 'disable-log-parsing': 'true' })).logs, 'off');
});
