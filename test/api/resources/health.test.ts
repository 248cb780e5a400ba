// GET /health and GET /ready before and after the first pass.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { anApi } from '../../helpers/api.ts';

test('answers that it is alive before the first pass', async () => {
  const response = await anApi().app.inject('/health');
  assert.deepEqual([response.statusCode, response.json()], [200, { status: 'ok' }]);
});

test('is ready after the first pass, and before that answers 503 with the reason', async () => {
  const { app, model, passes } = anApi();
  const before = await app.inject('/ready');
  assert.deepEqual(
    [before.statusCode, before.json()],
    [503, { ready: false, reason: 'the first collection pass has not finished yet' }],
  );
  passes.run(model, 0);
  const after = await app.inject('/ready');
  assert.deepEqual([after.statusCode, after.json()], [200, { ready: true, reason: '' }]);
  const stuck = anApi({ hostStatus: () => ({ kind: 'windows', detail: {}, problem: 'a system call hangs' }) });
  assert.equal((await stuck.app.inject('/ready')).json().reason, 'a system call hangs');
});
