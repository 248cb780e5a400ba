// The owner of the process that had a pid at a time.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Clock } from '../../../src/model/clock.ts';
import { type OwnedBy, Owner, type Ownership, SHARED } from '../../../src/model/owner/owner.ts';
import { ProcessIndex } from '../../../src/model/processes/process-index.ts';
import { ProcessInstances } from '../../../src/model/processes/process-instances.ts';
import { type ProcessRow, processTable } from '../../helpers/observations.ts';

const [web, api] = [new Owner('container'), new Owner('container')];
const NO_OWNER: OwnedBy = { kind: 'owners', owners: [] };

/** Applies a list of processes `[pid, createdAtMs]`; `owned` has the owners by pid. */
function list(
  instances: ProcessInstances,
  atMs: number,
  processes: readonly (readonly [pid: number, createdAtMs: number])[],
  owned: Readonly<Record<number, Ownership>>,
): void {
  const rows = processes.map(([pid, createdAtMs]): ProcessRow => ({ pid, createdAtMs }));
  instances.applyList(
    new ProcessIndex(processTable(rows)),
    { readAtMs: atMs, readAtMonoMs: atMs },
    new Map(),
    (pid) => owned[pid] ?? NO_OWNER,
  );
}

const started = (pid: number, atMs: number, parentPid: number) => {
  return { type: 'started' as const, pid, atMs, createdAtMs: atMs, parentPid, imageName: 'a.exe' };
};

test('returns the owner at a time if a pid was reused, and unknown for an unlisted pid', () => {
  const instances = new ProcessInstances(new Clock());
  list(instances, 1000, [[10, 100]], { 10: web.alone });
  list(instances, 2000, [], {});
  list(instances, 4000, [[10, 3000]], { 10: api.alone });
  assert.deepEqual([instances.ownerAt(10, 1500), instances.ownerAt(10, 3500)], [web.alone, api.alone]);
  assert.equal(instances.latestOwner(10), api.alone);
  assert.deepEqual([instances.ownerAt(77, 0).kind, instances.latestOwner(77).kind], ['unknown', 'unknown']);
});

test('returns the owner of the parent for an unlisted child, or unknown without one', () => {
  const instances = new ProcessInstances(new Clock());
  list(
    instances,
    1000,
    [
      [10, 100],
      [20, 100],
      [40, 100],
    ],
    { 10: web.alone, 20: SHARED },
  );
  instances.applyEvents([started(11, 1100, 10), started(21, 1100, 20), started(41, 1100, 40)]);
  assert.equal(instances.ownerAt(11, 1200), web.alone);
  const kinds = [20, 21, 40, 41].map((pid) => instances.ownerAt(pid, 1200).kind);
  assert.deepEqual(kinds, ['shared', 'shared', 'owners', 'unknown']);
});

test('returns the same object for each event, so that attribution allocates nothing', () => {
  const instances = new ProcessInstances(new Clock());
  list(instances, 1000, [[10, 100]], { 10: web.alone });
  assert.equal(instances.ownerAt(10, 1500), instances.ownerAt(10, 1600));
});
