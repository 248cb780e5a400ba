// Load on the control plane of an agent, on the loopback, by clients that read nothing; prints one JSON line.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { get } from 'node:http';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ClientsTask } from './http-clients.ts';
import { ROUTES } from './http-routes.ts';
import type { TargetReport, TargetStart, TargetTask } from './http-target.ts';

export interface LoadTask {
  readonly target: TargetTask;
  readonly connections: number;
  /** Requests that each connection sends at once. */
  readonly requests: number;
  readonly seconds: number;
}

export interface LoadResult extends TargetReport {
  /** Growth of the agent's RssAnon to its highest value. */
  readonly growthMiB: number;
  /** Requests for /health, each on a connection of its own; the longest time of a good answer, and failed ones. */
  readonly probes: number;
  readonly longestProbeMs: number;
  readonly failedProbes: number;
  /** Longest time without a turn of the event loop in the process that sends them; its share of the longest probe. */
  readonly longestStallMs: number;
  /** Connections that the load opened. */
  readonly opened: number;
}

/** Passes, compiled code and one reader of each route come before the load. */
const WARM_UP_MS = 10_000;
const PROBE_PAUSE_MS = 200;
const PROBE_TIMEOUT_MS = 10_000;

const task = JSON.parse(process.argv[2]!) as LoadTask;
const agent = start('http-target', task.target);
const failed = once(agent, 'exit').then(([code, signal]) => {
  throw new Error(`the agent has ended: ${signal ?? code}`);
});
failed.catch(() => {});
const { port } = await Promise.race([message<TargetStart>(agent), failed]);

async function load(): Promise<LoadResult> {
  for (const route of ROUTES) await answered(route);
  await sleep(WARM_UP_MS);
  for (const route of ROUTES) await answered(route);
  await ask<TargetReport>(agent);
  const before = rssAnonMiB();
  const clients = start('http-clients', { port, connections: task.connections, requests: task.requests });
  const endAt = performance.now() + task.seconds * 1000;
  const found = { growthMiB: 0, probes: 0, longestProbeMs: 0, failedProbes: 0, longestStallMs: 0 };
  async function probe(): Promise<void> {
    const probedAt = performance.now();
    found.probes++;
    if (await answered('/health')) found.longestProbeMs = Math.max(found.longestProbeMs, performance.now() - probedAt);
    else found.failedProbes++;
  }
  const delays = monitorEventLoopDelay({ resolution: 5 });
  delays.enable();
  const probes: Promise<void>[] = [];
  while (performance.now() < endAt) {
    // The next one does not wait for this one: slow answers would make the probes rarer while they matter most.
    probes.push(probe());
    found.growthMiB = Math.max(found.growthMiB, rssAnonMiB() - before);
    await sleep(PROBE_PAUSE_MS);
  }
  await Promise.all(probes);
  found.longestStallMs = delays.max / 1e6;
  const reported = await ask<TargetReport>(agent);
  const opened = await ask<number>(clients);
  return { ...reported, ...found, opened };
}

async function answered(path: string): Promise<boolean> {
  try {
    const request = get({ host: '127.0.0.1', port, path, agent: false, timeout: PROBE_TIMEOUT_MS });
    request.on('timeout', () => request.destroy(new Error('no answer in time')));
    const [response] = await once(request, 'response');
    await response.toArray();
    return response.statusCode === 200;
  } catch {
    return false;
  }
}

/** Runs a script beside this one, which ends when this process does. */
function start(script: string, argument: TargetTask | ClientsTask): ChildProcess {
  return fork(new URL(`./${script}.js`, import.meta.url), [JSON.stringify(argument)]);
}

async function ask<T>(child: ChildProcess): Promise<T> {
  const answer = message<T>(child);
  child.send({});
  return answer;
}

async function message<T>(from: ChildProcess): Promise<T> {
  return (await once(from, 'message'))[0] as T;
}

function rssAnonMiB(): number {
  return Number(/RssAnon:\s+(\d+)/.exec(readFileSync(`/proc/${agent.pid}/status`, 'utf8'))![1]) / 1024;
}

const result = await Promise.race([load(), failed]);
process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit(0));
