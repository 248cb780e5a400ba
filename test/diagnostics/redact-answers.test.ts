// Answers of the control plane, made from their own schemas with a canary in every text: none is left after redaction.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as schemas from '../../src/api/schemas.ts';
import { ANSWER_RULES, type JsonAnswers, learnAnswers } from '../../src/diagnostics/redact-answers.ts';
import type { Rule } from '../../src/redaction/rules.ts';
import { Scrubber } from '../../src/redaction/scrub.ts';
import { canary, DOMAIN, HOST, SECRET, traces, USER } from '../helpers/canaries.ts';

interface Schema {
  readonly type: string | readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly additionalProperties?: Schema | false;
}

/** What stands in fields that have a form of their own; all others have the canary. */
const formed: Readonly<Record<string, string>> = {
  hostname: HOST,
  machineId: 'ca0123cafeca4fe08cabca01ca23ca45',
  systemUuid: 'CA0123CA-FECA-4FE0-8CAB-CA01CA23CA45',
  account: `${DOMAIN}\\${USER}`,
  binaryPath: `"C:\\Users\\${USER}\\a b.exe" -p ${SECRET} --password=${SECRET}`,
  destination: 'db.canary.example:5432',
  actualDestination: '203.0.113.77:443',
  domain: 'shop.canary.example',
  detail: `http://shop.canary.example:80/canary/ https://203.0.113.77:443/ http://*:80/`,
  address: '[2001:db8:ca:fe::1]:80',
  file: `/home/${USER}/canary.tape`,
};

/** A value of a schema's shape. */
function made(schema: Schema, name = ''): unknown {
  if (schema.properties)
    return Object.fromEntries(Object.entries(schema.properties).map(([key, each]) => [key, made(each, key)]));
  if (schema.items) return [made(schema.items, name), made(schema.items, name)];
  if (schema.additionalProperties)
    return { [canary]: made(schema.additionalProperties), file: made(schema.additionalProperties, 'file') };
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  if (type === 'string') return formed[name] ?? canary;
  return type === 'boolean' ? true : 1;
}

const answers = Object.fromEntries(
  Object.keys(ANSWER_RULES).map((part) => [
    part,
    made((schemas as unknown as Record<string, Schema>)[`${part}Schema`]!),
  ]),
) as unknown as JsonAnswers;

function redacted(part: keyof JsonAnswers): string {
  const scrubber = new Scrubber();
  learnAnswers(scrubber, answers);
  return JSON.stringify((ANSWER_RULES[part] as Rule<unknown>)(answers[part], scrubber));
}

for (const part of Object.keys(ANSWER_RULES) as (keyof JsonAnswers)[]) {
  test(`${part}: no canary is left in any field`, () => {
    const text = redacted(part);
    for (const trace of traces) assert.doesNotMatch(text, trace);
    // Every field is still there: what is left out is not redacted but lost.
    assert.deepEqual(fieldsOf(JSON.parse(text)), fieldsOf(answers[part]));
  });
}

function fieldsOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(fieldsOf);
  if (typeof value !== 'object' || value === null) return typeof value;
  // Free names are texts, too.
  return Object.entries(value).map(([name, each]) => [/^[a-zA-Z]+$/.test(name) ? name : 'free', fieldsOf(each)]);
}

test('without redaction the canaries are there: the traces do find them', () => {
  const text = JSON.stringify(answers);
  for (const trace of traces.filter((each) => !/^[\w+/]{5}$/.test(each.source))) assert.match(text, trace);
});

test('every answer of the control plane but health and readiness has its rules', () => {
  const named = Object.keys(schemas).flatMap((name) => /^(\w+)Schema$/.exec(name)?.[1] ?? []);
  assert.deepEqual(
    Object.keys(ANSWER_RULES).sort(),
    named.filter((name) => name !== 'health' && name !== 'ready').sort(),
  );
});

test('ends of connections: addresses as everywhere, names as names of hosts, names that stand for many as they are', () => {
  const scrubber = new Scrubber();
  const rule = ANSWER_RULES.connections;
  const ends = ['10.1.2.3:80', '[2001:db8::9]:80', 'Db.Example.com:5432', '~other:443', '', '127.0.0.1:1'];
  const counts = {
    active: 1,
    successfulConnects: 1,
    inferredConnects: 0,
    failedConnects: 0,
    retransmits: 0,
    resets: 0,
  };
  const rest = {
    destinationName: '',
    failures: {},
    lastFailureAtMs: 0,
    lastFailure: '',
    meanConnectSeconds: 0,
    rttSeconds: 0,
    sentBytes: 0,
    receivedBytes: 0,
  };
  const row = (destination: string) => {
    return { containerId: 'c', containerName: 'c', destination, actualDestination: destination, ...counts, ...rest };
  };
  const { connections } = rule({ observedAtMs: 1, connections: ends.map(row), truncated: false }, scrubber);
  assert.deepEqual(
    connections.map(({ destination }) => destination),
    ['10.0.0.1:80', '[2001:db8::1]:80', 'host-1:5432', '~other:443', '', '127.0.0.1:1'],
  );
  assert.equal(scrubber.text('10.1.2.3'), '10.0.0.1');
});
