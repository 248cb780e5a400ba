// Random secrets in every text of observations, answers, metrics, settings and reasons: redaction leaves none.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FieldSchema } from '../../src/api/fields.ts';
import { type Answers, resources } from '../../src/api/resources/index.ts';
import { learnAnswer, redactAnswer } from '../../src/diagnostics/redact-answers.ts';
import { redactMetrics } from '../../src/diagnostics/redact-metrics.ts';
import { Redaction } from '../../src/diagnostics/redaction.ts';
import { Scrubber } from '../../src/redaction/scrub.ts';
import { encodeHeader, encodeObservation } from '../../src/sources/tape/format.ts';
import { Redactor } from '../../src/sources/tape/redact.ts';
import { leftIn, type PlantedCanary, plantedCanary, SHAPES } from '../helpers/canary-shapes.ts';
import { headerWith, KINDS_OF_OBSERVATIONS, observationWith } from '../helpers/planted.ts';
import { below, seeded } from '../helpers/random.ts';

const ROUNDS = 10_000;
const seed = Number(process.env.COROOT_TEST_SEED ?? Date.now() % 2 ** 32);
const LABELS = [
  'container_id',
  'hostname',
  'domain',
  'destination',
  'listen_addr',
  'fqdn',
  'machine_id',
  'image',
  'device',
];

const parts = Object.keys(resources) as (keyof Answers)[];

function sampleOf(schema: FieldSchema, text: string): unknown {
  const type = typeof schema.type === 'string' ? schema.type : schema.type?.[0];
  if (type === 'string') return schema.enum ? schema.enum[0] : text;
  if (type === 'array') return [sampleOf(schema.items!, text)];
  if (type !== 'object') return type === 'boolean' ? true : 1;
  const { properties = {}, additionalProperties } = schema;
  const fields = Object.entries(properties).map(([name, each]) => [name, sampleOf(each, text)]);
  if (typeof additionalProperties === 'object') fields.push([text, sampleOf(additionalProperties, text)]);
  return Object.fromEntries(fields);
}

const escaped = (text: string): string => text.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n');

/** Everything that a bundle would hold, with a canary in each of its texts: one text per file. */
function redactedFiles({ text }: PlantedCanary, random: () => number): string[] {
  const scrubber = new Scrubber();
  const redactor = new Redactor(scrubber);
  const observation = observationWith(text, below(random, KINDS_OF_OBSERVATIONS));
  const part = parts[below(random, parts.length)]!;
  const answer = sampleOf(resources[part].fields, text);
  if (random() < 0.5) learnAnswer(part, answer, scrubber);
  redactor.collectNames(observation);
  const labels = LABELS.map((label) => `${label}="${escaped(text)}"`).join(',');
  const redaction = new Redaction(true);
  redaction.learnEndpoint(`${text}:80`);
  redaction.learnUntyped([text]);
  const setting = { name: 'listen', value: text, origin: `file ${text}`, help: '' };
  return [
    encodeObservation(redactor.redact(observation)),
    encodeHeader(redactor.header(headerWith(text), { listen: 'x' })),
    JSON.stringify(redactAnswer(part, answer, scrubber)),
    redactMetrics(`# HELP up ${escaped(text)}\nup{${labels}} 1\nno sample: ${text}\n# ${text}\n`, scrubber),
    JSON.stringify(redaction.untyped({ reason: text, messages: [text], [text]: 1 })),
    JSON.stringify(redaction.settings([setting], [])),
    redaction.text(`the agent at ${text}: it cannot be reached: ${text}`),
    scrubber.commandLine(`"C:\\app\\java.exe" ${text}`),
    scrubber.commandLine(text),
    scrubber.account(text),
  ];
}

test(`leaves no canary of ${SHAPES} shapes in any text in ${ROUNDS} rounds (seed ${seed})`, () => {
  assert.ok(SHAPES >= 40);
  for (let round = 0; round < ROUNDS; round++) {
    const random = seeded(seed + round);
    const canary = plantedCanary(random);
    for (const file of redactedFiles(canary, random)) {
      const left = leftIn(file, canary);
      if (left !== undefined)
        assert.fail(
          `COROOT_TEST_SEED=${seed + round}: ${canary.shape} ${JSON.stringify(canary.text)}: ${left} is in ${file}`,
        );
    }
  }
});

test('finds each of the shapes when nothing is redacted', () => {
  const found = new Set<string>();
  for (let round = 0; found.size < SHAPES; round++) {
    const canary = plantedCanary(seeded(round));
    const plain = leftIn(canary.text, canary) ?? leftIn(canary.text.replaceAll('\0', ''), canary);
    assert.ok(plain !== undefined, `${canary.shape}: ${canary.text}`);
    found.add(canary.shape);
    assert.ok(round < ROUNDS);
  }
});
