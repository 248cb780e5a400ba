// Every command exits with its exit code and its whole output, while a thread hangs in a foreign call.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { type CliResult, type RunningCli, startCli } from '../helpers/agent-process.ts';
import { until } from '../helpers/poll.ts';
import { freePort } from '../helpers/ports.ts';

const demo = 'docs/demo/shop.tape.gz';
const LIMIT_MS = 60_000;
const blockedThread = pathToFileURL(join(import.meta.dirname, '../helpers/blocked-thread.mjs'));
const folder = mkdtempSync('/tmp/coroot-agent-exit-');
after(() => rmSync(folder, { recursive: true, force: true }));

const start = (args: readonly string[]): RunningCli => startCli(args, { NODE_OPTIONS: `--import ${blockedThread}` });

/** Waits for the exit. A process that hangs is killed, and its code is null. */
async function exitOf({ child, ended }: RunningCli): Promise<CliResult> {
  const guard = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS);
  const result = await ended;
  clearTimeout(guard);
  return result;
}

const commands: [args: string[], code: number, output: RegExp][] = [
  [['--version'], 0, /^\d+\.\d+\.\d+\n$/],
  [['run', '--help'], 0, /^Usage: coroot-agent run[\s\S]*--help .*\n$/],
  [['config'], 0, /\nlisten +\S+ +default\n[\s\S]*\n$/],
  [['diagnose', '--dry-run'], 0, /Nothing was read or written\./],
  [['no-such-command'], 2, /unknown command[\s\S]*--help lists the commands/],
  [['config', '--listen', 'nowhere'], 2, /^coroot-agent: listen: "nowhere" is not allowed.*\n$/],
  [['status', '--address', '127.0.0.1:1', '--timeout', '5s'], 6, /^coroot-agent: /],
  [
    ['record', `${folder}/tape`, '--host', `tape:${demo}`, '--speed', 'max', '--for', '1s'],
    0,
    /\d+ observations written to .*\/tape\.\n/,
  ],
  [
    [
      'diagnose',
      `${folder}/bundle.zip`,
      '--host',
      `tape:${demo}`,
      '--speed',
      'max',
      '--for',
      '0s',
      '--address',
      '127.0.0.1:1',
    ],
    0,
    /Review it before you send it\.\n/,
  ],
];

for (const [args, code, output] of commands) {
  test(`exits with code ${code}: ${args[0]} ${args[1] ?? ''}`, async () => {
    const result = await exitOf(start(args));
    assert.equal(result.code, code, result.stderr);
    assert.match(result.stdout + result.stderr, output);
  });
}

test('exits with code 0 when the agent receives SIGTERM', async () => {
  const address = `127.0.0.1:${await freePort()}`;
  const running = start(['run', '--host', `tape:${demo}`, '--loop', '--listen', address]);
  await until('the agent', LIMIT_MS, async () => ((await fetch(`http://${address}/ready`)).ok ? true : undefined));
  running.child.kill('SIGTERM');
  const { code, stderr } = await exitOf(running);
  assert.equal(code, 0, stderr);
  assert.match(stderr, /stopped\n$/);
});
