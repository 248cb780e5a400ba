// GET /metrics: the answer, its pieces, and a piece that cannot be rendered.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { anApi } from '../../helpers/api.ts';
import { parseExposition } from '../../helpers/exposition.ts';
import { shopHost } from '../../helpers/shop-host.ts';

test('answers 503 before the first pass, then the exposition of the last pass', async () => {
  const { app, model, passes } = anApi({ model: shopHost() });
  const before = await app.inject('/metrics');
  assert.deepEqual([before.statusCode, before.json().error.code], [503, 'NOT_READY']);
  passes.run(model, 0);
  const after = await app.inject('/metrics');
  assert.deepEqual(
    [after.statusCode, after.headers['content-type']],
    [200, 'text/plain; version=0.0.4; charset=utf-8'],
  );
  const names = parseExposition(after.body).map(({ name }) => name);
  assert.ok(names.includes('container_info') && names.includes('node_info'));
});

test('lets the event loop run other work between two pieces', async () => {
  let turned = true;
  function* pieces() {
    for (let i = 0; i < 20; i++) {
      assert.ok(turned, `piece ${i}`);
      turned = false;
      setImmediate(() => {
        turned = true;
      });
      yield `# ${i}\n`;
    }
  }
  const { body } = await anApi({ exposition: () => ({ type: 'text/plain', pieces: pieces() }) }).app.inject('/metrics');
  assert.equal(body, Array.from({ length: 20 }, (_, i) => `# ${i}\n`).join(''));
});

test('answers 500 when a piece cannot be rendered, and renders again for the next reader', async () => {
  let faulty = true;
  function* pieces() {
    yield '# 1\n';
    if (faulty) throw new Error('no more');
  }
  const { app, internalErrors } = anApi({ exposition: () => ({ type: 'text/plain', pieces: pieces() }) });
  const failed = await app.inject('/metrics');
  assert.deepEqual([failed.statusCode, failed.json().error.code], [500, 'INTERNAL']);
  assert.deepEqual(internalErrors.map(String), ['Error: no more']);
  faulty = false;
  assert.equal((await app.inject('/metrics')).body, '# 1\n');
});

test('answers HEAD without a body', async () => {
  const { statusCode, body } = await anApi({
    exposition: () => ({ type: 'text/plain', pieces: ['a 1\n'] }),
  }).app.inject({
    method: 'HEAD',
    url: '/metrics',
  });
  assert.deepEqual([statusCode, body], [200, '']);
});
