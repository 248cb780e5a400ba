// The spool in Node for Windows: restart, lock, and files that another program has open.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { build as bundle } from 'esbuild';
import { windowsBuild } from '../../scripts/lib/windows-build.ts';
import { openWine, whyNoWine } from '../../scripts/lib/wine.ts';

const skip = await whyNoWine();

test('the spool under Wine keeps payloads over a killed process', { skip }, async (t) => {
  await using wine = await openWine();
  const { node } = await windowsBuild();
  const folder = mkdtempSync('/tmp/coroot-agent-spool-');
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const program = join(folder, 'program.mjs');
  const source = join(import.meta.dirname, 'spool', 'program.ts');
  await bundle({ entryPoints: [source], outfile: program, bundle: true, format: 'esm', platform: 'node' });
  const spool = wine.toWindowsPath(join(folder, 'spool'));
  const run = async (step: string): Promise<Record<string, unknown>> => {
    const { stdout, stderr } = await wine.run(node, [wine.toWindowsPath(program), step, spool]);
    return JSON.parse(stdout || JSON.stringify({ stderr }));
  };

  const { problem, other } = await run('append');
  assert.equal(problem, '');
  assert.match(String(other), /is in use: another process uses it; stop the other agent, or set another wal-dir/);

  const { numbers, diskBytes, names, pauses, ...status } = await run('send');
  assert.deepEqual(
    numbers,
    [2, 3, 4, 5].map((number) => [number, number * 1000]),
  );
  assert.deepEqual(status, { problem: '', rejectedPayloads: 1 });
  assert.equal(diskBytes, 3040);
  assert.ok(Number(pauses) >= 2, 'the files were in use');
  assert.match(String(names), /^0{11}\d{5}-3-3\.metrics\.invalid\.payload,lock,sequence$/);
});
