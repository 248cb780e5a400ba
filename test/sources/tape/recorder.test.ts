// The recorder: its tapes are readable, also after a crash, and dropped observations are counted.
import assert from 'node:assert/strict';
import { readFile, stat } from 'node:fs/promises';
import { Writable } from 'node:stream';
import { describe, it } from 'node:test';
import type { AgentError } from '../../../src/base/errors.ts';
import { createRecorder, recordTo } from '../../../src/sources/tape/recorder.ts';
import { aHeader, observation, processTable, TapeBuilder } from '../../helpers/observations.ts';
import { readAll, TestFolder } from './support.ts';

const { observations: ROUNDS } = new TapeBuilder()
  .add('processes', processTable([{ pid: 4 }]))
  .tick()
  .add('processes', processTable([{ pid: 4 }, { pid: 8 }]))
  .tick();

/** Collects written bytes; `hold` delays the callbacks of writes, `fail` calls them with an error. */
class TestSink extends Writable {
  readonly chunks: Buffer[] = [];
  hold = false;
  fail: Error | undefined;
  #waiting: (() => void) | undefined;
  #watchers: (() => void)[] = [];

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error) => void): void {
    this.chunks.push(chunk);
    for (const watcher of this.#watchers.splice(0)) watcher();
    if (this.fail) done(this.fail);
    else if (this.hold) this.#waiting = done;
    else done();
  }

  /** Resolves at the next write. */
  written(): Promise<void> {
    return new Promise((resolve) => this.#watchers.push(resolve));
  }

  release(): void {
    this.hold = false;
    this.#waiting?.();
  }

  get bytes(): Buffer {
    return Buffer.concat(this.chunks);
  }
}

describe('a recorded tape', () => {
  it('is compressed and complete, with an end line', async () => {
    await using folder = await TestFolder.create();
    const file = `${folder.path}/a.tape`;
    const recorder = await createRecorder(file, aHeader({ schema: 99 }));
    for (const each of ROUNDS) recorder.write(each);
    await recorder.close();
    const bytes = await readFile(file);
    assert.deepEqual([...bytes.subarray(0, 2)], [0x1f, 0x8b]);
    const { header, observations, tape, error } = await readAll(bytes);
    assert.equal(error, undefined);
    assert.deepEqual(header, aHeader());
    assert.deepEqual(observations, ROUNDS);
    assert.deepEqual(tape?.end, { observations: 4, dropped: {} });
    assert.deepEqual(recorder.stats(), { observations: 4, dropped: {}, bytes: bytes.length });
  });

  it('is readable up to the last tick after a crash of the recorder', async () => {
    const sink = new TestSink();
    const recorder = recordTo(sink, 'x.tape', aHeader());
    const readable = async (count: number) => {
      for (;;) {
        const more = sink.written();
        const reading = await readAll(sink.bytes);
        if (reading.header && reading.observations.length >= count) return reading;
        await more;
      }
    };
    assert.deepEqual((await readable(0)).header, aHeader());
    for (const each of ROUNDS.slice(0, 3)) recorder.write(each);
    const { observations, error } = await readable(2);
    assert.deepEqual(observations, ROUNDS.slice(0, 2));
    assert.equal(error?.code, 'TAPE_TRUNCATED');
    await recorder.close();
  });

  it('replaces an existing file only with `overwrite`', async () => {
    await using folder = await TestFolder.create();
    const file = await folder.file('a.tape', 'precious');
    const message = `tape ${file} cannot be written: it exists already`;
    await assert.rejects(createRecorder(file, aHeader()), { code: 'TAPE_NOT_WRITABLE', message });
    assert.equal(await readFile(file, 'utf8'), 'precious');
    await (await createRecorder(file, aHeader(), { overwrite: true })).close();
    assert.equal((await readAll(await readFile(file))).error, undefined);
  });

  it('is readable by its owner only', { skip: process.platform === 'win32' }, async () => {
    await using folder = await TestFolder.create();
    await (await createRecorder(`${folder.path}/a.tape`, aHeader())).close();
    assert.equal((await stat(`${folder.path}/a.tape`)).mode & 0o777, 0o600);
  });

  it('is not started in a missing folder or with an invalid header', async () => {
    await assert.rejects(createRecorder('/nonexistent/folder/a.tape', aHeader()), { code: 'TAPE_NOT_WRITABLE' });
    assert.throws(() => recordTo(new TestSink(), 'x', aHeader({ qpcFrequency: Number.NaN })), {
      code: 'TAPE_NOT_WRITABLE',
      message: 'tape x cannot be written: header.qpcFrequency is not a finite number from 0',
    });
  });
});

describe('a dropped observation', () => {
  it('is counted by reason, also in the end line', async () => {
    const sink = new TestSink();
    const recorder = recordTo(sink, 'x.tape', aHeader());
    recorder.write(observation('tick', { intervalMs: 1 }, { seq: 5, atMs: 10 }));
    recorder.write(observation('system', { uptimeMs: Number.NaN }, { seq: 6, atMs: 10 }));
    recorder.write(observation('system', { uptimeMs: 1 }, { seq: 5, atMs: 10 }));
    recorder.write(observation('system', { uptimeMs: 1 }, { seq: 7, atMs: 9 }));
    recorder.write(observation('system', { uptimeMs: 1 }, { seq: 7, atMs: 10 }));
    await recorder.close();
    const dropped = { invalid: 1, 'out of order': 2 };
    const { tape, error, observations } = await readAll(sink.bytes);
    assert.equal(error, undefined);
    assert.deepEqual(tape?.end, { observations: 2, dropped });
    assert.deepEqual(
      observations.map(({ seq }) => seq),
      [5, 7],
    );
    assert.deepEqual(recorder.stats().dropped, dropped);
  });

  it('is caused by a slow disk; queued observations are written later', async () => {
    const sink = new TestSink();
    sink.hold = true;
    const recorder = recordTo(sink, 'x.tape', aHeader(), { maxPendingBytes: 100_000 });
    await sink.written();
    const rows = processTable(Array.from({ length: 200 }, (_, index) => ({ pid: index })));
    for (let seq = 1; seq <= 100; seq++) recorder.write(observation('processes', rows, { seq }));
    const { observations: taken, dropped } = recorder.stats();
    assert.ok(taken > 0 && taken < 50, `${taken} taken`);
    assert.deepEqual(dropped, { 'disk too slow': 100 - taken });
    sink.release();
    await recorder.close();
    const { tape, error } = await readAll(sink.bytes);
    assert.equal(error, undefined);
    assert.deepEqual(tape?.end, { observations: taken, dropped });
  });

  it('is counted after the close', async () => {
    const recorder = recordTo(new TestSink(), 'x.tape', aHeader());
    await recorder.close();
    recorder.write(ROUNDS[0]!);
    assert.deepEqual(recorder.stats().dropped, { 'not writable': 1 });
  });
});

describe('a failing disk', () => {
  it('is reported once, appears in the statistics, and rejects the close', async () => {
    const sink = new TestSink();
    sink.fail = new Error('no space left on device');
    let failures = 0;
    const error = await new Promise<AgentError>((resolve) => {
      const recorder = recordTo(sink, 'x.tape', aHeader(), {
        onFailure: (failure) => {
          failures++;
          recorder.write(ROUNDS[0]!);
          assert.equal(recorder.stats().problem, failure.message);
          assert.deepEqual(recorder.stats().dropped, { 'not writable': 1 });
          assert.rejects(recorder.close(), { code: 'TAPE_NOT_WRITABLE' }).then(() => resolve(failure));
        },
      });
    });
    assert.equal(failures, 1);
    assert.equal(error.message, 'tape x.tape cannot be written: no space left on device');
  });
});
