// Fuzzes ring and decoders with 20,000 damaged events; `npm run fuzz` uses a million.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { providers } from '../../../src/sources/etw/providers/index.ts';
import { blockCoverage } from '../../helpers/coverage.ts';
import { FUZZED_FILES, type FuzzResult, fuzzEvents } from '../../helpers/etw-fuzz.ts';
import { allLayouts } from '../../helpers/etw-layouts.ts';

test('the fuzz seeds contain every requested event in every known version', () => {
  const known = providers.flatMap(({ guid, events }) =>
    Object.entries(events).flatMap(([id, { newest }]) =>
      Array.from({ length: newest + 1 }, (_, version) => `${guid} ${id} v${version}`),
    ),
  );
  const built = new Set(allLayouts.map(({ provider, id, version }) => `${provider} ${id} v${version}`));
  assert.deepEqual([...built].sort(), known.sort());
});

test('20,000 damaged events become rows or are counted, and reach 95 % of the branches', {
  timeout: 60_000,
}, async (t) => {
  let result: FuzzResult | undefined;
  const { blocks, missed } = await blockCoverage(
    (url) => FUZZED_FILES.test(url),
    () => {
      result = fuzzEvents(20_000, 7);
    },
  );
  const { rows, dropped, outside } = result!;
  t.diagnostic(
    `${rows} rows, ${dropped} rejected by decoders, ${outside} by the ring; ${missed.length} of ${blocks} blocks missed`,
  );
  for (const each of missed) t.diagnostic(`not reached: ${each}`);
  assert.ok(rows > 5000 && dropped > 2000 && outside > 500);
  assert.ok(blocks > 40);
  assert.ok(missed.length <= blocks / 20, missed.join('\n'));
});
