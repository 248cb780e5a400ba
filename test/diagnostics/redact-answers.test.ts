// Redaction of answers that are built from their schemas with a canary in every text: none is left.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FieldSchema } from '../../src/api/fields.ts';
import { type Answers, resources } from '../../src/api/resources/index.ts';
import { learnAnswer, mapTexts, redactAnswer } from '../../src/diagnostics/redact-answers.ts';
import { Scrubber } from '../../src/redaction/scrub.ts';
import { TEXT_RULES, type TextRule } from '../../src/redaction/text-rules.ts';
import { canary, DOMAIN, HOST, SECRET, traces, USER } from '../helpers/canaries.ts';

const parts = Object.keys(resources) as (keyof Answers)[];

/** A secret in the form that a rule expects; the rule `text` has the canary itself. */
const samples: Readonly<Partial<Record<TextRule, string>>> = {
  hostname: HOST,
  id: 'CA0123CA-FECA-4FE0-8CAB-CA01CA23CA45',
  account: `${DOMAIN}\\${USER}`,
  commandLine: `"C:\\Users\\${USER}\\a b.exe" -p ${SECRET} --password=${SECRET}`,
  endpoint: 'db.canary.example:5432',
  domain: 'shop.canary.example',
  service: `${SECRET}-jobs`,
  program: `${USER}-tool.exe`,
  text: `http://shop.canary.example:80/canary/ https://203.0.113.77:443/ http://*:80/ of ${USER} on ${HOST}`,
  removed: `/home/${USER}/canary.tape`,
};

/** A value of the schema; each text is the sample of its rule, or the canary. */
function sampleOf(schema: FieldSchema): unknown {
  const type = typeof schema.type === 'string' ? schema.type : schema.type?.[0];
  if (type === 'object') {
    const fields = Object.entries(schema.properties ?? {}).map(([name, each]) => [
      name,
      name === 'spanId' ? 'ca0123cafeca4fe0' : sampleOf(each),
    ]);
    const { additionalProperties } = schema;
    if (typeof additionalProperties === 'object') fields.push([canary, sampleOf(additionalProperties)]);
    return Object.fromEntries(fields);
  }
  if (type === 'array') return [sampleOf(schema.items!), sampleOf(schema.items!)];
  if (type === 'string') return samples[schema['x-redaction'] ?? 'text'] ?? canary;
  return type === 'boolean' ? true : 1;
}

const answers = Object.fromEntries(parts.map((part) => [part, sampleOf(resources[part].fields)]));

function redacted(part: keyof Answers): string {
  const scrubber = new Scrubber();
  for (const each of parts) learnAnswer(each, answers[each], scrubber);
  return JSON.stringify(redactAnswer(part, answers[part], scrubber));
}

for (const part of parts) {
  test(`${part}: leaves no canary in any field`, () => {
    const text = redacted(part);
    for (const trace of traces) assert.doesNotMatch(text, trace);
    // A field that is missing would be lost, not redacted.
    assert.deepEqual(fieldsOf(JSON.parse(text)), fieldsOf(answers[part]));
  });
}

function fieldsOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(fieldsOf);
  if (typeof value !== 'object' || value === null) return typeof value;
  // Keys of maps are redacted as well.
  return Object.entries(value).map(([name, each]) => [/^[a-zA-Z]+$/.test(name) ? name : 'key', fieldsOf(each)]);
}

test('has every canary in the samples, so that a leak is found', () => {
  const text = JSON.stringify(answers);
  for (const trace of traces.filter((each) => !/^[\w+/]{5}$/.test(each.source))) assert.match(text, trace);
});

/** Paths of texts in a schema that have neither a rule nor a list of words. */
function unmarked(schema: FieldSchema, path: string): string[] {
  const { properties = {}, items, additionalProperties, propertyNames } = schema;
  const own = [schema.type].flat().includes('string') && !schema.enum && !(schema['x-redaction']! in TEXT_RULES);
  const isMap = typeof additionalProperties === 'object';
  return [
    ...(own ? [path] : []),
    ...Object.entries(properties).flatMap(([name, each]) => unmarked(each, `${path}.${name}`)),
    ...(items ? unmarked(items, `${path}[]`) : []),
    ...(isMap
      ? [...unmarked(additionalProperties, `${path}.*`), ...unmarked(propertyNames ?? { type: 'string' }, path)]
      : []),
  ];
}

test('has a redaction rule or a list of words for every text of every answer', () => {
  assert.deepEqual(
    parts.flatMap((part) => unmarked(resources[part].fields, part)),
    [],
  );
  const missing: FieldSchema = {
    type: 'object',
    properties: { a: { type: ['string', 'number'] }, b: { type: 'array', items: { type: 'string' } } },
    additionalProperties: { type: 'integer' },
  };
  assert.deepEqual(unmarked(missing, 'x'), ['x.a', 'x.b[]', 'x']);
});

const noReplacement = (text: string): string => text;

test('throws for a text without a rule, a value of another type, and a missing object', () => {
  assert.throws(() => mapTexts({ type: 'string' }, 'x', noReplacement), /answer has no redaction rule/);
  for (const [schema, value] of [
    [{ type: 'integer' }, 'x'],
    [{ type: 'boolean' }, 1],
    [{ type: 'object' }, null],
    [{ type: 'object' }, []],
    [{ type: 'array', items: { type: 'integer' } }, {}],
    [{ type: 'array', items: { type: 'integer' } }, [1, 'x']],
  ] as [FieldSchema, unknown][])
    assert.throws(() => mapTexts(schema, value, noReplacement), TypeError, JSON.stringify(value));
});

test('removes fields that the schema does not have, and words that it does not list', () => {
  const schema: FieldSchema = {
    type: 'object',
    properties: { state: { type: 'string', enum: ['on', 'off'] }, count: { type: 'number' } },
    additionalProperties: false,
  };
  const value = JSON.parse('{"state": "on", "count": 1.5, "added": "x", "__proto__": "y"}');
  assert.deepEqual(mapTexts(schema, value, noReplacement), { state: 'on', count: 1.5 });
  assert.deepEqual(mapTexts(schema, { state: 'maybe' }, noReplacement), { state: '*' });
});

test('endpoints: replaces addresses and names consistently, and keeps placeholders and loopback', () => {
  const scrubber = new Scrubber();
  const endpoints = ['10.1.2.3:80', '[2001:db8::9]:80', 'Db.Example.com:5432', '~other:443', '', '127.0.0.1:1'];
  const answer = { connections: endpoints.map((destination) => ({ destination })) };
  const { connections } = redactAnswer('connections', answer, scrubber) as typeof answer;
  assert.deepEqual(
    connections.map(({ destination }) => destination),
    ['10.213.0.1:80', '[2001:db8::1]:80', 'host-1:5432', '~other:443', '', '127.0.0.1:1'],
  );
  assert.equal(scrubber.text('10.1.2.3'), '10.213.0.1');
});
