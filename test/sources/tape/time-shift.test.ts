// Every wall time of a tape moves with a shift, and nothing else does.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openTape } from '../../../src/sources/tape/read-tape.ts';
import { shiftHeader, shiftObservation } from '../../../src/sources/tape/time-shift.ts';
import { hosts } from '../../helpers/hosts/index.ts';
import { observationsOf } from '../../helpers/hosts/scenario.ts';
import { aHeader, processTable, TapeBuilder } from '../../helpers/observations.ts';

const SHIFT_MS = 25_000_000_123;
/** Numbers this near to the wall time of an observation are taken for wall times. */
const NEAR_MS = 500 * 86_400_000;

/** Compares two values deeply; numbers near `atMs` must have moved, all others must be equal. Returns their count. */
function compare(before: unknown, after: unknown, atMs: number, path: string): number {
  if (typeof before === 'number' && Math.abs(before - atMs) < NEAR_MS && !path.endsWith('Bytes')) {
    assert.equal(after, before + SHIFT_MS, path);
    return 1;
  }
  if (typeof before !== 'object' || before === null) {
    assert.equal(after, before, path);
    return 0;
  }
  assert.deepEqual(Object.keys(after as object), Object.keys(before), path);
  return Object.entries(before).reduce(
    (moved, [name, value]) => moved + compare(value, (after as Record<string, unknown>)[name], atMs, `${path}.${name}`),
    0,
  );
}

test('all wall times of the demo tape move, and no other value', async () => {
  await using tape = await openTape('docs/demo/shop.tape.gz');
  const movedByKind = new Map<string, number>();
  assert.equal(compare(tape.header, shiftHeader(tape.header, SHIFT_MS), tape.header.startedAtMs, 'header'), 2);
  for await (const observation of tape.observations) {
    const moved = compare(observation, shiftObservation(observation, SHIFT_MS), observation.tWall, observation.kind);
    movedByKind.set(observation.kind, Math.max(moved, movedByKind.get(observation.kind) ?? 0));
  }
  const withTimes = [...movedByKind].filter(([, moved]) => moved > 1).map(([kind]) => kind);
  assert.deepEqual(withTimes.sort(), [
    'dnsEvents',
    'eventRecords',
    'fileMessages',
    'gpus',
    'processEvents',
    'processes',
    'tcpEvents',
  ]);
});

for (const host of hosts)
  test(`all wall times of the host ${host.name} move, and no other value`, () => {
    for (const observation of observationsOf(host))
      compare(observation, shiftObservation(observation, SHIFT_MS), observation.tWall, observation.kind);
  });

test('an unknown time stays unknown, and observations keep their data unchanged', () => {
  const { observations } = new TapeBuilder()
    .add('processes', processTable([{ pid: 0, createdAtMs: 0 }]))
    .unavailable('disks', 'disks');
  const [processes, disks] = observations.map((each) => shiftObservation(each, SHIFT_MS));
  assert.deepEqual(processes?.kind === 'processes' && [...processes.data!.createdAtMs], [0]);
  assert.deepEqual(disks, { ...observations[1], tWall: observations[1]!.tWall + SHIFT_MS });
  const [original] = observations;
  assert.deepEqual(original?.kind === 'processes' && [...original.data!.createdAtMs], [0]);
  assert.equal(shiftHeader(aHeader(), 5).startedAtMs, aHeader().startedAtMs + 5);
});
