// Log files of running containers of Docker, as targets for the source of logs.
import type { DockerContainer, Observation } from './sources/host.ts';
import type { FileTarget } from './sources/logs/contracts.ts';
import type { LogSource } from './sources/logs/log-source.ts';

/** Value of the label `source`, as in Coroot. */
const SOURCE = 'stdout/stderr';

export class DockerLogFiles {
  readonly #source: Pick<LogSource, 'setFiles'>;
  readonly #startedAtMs: number;
  /** By id and path. */
  #targets: ReadonlyMap<string, FileTarget> = new Map();

  /** `startedAtMs` is when the agent was started, in milliseconds since 1970. */
  constructor(source: Pick<LogSource, 'setFiles'>, startedAtMs: number) {
    this.#source = source;
    this.#startedAtMs = startedAtMs;
  }

  /** Passes the files on when they have changed. While the list of containers cannot be read, they stay. */
  observe(observation: Observation): void {
    if (observation.kind !== 'dockerContainers' || !observation.data || observation.data.state !== 'running') return;
    const targets = new Map<string, FileTarget>();
    for (const container of observation.data.containers) {
      const { logPath = '' } = container;
      const key = `${container.id} ${logPath}`;
      if (isFollowed(container)) targets.set(key, this.#targets.get(key) ?? this.#target(container, logPath));
    }
    const isSame = targets.size === this.#targets.size && [...targets.keys()].every((key) => this.#targets.has(key));
    this.#targets = targets;
    if (!isSame) this.#source.setFiles([...targets.values()]);
  }

  /** A container that ran before may have a log from before the start of the agent. */
  #target({ id, startedAtMs, restartCount, lastExit, finishedAtMs }: DockerContainer, pattern: string): FileTarget {
    const isFirstRun = restartCount === 0 && (lastExit ?? finishedAtMs) === undefined;
    return {
      owner: { docker: id },
      source: SOURCE,
      format: 'docker',
      pattern,
      fromStart: isFirstRun && startedAtMs >= this.#startedAtMs,
    };
  }
}

/** An exited container is followed while it is listed, so that its last lines are read. */
function isFollowed({ logDriver, logPath = '', logMonitoring }: DockerContainer): boolean {
  return logDriver === 'json-file' && logPath !== '' && logMonitoring;
}
