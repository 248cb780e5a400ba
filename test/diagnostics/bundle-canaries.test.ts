// A whole bundle of a host with a random secret in every text: no file has one, decompressed.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import pino from 'pino';
import { writeBundle } from '../../src/diagnostics/bundle.ts';
import { resolveConfig } from '../../src/settings/index.ts';
import { createRecorder } from '../../src/sources/tape/recorder.ts';
import { leftIn, type PlantedCanary, plantedCanary } from '../helpers/canary-shapes.ts';
import { observation } from '../helpers/observations.ts';
import { headerWith, KINDS_OF_OBSERVATIONS, observationWith } from '../helpers/planted.ts';
import { seeded } from '../helpers/random.ts';
import { readZip } from '../helpers/zip.ts';

/** Each bundle has a canary for each kind of observation and for each other place. */
const BUNDLES = 3;
const seed = Number(process.env.COROOT_TEST_SEED ?? 5);
const folder = mkdtempSync(join(tmpdir(), 'coroot-agent-canaries-'));
process.env.TMPDIR = folder;
after(() => rmSync(folder, { recursive: true, force: true }));

async function tapeWith(file: string, canaries: readonly PlantedCanary[]): Promise<void> {
  const recorder = await createRecorder(file, headerWith(canaries[0]!.text));
  let seq = 0;
  for (let kind = 0; kind < KINDS_OF_OBSERVATIONS; kind++)
    recorder.write({ ...observationWith(canaries[kind]!.text, kind), seq: ++seq, tMono: 0 });
  recorder.write({ ...observation('tick', { intervalMs: 1000 }), seq: ++seq, tMono: 1000 });
  await recorder.close();
  assert.deepEqual(recorder.stats().dropped, {});
}

for (let number = 0; number < BUNDLES; number++)
  test(`no file of a bundle has a canary (seed ${seed + number})`, async () => {
    const random = seeded(seed + number);
    const canaries = Array.from({ length: KINDS_OF_OBSERVATIONS + 4 }, () => plantedCanary(random));
    const [denied, address, crash, endpoint] = canaries.slice(KINDS_OF_OBSERVATIONS) as [
      PlantedCanary,
      PlantedCanary,
      PlantedCanary,
      PlantedCanary,
    ];
    const path = join(folder, String(number));
    mkdirSync(join(path, 'crashes'), { recursive: true });
    const report = { reason: crash.text, thread: crash.text, messages: [crash.text] };
    writeFileSync(join(path, 'crashes', 'crash-2026-01-01T00-00-00.000Z-1.json'), JSON.stringify(report));
    await tapeWith(join(path, 'host.tape'), canaries);
    const flags = {
      host: `tape:${join(path, 'host.tape')}`,
      speed: 'max',
      'min-container-age': '0',
      // Settings refuse control characters.
      'wal-dir': denied.text.replace(/\p{Cc}/gu, ''),
      'collector-endpoint': `https://example.com/?x=${encodeURIComponent(endpoint.text)}`,
    };
    await writeBundle(
      resolveConfig({ flags, env: {}, platform: 'linux' }),
      {
        file: join(path, 'bundle.zip'),
        overwrite: false,
        redact: true,
        includeLog: true,
        address: `${address.text.replace(/\s/g, '')}.invalid:1`,
        timeoutMs: 1000,
        rounds: 10,
        crashFolder: join(path, 'crashes'),
        signal: new AbortController().signal,
        onProgress: () => {},
      },
      pino({ level: 'silent' }),
    );
    const files = readZip(readFileSync(join(path, 'bundle.zip')));
    assert.ok(files.size >= 14, [...files.keys()].join(' '));
    for (const [name, content] of files) {
      const text = (name.endsWith('.gz') ? gunzipSync(content) : content).toString();
      for (const canary of canaries)
        assert.equal(leftIn(text, canary), undefined, `${canary.shape} ${JSON.stringify(canary.text)} in ${name}`);
    }
  });
