// Jobs from bytes: limits and their flags, CPU rates, process lists and directories of the object namespace.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BoundsError, ForeignBuffer } from '../../../src/native/buffer.ts';
import { parseCpuRate, parseJobLimits, parseProcessIds } from '../../../src/sources/poll/jobs.ts';
import { parseDirectory } from '../../../src/sources/poll/object-directory.ts';
import { BASE, type Memory } from '../../helpers/foreign-memory.ts';
import { mutate } from '../../helpers/fuzz.ts';
import { cpuRate, jobLimits, LIMIT, objectDirectory, processIds, RATE } from '../../helpers/job-memory.ts';

const view = ({ bytes }: Memory) => new ForeignBuffer(bytes, BASE);
const GIB = 2 ** 30;

test('a memory limit is valid only with its flag', () => {
  assert.deepEqual(parseJobLimits(view(jobLimits(0, 5 * GIB, 6 * GIB))), {});
  assert.deepEqual(parseJobLimits(view(jobLimits(LIMIT.killOnClose, 5 * GIB, 6 * GIB))), {});
  assert.deepEqual(parseJobLimits(view(jobLimits(LIMIT.job, 5 * GIB, 6 * GIB))), { memoryLimitBytes: 6 * GIB });
  assert.deepEqual(parseJobLimits(view(jobLimits(LIMIT.process, 5 * GIB, 6 * GIB))), {
    processMemoryLimitBytes: 5 * GIB,
  });
  assert.deepEqual(parseJobLimits(view(jobLimits(LIMIT.job | LIMIT.process | LIMIT.killOnClose, 5 * GIB, 6 * GIB))), {
    memoryLimitBytes: 6 * GIB,
    processMemoryLimitBytes: 5 * GIB,
  });
  assert.deepEqual(parseJobLimits(view(jobLimits(LIMIT.job, 0, 0))), {});
});

test('a CPU rate is a limit when it is enabled and hard; weights and soft rates are not', () => {
  const rate = (flags: number, value: number) => parseCpuRate(view(cpuRate(flags, value)));
  assert.equal(rate(RATE.enable | RATE.hardCap, 2500), 0.25);
  assert.equal(rate(RATE.enable | RATE.hardCap | RATE.notify, 10_000), 1);
  // MinRate in the low WORD, MaxRate in the high one.
  assert.equal(rate(RATE.enable | RATE.minMax, (4000 << 16) | 1000), 0.4);
  assert.equal(rate(RATE.hardCap, 2500), undefined);
  assert.equal(rate(RATE.enable | RATE.weight, 5), undefined);
  assert.equal(rate(RATE.enable, 2500), undefined);
  assert.equal(rate(RATE.enable | RATE.hardCap, 0), undefined);
  assert.equal(rate(RATE.enable | RATE.hardCap, 10_001), undefined);
});

test('reads as many processes as are listed, whatever the number of assigned ones', () => {
  assert.deepEqual(parseProcessIds(view(processIds([4, 0xffff_fffc, 1234], 9))), [4, 0xffff_fffc, 1234]);
  assert.deepEqual(parseProcessIds(view(processIds([]))), []);
  const lying = processIds([1, 2]);
  lying.u32(4, 3);
  assert.throws(() => parseProcessIds(view(lying)), BoundsError);
});

test('reads names and types of a directory up to the entry of zeros', () => {
  const objects = [
    { name: 'Container_0123', type: 'Job' },
    { name: 'Übung', type: 'Event' },
    { name: 'x', type: 'Directory' },
  ];
  assert.deepEqual(parseDirectory(view(objectDirectory(objects))), objects);
  assert.deepEqual(parseDirectory(view(objectDirectory([]))), []);
});

test('damaged directories and lists give a result or a BoundsError', { timeout: 60_000 }, () => {
  mutate(
    parseDirectory,
    objectDirectory([
      { name: 'a', type: 'Job' },
      { name: 'bc', type: 'Event' },
    ]).bytes,
    5000,
    11,
  );
  mutate(parseProcessIds, processIds([1, 2, 3]).bytes, 5000, 12);
});
