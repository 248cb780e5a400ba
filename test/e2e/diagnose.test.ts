// `coroot-agent diagnose` as a user runs it, on the demo tape.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { after, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import type { Manifest } from '../../src/diagnostics/contents.ts';
import { runCli, startAgent, startCli } from '../helpers/agent-process.ts';
import { until } from '../helpers/poll.ts';
import { readZip } from '../helpers/zip.ts';

const demo = ['--host', 'tape:docs/demo/shop.tape.gz'];
const noAgent = ['--address', '127.0.0.1:1'];
const folder = mkdtempSync('/tmp/coroot-agent-diagnose-');
after(() => rmSync(folder, { recursive: true, force: true }));

const opened = (file: string) => readZip(readFileSync(file));
const manifestOf = (files: ReadonlyMap<string, Buffer>) =>
  JSON.parse(files.get('manifest.json')!.toString()) as Manifest;

test('bundles answers of a running agent and a recording, without names and addresses', async () => {
  const agent = await startAgent('docs/demo/shop.tape.gz');
  const file = `${folder}/running.zip`;
  const { code, stdout, stderr } = await runCli([
    'diagnose',
    file,
    ...demo,
    '--speed',
    'max',
    '--address',
    agent.address,
  ]);
  agent.child.kill('SIGKILL');
  assert.equal(code, 0, stderr);
  const outputInOrder = [
    /same stand-ins/,
    /answers from the agent at/,
    /round 1 of 3/,
    /left out: crashes: there is no report/,
    /files, .* in \S+\. Review it/,
  ];
  assert.match(stdout, new RegExp(outputInOrder.map(({ source }) => source).join('[\\s\\S]*')));
  const files = opened(file);
  assert.equal(manifestOf(files).answersFrom, `the agent at ${agent.address}`);
  for (const [name, content] of files) {
    const text = (name.endsWith('.gz') ? gunzipSync(content) : content).toString();
    assert.doesNotMatch(text, /192\.0\.2\.2(?!\d)|"vm"|billing|orders|dd96d306e935491ebb875a80d0f5a86c/, name);
  }
  const { containers } = JSON.parse(files.get('containers.json')!.toString()) as {
    containers: { id: string; restarts: number }[];
  };
  assert.deepEqual(
    containers.filter(({ restarts }) => restarts > 0).map(({ id, restarts }) => [/service-\d+$/.test(id), restarts]),
    [[true, 2]],
    'restarts since the start of the agent',
  );
  if (process.platform !== 'win32') assert.equal(statSync(file).mode & 0o777, 0o600);
});

test('reports missing agent and redaction on the console and in the manifest', async () => {
  const file = `${folder}/plain.zip`;
  const { code, stdout } = await runCli([
    'diagnose',
    file,
    ...demo,
    '--speed',
    'max',
    ...noAgent,
    '--no-redact',
    '--for',
    '1m',
  ]);
  assert.equal(code, 0);
  assert.match(stdout, /^NOTHING WAS REPLACED/);
  const files = opened(file);
  const { redacted, answersFrom } = manifestOf(files);
  assert.deepEqual([redacted, /no agent was running/.test(answersFrom)], [false, true]);
  assert.match(files.get('node.json')!.toString(), /192\.0\.2\.2"/);
});

test('lists the contents of a bundle in a dry run, and writes nothing', async () => {
  const file = `${folder}/dry.zip`;
  const { code, stdout } = await runCli(['diagnose', file, '--dry-run', ...noAgent]);
  assert.equal(code, 0);
  for (const name of ['manifest.json', 'metrics.prom', 'host.tape.gz', 'processes.json'])
    assert.ok(stdout.includes(name), name);
  assert.match(stdout, /Nothing was read or written/);
  assert.equal(existsSync(file), false);
});

test('ends the recording and writes the bundle on Ctrl-C', async () => {
  const file = `${folder}/stopped.zip`;
  const running = startCli(['diagnose', file, ...demo, ...noAgent, '--for', '10m', '--loop']);
  await until('a round', 20_000, () => running.stdout().includes('round 1 of') || undefined);
  running.child.kill('SIGINT');
  const { code, stdout, stderr } = await running.ended;
  assert.equal(code, 0, stderr);
  assert.match(stdout, /Review it before you send it/);
  assert.ok(opened(file).has('host.tape.gz'));
});

test('exits with code 2 for wrong arguments and 5 for an unwritable file, and leaves no file', async () => {
  for (const args of [
    ['--for', 'long'],
    ['--for', '1h'],
    ['--timeout', '0s'],
    ['--address', 'x'],
  ])
    assert.equal((await runCli(['diagnose', `${folder}/wrong.zip`, ...args])).code, 2, args.join(' '));
  const there = await runCli(['diagnose', `${folder}/plain.zip`, ...noAgent, '--for', '0s']);
  assert.equal(there.code, 5);
  assert.match(there.stderr, /plain\.zip cannot be written: it exists already/);
  const replaced = await runCli(['diagnose', `${folder}/plain.zip`, ...noAgent, '--for', '0s', '--overwrite']);
  assert.equal(replaced.code, 0);
  assert.deepEqual(readdirSync(folder).sort(), ['plain.zip', 'running.zip', 'stopped.zip']);
});
