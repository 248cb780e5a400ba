// The agent that observes a recording serves its answers under the limits of every agent.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import pino from 'pino';
import { RecordingAgent } from '../../src/diagnostics/answers.ts';
import { resolveConfig } from '../../src/settings/index.ts';
import { openTape } from '../../src/sources/tape/read-tape.ts';

test('answers from the same shared answers as an agent that runs', async () => {
  await using tape = await openTape('docs/demo/shop.tape.gz');
  const config = resolveConfig({ flags: { 'min-container-age': '0' }, env: {}, platform: 'linux' });
  const agent = new RecordingAgent(config, pino({ level: 'silent' }));
  agent.begin(tape.header);
  try {
    for await (const observation of tape.observations) agent.observe(observation);
    const { metrics = '', failed } = await agent.collect();
    assert.deepEqual([...failed], []);
    for (const route of ['services', 'containers', 'connections', 'processes', 'node'])
      assert.match(metrics, new RegExp(`coroot_agent_http_answers_built_total{route="/api/v1/${route}"} 1\n`));
  } finally {
    await agent.stop();
  }
});
