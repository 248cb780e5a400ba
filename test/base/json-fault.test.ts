// The message for invalid JSON gives the position and quotes nothing of the text.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { jsonFault } from '../../src/base/json-fault.ts';

function faultOf(text: string): string {
  try {
    JSON.parse(text);
  } catch (error) {
    return jsonFault(text, error);
  }
  throw new Error('this is JSON');
}

const invalid: readonly [text: string, position: RegExp][] = [
  ['{"api-key": S3CRET}', /line 1 column 13$/],
  ['{\n  "a": 1,\n  "api-key": S3CRET\n}', /line 3 column 14$/],
  ['S3CRET', /line 1 column 1$/],
  ['{"api-key": "S3CRET", }', /line 1 column 23\)$/],
  ['{"api-key": "S3CRET" "b"}', /line 1 column 22\)$/],
  ['{"api-key": "S3CRET\\x"}', /line 1 column 21\)$/],
  ['{} S3CRET', /line 1 column 4\)$/],
  ['{"api-key": "S3CRET', /line 1 column 20\)$/],
  ['{"api-key": trap, "x": "S3CRET"}', /line 1 column 15$/],
  ['{"api-key":', /end of JSON input$/],
  ['', /end of JSON input$/],
];

describe('the message for invalid JSON has the position and no quotation', () => {
  for (const [text, position] of invalid)
    it(`for ${JSON.stringify(text)}`, () => {
      const fault = faultOf(text);
      assert.match(fault, position);
      assert.doesNotMatch(fault, /S3C|CRET|api-key/);
    });

  it('at any column', () => {
    for (let length = 0; length < 40; length++)
      assert.match(faultOf(`["${'x'.repeat(length)}", S3CRET, 1]`), new RegExp(`line 1 column ${length + 6}$`));
  });
});
