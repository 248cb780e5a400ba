// Truncated, damaged, foreign and oversized tapes: valid lines are used, and the error has the position.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { AgentError } from '../../../src/base/errors.ts';
import { decodeTape, openTape, readHeader } from '../../../src/sources/tape/read-tape.ts';
import {
  endLine,
  HEADER_LINE,
  readAll,
  SYSTEM_LINE,
  seeded,
  streamOf,
  TCP_LINE,
  TestFolder,
  TICK_LINE,
  tapeText,
} from './support.ts';

const LINES = [HEADER_LINE, SYSTEM_LINE, TCP_LINE, TICK_LINE, endLine(3)];
const TEXT = Buffer.from(tapeText(...LINES));
const OFFSETS = LINES.map((_, index) => Buffer.byteLength(tapeText(...LINES.slice(0, index))));

const positionOf = (error: AgentError | undefined) => [error?.code, error?.params.line, error?.params.offset];

describe('a truncated tape', () => {
  it('yields all complete observations, wherever the text is cut', async () => {
    const { observations: all } = await readAll(TEXT);
    for (let length = 0; length < TEXT.length; length++) {
      const kept = TEXT.subarray(0, length);
      const complete = kept.filter((byte) => byte === 10).length;
      const { observations, error } = await readAll(kept);
      assert.deepEqual(observations, all.slice(0, Math.max(0, complete - 1)));
      const expected =
        length < '{"tape":"coroot-agent"'.length ? ['TAPE_FOREIGN', 1, 0] : ['TAPE_TRUNCATED', complete + 1, length];
      assert.deepEqual(positionOf(error), expected, `cut at byte ${length}`);
    }
  });

  it('yields all complete observations, wherever the gzip file is cut', async () => {
    const packed = gzipSync(TEXT);
    const { observations: all } = await readAll(TEXT);
    for (let length = 0; length < packed.length; length++) {
      const kept = packed.subarray(0, length);
      const { observations, error } = await readAll(kept, { chunkBytes: 50 });
      const plain = length < 2 ? Buffer.alloc(0) : gunzipSync(kept, { finishFlush: 2 });
      const complete = plain.filter((byte) => byte === 10).length;
      assert.deepEqual(observations, all.slice(0, Math.max(0, Math.min(complete, 4) - 1)));
      const expected =
        plain.length < '{"tape":"coroot-agent"'.length
          ? ['TAPE_FOREIGN', 1, 0]
          : ['TAPE_TRUNCATED', complete + 1, plain.length];
      assert.deepEqual(positionOf(error), expected, `cut at byte ${length}`);
    }
  });
});

