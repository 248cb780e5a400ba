// The order of the phases of a tick, and which of them run while it is unknown which containers exist.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eachPhase, phases } from '../../../src/model/parts/phases.ts';

const run = (containersKnown: () => boolean): string[] => {
  const ran: string[] = [];
  eachPhase(containersKnown, (phase) => ran.push(phase));
  return ran;
};

test('runs all phases in the order of the table once services are known', () => {
  assert.deepEqual(
    run(() => true),
    phases.map(({ name }) => name),
  );
});

test('only discovers, counts exits and expires while no list of services was read', () => {
  assert.deepEqual(
    run(() => false),
    ['discover', 'countExits', 'countLateExits', 'expire'],
  );
});

test('runs the other phases in the same tick if discovery finds services', () => {
  let known = false;
  const ran: string[] = [];
  eachPhase(
    () => known,
    (phase) => {
      ran.push(phase);
      if (phase === 'discover') known = true;
    },
  );
  assert.equal(ran.length, phases.length);
});

test('gives a reason for the place of each phase', () => {
  for (const { name, reason } of phases) assert.match(reason, /^[A-Z].{20,}\.$/, name);
});
