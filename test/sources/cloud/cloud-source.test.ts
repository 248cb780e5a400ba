// The source of the cloud: attempts until the service has answered, what is pushed meanwhile, and the stop.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { CloudSource } from '../../../src/sources/cloud/cloud-source.ts';
import { parseFirmware } from '../../../src/sources/cloud/firmware.ts';
import type { InstanceFacts, InstanceReader } from '../../../src/sources/cloud/instance-reader.ts';
import { metadataServices } from '../../../src/sources/cloud/providers/index.ts';
import type { Observation } from '../../../src/sources/host.ts';
import { type FirmwareTexts, firmwareTables } from '../../helpers/firmware.ts';

const hetzner: FirmwareTexts = { system: ['Hetzner', 'vServer'] };
const mayBeAzure: FirmwareTexts = { system: ['Microsoft Corporation', 'Virtual Machine'] };

/** A source with one result for each attempt; the test ends each wait. */
function startedWith(texts: FirmwareTexts | Error, results: readonly (InstanceFacts | Error | readonly string[])[]) {
  const pushed: Observation[] = [];
  const waits: number[] = [];
  let attempts = 0;
  let endWait: () => void = () => {};
  const read: InstanceReader = async (service) => {
    const result = results[attempts++] ?? new Error('no further attempt was expected');
    if (result instanceof Error) throw result;
    if (!Array.isArray(result)) return result as InstanceFacts;
    service.failures.push(...(result as string[]));
    return {};
  };
  const each = { base: 'http://127.0.0.1:1', read };
  const source = new CloudSource({
    readFirmware: () => {
      if (texts instanceof Error) throw texts;
      return parseFirmware(firmwareTables(texts));
    },
    services: { ...metadataServices, Hetzner: each, Azure: each },
    wait: (ms, signal) =>
      new Promise<void>((resolve, reject) => {
        waits.push(ms);
        endWait = resolve;
        signal.addEventListener('abort', () => reject(signal.reason));
      }),
  });
  void source.start((observation) => pushed.push(observation));
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  return { source, pushed, waits, settle, next: () => (endWait(), settle()), attempts: () => attempts };
}

const dataOf = (observation: Observation | undefined): unknown => observation?.kind === 'cloud' && observation.data;
const reasonsOf = (observation: Observation | undefined): string[] =>
  observation?.unavailable ? [] : (observation?.degraded ?? []).map(({ reason }) => reason);

test('reports the provider at once, and the facts when the network is up', async () => {
  const unreachable = new Error('ENETUNREACH');
  const run = startedWith(hetzner, [unreachable, unreachable, { instanceId: '7', region: 'eu' }]);
  await run.settle();
  assert.deepEqual(dataOf(run.pushed[0]), { provider: 'Hetzner' });
  assert.deepEqual(reasonsOf(run.pushed[1]), ['ENETUNREACH']);
  assert.deepEqual(dataOf(run.pushed[1]), { provider: 'Hetzner' });
  await run.next();
  await run.next();
  assert.deepEqual(dataOf(run.pushed.at(-1)), { provider: 'Hetzner', instanceId: '7', region: 'eu' });
  assert.deepEqual(reasonsOf(run.pushed.at(-1)), []);
  // Each wait is twice as long as the one before, and an hour follows a success.
  assert.deepEqual(run.waits, [1000, 2000, 3_600_000]);
  await run.source.stop();
});

test('a later failure keeps the facts, and a failed path those of its own', async () => {
  const known = { instanceId: '7', publicIpv4: '192.0.2.1' };
  const run = startedWith(hetzner, [known, new Error('slow'), ['one path failed'], { instanceId: '7' }]);
  await run.settle();
  await run.next();
  assert.deepEqual(dataOf(run.pushed.at(-1)), { provider: 'Hetzner', ...known });
  assert.deepEqual(reasonsOf(run.pushed.at(-1)), ['slow']);
  await run.next();
  assert.deepEqual(dataOf(run.pushed.at(-1)), { provider: 'Hetzner', ...known });
  assert.deepEqual(reasonsOf(run.pushed.at(-1)), ['one path failed']);
  await run.next();
  assert.deepEqual(dataOf(run.pushed.at(-1)), { provider: 'Hetzner', instanceId: '7' }, 'the address was given back');
  await run.source.stop();
});

test('a machine that may be outside of Azure is asked once, without a problem', async () => {
  const run = startedWith(mayBeAzure, [new Error('ENETUNREACH')]);
  await run.settle();
  assert.deepEqual([run.pushed, run.waits, run.attempts()], [[], [], 1]);
  await run.source.stop();
});

test('reports Azure when the service of an uncertain machine answers', async () => {
  const run = startedWith(mayBeAzure, [{ instanceId: 'x' }, new Error('slow')]);
  await run.settle();
  await run.next();
  assert.deepEqual(run.pushed.map(dataOf), [
    { provider: 'Azure', instanceId: 'x' },
    { provider: 'Azure', instanceId: 'x' },
  ]);
  await run.source.stop();
});

for (const [name, texts] of Object.entries({
  'outside of a cloud': { system: ['Dell Inc.', 'PowerEdge'] } satisfies FirmwareTexts,
  'with firmware that cannot be read': new Error('no SMBIOS table'),
})) {
  test(`asks no service ${name}`, async () => {
    const run = startedWith(texts, []);
    await run.settle();
    assert.deepEqual([run.pushed, run.attempts()], [[], 0]);
    await run.source.stop();
  });
}

test('the stop ends a request that is never answered', { timeout: 20_000 }, async (context: TestContext) => {
  const asked = Promise.withResolvers<void>();
  const server = createServer(() => asked.resolve());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  context.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const source = new CloudSource({
    readFirmware: () => parseFirmware(firmwareTables(hetzner)),
    services: { ...metadataServices, Hetzner: { ...metadataServices.Hetzner, base } },
  });
  const pushed: Observation[] = [];
  await source.start((observation) => pushed.push(observation));
  await asked.promise;
  await source.stop();
  assert.deepEqual(pushed.map(dataOf), [{ provider: 'Hetzner' }]);
});