describe('a damaged line', () => {
  const cases: [string, string, RegExp][] = [
    ['no JSON', SYSTEM_LINE.slice(1), /the line is not valid JSON/],
    ['an empty line', '', /the line is not valid JSON/],
    ['a list', '[]', /the line is not an object/],
    ['no number', SYSTEM_LINE.replace('3600000', '"3600000"'), /data\.uptimeMs is not a time in milliseconds/],
    ['a number out of JSON', SYSTEM_LINE.replace('3600000', '1e999'), /data\.uptimeMs is not a time/],
    ['a missing field', SYSTEM_LINE.replace('"uptimeMs":3600000', ''), /data\.uptimeMs is not a time/],
    ['neither data nor unavailable', SYSTEM_LINE.replace('"data"', '"date"'), /observation is not one with either/],
    [
      'both',
      SYSTEM_LINE.replace('"data"', '"unavailable":{"part":"a","reason":"b"},"data"'),
      /observation is not one with either/,
    ],
    ['a number repeated', SYSTEM_LINE.replace('"seq":1', '"seq":0'), /observation\.seq is not greater than 0/],
    ['a negative time', SYSTEM_LINE.replace('"tMono":0', '"tMono":-1'), /observation\.tMono is not a time/],
    [
      'a port too large',
      TCP_LINE.replace('50000', '65536'),
      /data\[0\]\.remotePort\[1\] is not a whole number from 0 to 65535/,
    ],
    [
      'a broken row',
      TCP_LINE.replace('[700,700]', '[700,7.5]'),
      /data\[0\]\.pid\[1\] is not a whole number from 0 to 4294967295/,
    ],
    ['a short column', TCP_LINE.replace('[700,700]', '[700]'), /data\[0\]\.pid is not a list of 2 entries/],
    [
      'too many rows',
      TCP_LINE.replace('"count":2', '"count":1000001'),
      /data\[0\]\.count is not a whole number from 0 to 1000000/,
    ],
    [
      'a short address',
      TCP_LINE.replace('AAAAAAoAAAU=', 'AAAAAAoA'),
      /data\[0\]\.localAddress is not base64 of 8 bytes/,
    ],
    ['no base64', TCP_LINE.replace('AAAAAAoAAAU=', 'AAAAAAoAAA*='), /data\[0\]\.localAddress is not base64 of 8 bytes/],
    ['another family', TCP_LINE.replace('"family":4', '"family":5'), /data\[0\]\.family is not 4 or 6/],
    [
      'a long text',
      SYSTEM_LINE.replace('"test"', `"${'x'.repeat(65_537)}"`),
      /observation\.source is not a text of at most 65536/,
    ],
    ['an end that does not count right', endLine(2), /end\.observations is not 1, the number of those read/],
  ];
  for (const [name, line, message] of cases) {
    it(`is reported with its position: ${name}`, async () => {
      const before = SYSTEM_LINE.replace('"seq":1', '"seq":0');
      const { observations, error } = await readAll(tapeText(HEADER_LINE, before, line, endLine(2)));
      assert.equal(observations.length, 1);
      assert.match(error?.message ?? '', message);
      assert.deepEqual(positionOf(error), ['TAPE_CORRUPT', 3, OFFSETS[1]! + before.length + 1]);
    });
  }

  it('is reported when its time decreases', async () => {
    const { error } = await readAll(
      tapeText(HEADER_LINE, SYSTEM_LINE.replace('"tMono":0', '"tMono":5'), TCP_LINE, endLine(2)),
    );
    assert.match(error?.message ?? '', /observation\.tMono is not at least 5 at line 3/);
  });

  it('is reported when it is not UTF-8', async () => {
    const text = Buffer.from(TEXT);
    text[OFFSETS[1]! + SYSTEM_LINE.indexOf('test')] = 0xff;
    assert.deepEqual(positionOf((await readAll(text)).error), ['TAPE_CORRUPT', 2, OFFSETS[1]]);
  });

  it('is reported when it follows the end line', async () => {
    const { error, observations } = await readAll(Buffer.concat([TEXT, TEXT]));
    assert.equal(observations.length, 3);
    assert.deepEqual(positionOf(error), ['TAPE_CORRUPT', 6, TEXT.length]);
  });
});

describe('a bad header', () => {
  const cases: [string, string, string][] = [
    ['another JSON', '{"a":1}', 'TAPE_FOREIGN'],
    ['text', 'hello', 'TAPE_FOREIGN'],
    ['another mark', HEADER_LINE.replace('coroot-agent', 'other'), 'TAPE_FOREIGN'],
    ['a damage', HEADER_LINE.replace('"os":', '"os";'), 'TAPE_CORRUPT'],
    ['no schema', HEADER_LINE.replace('"schema":1,', ''), 'TAPE_CORRUPT'],
    ['a field of another type', HEADER_LINE.replace('"elevated":true', '"elevated":1'), 'TAPE_CORRUPT'],
    ['a newer schema', HEADER_LINE.replace('"schema":1', '"schema":2'), 'TAPE_SCHEMA'],
    ['an older schema without an upgrader', HEADER_LINE.replace('"schema":1', '"schema":0'), 'TAPE_SCHEMA'],
  ];
  for (const [name, line, code] of cases) {
    it(`is refused: ${name}`, async () => {
      const { error, tape } = await readAll(tapeText(line, SYSTEM_LINE, endLine(1)));
      assert.equal(tape, undefined);
      assert.equal(error?.code, code);
    });
  }

  it('is refused with its schema when that is unknown', async () => {
    const { error } = await readAll(tapeText(HEADER_LINE.replace('"schema":1', '"schema":7')));
    assert.equal(error?.message, 'tape x.tape has schema 7, this agent reads up to 1');
  });

  it('is refused when another gzip file is opened', async () => {
    assert.equal((await readAll(gzipSync('not a tape'))).error?.code, 'TAPE_FOREIGN');
    assert.equal((await readAll(Buffer.from([0x1f, 0x8b, 8, 0xff, 1, 2, 3]))).error?.code, 'TAPE_FOREIGN');
  });
});

