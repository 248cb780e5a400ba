// Whole bundles: no file leaks a secret, files agree with each other, and missing parts are named.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { after, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import pino from 'pino';
import { createAgent } from '../../src/agent.ts';
import { type BundleOptions, writeBundle } from '../../src/diagnostics/bundle.ts';
import type { Manifest } from '../../src/diagnostics/contents.ts';
import { type Flags, resolveConfig } from '../../src/settings/index.ts';
import { decodeTape } from '../../src/sources/tape/read-tape.ts';
import { createRecorder } from '../../src/sources/tape/recorder.ts';
import { canary, everything, HOST, SECRET, traces, USER } from '../helpers/canaries.ts';
import { parseExposition } from '../helpers/exposition.ts';
import { play } from '../helpers/golden.ts';
import { iisAndSql } from '../helpers/hosts/iis-and-sql.ts';
import { tapeOf } from '../helpers/hosts/scenario.ts';
import { aHeader } from '../helpers/observations.ts';
import { until } from '../helpers/poll.ts';
import { freePort } from '../helpers/ports.ts';
import { readZip } from '../helpers/zip.ts';

const folder = mkdtempSync(join(tmpdir(), 'coroot-agent-test-'));
after(() => rmSync(folder, { recursive: true, force: true }));
// Temporary files of other processes are elsewhere.
process.env.TMPDIR = folder;
const silent = pino({ level: 'silent' });
let bundles = 0;

interface Made {
  readonly files: ReadonlyMap<string, Buffer>;
  readonly manifest: Manifest;
  readonly progress: readonly string[];
}

async function bundle(flags: Flags, options: Partial<BundleOptions> = {}): Promise<Made> {
  const file = join(folder, `${++bundles}.zip`);
  const progress: string[] = [];
  const config = resolveConfig({
    flags: { speed: 'max', 'min-container-age': '0', ...flags },
    env: {},
    platform: 'linux',
  });
  await writeBundle(
    config,
    {
      file,
      overwrite: false,
      redact: true,
      includeLog: false,
      address: '127.0.0.1:1',
      timeoutMs: 20_000,
      rounds: 1000,
      crashFolder: join(folder, 'none'),
      signal: new AbortController().signal,
      onProgress: (text) => progress.push(text),
      ...options,
    },
    silent,
  );
  const files = readZip(readFileSync(file));
  return { files, manifest: JSON.parse(files.get('manifest.json')!.toString()) as Manifest, progress };
}

/** A tape with a secret in every field. */
async function canaryTape(): Promise<string> {
  const file = join(folder, `${USER}-${++bundles}.tape`);
  const settings = { 'container-denylist': canary };
  const recorder = await createRecorder(file, aHeader({ settings, standIns: [{ part: canary, replacement: canary }] }));
  // The failed round is before the tick that ends it.
  for (const [i, each] of everything.entries()) recorder.write({ ...each, seq: i + 1, tMono: 0 });
  recorder.write({ ...everything.find(({ kind }) => kind === 'tick')!, seq: everything.length + 1 });
  await recorder.close();
  assert.deepEqual(recorder.stats().dropped, {});
  return file;
}

/** Settings with secrets and names in them. */
const secretFlags = {
  'container-denylist': [`^${HOST}$`],
  'api-key': SECRET,
  'collector-endpoint': `https://${USER}:${SECRET}@${HOST}/`,
};

const textOf = (name: string, content: Buffer): string =>
  (name.endsWith('.gz') ? gunzipSync(content) : content).toString();

function assertNoLeak(files: ReadonlyMap<string, Buffer>): void {
  for (const [name, content] of files)
    for (const trace of traces) assert.doesNotMatch(textOf(name, content), trace, name);
}

/** Crash reports with secrets in each field. */
function crashFolder(): string {
  const path = join(folder, `crashes-${++bundles}`);
  mkdirSync(path);
  const report = {
    at: '2026-01-01T00:00:00.000Z',
    reason: canary,
    thread: canary,
    messages: [canary, `an old message of ${HOST}`],
  };
  writeFileSync(join(path, 'crash-2026-01-01T00-00-00.000Z-1.json'), JSON.stringify(report));
  writeFileSync(join(path, 'crash-2026-01-02T00-00-00.000Z-1.json'), '{');
  writeFileSync(join(path, 'other.json'), canary);
  return path;
}

