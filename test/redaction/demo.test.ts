// The example in docs/redaction.md is what redaction does with the demo tape.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { Observation } from '../../src/sources/host.ts';
import { openTape } from '../../src/sources/tape/read-tape.ts';
import { Redactor } from '../../src/sources/tape/redact.ts';

const DEMO = 'docs/demo/shop.tape.gz';

/** All texts in a value, in order. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

test('the table in docs/redaction.md has texts of the demo tape with their stand-ins', async () => {
  const observations: Observation[] = [];
  await using tape = await openTape(DEMO);
  for await (const each of tape.observations) observations.push(each);
  const redactor = new Redactor();
  for (const each of observations) redactor.collectNames(each);
  const redacted = new Map<string, string>();
  for (const each of observations) {
    const after = textsIn(redactor.redact(each).data);
    for (const [i, before] of textsIn(each.data).entries()) redacted.set(before, after[i]!);
  }
  const rows = [...readFileSync('docs/redaction.md', 'utf8').matchAll(/^\| [^|]+ \| `(.+)` \| `(.+)` \|\r?$/gm)];
  assert.deepEqual(
    rows.map(([, before]) => [before, redacted.get(before!)]),
    rows.map(([, before, after]) => [before, after]),
  );
  assert.ok(rows.length > 12);
});
