// Limits of containers by the jobs that their root processes are in.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HostModel } from '../../../src/model/host-model.ts';
import type { JobRecord } from '../../../src/sources/host.ts';
import { aModel, containerOf, HOUR_MS, round, wall, web } from '../../helpers/model.ts';
import { observation, type ProcessRow } from '../../helpers/observations.ts';

const GIB = 2 ** 30;
const root: ProcessRow = { pid: 100, createdAtMs: wall(-HOUR_MS) };
const child: ProcessRow = { pid: 101, parentPid: 100, createdAtMs: wall(-10) };
const job = (values: Partial<JobRecord>): JobRecord => ({ name: '\\j', pids: [100], ...values });

function tick(
  model: HostModel,
  atMs: number,
  jobs: readonly JobRecord[] | undefined,
  processes: readonly ProcessRow[] = [root],
): void {
  if (jobs) model.observe(observation('jobs', jobs, { atMs }));
  round(model, atMs, { services: [web({ pid: processes[0]?.pid ?? 0 })], processes });
}

function limitsOf(jobs: readonly JobRecord[], processes: readonly ProcessRow[] = [root]) {
  const model = aModel();
  model.observe(observation('cpu', { logicalProcessors: 16, userMs: 0, systemMs: 0, idleMs: 0 }));
  tick(model, 0, jobs, processes);
  const { memoryBytes, cpuCores, hasUnnamedJob } = containerOf(model).limits;
  return { memoryBytes, cpuCores, hasUnnamedJob };
}

const none = { memoryBytes: undefined, cpuCores: undefined, hasUnnamedJob: false };

test('limits memory and processors by the job of the root process', () => {
  assert.deepEqual(limitsOf([job({ memoryLimitBytes: GIB, cpuShare: 0.25 })]), {
    memoryBytes: GIB,
    cpuCores: 4,
    hasUnnamedJob: false,
  });
  assert.deepEqual(limitsOf([job({})]), none);
  assert.deepEqual(limitsOf([job({ pids: [999], memoryLimitBytes: GIB })]), none);
  assert.deepEqual(limitsOf([job({ pids: [101], memoryLimitBytes: GIB })], [root, child]), none);
});

test('takes the lowest memory limit of nested jobs, and multiplies their processor shares', () => {
  const jobs = [
    job({ memoryLimitBytes: 2 * GIB, cpuShare: 0.5 }),
    job({ memoryLimitBytes: GIB }),
    job({ cpuShare: 0.5 }),
  ];
  assert.deepEqual(limitsOf(jobs), { memoryBytes: GIB, cpuCores: 4, hasUnnamedJob: false });
});

test('applies a limit per process to a container with one process only', () => {
  assert.equal(limitsOf([job({ processMemoryLimitBytes: GIB })]).memoryBytes, GIB);
  assert.equal(limitsOf([job({ processMemoryLimitBytes: GIB, memoryLimitBytes: 3 * GIB })]).memoryBytes, GIB);
  assert.equal(
    limitsOf([job({ pids: [100, 101], processMemoryLimitBytes: GIB })], [root, child]).memoryBytes,
    undefined,
  );
});

test('reports an unnamed job', () => {
  assert.deepEqual(limitsOf([], [{ ...root, jobId: 7 }]), { ...none, hasUnnamedJob: true });
  assert.deepEqual(limitsOf([], [{ ...root, jobId: 0 }]), none);
  assert.deepEqual(limitsOf([job({ memoryLimitBytes: GIB })], [{ ...root, jobId: 7 }]), { ...none, memoryBytes: GIB });
});

test('reports no limit in cores while the number of processors is unknown', () => {
  const model = aModel();
  tick(model, 0, [job({ cpuShare: 0.5 })]);
  assert.equal(containerOf(model).limits.cpuCores, undefined);
});

test('keeps limits for a root that is newer than the last reading of jobs; none while stopped', () => {
  const model = aModel();
  tick(model, 0, [job({ memoryLimitBytes: GIB })]);
  const young = { pid: 200, createdAtMs: wall(14_000) };
  tick(model, 15_000, undefined, [young]);
  assert.equal(containerOf(model).limits.memoryBytes, GIB);
  tick(model, 30_000, [job({ pids: [200], memoryLimitBytes: 2 * GIB })], [young]);
  assert.equal(containerOf(model).limits.memoryBytes, 2 * GIB);
  tick(model, 45_000, [job({ pids: [] })], [young]);
  assert.equal(containerOf(model).limits.memoryBytes, undefined);
  tick(model, 60_000, [job({ pids: [200], memoryLimitBytes: GIB })], [young]);
  round(model, 75_000, { services: [web({ state: 1, pid: 0 })], processes: [] });
  assert.equal(containerOf(model).limits.memoryBytes, undefined);
});
