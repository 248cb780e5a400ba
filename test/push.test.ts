// One pass sent by `push`, to a double of Coroot's collector.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import pino from 'pino';
import { pushOnce } from '../src/push.ts';
import { CorootCollector } from './helpers/coroot-collector.ts';
import { resolve } from './helpers/settings.ts';

const logger = pino({ level: 'silent' });
const tape = { host: 'tape:docs/demo/shop.tape.gz', speed: 'max', 'no-proxy': '127.0.0.1' };
const options = { dryRun: false, signal: new AbortController().signal };

test('push sends one pass and a request without records, and says what each endpoint answered', async () => {
  await using collector = await CorootCollector.open({ keys: ['k'] });
  const config = resolve({ ...tape, 'collector-endpoint': collector.url.href, 'api-key': 'k' });
  const { results } = await pushOnce(config, logger, options);
  assert.deepEqual(
    results.map(({ destination, outcome }) => [destination, outcome?.kind, outcome?.status]),
    [
      ['metrics', 'success', 200],
      ['logs', 'success', 200],
    ],
  );
  assert.equal(collector.metrics.length, 1);
  assert.equal(collector.metrics[0]!.timeseries.length, results[0]!.items);
  assert.deepEqual(
    collector.logs.map(({ resourceLogs }) => resourceLogs),
    [[]],
  );
});

test('push names the setting for a key that the server does not know, without the key', async () => {
  await using collector = await CorootCollector.open({ keys: ['k'] });
  const config = resolve({ ...tape, 'collector-endpoint': collector.url.href, 'api-key': 'wrong-key' });
  const { results } = await pushOnce(config, logger, options);
  for (const { outcome } of results) {
    assert.equal(outcome?.kind, 'refused');
    assert.match(outcome!.problem, /api-key/);
    assert.doesNotMatch(outcome!.problem, /wrong-key/);
  }
});

test('a dry run of push sends nothing', async () => {
  await using collector = await CorootCollector.open();
  const config = resolve({ ...tape, 'collector-endpoint': collector.url.href });
  const { results } = await pushOnce(config, logger, { ...options, dryRun: true });
  assert.deepEqual(
    results.map(({ outcome }) => outcome),
    [undefined, undefined],
  );
  assert.ok(results[0]!.items > 100);
  assert.equal(collector.requests.length, 0);
});

test('push without an endpoint is an error that names the settings', async () => {
  await assert.rejects(pushOnce(resolve(tape), logger, options), /--metrics-endpoint/);
});

test('push that is stopped before the first pass says that nothing was sent', async () => {
  await using collector = await CorootCollector.open();
  const config = resolve({ ...tape, 'collector-endpoint': collector.url.href });
  const stop = new AbortController();
  const pushed = pushOnce(config, logger, { dryRun: false, signal: stop.signal });
  stop.abort();
  const expected = { code: 'DELIVERY_FAILED', exitCode: 16, message: /metrics, logs \(stopped .* nothing was sent\)/ };
  await assert.rejects(pushed, expected);
  await assert.rejects(pushOnce(config, logger, { dryRun: false, signal: AbortSignal.abort() }), expected);
  assert.equal(collector.requests.length, 0);
});
