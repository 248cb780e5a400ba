// The OpenAPI document against the official schema, and answers of an agent on the demo tape against the document.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import pino from 'pino';
import { Agent } from '../../src/agent.ts';
import { SelfMetrics } from '../../src/base/self-metrics.ts';
import { openTape } from '../../src/sources/tape/read-tape.ts';
import { anApi } from '../helpers/api.ts';

interface Document {
  openapi: string;
  paths: Record<string, { get: { responses: Record<string, { content?: Record<string, { schema: object }> }> } }>;
}

const document = async () => (await anApi().app.inject('/api/v1/openapi.json')).json() as Document;

test('the document is valid OpenAPI 3.1', async () => {
  const answer = await document();
  assert.equal(answer.openapi, '3.1.0');
  const { valid, errors } = await new Validator().validate(
    structuredClone(answer) as object as Record<string, unknown>,
  );
  assert.ok(valid, JSON.stringify(errors));
  assert.equal(
    (await new Validator().validate({ ...answer, paths: { '/x': { get: { responses: 1 } } } })).valid,
    false,
  );
});

test('every answer of an agent on the demo tape has exactly the fields of its schema', async () => {
  await using tape = await openTape('docs/demo/shop.tape.gz');
  const agent = new Agent(
    {
      listen: { host: '127.0.0.1', port: 0 },
      minContainerAgeMs: 30_000,
      filter: () => 'selected',
      consoleMode: true,
      logger: pino({ level: 'silent' }),
    },
    { start: async () => tape.header, stop: async () => [], status: () => ({ kind: 'tape', detail: { file: 'x' } }) },
    new SelfMetrics(),
  );
  await agent.start();
  try {
    for await (const observation of tape.observations) agent.observe(observation);
    agent.runDuePass();
    const ajv = new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true, keywords: ['x-redaction'] });
    let validated = 0;
    for (const [path, { get }] of Object.entries((await document()).paths)) {
      const schema = get.responses['200']?.content?.['application/json']?.schema;
      if (!schema) continue;
      const response = await fetch(`http://127.0.0.1:${agent.port}${path}`);
      assert.equal(response.status, 200, path);
      const validate = ajv.compile(schema);
      assert.ok(validate(await response.json()), `${path} ${JSON.stringify(validate.errors?.slice(0, 3))}`);
      validated++;
    }
    assert.equal(validated, 15);
  } finally {
    await agent.stop();
  }
});
