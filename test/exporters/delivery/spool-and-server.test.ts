// A destination with the real spool and a server on loopback: a rotated key, cut connections, and a restart.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Destination } from '../../../src/exporters/delivery/destination.ts';
import { Spool } from '../../../src/exporters/spool/spool.ts';
import { jsonFormat, payloadOf } from '../../helpers/delivery.ts';
import { createTransport, openReceiver } from '../../helpers/receiver.ts';

test('loses nothing while the key is rotated, connections are cut and the agent restarts', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'delivery-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const accepted: number[] = [];
  let mode: 'key' | 'cut' | 'accept' = 'key';
  await using server = await openReceiver((response, { body }) => {
    if (mode === 'cut') return void response.destroy();
    if (mode === 'key') return void response.writeHead(404).end('unknown API key');
    accepted.push(...(JSON.parse(body) as number[]));
    response.writeHead(204).end();
  });
  const log: string[] = [];
  const open = (): { spool: Spool; destination: Destination } => {
    const spool = new Spool({ folder, maxBytes: 1_000_000 });
    const { transport } = createTransport({ apiKey: 'canary-key' });
    const destination = new Destination({
      name: 'metrics',
      url: new URL(`http://user:canary@127.0.0.1:${server.port}/v1/metrics?token=canary`),
      queue: spool.queue('metrics'),
      format: jsonFormat(),
      transport,
      log: { warn: (text) => log.push(text), info: (text) => log.push(text) },
    });
    destination.start();
    return { spool, destination };
  };
  const first = open();
  for (let sample = 1; sample <= 50; sample++) await first.destination.add(payloadOf([sample]));
  assert.equal((await first.destination.flush()).outcome?.status, 404);
  assert.match(first.destination.status().problem, /answered 404.*api-key/);
  mode = 'cut';
  assert.equal((await first.destination.flush()).outcome?.kind, 'retryable');
  assert.equal(await first.destination.stop(5000), true);
  await first.spool.close();
  const second = open();
  for (let sample = 51; sample <= 100; sample++) await second.destination.add(payloadOf([sample]));
  mode = 'accept';
  assert.equal((await second.destination.flush()).delivered, true);
  assert.deepEqual(
    accepted,
    Array.from({ length: 100 }, (_, at) => at + 1),
  );
  const { totals, queuedPayloads, problem } = second.destination.status();
  assert.deepEqual([totals.delivered.payloads, queuedPayloads, problem], [100, 0, '']);
  assert.equal(await second.destination.stop(5000), true);
  await second.spool.close();
  assert.doesNotMatch(JSON.stringify([log, first.destination.status(), second.destination.status()]), /canary/);
  assert.ok(log.length > 0);
});
