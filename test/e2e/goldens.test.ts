// Checks every golden: valid format, Coroot's families verbatim, counters that never decrease, and each family present.
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import type { StatusAnswer } from '../../src/api/resources/status.ts';
import { catalogue, type MetricDefinition } from '../../src/collectors/catalogue.ts';
import { type Grant, KIND_GRANTS, PART_GRANTS } from '../../src/sources/grants.ts';
import type { ObservationKind } from '../../src/sources/host.ts';
import { KINDS } from '../../src/sources/records/kinds.ts';
import { decodeTape } from '../../src/sources/tape/read-tape.ts';
import { type ParsedFamily, parseExposition } from '../helpers/exposition.ts';
import { play } from '../helpers/golden.ts';
import { hosts } from '../helpers/hosts/index.ts';
import { observationsOf, tapeOf } from '../helpers/hosts/scenario.ts';

interface Reference {
  name: string;
  type: string;
  help: string;
  labels: string[];
  constLabels: string[];
  optionalConstLabels: string[];
  /** Labels that only Linux has. */
  windowsOmits?: string[];
}

const read = (name: string) => JSON.parse(readFileSync(`test/fixtures/reference/${name}`, 'utf8')) as Reference[];
const reference = new Map(
  [...read('linux-only-metrics.json'), ...read('metrics.json')].map((each) => [each.name, each]),
);
const ours = new Map(Object.values<MetricDefinition>(catalogue).map((each) => [each.name, each]));
const goldens = globSync('test/fixtures/golden/*.prom').sort();

/** Compares a family with the reference, or with the catalogue if Coroot does not have it. */
function checkFamily({ name, type, help, samples }: ParsedFamily): void {
  const theirs = reference.get(name);
  const own = ours.get(name);
  assert.ok(own, `${name} is in no catalogue`);
  assert.deepEqual([name, type, help], [name, (theirs ?? own).type, (theirs ?? own).help]);
  /** Region and zone, in a cloud where both are known. */
  const zone = own.scope === 'container' && 'az' in (samples[0]?.labels ?? {}) ? ['az', 'region'] : [];
  const scope =
    own.scope === 'self'
      ? []
      : own.scope === 'container'
        ? ['machine_id', 'system_uuid', 'container_id']
        : ['machine_id', 'system_uuid'];
  const wanted = theirs
    ? [
        ...theirs.labels,
        ...theirs.constLabels.filter(
          (label) => ![...theirs.optionalConstLabels, ...(theirs.windowsOmits ?? [])].includes(label),
        ),
      ]
    : [...own.labels, ...scope];
  for (const { name: part, labels } of samples) {
    assert.deepEqual(
      Object.keys(labels).sort(),
      [...wanted, ...zone, ...(part.endsWith('_bucket') ? ['le'] : [])].sort(),
      name,
    );
  }
}

test('has a golden for each host, and none for a removed host', () => {
  const names = goldens.map((file) => file.replaceAll('\\', '/').replace(/^.*\/|\.prom$/g, ''));
  assert.deepEqual(names, ['shop', ...hosts.map(({ name }) => name)].sort());
});

for (const golden of goldens) {
  test(`${golden}: every family is equal to the reference`, () => {
    const families = parseExposition(readFileSync(golden, 'utf8'));
    assert.ok(families.length > 15);
    for (const family of families) checkFamily(family);
  });
}

test('has each family of the catalogue in a golden', () => {
  const emitted = new Set(
    goldens.flatMap((file) => parseExposition(readFileSync(file, 'utf8')).map(({ name }) => name)),
  );
  const missing = [...ours.values()]
    .filter(({ name, scope }) => scope !== 'self' && !emitted.has(name))
    .map(({ name }) => name);
  assert.deepEqual(missing, []);
});

test('has each kind of observation on the tape of a host, except optional raw events', () => {
  const recorded = new Set(hosts.flatMap((host) => observationsOf(host).map(({ kind }) => kind)));
  assert.deepEqual(
    Object.keys(KINDS).filter((kind) => !recorded.has(kind as ObservationKind)),
    ['rawEvents'],
  );
});

/** Series of counters with their values. */
function counters(exposition: string): Map<string, number> {
  const found = parseExposition(exposition).filter(({ type }) => type === 'counter');
  return new Map(
    found.flatMap(({ samples }) =>
      samples.map(({ name, labels, value }) => [`${name}${JSON.stringify(labels)}`, value] as const),
    ),
  );
}

for (const host of hosts) {
  test(`${host.name}: has well-formed passes and no counter that decreases on ${host.about}`, async () => {
    await using tape = await decodeTape(Readable.from([await tapeOf(host)]), host.name);
    const { passes } = await play(tape);
    assert.equal(passes.length, host.rounds.length + 1);
    const highest = new Map<string, number>();
    for (const [pass, exposition] of passes.entries()) {
      for (const [series, value] of counters(exposition)) {
        const before = highest.get(series) ?? 0;
        assert.ok(value >= before, `pass ${pass}: ${series} went from ${before} to ${value}`);
        highest.set(series, value);
      }
    }
    assert.ok(highest.size > 10);
  });
}

test('shows each right that an account may lack in a status, with the consequence', () => {
  const missing = globSync('test/fixtures/golden/*.status.json').flatMap(
    (file) => (JSON.parse(readFileSync(file, 'utf8')) as StatusAnswer).missing,
  );
  for (const [part, { requiredRight, consequence }] of Object.entries<Grant>({ ...KIND_GRANTS, ...PART_GRANTS })) {
    if (requiredRight === undefined) continue;
    assert.ok(
      missing.some((each) => each.requiredRight === requiredRight && each.consequence === consequence),
      part,
    );
  }
});

test('creates the same tape from the same scenario', async () => {
  for (const host of hosts) {
    assert.deepEqual(observationsOf(host), observationsOf(host));
    assert.deepEqual(await tapeOf(host), await tapeOf(host));
  }
});

test('declares the built bytes in the stand-ins of a tape', async () => {
  for (const host of hosts) {
    await using tape = await decodeTape(Readable.from([await tapeOf(host)]), host.name);
    assert.match(
      tape.header.standIns.map(({ replacement }) => replacement).join(),
      /bytes laid out after the vendor’s documentation/,
    );
  }
});
