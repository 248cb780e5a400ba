// Installing as a comparison: only what differs is changed, and a failure stops only where nothing works without.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AgentError } from '../../src/base/errors.ts';
import { applyChanges, describeChange, type InstallStep, plannedChanges } from '../../src/service/install-step.ts';

const part = (
  what: string,
  there: string | undefined,
  wanted: string,
  more: Partial<InstallStep> = {},
): InstallStep & { made: string[] } => {
  const made: string[] = [];
  return { what, wanted, read: () => there, apply: () => void made.push(what), made, ...more };
};

test('what is as it should be is no change', () => {
  const changes = plannedChanges([part('a', 'x', 'x'), part('b', 'old', 'new'), part('c', undefined, 'new')]);
  assert.deepEqual(changes.map(describeChange), ['b: new (was: old)', 'c: new']);
});

test('what cannot be read is set again', () => {
  const unreadable = part('a', '', 'x', {
    read: () => {
      throw new Error('no answer');
    },
  });
  assert.deepEqual(plannedChanges([unreadable]).map(describeChange), ['a: x (was: cannot be read: no answer)']);
});

const failing = (error: Error) => ({
  apply: () => {
    throw error;
  },
});

test('a part that fails is told, and the rest goes on', () => {
  const last = part('last', undefined, 'x');
  const reported: [string, string | undefined][] = [];
  const changes = plannedChanges([part('optional', undefined, 'x', failing(new Error('not known'))), last]);
  applyChanges(changes, ({ step: { what } }, failure) => reported.push([what, failure]));
  assert.deepEqual(reported, [
    ['optional', 'not known'],
    ['last', undefined],
  ]);
  assert.deepEqual(last.made, ['last']);
});

test('a vital part that fails ends it, and so do missing rights', () => {
  const last = part('last', undefined, 'x');
  const vital = plannedChanges([part('service', undefined, 'x', { ...failing(new Error('bad')), vital: true }), last]);
  assert.throws(() => applyChanges(vital, () => {}), { code: 'SERVICE_FAILED', message: 'service failed: bad' });
  const denied = plannedChanges([
    part('any', undefined, 'x', failing(new AgentError('NOT_ELEVATED', { reason: 'no' }))),
    last,
  ]);
  assert.throws(() => applyChanges(denied, () => {}), { code: 'NOT_ELEVATED' });
  assert.deepEqual(last.made, []);
});
