// The number of values in one line of a tape is limited before the line is parsed.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { exceededLimit, LINE_LIMITS } from '../../../src/sources/tape/line-limits.ts';
import { HEADER_LINE, readAll, SYSTEM_LINE, TestFolder, tapeText } from './support.ts';

const limitOf = (text: string) => exceededLimit(Buffer.from(text));
/** An object with `count` different keys. */
const objectOf = (count: number, from = 0) =>
  `{${Array.from({ length: count }, (_, index) => `"${(from + index).toString(36)}":0`).join(',')}}`;
/** Spaces that make a short line long enough to be checked. */
const padding = ' '.repeat(1024 * 1024);

describe('a line of a tape', () => {
  it('with 4.5 million keys is corrupt at its position, with 64 MiB of heap', async () => {
    await using folder = await TestFolder.create();
    const file = join(folder.path, 'keys.tape');
    const before = tapeText(HEADER_LINE, SYSTEM_LINE);
    const block = Array.from({ length: 10_000 }, (_, index) => `"~${index}":0`).join(',');
    const blocks = Array.from({ length: 450 }, (_, index) => block.replaceAll('~', `${index}.`));
    writeFileSync(file, `${before}{${blocks.join(',')}}\n`);
    const script = `
      import { openTape } from './src/sources/tape/read-tape.ts';
      const tape = await openTape(${JSON.stringify(file)});
      let count = 0;
      try {
        for await (const _ of tape.observations) count++;
      } catch (error) {
        console.log(JSON.stringify([count, error.code, error.params.line, error.params.offset]));
      }`;
    const args = ['--max-old-space-size=64', '--input-type=module', '--eval', script];
    const output = execFileSync(process.execPath, args, { encoding: 'utf8' });
    assert.deepEqual(JSON.parse(output), [1, 'TAPE_CORRUPT', 3, Buffer.byteLength(before)]);
  });

  it('with different keys in many small objects exceeds the limit of different keys', () => {
    const objects = Array.from({ length: 500 }, (_, index) => objectOf(500, index * 500));
    assert.match(limitOf(`[${objects.join(',')}]`) ?? '', /different keys/);
  });

  it('with the same keys in 100,000 objects exceeds no limit', () => {
    const service = '{"name":"a","display":"b","state":"running","pid":7,"account":"c","path":"d"}';
    assert.equal(limitOf(`[${`${service},`.repeat(99_999)}${service}]`), undefined);
  });

  it('with too many texts, values or lists exceeds the limit of each', () => {
    const { strings, values } = LINE_LIMITS;
    assert.match(limitOf(`[${'"",'.repeat(strings)}""]`) ?? '', /strings/);
    assert.equal(limitOf(`[${'"",'.repeat(strings - 1)}""]`), undefined);
    assert.match(limitOf(`[${'0,'.repeat(values + 1)}0]`) ?? '', /values/);
    assert.match(limitOf(`${'['.repeat(LINE_LIMITS['objects and lists'] + 1)}`) ?? '', /objects and lists/);
  });

  it('counts nothing inside of a text, and a key behind spaces', () => {
    assert.equal(limitOf(`["${'[{,:'.repeat(4_000_000)}"]`), undefined);
    assert.equal(limitOf(`["${'\\",\\"'.repeat(3_100_000)}"]`), undefined);
    const spaced = objectOf(210_000).replaceAll('":', '" \t\r:');
    assert.match(limitOf(spaced) ?? '', /different keys/);
  });

  it('that is no JSON is read to its end', () => {
    for (const text of ['"', '"\\', '"\\"', '"a" ', '}{"', '\\"'])
      assert.doesNotThrow(() => limitOf(`${padding}${text}`));
  });

  it('is checked before it is parsed', async () => {
    const { error, observations } = await readAll(tapeText(HEADER_LINE, SYSTEM_LINE, '['.repeat(1_500_000)));
    assert.equal(observations.length, 1);
    assert.match(error?.message ?? '', /not of at most 1000000 objects and lists/);
  });
});
