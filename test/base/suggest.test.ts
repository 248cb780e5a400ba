// "Did you mean": near names are found, far ones are not.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { suggest } from '../../src/base/suggest.ts';

const names = ['listen', 'loop', 'scrape-interval', 'min-container-age'];

it('finds a name with letters changed, missing or too many', () => {
  assert.equal(suggest('listn', names), 'listen');
  assert.equal(suggest('lissten', names), 'listen');
  assert.equal(suggest('scrape-intreval', names), 'scrape-interval');
  assert.equal(suggest('scrape-interva', names), 'scrape-interval');
});

it('prefers the nearest, and finds nothing in what is far', () => {
  assert.equal(suggest('lop', ['lisp', 'loop']), 'loop');
  assert.equal(suggest('region', names), undefined);
  // Three letters are one too many for a short name.
  assert.equal(suggest('lis', ['loop']), undefined);
  assert.equal(suggest('x'.repeat(1_000_000), names), undefined);
});
