// A pass has a turn of its own after its tick, and tells the host as of that tick whatever comes first.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import pino from 'pino';
import { Agent } from '../src/agent.ts';
import { Counters } from '../src/base/counters.ts';
import type { Host } from '../src/sources/host.ts';
import { aHeader, observation } from './helpers/observations.ts';
import { samplesOf } from './helpers/samples.ts';

function anAgent(): Agent {
  const host: Host = {
    start: async () => aHeader(),
    stop: async () => true,
    status: () => ({ kind: 'windows', detail: {} }),
  };
  const logger = pino({ level: 'silent' });
  const listen = { host: '127.0.0.1', port: 0 };
  return new Agent(
    { listen, minContainerAgeMs: 0, filter: () => 'selected', consoleMode: true, logger },
    host,
    new Counters(),
  );
}

const uptime = (agent: Agent) => samplesOf(agent.passes.snapshot!, 'node_uptime_seconds').map(({ value }) => value);
const turn = () => new Promise((resolve) => setImmediate(resolve));

test('a pass is not run in the turn of its tick: the loop looks for input in between', async () => {
  const agent = anAgent();
  agent.observe(observation('system', { uptimeMs: 1000 }));
  agent.observe(observation('tick', { intervalMs: 15_000 }));
  assert.equal(agent.passes.count, 0);
  // https://nodejs.org/en/learn/asynchronous-work/event-loop-timers-and-nexttick: immediates come right behind the input of their turn.
  await turn();
  assert.equal(agent.passes.count, 0);
  await turn();
  await turn();
  assert.deepEqual([agent.passes.count, uptime(agent)], [1, [1]]);
});

test('what comes before the pass has had its turn is not in it, and each tick has a pass', async () => {
  const agent = anAgent();
  const counts: number[] = [];
  for (const seconds of [1, 2, 3]) {
    agent.observe(observation('system', { uptimeMs: seconds * 1000 }));
    if (seconds > 1) assert.deepEqual(uptime(agent), [seconds - 1]);
    agent.observe(observation('tick', { intervalMs: 15_000 }));
    counts.push(agent.passes.count);
  }
  assert.deepEqual(counts, [0, 1, 2]);
  agent.finishPass();
  agent.finishPass();
  for (let i = 0; i < 3; i++) await turn();
  assert.deepEqual([agent.passes.count, uptime(agent)], [3, [3]]);
});

test('a stop before the pass has had its turn leaves it out', async () => {
  const agent = anAgent();
  agent.observe(observation('tick', { intervalMs: 15_000 }));
  assert.equal(await agent.stop(), true);
  for (let i = 0; i < 3; i++) await turn();
  assert.equal(agent.passes.count, 0);
});
