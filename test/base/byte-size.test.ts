// Byte sizes: 1024-based for KB and KiB alike, with a mandatory unit, as in Coroot's agent.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseByteSize } from '../../src/base/byte-size.ts';

const valid: readonly [text: string, bytes: number][] = [
  ['0', 0],
  ['10B', 10],
  ['1KB', 1024],
  ['1KiB', 1024],
  ['500MB', 524_288_000],
  ['500MiB', 524_288_000],
  ['1.5GB', 1_610_612_736],
  ['2TB', 2_199_023_255_552],
  ['1PB', 1_125_899_906_842_624],
];

describe('byte sizes', () => {
  for (const [text, bytes] of valid) it(`${text} is ${bytes}`, () => assert.equal(parseByteSize(text), bytes));

  for (const text of ['', '500', '1', '-1MB', 'MB', '1iB', '1M', '5 MB', '1XB', '1e3MB', '0x1MB', 'NaNB', '1MBx'])
    it(`rejects ${JSON.stringify(text)}`, () => assert.equal(parseByteSize(text), undefined));

  it('rejects a size beyond the safe integers', () => assert.equal(parseByteSize('8EB'), undefined));
});
