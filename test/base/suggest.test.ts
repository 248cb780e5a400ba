// "Did you mean": similar names are suggested, others are not.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { suggest } from '../../src/base/suggest.ts';

const names = ['listen', 'loop', 'scrape-interval', 'min-container-age'];

it('finds a name with changed, missing or additional letters', () => {
  assert.equal(suggest('listn', names), 'listen');
  assert.equal(suggest('lissten', names), 'listen');
  assert.equal(suggest('scrape-intreval', names), 'scrape-interval');
  assert.equal(suggest('scrape-interva', names), 'scrape-interval');
});

it('prefers the most similar name and suggests none for a distant one', () => {
  assert.equal(suggest('lop', ['lisp', 'loop']), 'loop');
  assert.equal(suggest('region', names), undefined);
  // Three edits are one too many for a short name.
  assert.equal(suggest('lis', ['loop']), undefined);
  assert.equal(suggest('x'.repeat(1_000_000), names), undefined);
});
