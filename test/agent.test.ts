// The agent: each tick has one pass, which describes the host as of that tick and reaches every output.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import pino from 'pino';
import { Agent } from '../src/agent.ts';
import type { StatusAnswer } from '../src/api/resources/status.ts';
import { SelfMetrics } from '../src/base/self-metrics.ts';
import type { Output } from '../src/exporters/output.ts';
import type { Host } from '../src/sources/host.ts';
import { aHeader, observation, tcpTable } from './helpers/observations.ts';
import { samplesOf } from './helpers/samples.ts';

function createAgent(outputs: readonly Output[] = [], kind = 'windows'): Agent {
  const host: Host = {
    start: async () => aHeader(),
    stop: async () => [],
    status: () => ({ kind, detail: {} }),
  };
  const logger = pino({ level: 'silent' });
  const listen = { host: '127.0.0.1', port: 0 };
  return new Agent(
    { listen, minContainerAgeMs: 0, filter: () => 'selected', consoleMode: true, logger, outputs },
    host,
    new SelfMetrics(),
  );
}

const uptime = (agent: Agent) => samplesOf(agent.passes.snapshot!, 'node_uptime_seconds').map(({ value }) => value);
const immediate = () => new Promise((resolve) => setImmediate(resolve));

test('runs the pass of a tick after pending I/O, not within the tick', async () => {
  const agent = createAgent();
  agent.observe(observation('system', { uptimeMs: 1000 }));
  agent.observe(observation('tick', { intervalMs: 15_000 }));
  assert.equal(agent.passes.count, 0);
  for (let i = 0; i < 2; i++) await immediate();
  assert.deepEqual([agent.passes.count, uptime(agent)], [1, [1]]);
});

test('runs a due pass before the next observation, and one pass for each tick', async () => {
  const agent = createAgent();
  const counts: number[] = [];
  for (const seconds of [1, 2, 3]) {
    agent.observe(observation('system', { uptimeMs: seconds * 1000 }));
    if (seconds > 1) assert.deepEqual(uptime(agent), [seconds - 1]);
    agent.observe(observation('tick', { intervalMs: 15_000 }));
    counts.push(agent.passes.count);
  }
  assert.deepEqual(counts, [0, 1, 2]);
  agent.runDuePass();
  agent.runDuePass();
  for (let i = 0; i < 3; i++) await immediate();
  assert.deepEqual([agent.passes.count, uptime(agent)], [3, [3]]);
});

test('drops the due pass on stop', async () => {
  const agent = createAgent();
  agent.observe(observation('tick', { intervalMs: 15_000 }));
  assert.deepEqual(await agent.stop(), []);
  for (let i = 0; i < 3; i++) await immediate();
  assert.equal(agent.passes.count, 0);
});

test('starts and stops every output and hands it each pass, also when another output throws', async () => {
  const calls: string[] = [];
  const output = (name: string, afterPass: Output['afterPass']): Output => ({
    name,
    start: () => void calls.push(`${name} start`),
    afterPass,
    stop: async () => calls.push(`${name} stop`) > 0,
    status: () => ({ detail: {}, problem: '' }),
  });
  const failing = output('failing', () => {
    throw new Error('unreachable');
  });
  const counting = output('counting', ({ series }) => calls.push(`series ${series > 0}`));
  const agent = createAgent([failing, counting]);
  await agent.start();
  for (let i = 0; i < 2; i++) {
    agent.observe(observation('tick', { intervalMs: 15_000 }));
    agent.runDuePass();
  }
  assert.deepEqual(await agent.stop(), []);
  assert.deepEqual(calls, [
    'failing start',
    'counting start',
    'series true',
    'series true',
    'failing stop',
    'counting stop',
  ]);
  assert.deepEqual(
    agent.outputs.reports().map(({ name, failures }) => [name, failures]),
    [
      ['scrape', 0],
      ['failing', 2],
      ['counting', 0],
    ],
  );
  assert.equal((await agent.selfMetrics.counterValues())['coroot_agent_output_failures_total{output="failing"}'], 2);
});

test('status names a process that listens beside the agent, while it does, but not one of a tape', async () => {
  const problems: string[] = [];
  for (const kind of ['windows', 'tape']) {
    const agent = createAgent([], kind);
    await agent.start();
    const { port } = agent;
    const own = { local: `127.0.0.1:${port}`, pid: process.pid };
    for (const rows of [[own], [own, { local: `0.0.0.0:${port}`, pid: 666 }], [own]]) {
      agent.observe(observation('tcp', [tcpTable(4, rows)]));
      agent.observe(observation('tick', { intervalMs: 15_000 }));
      for (let i = 0; i < 2; i++) await immediate();
      const answer = await fetch(`http://127.0.0.1:${port}/api/v1/status`, { headers: { connection: 'close' } });
      const { listenProblem } = ((await answer.json()) as StatusAnswer).agent;
      problems.push(listenProblem.replace(/ listens on .*/, ''));
    }
    await agent.stop();
  }
  assert.deepEqual(problems, ['', 'process 666', '', '', '', '']);
});
