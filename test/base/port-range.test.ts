// Port ranges: `from-to`, one or more, separated by spaces and commas; the empty text switches the filter off.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parsePortRanges } from '../../src/base/port-range.ts';

describe('port ranges', () => {
  it('parses one range', () => assert.deepEqual(parsePortRanges('32768-60999'), [{ from: 32_768, to: 60_999 }]));

  it('parses the range of all ports and a single port', () => {
    assert.deepEqual(parsePortRanges('0-65535'), [{ from: 0, to: 65_535 }]);
    assert.deepEqual(parsePortRanges('80-80'), [{ from: 80, to: 80 }]);
  });

  for (const text of ['1-2,3-4', '1-2 3-4', '1-2, 3-4', ' 1-2 ,  3-4 '])
    it(`parses ${JSON.stringify(text)}`, () =>
      assert.deepEqual(parsePortRanges(text), [
        { from: 1, to: 2 },
        { from: 3, to: 4 },
      ]));

  it('parses the empty text as no range', () => assert.deepEqual(parsePortRanges(''), []));

  for (const text of [
    ' ',
    ',',
    '80',
    '2-1',
    '1-65536',
    '65536-65537',
    '-1-5',
    '1-',
    '-5',
    '1-2-3',
    '1-2;3-4',
    'a-b',
    '0x1-0x2',
    '1-2,x',
  ])
    it(`rejects ${JSON.stringify(text)}`, () => assert.equal(parsePortRanges(text), undefined));
});
