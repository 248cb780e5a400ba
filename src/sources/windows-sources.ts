// The sources of a Windows machine: polls on the windows worker, kernel events on the etw worker, and Docker.
import { monotonicMs } from '../base/monotonic.ts';
import { DockerSource, type DockerSourceOptions } from './docker/docker-source.ts';
import { EventSource } from './etw/event-source.ts';
import { OpenTrace } from './etw/open-trace.ts';
import type { Observation } from './host.ts';
import type { PushObservation, Source } from './live-host.ts';
import { type PendingCall, pendingCall } from './pending-call.ts';
import type { PollWorkerStart } from './poll/messages.ts';
import { PollSource } from './poll/poll-source.ts';

export interface WindowsSourcesOptions extends Omit<PollWorkerStart, 'activity' | 'acknowledged' | 'trace'> {
  /** Push events undecoded as well, for a tape. Only with `sessionName`. */
  readonly rawEvents?: boolean;
  /**
   * The receiver of a table of TCP events uses it during the push only: its memory is reused. Otherwise it may keep the
   * table.
   */
  readonly lendEvents?: boolean;
  /** An error that a worker did not catch. The process must end. */
  readonly onFatal: (error: Error, worker: 'windows' | 'etw') => void;
  /** Rounds that the windows worker skipped. */
  readonly onSkipped: (rounds: number) => void;
  /** Where the Docker daemon is looked for; absent for not at all. */
  readonly docker?: Pick<DockerSourceOptions, 'host' | 'variables'>;
  /** Entry of another windows worker, which generates its observations. */
  readonly entry?: URL;
  /** Entry of another etw worker. */
  readonly eventEntry?: URL;
}

/** For a LiveHost, which must start and stop them in this order: events need the header of the polls to be there. */
export function createWindowsSources(options: WindowsSourcesOptions): Source[] {
  const { agentVersion, intervalMs, settings, sessionName, connectionStatistics, gpus, onFatal, onSkipped, entry } =
    options;
  const trace = new OpenTrace();
  const events = sessionName === undefined ? undefined : new EtwSource(sessionName, trace, options);
  const polls = new PollSource({
    start: { agentVersion, intervalMs, settings, sessionName, connectionStatistics, gpus, trace: trace.shared },
    entry,
    onFatal: (error) => onFatal(error, 'windows'),
    onSkipped,
    onLoss: (...loss) => events?.updateLoss(...loss),
  });
  const docker = options.docker ? [new DockerSource({ ...options.docker, intervalMs })] : [];
  return events ? [polls, events, ...docker] : [polls, ...docker];
}

/** Adapts the event source, which knows nothing about observations. */
class EtwSource implements Source {
  readonly #sessionName: string;
  readonly #trace: OpenTrace;
  readonly #options: WindowsSourcesOptions;
  #events: EventSource | undefined;

  constructor(sessionName: string, trace: OpenTrace, options: WindowsSourcesOptions) {
    this.#sessionName = sessionName;
    this.#trace = trace;
    this.#options = options;
  }

  start(push: PushObservation): Promise<undefined> {
    const { rawEvents = false, lendEvents = false, onFatal, eventEntry } = this.#options;
    this.#events = new EventSource({
      sessionName: this.#sessionName,
      trace: this.#trace,
      raw: rawEvents,
      lend: lendEvents,
      onFatal: (error) => onFatal(error, 'etw'),
      ...(eventEntry ? { entry: eventEntry } : {}),
      push: (kind, data, seconds, degraded) => {
        const head = { seq: 0, tMono: monotonicMs(), tWall: Date.now(), source: 'etw', kind, seconds };
        // TypeScript cannot follow a kind through the mapped union; `push` of the events is typed.
        push({ ...head, data, ...(degraded.length > 0 ? { degraded } : {}) } as unknown as Observation);
      },
    });
    this.#events.start();
    return Promise.resolve(undefined);
  }

  updateLoss(...loss: Parameters<EventSource['updateLoss']>): void {
    this.#events?.updateLoss(...loss);
  }

  beforeTick(): void {
    this.#events?.beforeTick();
  }

  /**
   * Before the polls stop: the etw worker must know that the end of its session, which their worker causes, is
   * intended.
   */
  stop(): Promise<void> {
    return this.#events?.stop() ?? Promise.resolve();
  }

  pendingCall(): PendingCall {
    return this.#events?.pendingCall ?? pendingCall('', 'the etw worker');
  }

  problem(): undefined {
    // The state of the session is an observation of its own.
    return undefined;
  }
}
