// Parts apply the kinds of observations that they name, and no others.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Available, partFor } from '../../../src/model/parts/part.ts';
import { observation } from '../../helpers/observations.ts';

test('applies observations of its kinds and ignores others', () => {
  const applied: string[] = [];
  const part = partFor(['services', 'tick'], ({ kind }) => applied.push(kind));
  for (const each of [observation('tick', { intervalMs: 1 }), observation('adapters', []), observation('services', [])])
    part.apply(each as Available);
  assert.deepEqual(
    [applied, part.kinds],
    [
      ['tick', 'services'],
      ['services', 'tick'],
    ],
  );
});
