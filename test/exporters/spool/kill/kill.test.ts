// A kill -9 at any system call loses no payload, and brings none back.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { build } from 'esbuild';
import { compileLibrary, whyNoHostCompiler } from '../../../../scripts/lib/host-compiler.ts';
import { ALL, openSpool, temporaryFolder } from '../support.ts';
import { numberedPayload } from './numbered-payload.ts';

const ROUNDS = 216;
const LANES = 2;
const skip = await whyNoHostCompiler();

/** What the killed process printed. */
async function run(program: string, shim: string, folder: string, killAt: number, args: number[]): Promise<string[]> {
  const env = { LD_PRELOAD: shim, KILL_BELOW: folder, KILL_AT: String(killAt) };
  const { promise, resolve, reject } = Promise.withResolvers<string[]>();
  execFile(process.execPath, [program, folder, ...args.map(String)], { env }, (error, stdout, stderr) => {
    // Anything else than the kill is a fault of the spool.
    if (error && error.signal !== 'SIGKILL') reject(new Error(`${error.message}\n${stderr}`));
    else resolve(stdout.split('\n').filter((line) => line !== ''));
  });
  return promise;
}

/** The payloads that must be there, and those that may be: their step had begun when the process was killed. */
class Expected {
  readonly present = new Set<number>();
  readonly possible = new Set<number>();

  read(lines: readonly string[]): void {
    for (const line of lines) {
      const [step, ...numbers] = line.split(' ');
      for (const number of numbers.map(Number)) this.#step(step!, number);
    }
  }

  #step(step: string, number: number): void {
    if (step === 'append' || step === 'remove' || step === 'reject') {
      this.present.delete(number);
      this.possible.add(number);
    } else if (step === 'appended') {
      this.possible.delete(number);
      this.present.add(number);
    } else if (step !== 'closed') this.possible.delete(number);
  }

  /** Takes over what was found. */
  check(found: readonly number[], message: string): void {
    assert.deepEqual(
      [...this.present].filter((number) => !found.includes(number)),
      [],
      `lost, ${message}`,
    );
    const allowed = found.filter((number) => this.present.has(number) || this.possible.has(number));
    assert.deepEqual(found, allowed, `came back, ${message}`);
    assert.deepEqual(
      found,
      [...found].sort((a, b) => a - b),
      `order, ${message}`,
    );
    this.possible.clear();
    for (const number of found) this.present.add(number);
  }
}

const temporaryFiles = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.tmp'));

/** Rounds of one folder: each continues with what the one before left. Returns the calls at which it was killed. */
async function lane(program: string, shim: string, rounds: number, offset: number): Promise<number[]> {
  using folder = temporaryFolder();
  const expected = new Expected();
  const kills: number[] = [];
  let [killAt, number, highest] = [1, 1 + offset, 0];
  for (let round = 1; round <= rounds; round++) {
    const count = 3 + ((round + offset) % 3);
    const lines = await run(program, shim, folder.path, killAt, [number, count]);
    number += count;
    const message = `round ${round}, killed at call ${killAt}: ${lines.slice(-3).join(', ')}`;
    expected.read(lines);
    const isClosed = lines.at(-1)?.startsWith('closed') ?? false;
    if (!isClosed) kills.push(killAt);
    killAt = isClosed ? 1 : killAt + 1;

    const leftovers = temporaryFiles(folder.path).filter((name) => name.startsWith('metrics'));
    const spool = openSpool(folder.path, { maxBytes: 100_000_000 });
    const queue = spool.queue('metrics');
    await queue.append(numberedPayload(number));
    expected.present.add(number++);
    const found = await queue.first(ALL);
    expected.check(
      found.map(({ payload }) => payload.count),
      message,
    );
    for (const { payload } of found) assert.deepEqual(payload, numberedPayload(payload.count), message);
    const seq = found.at(-1)!.seq;
    assert.ok(seq > highest, message);
    highest = seq;
    assert.deepEqual([...queue.totals().setAside], [], message);
    assert.ok((spool.status().leftovers.get('incomplete') ?? 0) <= leftovers.length, message);
    assert.deepEqual(
      [...spool.status().leftovers.keys()].filter((reason) => reason !== 'incomplete'),
      [],
      message,
    );
    assert.equal(spool.status().problem, '', message);
    await spool.close();
    assert.deepEqual(temporaryFiles(folder.path), [], message);
  }
  return kills;
}

test(`a kill at each system call, in ${ROUNDS} rounds, loses and repeats no payload`, {
  skip,
  timeout: 600_000,
}, async () => {
  using folder = temporaryFolder();
  const program = join(folder.path, 'appender.mjs');
  const source = join(import.meta.dirname, 'appender.ts');
  await build({ entryPoints: [source], outfile: program, bundle: true, format: 'esm', platform: 'node' });
  const shim = await compileLibrary(join(import.meta.dirname, 'kill-at-call.c'));
  const lanes = Array.from({ length: LANES }, (_, at) => lane(program, shim, ROUNDS / LANES, at * 2));
  const kills = (await Promise.all(lanes)).flat();
  assert.ok(kills.length >= 200, `${kills.length} kills`);
  // Opening, appending, reading, removing and setting aside take more calls than this.
  assert.ok(Math.max(...kills) >= 40, `last call ${Math.max(...kills)}`);
});
