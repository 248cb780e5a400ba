// Crash reports, each written by a process that terminates itself: content, redaction, size and retention.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, beforeEach, test } from 'node:test';
import { type CrashReport, crashReportNames } from '../../src/base/crash-report.ts';

const base = mkdtempSync(join(tmpdir(), 'coroot-agent-crash-'));
const folder = join(base, 'crashes');
after(() => rmSync(base, { recursive: true }));
beforeEach(() => rmSync(folder, { recursive: true, force: true }));

const source = (name: string) => JSON.stringify(new URL(`../../src/base/${name}.ts`, import.meta.url).href);

/** Runs `code` in a process with crash reports enabled. */
function crash(code: string, site = '') {
  const script = `
    const { prepareCrashReports } = await import(${source('crash-report')});
    const { RecentMessages } = await import(${source('recent-messages')});
    const { terminateProcess, terminateOnUncaught } = await import(${source('terminate')});
    const messages = new RecentMessages();
    prepareCrashReports({ folder: ${JSON.stringify(folder)}, mode: 'service', agentVersion: '9.8.7',
      startedAtMs: Date.now() - 5000,
      hidden: [['https://secret.example.com/in', '<collector-endpoint>'], ['k-42', '<api-key>']],
      messages: messages.shared, begun: new SharedArrayBuffer(4), ${site} });
    ${code}`;
  return spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
}

function onlyReport(): CrashReport {
  const names = readdirSync(folder);
  assert.equal(names.length, 1);
  return JSON.parse(readFileSync(join(folder, names[0]!), 'utf8')) as CrashReport;
}

test('a report contains reason, thread, time, version and process', () => {
  const before = Date.now();
  const { signal, stderr, pid } = crash(`messages.note('listening'); terminateProcess('a worker hangs')`);
  const { at, uptimeSeconds, rssBytes, ...rest } = onlyReport();
  assert.deepEqual(rest, {
    schema: 1,
    reason: 'a worker hangs',
    thread: 'main',
    mode: 'service',
    agentVersion: '9.8.7',
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
    pid,
    messages: ['listening'],
  });
  assert.ok(Date.parse(at) >= before && Date.parse(at) <= Date.now());
  assert.ok(uptimeSeconds >= 5 && uptimeSeconds < 60);
  assert.ok(rssBytes > 1_000_000);
  assert.equal(signal, 'SIGKILL');
  assert.match(
    stderr,
    /coroot-agent: a worker hangs; ending the process\ncoroot-agent: crash report: .*crash-.*\.json/,
  );
});

test('the report of an uncaught error contains its stack', () => {
  crash(`terminateOnUncaught(); setTimeout(() => { throw new TypeError('odd') })`);
  assert.match(onlyReport().reason, /^uncaught error: TypeError: odd\n {4}at /);
});

test('secrets of settings and credentials are redacted in the reason and in messages', () => {
  crash(
    `messages.note('sent k-42 to http://u:pw@h/');
    terminateProcess('GET https://secret.example.com/in with k-42 failed')`,
  );
  const text = readFileSync(join(folder, readdirSync(folder)[0]!), 'utf8');
  for (const secret of ['secret.example.com', 'k-42', 'pw@']) assert.ok(!text.includes(secret), text);
  assert.match(text, /GET <collector-endpoint> with <api-key> failed/);
});

test('the size of a report and the number of reports are limited', () => {
  mkdirSync(folder);
  for (let i = 10; i < 30; i++) writeFileSync(join(folder, `crash-2026-01-01T00-00-${i}.000Z-7.json`), '{}');
  writeFileSync(join(folder, 'notes.txt'), 'mine');
  crash(`for (let i = 0; i < 99; i++) messages.note('x'.repeat(9999)); terminateProcess('y'.repeat(1_000_000))`);
  const names = crashReportNames(folder);
  assert.equal(names.length, 10);
  assert.ok(statSync(join(folder, names[0]!)).size < 40_000);
  assert.ok(existsSync(join(folder, 'notes.txt')));
  assert.deepEqual(names.slice(1, 3), [
    'crash-2026-01-01T00-00-29.000Z-7.json',
    'crash-2026-01-01T00-00-28.000Z-7.json',
  ]);
});

test('a requested termination writes no report', () => {
  const { stderr, signal } = crash(`terminateProcess('second SIGINT', { requested: true })`);
  assert.equal(signal, 'SIGKILL');
  assert.equal(stderr, 'coroot-agent: second SIGINT; ending the process\n');
  assert.equal(existsSync(folder), false);
});

test('terminates and prints the reason if the report cannot be written', () => {
  const { stderr, signal } = crash(`terminateProcess('bad')`, `folder: '/nowhere/at/all'`);
  assert.equal(signal, 'SIGKILL');
  assert.match(stderr, /no crash report: ENOENT/);
});

test('terminates without a report of its own while another thread writes one', () => {
  const { stderr, signal } = crash(`terminateProcess('bad')`, 'begun: new Int32Array([1]).buffer');
  assert.equal(signal, 'SIGKILL');
  assert.match(stderr, /no crash report: another thread is writing one/);
  assert.equal(existsSync(folder), false);
});
