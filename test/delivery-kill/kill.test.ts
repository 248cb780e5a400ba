// A kill -9 at any system call of the whole chain: nothing spooled is lost, at most the request in flight is repeated.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { build } from 'esbuild';
import { copyBundleAssets } from '../../scripts/lib/bundle-assets.ts';
import { bundleOptions } from '../../scripts/lib/bundle-options.ts';
import { projectRoot } from '../../scripts/lib/folders.ts';
import { compileLibrary, whyNoHostCompiler } from '../../scripts/lib/host-compiler.ts';
import type { DeliveryStatus } from '../../src/exporters/delivery/delivery-status.ts';
import { CorootCollector } from '../helpers/coroot-collector.ts';
import { acceptedRequests, checkRequests, type Round } from './evaluation.ts';

const ROUNDS = 216;
const LANES = 2;
/** In these rounds the server answers 503, so that the next one merges several passes into one request. */
const isOutage = (round: number): boolean => round % 5 >= 3;
const skip = await whyNoHostCompiler();

const shim = 'test/exporters/spool/kill/kill-at-call.c';

interface Lane {
  readonly program: string;
  readonly library: string;
  readonly rounds: number;
  /** Changes how many passes the rounds have. */
  readonly offset: number;
}

function run(program: string, env: Record<string, string>, args: readonly string[]): Promise<string[]> {
  const { promise, resolve, reject } = Promise.withResolvers<string[]>();
  execFile(process.execPath, [program, ...args], { env }, (error, stdout, stderr) => {
    if (error && error.signal !== 'SIGKILL') reject(new Error(`${error.message}\n${stderr}`));
    else resolve(stdout.split('\n').filter((line) => line !== ''));
  });
  return promise;
}

/** Every accounting of a run that was not killed. */
function checkStatus(text: string, accepted: number, round: number): DeliveryStatus {
  const status = JSON.parse(text) as DeliveryStatus & { isInTime: boolean; spool: string };
  const { recoveredItems, producedItems, deliveredItems, queuedItems, droppedItems } = status;
  assert.deepEqual([status.isInTime, status.spool, droppedItems], [true, '', {}], `round ${round}`);
  assert.equal(recoveredItems + producedItems, deliveredItems + queuedItems, `accounting of round ${round}`);
  assert.equal(deliveredItems, accepted, `samples that the server accepted in round ${round}`);
  return status;
}

/** Rounds on one folder: each continues with what the one before left. Returns the calls at which it was killed. */
async function lane({ program, library, rounds, offset }: Lane): Promise<number[]> {
  const folder = mkdtempSync(join(tmpdir(), 'delivery-kill-'));
  await using collector = await CorootCollector.open();
  const done: Round[] = [];
  const kills: number[] = [];
  let [number, killAt] = [1, 1];
  const next = async (count: number, env: Record<string, string>): Promise<string | undefined> => {
    const index = done.length;
    const args = [folder, collector.url.href, String(index), String(number), String(count)];
    const lines = await run(program, env, args);
    number += count;
    done.push({ lines, killed: !lines.at(-1)?.startsWith('stopped ') });
    return lines.at(-1)?.replace(/^stopped /, '');
  };
  const acceptedIn = (round: number): number =>
    acceptedRequests(collector).reduce((sum, each) => sum + (each.round === round ? each.samples.length : 0), 0);
  try {
    while (done.length < rounds) {
      const round = done.length;
      if (isOutage(round)) collector.faults.set('/v1/metrics', { kind: 'status', status: 503 });
      else collector.faults.clear();
      const kill = { KILL_BELOW: folder, KILL_PORT: collector.url.port, KILL_AT: String(killAt) };
      const last = await next(1 + ((round + offset) % 3), { LD_PRELOAD: library, ...kill });
      const { killed } = done.at(-1)!;
      if (killed) kills.push(killAt);
      else checkStatus(last!, acceptedIn(round), round);
      killAt = killed ? killAt + 1 : 1;
    }
    collector.faults.clear();
    const status = checkStatus((await next(1, {}))!, acceptedIn(done.length - 1), done.length - 1);
    assert.equal(status.queuedItems, 0);
    assert.deepEqual(readdirSync(join(folder, 'spool', 'metrics')), []);
    checkRequests(done, acceptedRequests(collector));
    return kills;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test(`a kill at each system call, in ${ROUNDS} rounds with a server, loses no pass that was spooled`, {
  skip,
  timeout: 600_000,
}, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'delivery-kill-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  await build({
    ...bundleOptions,
    entryPoints: [join(import.meta.dirname, 'numbered-agent.ts')],
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    define: { COROOT_BUNDLED: 'true', COROOT_VERSION: '"1"' },
  });
  // For koffi, which is not bundled.
  symlinkSync(join(projectRoot, 'node_modules'), join(folder, 'node_modules'));
  copyBundleAssets(folder);
  const library = await compileLibrary(join(projectRoot, shim));
  const program = join(folder, 'numbered-agent.mjs');
  const lanes = Array.from({ length: LANES }, (_, offset) =>
    lane({ program, library, rounds: ROUNDS / LANES, offset }),
  );
  const kills = (await Promise.all(lanes)).flat();
  t.diagnostic(`${kills.length} kills, up to call ${Math.max(...kills)}`);
  assert.ok(kills.length >= 200, `${kills.length} kills`);
});