describe('a packed tape', () => {
  const stored = gzipSync(TEXT, { level: 0 });

  it('yields the observations before the damage, and the position where its data ends', async () => {
    const damaged = Buffer.from(stored);
    damaged[damaged.length - 5]! ^= 1;
    const { error, observations } = await readAll(damaged);
    assert.deepEqual(observations, (await readAll(TEXT)).observations.slice(0, observations.length));
    assert.ok(observations.length >= 1);
    assert.match(error?.message ?? '', /the compressed data is broken: incorrect/);
  });

  it('is refused when bytes follow it', async () => {
    for (const more of ['garbage', '\0\0\0\0\0\0\0\0']) {
      for (const chunkBytes of [stored.length, 65_536]) {
        const { error, observations } = await readAll(Buffer.concat([stored, Buffer.from(more)]), { chunkBytes });
        assert.ok(observations.length >= 1);
        assert.equal(error?.code, 'TAPE_CORRUPT');
      }
    }
  });
});

describe('an oversized tape', () => {
  it('is refused after a megabyte of its first line', async () => {
    let given = 0;
    const endless = async function* (): AsyncGenerator<Buffer> {
      for (;;) {
        given += 65_536;
        yield Buffer.alloc(65_536, 'x');
      }
    };
    await assert.rejects(decodeTape(endless(), 'x.tape'), { code: 'TAPE_FOREIGN' });
    assert.ok(given <= 1_200_000, `${given} bytes read`);
  });

  it('is refused when a line reaches the limit', async () => {
    const text = tapeText(HEADER_LINE, SYSTEM_LINE, 'x'.repeat(100_000));
    for (const bytes of [Buffer.from(text), gzipSync(text)]) {
      const { error, observations } = await readAll(bytes, { maxLineBytes: 10_000 });
      assert.equal(observations.length, 1);
      assert.deepEqual(positionOf(error), ['TAPE_CORRUPT', 3, OFFSETS[2]]);
    }
  });

  it('counts a bounded number of unknown kinds separately', async () => {
    const lines = Array.from({ length: 500 }, (_, index) =>
      SYSTEM_LINE.replace('"seq":1', `"seq":${index}`).replace('"system"', `"kind-${index}"`),
    );
    const { tape, error } = await readAll(tapeText(HEADER_LINE, ...lines, endLine(500)));
    assert.equal(error, undefined);
    assert.equal(Object.keys(tape!.skipped).length, 51);
    assert.equal(tape!.skipped['other kinds'], 450);
  });
});

describe('random damage', () => {
  it('causes no error other than AgentError', async () => {
    const random = seeded(7);
    const codes: Record<string, number> = {};
    for (let round = 0; round < 20_000; round++) {
      const bytes = Buffer.from(TEXT);
      for (let flips = 1 + random(3); flips > 0; flips--) {
        const at = random(bytes.length);
        bytes[at] = random(2) ? random(256) : bytes[at]! ^ (1 << random(8));
      }
      const { error } = await readAll(bytes);
      codes[error?.code ?? 'none'] = (codes[error?.code ?? 'none'] ?? 0) + 1;
    }
    for (const code of ['none', 'TAPE_CORRUPT', 'TAPE_FOREIGN', 'TAPE_SCHEMA', 'TAPE_TRUNCATED'])
      assert.ok(codes[code], `${code} was never seen`);
    assert.equal(Object.keys(codes).length, 5);
  });

  it('of a gzip tape causes no error other than AgentError', async () => {
    const random = seeded(8);
    const packed = gzipSync(TEXT);
    for (let round = 0; round < 2_000; round++) {
      const bytes = Buffer.from(packed);
      bytes[2 + random(bytes.length - 2)]! ^= 1 << random(8);
      await readAll(bytes, { chunkBytes: 100 });
    }
  });
});

describe('a tape file', () => {
  it('is not opened when it is missing or a folder', async () => {
    await using folder = await TestFolder.create();
    for (const path of [`${folder.path}/none.tape`, folder.path])
      await assert.rejects(openTape(path), { code: 'TAPE_UNREADABLE' });
  });

  it('yields its header alone', async () => {
    await using folder = await TestFolder.create();
    assert.equal((await readHeader(await folder.file('a.tape', TEXT))).qpcFrequency, 10_000_000);
  });

  it('closes its source when reading stops early', async () => {
    let closed = false;
    const source = async function* (): AsyncGenerator<Buffer> {
      try {
        yield* streamOf(gzipSync(TEXT), 10);
      } finally {
        closed = true;
      }
    };
    const tape = await decodeTape(source(), 'x.tape');
    for await (const observation of tape.observations) if (observation.kind === 'system') break;
    assert.equal(closed, true);
  });
});
