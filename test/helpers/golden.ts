// Replays a tape through the whole agent and returns its answers at the end, and its metrics at every tick.

import pino from 'pino';
import { Agent } from '../../src/agent.ts';
import { SelfMetrics } from '../../src/base/self-metrics.ts';
import { renderExposition } from '../../src/exporters/exposition.ts';
import type { Host, HostHeader } from '../../src/sources/host.ts';
import type { Tape } from '../../src/sources/tape/read-tape.ts';

/** Routes of the API that have goldens. */
const routes = [
  'containers',
  'connections',
  'dns-requests',
  'listeners',
  'services',
  'service-groups',
  'node',
  'gpus',
  'status',
] as const;

export interface Answers {
  /** Text by the suffix of the golden's name, e.g. `prom`, `node.json`. */
  readonly files: Readonly<Record<string, string>>;
  /** The exposition after each tick. */
  readonly passes: readonly string[];
}

/** Replays a whole tape with the default minimum container age of 30 s. */
export async function play(tape: Tape): Promise<Answers> {
  const host: Host = {
    start: async (): Promise<HostHeader> => tape.header,
    stop: async () => [],
    status: () => ({ kind: 'tape', detail: {} }),
  };
  const agent = new Agent(
    {
      listen: { host: '127.0.0.1', port: 0 },
      minContainerAgeMs: 30_000,
      filter: () => 'selected',
      consoleMode: true,
      logger: pino({ level: 'silent' }),
      // Without a running clock the durations of passes are the same in every run.
      now: () => 0,
      verifyLabels: true,
    },
    host,
    new SelfMetrics(),
  );
  await agent.start();
  try {
    return await answersOf(agent, tape);
  } finally {
    await agent.stop();
  }
}

async function answersOf(agent: Agent, tape: Tape): Promise<Answers> {
  const passes: string[] = [];
  for await (const observation of tape.observations) {
    agent.observe(observation);
    agent.runDuePass();
    if (observation.kind === 'tick') passes.push(await expositionOf(agent));
  }
  const files: Record<string, string> = { prom: passes.at(-1)! };
  for (const route of routes) {
    const answer = (await (await fetch(`http://127.0.0.1:${agent.port}/api/v1/${route}`)).json()) as Record<
      string,
      unknown
    >;
    files[`${route}.json`] = `${JSON.stringify(route === 'status' ? stableStatus(answer) : answer, null, 1)}\n`;
  }
  return { files, passes };
}

/** The last pass with the self-metrics; histograms of these measure this machine and are left out. */
async function expositionOf(agent: Agent): Promise<string> {
  const families = (await agent.selfMetrics.text()).trimEnd().split('\n\n');
  const stable = families.filter((family) => !/^# TYPE \S+ histogram$/m.test(family));
  return `${renderExposition(agent.passes.snapshot!)}\n${stable.join('\n\n')}\n`;
}

/** Without the values of this process, and without the counters of the requests that this test makes. */
function stableStatus({ agent: _, passes, counters, ...others }: Record<string, unknown>): object {
  const stable = Object.entries(counters as object).filter(([series]) => !series.startsWith('coroot_agent_http_'));
  return { ...others, counters: Object.fromEntries(stable), passes };
}
