// Outputs: each receives every pass, and one that throws does not affect the others.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Snapshot } from '../../src/collectors/samples.ts';
import type { Output } from '../../src/exporters/output.ts';
import { Outputs } from '../../src/exporters/outputs.ts';

const snapshot: Snapshot = { atMs: 1, nodeLabels: { machine_id: '', system_uuid: '' }, families: [], series: 0 };

/** An output that records its calls, with some of them replaced. */
function createOutput(name: string, calls: string[], replaced: Partial<Output> = {}): Output {
  return {
    name,
    start: () => void calls.push(`${name} start`),
    afterPass: ({ atMs }) => void calls.push(`${name} pass ${atMs}`),
    stop: async (timeoutMs) => {
      calls.push(`${name} stop ${timeoutMs}`);
      return true;
    },
    status: () => ({ detail: { calls: calls.length }, problem: '' }),
    ...replaced,
  };
}

function createOutputs(...outputs: Output[]) {
  const failures: [output: string, message: string, isNew: boolean][] = [];
  return {
    failures,
    outputs: new Outputs(outputs, (output, error, isNew) => failures.push([output, (error as Error).message, isNew])),
  };
}

test('calls every output in the order of the list', async () => {
  const calls: string[] = [];
  const { outputs } = createOutputs(createOutput('a', calls), createOutput('b', calls));
  outputs.start();
  outputs.afterPass(snapshot);
  assert.equal(await outputs.stop(500), true);
  assert.deepEqual(calls, ['a start', 'b start', 'a pass 1', 'b pass 1', 'a stop 500', 'b stop 500']);
});

test('counts and reports an output that throws, and calls the others', () => {
  const calls: string[] = [];
  let message = 'disk full';
  const failing = createOutput('bad', calls, {
    afterPass() {
      if (message) throw new Error(message);
    },
  });
  const { outputs, failures } = createOutputs(failing, createOutput('good', calls));
  outputs.afterPass(snapshot);
  outputs.afterPass(snapshot);
  message = 'no route';
  outputs.afterPass(snapshot);
  assert.deepEqual(calls, ['good pass 1', 'good pass 1', 'good pass 1']);
  assert.deepEqual(failures, [
    ['bad', 'disk full', true],
    ['bad', 'disk full', false],
    ['bad', 'no route', true],
  ]);
  const [bad, good] = outputs.reports();
  assert.deepEqual([bad!.name, bad!.failures, bad!.lastError], ['bad', 3, 'no route']);
  assert.deepEqual([good!.name, good!.failures, good!.lastError, good!.detail], ['good', 0, '', { calls: 3 }]);
  message = '';
  outputs.afterPass(snapshot);
  assert.deepEqual([outputs.reports()[0]!.failures, outputs.reports()[0]!.lastError], [3, '']);
});

test('starts the other outputs when one fails to start', () => {
  const calls: string[] = [];
  const failing = createOutput('bad', calls, {
    start() {
      throw new Error('no folder');
    },
  });
  const { outputs, failures } = createOutputs(failing, createOutput('good', calls));
  outputs.start();
  assert.deepEqual([calls, failures], [['good start'], [['bad', 'no folder', true]]]);
});

test('reports an incomplete stop if an output rejects or is late, and stops the others', async () => {
  for (const stop of [async () => false, () => Promise.reject(new Error('closed'))]) {
    const calls: string[] = [];
    const { outputs } = createOutputs(createOutput('bad', calls, { stop }), createOutput('good', calls));
    assert.equal(await outputs.stop(10), false);
    assert.deepEqual(calls, ['good stop 10']);
  }
});

test('reports a status that throws as the problem of its output', () => {
  const failing = createOutput('bad', [], {
    status() {
      throw new Error('no status');
    },
  });
  const [report] = createOutputs(failing).outputs.reports();
  assert.deepEqual([report!.problem, report!.detail], ['no status', {}]);
});
