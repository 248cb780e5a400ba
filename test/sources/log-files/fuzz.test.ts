// Damaged text files, W3C logs and files of Docker's json-file driver never stop the reader.
import assert from 'node:assert/strict';
import { appendFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import type { FileTarget } from '../../../src/sources/logs/contracts.ts';
import { blockCoverage } from '../../helpers/coverage.ts';
import { ReaderFixture } from '../../helpers/file-reader.ts';
import { below, seeded } from '../../helpers/random.ts';

const ROUNDS = 150;
const FIELDS =
  'date time s-ip cs-method cs-uri-stem s-port cs-username c-ip cs(User-Agent) cs-version sc-status s-reason';
const REQUEST = '2026-01-31 10:00:00 ::1 GET /a/b?c=d 80 - ::1 Mozilla/5.0+(X) HTTP/1.1 503 QueueFull';
const inputs: Readonly<Record<FileTarget['format'], readonly string[]>> = {
  text: [
    `#Software: IIS\n#Date: 2026-01-31 00:00:00\n#Fields: ${FIELDS}\n${`${REQUEST}\n`.repeat(4)}`,
    '#Date: 2026-01-31 23:59:59\n#Fields: time cs-method cs-uri\n23:59:59 GET /a?b\n00:00:01 POST /\n',
    'ERROR gate shut\n\tat a\n{"level":"error","msg":"x","a":{"b":1}}\n\ufeffplain\n',
    '\ufeffutf-16 line\nERROR another\n',
  ],
  docker: [
    `{"log":"ERROR a\\r\\n","stream":"stderr","time":"2026-01-31T10:00:00.1234567Z"}\n`.repeat(3),
    `{"log":"piece","stream":"stdout"}\n{"log":"end\\n","stream":"stdout","time":"x"}\n{"LOG":null}\nnull\n`,
  ],
};

function damaged(source: Buffer, random: () => number): Buffer {
  let bytes = Buffer.from(source);
  for (let changes = below(random, 6); changes > 0; changes--) {
    const at = below(random, bytes.length);
    const kind = below(random, 5);
    if (kind === 0) bytes[at] = below(random, 256);
    else if (kind === 1) bytes = bytes.subarray(0, at + 1);
    else if (kind === 2) bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(below(random, bytes.length))]);
    else if (kind === 3) bytes[at] = [0, 0x0a, 0x0d, 0x20, 0x23, 0xff][below(random, 6)]!;
    else bytes = Buffer.concat([bytes, bytes.subarray(0, at)]);
  }
  return bytes;
}

function run(): void {
  const random = seeded(16);
  for (const [format, sources] of Object.entries(inputs) as [FileTarget['format'], readonly string[]][]) {
    for (let round = 0; round < ROUNDS; round++) {
      const source = sources[round % sources.length]!;
      const bytes = damaged(Buffer.from(source, round % 8 === 3 ? 'utf16le' : 'utf8'), random);
      using logs = new ReaderFixture({ targets: [{ format, fromStart: true }] });
      writeFileSync(logs.path('app.log'), bytes);
      logs.read();
      if (below(random, 3) === 0) logs.restart();
      appendFileSync(logs.path('app.log'), damaged(bytes, random));
      logs.read();
      if (below(random, 3) === 0) writeFileSync(logs.path('app.log'), damaged(bytes, random));
      logs.read();
      const [state] = logs.files();
      assert.equal(state!.problem, undefined);
      assert.equal(state!.state, 'reading');
      for (const { attributes, atMs } of logs.records()) {
        assert.ok(Number.isSafeInteger(atMs), `${atMs}`);
        for (const value of Object.values(attributes)) assert.equal(typeof value, 'string');
      }
    }
  }
}

test('damaged files never stop a reader; the coverage is printed', async (t) => {
  const { blocks, missed } = await blockCoverage((url) => url.includes('/src/sources/log-files/'), run);
  t.diagnostic(`${blocks - missed.length} of ${blocks} blocks; not: ${missed.join(' | ')}`);
  assert.ok(missed.length < blocks * 0.4);
});
