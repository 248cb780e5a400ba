// "Did you mean": near names are found, far ones are not.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { nearest } from '../../src/base/suggest.ts';

const names = ['listen', 'loop', 'scrape-interval', 'min-container-age'];

it('finds a name with letters changed, missing or too many', () => {
  assert.equal(nearest('listn', names), 'listen');
  assert.equal(nearest('lissten', names), 'listen');
  assert.equal(nearest('scrape-intreval', names), 'scrape-interval');
  assert.equal(nearest('scrape-interva', names), 'scrape-interval');
});

it('prefers the nearest, and finds nothing in what is far', () => {
  assert.equal(nearest('lop', ['lisp', 'loop']), 'loop');
  assert.equal(nearest('region', names), undefined);
  // Three letters are one too many for a short name.
  assert.equal(nearest('lis', ['loop']), undefined);
  assert.equal(nearest('x'.repeat(1_000_000), names), undefined);
});