test('uses the recording without an agent, and leaves no canary in any file', async () => {
  const { files, manifest, progress } = await bundle(
    { host: `tape:${await canaryTape()}`, ...secretFlags },
    { crashFolder: crashFolder(), includeLog: true },
  );
  assertNoLeak(files);
  assert.deepEqual(
    [...files.keys()],
    ['manifest.json', ...manifest.files.map(({ file }) => file)],
    'the manifest names every file, and no other',
  );
  for (const { file, bytes } of manifest.files) assert.equal(files.get(file)!.length, bytes);
  assert.deepEqual([...files.keys()].sort(), [
    'connections.json',
    'containers.json',
    'crashes.json',
    'dns-requests.json',
    'environment.json',
    'gpus.json',
    'host.tape.gz',
    'listeners.json',
    'log-patterns.json',
    'logs.json',
    'manifest.json',
    'metrics.prom',
    'node.json',
    'processes.json',
    'service-groups.json',
    'services.json',
    'settings.json',
    'status.json',
  ]);
  assert.equal(manifest.redacted, true);
  assert.match(manifest.answersFrom, /no agent was running/);
  assert.match(
    progress.join('\n'),
    /requesting answers from the agent[\s\S]*recording[\s\S]*round 1 of 1000[\s\S]*writing/,
  );
});

test('uses the answers of a running agent, and leaves no canary in any file', async () => {
  const address = `127.0.0.1:${await freePort()}`;
  const flags = { host: `tape:${await canaryTape()}`, speed: 'max', 'min-container-age': '0', listen: address };
  const agent = createAgent(resolveConfig({ flags, env: {} }), silent);
  await agent.start();
  try {
    await until('a pass', 20_000, () => agent.passes.count > 0 || undefined);
    const { files, manifest } = await bundle({ ...flags, ...secretFlags }, { address });
    assertNoLeak(files);
    assert.equal(manifest.answersFrom, `the agent at ${address}`);
    assert.equal(JSON.parse(files.get('status.json')!.toString()).agent.listen, address);
  } finally {
    await agent.stop();
  }
});

test('masks only secrets of settings without redaction, and says so in the manifest', async () => {
  const { files, manifest } = await bundle({ host: `tape:${await canaryTape()}`, ...secretFlags }, { redact: false });
  const all = [...files].map(([name, content]) => textOf(name, content)).join('\n');
  for (const trace of traces) assert.match(all, trace);
  assert.equal(manifest.redacted, false);
  assert.match(manifest.redaction, /NOTHING WAS REPLACED/);
  assert.doesNotMatch(files.get('settings.json')!.toString(), new RegExp(SECRET));
});

test('includes log messages only on request, and names an unreadable crash report', async () => {
  const tape = `tape:${await canaryTape()}`;
  const crashes = crashFolder();
  const [without, including] = [
    await bundle({ host: tape }, { crashFolder: crashes, rounds: 0 }),
    await bundle({ host: tape }, { crashFolder: crashes, rounds: 0, includeLog: true }),
  ].map(
    ({ files }) => JSON.parse(files.get('crashes.json')!.toString()) as { messages?: string[]; unreadable?: string }[],
  );
  assert.equal(without!.length, 2);
  assert.match(without![0]!.unreadable!, /JSON/);
  assert.equal(without![1]!.messages, undefined);
  assert.equal(including![1]!.messages!.length, 2);
});

test('has metrics that are equal to those of the replayed redacted tape', async () => {
  const file = join(folder, 'iis.tape');
  writeFileSync(file, await tapeOf(iisAndSql));
  const { files } = await bundle({ host: `tape:${file}`, 'min-container-age': '30s' });
  await using tape = await decodeTape(Readable.from([files.get('host.tape.gz')!]), 'bundle');
  const { files: replayed } = await play(tape);
  const series = (text: string) =>
    parseExposition(text)
      .filter(({ name }) => !name.startsWith('coroot_agent_'))
      // Numbers of replaced names may differ between metrics and tape, and hashes of messages with them.
      .flatMap(({ samples }) =>
        samples.map(({ name, labels, value }) =>
          JSON.stringify([name, labels, value])
            .replace(/host-\d+/g, 'host-N')
            .replace(/("pattern_hash":)"\w+"/, '$1""'),
        ),
      )
      .sort();
  const expected = series(replayed.prom!);
  assert.deepEqual(series(files.get('metrics.prom')!.toString()), expected);
  assert.ok(expected.length > 60);
  const answered = JSON.parse(files.get('connections.json')!.toString()) as { connections: object[] };
  assert.deepEqual(answered.connections, JSON.parse(replayed['connections.json']!).connections);
  // No address or name of the host is left.
  assert.doesNotMatch(expected.join('\n'), /10\.30\.1\.20|2001:db8:30|WEB02/);
});

