// The CLI with broken surroundings: closed pipes, pipes without a writer, and truncated tapes.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { openTape } from '../../src/sources/tape/read-tape.ts';
import { runCli, startAgent, startCli } from '../helpers/agent-process.ts';
import { until } from '../helpers/poll.ts';
import { freePort } from '../helpers/ports.ts';

const demo = 'docs/demo/shop.tape.gz';
const posix = { skip: process.platform === 'win32' };
const folder = mkdtempSync('/tmp/coroot-agent-edges-');
after(() => rmSync(folder, { recursive: true, force: true }));

function fifo(name: string): string {
  const path = `${folder}/${name}`;
  execFileSync('mkfifo', [path]);
  return path;
}

test('keeps the agent running when the reader of its output closes the pipe', posix, async () => {
  const address = `127.0.0.1:${await freePort()}`;
  const running = startCli(['run', '--host', `tape:${demo}`, '--loop', '--listen', address]);
  running.child.stdout!.destroy();
  await until('the agent', 20_000, async () => ((await fetch(`http://${address}/ready`)).ok ? true : undefined));
  running.child.kill('SIGTERM');
  assert.equal((await running.ended).code, 0, running.stderr());
});

test('ends a list without a stack trace when its reader closes the pipe', posix, async () => {
  const listing = startCli(['config']);
  listing.child.stdout!.destroy();
  assert.deepEqual(await listing.ended, { code: 0, stdout: '', stderr: '' });
});

test('exits with code 1 and one line if the output cannot be written', {
  skip: process.platform !== 'linux',
}, async () => {
  const child = spawn('sh', ['-c', `"${process.execPath}" dist/main.js config > /dev/full`], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (bytes) => (stderr += bytes));
  const code = await new Promise((resolve) => child.on('close', resolve));
  assert.match(stderr, /^coroot-agent: cannot write the output: ENOSPC.*\n$/);
  assert.equal(code, 1);
});

test('exits on one or more stop requests while a tape cannot be opened', posix, async () => {
  const running = startCli([
    'run',
    '--host',
    `tape:${fifo('never-written')}`,
    '--listen',
    `127.0.0.1:${await freePort()}`,
  ]);
  await until('the start', 20_000, async () => (running.stdout() ? true : undefined));
  running.child.kill('SIGTERM');
  await until('the stop', 20_000, async () => (running.stderr().includes('SIGTERM received') ? true : undefined));
  running.child.kill('SIGTERM');
  await running.ended;
  assert.match(
    running.stderr(),
    /a worker did not end in time: a system call hangs: the reader of the tape; ending the process/,
  );
});

test('exits on a stop request while a recording waits for its host', posix, async () => {
  const running = startCli(['record', `${folder}/nothing`, '--host', `tape:${fifo('silent')}`]);
  await until('the start', 20_000, async () => (running.stdout() ? true : undefined));
  running.child.kill('SIGTERM');
  await running.ended;
  assert.match(
    running.stderr(),
    /stopped before the first round was complete, and a worker .*: the reader of the tape; ending the process/,
  );
});

test('terminates although its message cannot be written to a full pipe', posix, async () => {
  // Open for reading and writing: the pipe has a reader, which never reads.
  const stderr = openSync(fifo('unread'), 'r+');
  const program =
    "const { terminateProcess } = await import('./src/base/terminate.ts'); terminateProcess('x'.repeat(1_000_000));";
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'ignore', stderr],
  });
  const ended = new Promise((resolve) => child.on('exit', (_, signal) => resolve(signal)));
  const guard = setTimeout(() => child.kill('SIGTERM'), 10_000);
  assert.equal(await ended, 'SIGKILL');
  clearTimeout(guard);
  closeSync(stderr);
});

test('ends a recording with the tape if the tape is shorter than requested', async () => {
  const file = `${folder}/short`;
  const args = ['record', file, '--host', `tape:${demo}`, '--speed', 'max', '--for', '10h'];
  const { code, stderr } = await runCli(args);
  assert.equal(code, 0, stderr);
  await using copy = await openTape(file);
  let observations = 0;
  for await (const _ of copy.observations) observations++;
  assert.equal(copy.end?.observations, observations);
});

test('reports a truncated tape on the console, with the position', async () => {
  const file = `${folder}/cut`;
  writeFileSync(file, readFileSync(demo).subarray(0, 5000));
  const agent = await startAgent(file);
  await until('the warning', 20_000, async () => (agent.stderr().includes('at its end') ? true : undefined));
  agent.child.kill('SIGTERM');
  await agent.ended;
  assert.match(agent.stderr(), /WARN: tape \S+ ends in the middle of an observation: line \d+, byte \d+/);
});

test('escapes control characters of a tape on the terminal', async () => {
  const file = `${folder}/evil`;
  const text = gunzipSync(readFileSync(demo)).toString();
  writeFileSync(
    file,
    text
      .replace(/"hostname":"[^"]*"/g, String.raw`"hostname":"\u001b[31mevil\u202e\u200b"`)
      .replace('"replacement":"', String.raw`"replacement":"\u001b[2J`),
  );
  const agent = await startAgent(file);
  const { stdout } = await runCli(['status', '--address', agent.address]);
  agent.child.kill('SIGTERM');
  await agent.ended;
  assert.match(stdout, /␛\[31mevil<U\+202E><U\+200B>/);
  assert.match(agent.stderr(), /INFO: This recording replaces Windows with ␛\[2JWine/);
  assert.match(agent.stderr(), /INFO: This recording replaces paths of the demo services with C:\\Shop\.\n/);
  assert.ok(!`${stdout}${agent.stdout()}${agent.stderr()}`.includes('\u001b'));
});

test('escapes unsafe characters of arguments in messages', async () => {
  for (const args of [
    ['status', '--\u202eevil'],
    ['status', '--address', 'evil\u202e\u009b'],
    ['config', '--speed', 'evil\u200b\u2028'],
    ['run', '--host', 'tape:/nothing\u001b[2J\u2066'],
  ]) {
    const { code, stdout, stderr } = await runCli(args);
    assert.notEqual(code, 0);
    assert.match(stderr, /<U\+(202E|200B|2066)>/);
    assert.ok(!/[\p{Cc}\p{Cf}\p{Zl}]/u.test((stdout + stderr).replaceAll('\n', '')), stderr);
  }
});

test('prints commands to try next with the address of the agent', async () => {
  const agent = await startAgent(demo);
  assert.match(agent.stdout(), new RegExp(`agent -- status --address ${agent.address}\\n`));
  agent.child.kill('SIGTERM');
  await agent.ended;
});

test('exits with code 2 for a wrong address or limit', async () => {
  for (const args of [
    ['status', '--address', 'http://127.0.0.1:1'],
    ['status', '--address', 'localhost'],
    ['connections', '--limit', 'many'],
    ['connections', '--limit', '0'],
    ['connections', '--limit', '1e9'],
    ['dns-requests', '--limit', '200001'],
  ]) {
    const { code, stderr } = await runCli(args);
    assert.equal(code, 2, stderr);
    assert.match(stderr, new RegExp(`${args[1]}: `));
  }
});

test('ends a recording with the reason when the disk is full', {
  skip: !existsSync('/dev/full') && 'there is no /dev/full here',
}, async () => {
  const result = await runCli([
    'record',
    '/dev/full',
    '--overwrite',
    '--host',
    `tape:${demo}`,
    '--loop',
    '--for',
    '24h',
    '--scrape-interval',
    '5s',
  ]);
  assert.equal(result.code, 5);
  assert.match(result.stderr, /\/dev\/full cannot be written: .*ENOSPC/);
});
