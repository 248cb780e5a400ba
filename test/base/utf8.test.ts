// Length and truncation of texts in bytes of UTF-8.
import assert from 'node:assert/strict';
import test from 'node:test';
import { cutUtf8, utf8Length } from '../../src/base/utf8.ts';
import { below, seeded } from '../helpers/random.ts';

const pieces = ['a', '\0', 'é', '\u07ff', '\u0800', '€', '\uffff', '🚀', '\ud83d', '\ude80', '\u{10ffff}'];

test('counts bytes and cuts between characters as Buffer encodes them, lone surrogates included', () => {
  const random = seeded(7);
  for (let run = 0; run < 500; run++) {
    const text = Array.from({ length: below(random, 12) }, () => pieces[below(random, pieces.length)]).join('');
    const whole = Buffer.from(text);
    assert.equal(utf8Length(text), whole.length);
    for (let max = 0; max <= whole.length + 1; max++) {
      // The longest start of the bytes that does not end inside of a character.
      let end = Math.min(max, whole.length);
      while (end < whole.length && (whole[end]! & 0xc0) === 0x80) end--;
      assert.deepEqual(Buffer.from(cutUtf8(text, max)), whole.subarray(0, end), JSON.stringify([text, max]));
    }
  }
});