test('names missing parts, and includes the rest', async () => {
  const live = await bundle({}, { rounds: 1 });
  const why = new Map(live.manifest.leftOut.map(({ part, reason }) => [part, reason]));
  if (process.platform !== 'win32') assert.match(why.get('tape')!, /can only be read on Windows/);
  const nothing = await bundle({}, { rounds: 0 });
  assert.deepEqual([...nothing.files.keys()], ['manifest.json', 'environment.json', 'settings.json']);
  assert.match(
    nothing.manifest.leftOut.find(({ part }) => part === 'containers')!.reason,
    /no agent is listening on 127\.0\.0\.1:1/,
  );
  assert.match(nothing.manifest.leftOut.find(({ part }) => part === 'tape')!.reason, /no recording was requested/);
  assert.equal(nothing.manifest.answersFrom, 'no agent');
});

test('ignores invalid answers of another program, and uses the recording instead', async () => {
  const answers: Record<string, unknown> = { '/api/v1/status': { agent: 7, host: 'x', sources: 1 } };
  const other = createServer((request, response) => {
    response.end(
      JSON.stringify(
        answers[request.url!] ?? {
          node: 1,
          services: 1,
          containers: 1,
          connections: [null],
          interfaces: 1,
          processes: {},
          gpus: 1,
        },
      ),
    );
  });
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const address = `127.0.0.1:${(other.address() as AddressInfo).port}`;
  try {
    const recorded = await bundle({ host: 'tape:docs/demo/shop.tape.gz' }, { address, rounds: 3 });
    assert.match(recorded.manifest.answersFrom, /no agent was running/);
    assert.ok(recorded.files.has('containers.json'));
    answers['/api/v1/services'] = { services: [] };
    answers['/api/v1/containers'] = { containers: [{ listeners: 3, imagePath: '' }] };
    answers['/api/v1/processes'] = { processes: [] };
    answers['/api/v1/node'] = { interfaces: [], disks: [], hostname: HOST };
    answers['/api/v1/status'] = { agent: {}, host: { hostname: HOST } };
    const unrecorded = await bundle({}, { address, rounds: 0 });
    const why = new Map(unrecorded.manifest.leftOut.map((each) => [each.part, each.reason]));
    assert.match(why.get('containers')!, /does not have the form of an answer/);
    assert.equal(JSON.parse(unrecorded.files.get('node.json')!.toString()).hostname, 'host-1');
  } finally {
    other.close();
  }
});

test('writes a bundle when the recording is stopped', async () => {
  const stop = new AbortController();
  const { files } = await bundle(
    { host: 'tape:docs/demo/shop.tape.gz', loop: true },
    { signal: stop.signal, onProgress: (text) => text.startsWith('round 3') && stop.abort() },
  );
  await using tape = await decodeTape(Readable.from([files.get('host.tape.gz')!]), 'bundle');
  let ticks = 0;
  for await (const { kind } of tape.observations) if (kind === 'tick') ticks++;
  assert.ok(ticks >= 3 && ticks < 1000);
});

test('keeps an existing file, reports a missing folder, and leaves no temporary file', async () => {
  const file = join(folder, 'mine.zip');
  writeFileSync(file, 'mine');
  const before = readdirSync(folder).length;
  await assert.rejects(bundle({}, { file, rounds: 0 }), {
    code: 'DIAGNOSTICS_NOT_WRITABLE',
    message: /it exists already/,
  });
  assert.equal(readFileSync(file, 'utf8'), 'mine');
  await assert.rejects(bundle({}, { file: join(folder, 'no', 'x.zip'), rounds: 0 }), {
    code: 'DIAGNOSTICS_NOT_WRITABLE',
    message: /ENOENT/,
  });
  assert.equal(readdirSync(folder).length, before);
  const temporary = () => readdirSync(tmpdir()).filter((name) => /^coroot-agent-[A-Za-z0-9]{6}$/.test(name));
  const earlier = temporary();
  await bundle({ host: 'tape:docs/demo/shop.tape.gz' });
  assert.deepEqual(temporary(), earlier);
  assert.equal(existsSync(`${file}.${process.pid}.new`), false);
});
