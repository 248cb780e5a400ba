// Recording to a redacted tape in two passes: late names, what is on the disk meanwhile, failures and abort.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { describe, it } from 'node:test';
import { gunzipSync } from 'node:zlib';
import type { AgentError } from '../../../src/base/errors.ts';
import type { Observation } from '../../../src/sources/host.ts';
import type { Recorder } from '../../../src/sources/tape/recorder.ts';
import { Redactor } from '../../../src/sources/tape/redact.ts';
import { createRedactingRecorder } from '../../../src/sources/tape/redacting-recorder.ts';
import { aHeader, anIdentity, aService, observation } from '../../helpers/observations.ts';
import { readAll, TestFolder } from './support.ts';

const config = { startType: 2, binaryPath: 'C:\\java.exe', account: 'LocalSystem' };
const early = observation('services', [aService({ name: 'a', displayName: 'Backup of server on prod', config })], {
  seq: 1,
});
/** Reveals that words of the first observation are names. */
const late: readonly Observation[] = [
  observation('services', [aService({ name: 'a', displayName: '', config: { ...config, account: 'PROD\\backup' } })], {
    seq: 2,
  }),
  observation('identity', anIdentity({ hostname: 'SERVER' }), { seq: 3 }),
];

/** Records into a folder whose temporary files are in it. */
async function inFolder(act: (path: string) => Promise<void>): Promise<void> {
  await using folder = await TestFolder.create();
  const before = process.env.TMPDIR;
  process.env.TMPDIR = folder.path;
  try {
    await act(folder.path);
  } finally {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
  }
}

const start = (path: string, overwrite = false): Promise<Recorder> =>
  createRedactingRecorder(`${path}/r.tape`, aHeader(), new Redactor(), {}, { overwrite });

/** The temporary file of a recording. */
function spoolIn(path: string): string {
  const [folder] = readdirSync(path).filter((name) => name.startsWith('coroot-agent-'));
  return folder === undefined ? '' : `${path}/${folder}/spool`;
}

describe('a redacted tape', () => {
  it('has no name that a later observation revealed', () =>
    inFolder(async (path) => {
      const recorder = await start(path);
      for (const each of [early, ...late]) recorder.write(each);
      await recorder.close();
      const { observations, error } = await readAll(readFileSync(`${path}/r.tape`));
      assert.equal(error, undefined);
      const [first, second] = observations as unknown as {
        data: { displayName: string; config: { account: string } }[];
      }[];
      assert.equal(first!.data[0]!.displayName, 'user-1 of host-1 on domain-1');
      assert.equal(second!.data[0]!.config.account, 'domain-1\\user-1');
      assert.deepEqual(recorder.stats().observations, 3);
      assert.deepEqual(readdirSync(path), ['r.tape']);
    }));

  it('counts what was dropped in the first pass', () =>
    inFolder(async (path) => {
      const recorder = await start(path);
      recorder.write(early);
      recorder.write(early);
      await recorder.close();
      const { tape } = await readAll(readFileSync(`${path}/r.tape`));
      assert.deepEqual(tape!.end, { observations: 1, dropped: { 'out of order': 1 } });
      assert.deepEqual(recorder.stats().dropped, { 'out of order': 1 });
    }));

  it('keeps an existing file unless it is to be overwritten', () =>
    inFolder(async (path) => {
      await (await start(path)).close();
      await assert.rejects(start(path), { code: 'TAPE_NOT_WRITABLE', message: /it exists already/ });
      assert.deepEqual(readdirSync(path), ['r.tape']);
      await (await start(path, true)).close();
    }));
});

describe('a recording in progress', () => {
  it('is in an encrypted file that only its owner can open', () =>
    inFolder(async (path) => {
      const recorder = await start(path);
      const tick = observation('tick', { intervalMs: 1 }, { seq: 9 });
      for (const each of [early, ...late, tick]) recorder.write(each);
      while (!existsSync(spoolIn(path)) || statSync(spoolIn(path)).size === 0)
        await new Promise((resolve) => setImmediate(resolve));
      const bytes = readFileSync(spoolIn(path));
      assert.throws(() => gunzipSync(bytes));
      assert.doesNotMatch(bytes.toString('latin1'), /coroot|Backup|SERVER/);
      assert.equal(statSync(spoolIn(path)).mode & 0o077, 0);
      assert.equal(readFileSync(`${path}/r.tape`).length, 0);
      await recorder.close();
      assert.equal(spoolIn(path), '');
    }));

  it('leaves neither a tape nor a temporary file when it cannot be written', () =>
    inFolder(async (path) => {
      let failed: AgentError | undefined;
      const missing = `${path}/missing`;
      process.env.TMPDIR = missing;
      await assert.rejects(start(path), { code: 'TAPE_NOT_WRITABLE' });
      assert.deepEqual(readdirSync(path), []);
      process.env.TMPDIR = path;
      const redactor = new Redactor();
      const options = { onFailure: (error: AgentError) => (failed = error) };
      const recorder = await createRedactingRecorder(`${path}/r.tape`, aHeader(), redactor, {}, options);
      while (!existsSync(spoolIn(path))) await new Promise((resolve) => setImmediate(resolve));
      recorder.write(early);
      rmSync(`${path}/${readdirSync(path).find((name) => name !== 'r.tape')}`, { recursive: true });
      await assert.rejects(recorder.close(), { code: 'TAPE_NOT_WRITABLE' });
      assert.equal(failed, undefined, 'the file stays writable without its name');
      assert.deepEqual(readdirSync(path), []);
    }));
});
