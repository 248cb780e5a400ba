// Damaged events never throw and never make a row that a tape could not hold; `npm run fuzz` does the same with a million.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { providers } from '../../../src/sources/etw/providers.ts';
import { blockCoverage } from '../../helpers/coverage.ts';
import { type FuzzResult, fuzzEvents } from '../../helpers/etw-fuzz.ts';
import { allLayouts } from '../../helpers/etw-layouts.ts';

test('what is damaged is every event that is asked for, in every version that is known', () => {
  const known = providers.flatMap(({ guid, events }) =>
    Object.entries(events).flatMap(([id, { newest }]) =>
      Array.from({ length: newest + 1 }, (_, version) => `${guid} ${id} v${version}`),
    ),
  );
  const built = new Set(allLayouts.map(({ provider, id, version }) => `${provider} ${id} v${version}`));
  assert.deepEqual([...built].sort(), known.sort());
});

const decoders =
  /\/src\/sources\/etw\/(decoder|event-view|tcpip|dns-client|kernel-process|tcp-columns|raw|ring|ring-writer)\.ts$/;

test('20,000 damaged events of every layout, and nearly every branch of ring and decoders with them', {
  timeout: 60_000,
}, async (t) => {
  let result: FuzzResult | undefined;
  const { blocks, missed } = await blockCoverage(
    (url) => decoders.test(url),
    () => {
      result = fuzzEvents(20_000, 7);
    },
  );
  const { rows, dropped, outside } = result!;
  t.diagnostic(
    `${rows} rows, ${dropped} left out by decoders, ${outside} by the ring, ${blocks - missed.length} of ${blocks} blocks`,
  );
  for (const each of missed) t.diagnostic(`not reached: ${each}`);
  assert.ok(rows > 5000 && dropped > 2000 && outside > 500);
  assert.ok(blocks > 40);
  assert.ok(missed.length <= blocks / 20, missed.join('\n'));
});
