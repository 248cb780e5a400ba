// A source of Docker that is connected to a fake daemon, with a clock and timers of the test.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DockerClient } from '../../src/sources/docker/docker-client.ts';
import { DockerSource, type DockerSourceOptions } from '../../src/sources/docker/docker-source.ts';
import type { DockerContainer, DockerDaemon, DockerStats, Observation } from '../../src/sources/host.ts';
import { FakeDocker } from './fake-docker.ts';

interface Timer {
  readonly atMs: number;
  readonly callback: () => void;
}

export class DockerFixture {
  readonly daemon = new FakeDocker();
  readonly source: DockerSource;
  readonly observations: Observation[] = [];
  nowMs = 1000;
  readonly #timers = new Set<Timer>();
  readonly #folder = mkdtempSync(join(tmpdir(), 'docker-'));
  readonly socketPath = join(this.#folder, 's');

  /** `timeoutMs` is the limit of each answer, for daemons that do not answer. */
  constructor(options: Partial<DockerSourceOptions> = {}, timeoutMs = 10_000) {
    this.source = new DockerSource({
      host: `unix://${this.socketPath}`,
      variables: {},
      intervalMs: 15_000,
      open: async (endpoint) => new DockerClient(endpoint, { timeoutMs, maxAnswerBytes: 1_000_000 }),
      clock: {
        monotonicMs: () => this.nowMs,
        wallMs: () => 1_700_000_000_000 + this.nowMs,
        after: (callback, ms) => {
          const timer = { atMs: this.nowMs + ms, callback };
          this.#timers.add(timer);
          return () => this.#timers.delete(timer);
        },
      },
      ...options,
    });
  }

  /** Starts both, and waits until the daemon is `running`. */
  async start(): Promise<void> {
    await this.daemon.listen(this.socketPath);
    await this.source.start((observation) => this.observations.push(observation));
    await this.until(() => this.tick()?.state === 'running');
  }

  async close(): Promise<void> {
    await this.source.stop();
    await this.daemon.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** The last state of the daemon after a tick. */
  tick(): DockerDaemon | undefined {
    this.source.beforeTick();
    return this.daemonState;
  }

  get daemonState(): DockerDaemon | undefined {
    return this.observations.findLast((each) => each.kind === 'dockerContainers')?.data as DockerDaemon | undefined;
  }

  container(name: string): DockerContainer | undefined {
    return this.tick()?.containers.find((each) => each.name === name);
  }

  /** All statistics so far. */
  get stats(): DockerStats[] {
    return this.observations.flatMap((each) => (each.kind === 'dockerStats' ? (each.data as DockerStats[]) : []));
  }

  /** Lets time go on and runs the timers that are due. */
  advance(ms: number): void {
    this.nowMs += ms;
    for (const timer of [...this.#timers]) {
      if (timer.atMs > this.nowMs) continue;
      this.#timers.delete(timer);
      timer.callback();
    }
  }

  /** Lets input and output go on until the condition holds. */
  async until(condition: () => boolean): Promise<void> {
    for (let turns = 0; !condition(); turns++) {
      if (turns > 5000) throw new Error('the condition did not become true');
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }
}
