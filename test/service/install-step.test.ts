// Install steps: only what differs is changed, and only the failure of a vital step stops the installation.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AgentError } from '../../src/base/errors.ts';
import { applyChanges, describeChange, type InstallStep, plannedChanges } from '../../src/service/install-step.ts';

const step = (
  what: string,
  current: string | undefined,
  wanted: string,
  overrides: Partial<InstallStep> = {},
): InstallStep & { made: string[] } => {
  const made: string[] = [];
  return { what, wanted, read: () => current, apply: () => void made.push(what), made, ...overrides };
};

test('plans no change for a step that already has the wanted value', () => {
  const changes = plannedChanges([step('a', 'x', 'x'), step('b', 'old', 'new'), step('c', undefined, 'new')]);
  assert.deepEqual(changes.map(describeChange), ['b: new (was: old)', 'c: new']);
});

test('plans a change for a value that cannot be read', () => {
  const unreadable = step('a', '', 'x', {
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

test('reports a failed optional step and applies the remaining ones', () => {
  const last = step('last', undefined, 'x');
  const reported: [string, string | undefined][] = [];
  const changes = plannedChanges([step('optional', undefined, 'x', failing(new Error('not known'))), last]);
  applyChanges(changes, ({ step: { what } }, failure) => reported.push([what, failure]));
  assert.deepEqual(reported, [
    ['optional', 'not known'],
    ['last', undefined],
  ]);
  assert.deepEqual(last.made, ['last']);
});

test('stops at a failed vital step and at missing rights', () => {
  const last = step('last', undefined, 'x');
  const vital = plannedChanges([step('service', undefined, 'x', { ...failing(new Error('bad')), vital: true }), last]);
  assert.throws(() => applyChanges(vital, () => {}), { code: 'SERVICE_FAILED', message: 'service failed: bad' });
  const denied = plannedChanges([
    step('any', undefined, 'x', failing(new AgentError('NOT_ELEVATED', { reason: 'no' }))),
    last,
  ]);
  assert.throws(() => applyChanges(denied, () => {}), { code: 'NOT_ELEVATED' });
  assert.deepEqual(last.made, []);
});
