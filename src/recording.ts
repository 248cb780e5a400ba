// Records a host to a tape for a while.
import { Counters } from './base/counters.ts';
import { AgentError } from './base/errors.ts';
import type { Logger } from './base/log.ts';
import type { Config } from './config.ts';
import { hostFor } from './host-for.ts';
import type { Observation } from './sources/host.ts';
import { createRecorder, type RecorderStats } from './sources/tape/recorder.ts';

const STOP_TIMEOUT_MS = 3000;

export interface RecordingOptions {
  readonly file: string;
  readonly overwrite: boolean;
  /** Rounds to record; the recording also ends by `signal`. */
  readonly rounds: number;
  readonly signal: AbortSignal;
  /** Told after each round. */
  readonly onRound: (done: number) => void;
}

/** Resolves when the tape is closed. Throws AgentError when the host cannot be read or the tape not written. */
export async function recordHost(
  config: Config,
  options: RecordingOptions,
  logger: Logger,
): Promise<RecorderStats & { workersEnded: boolean }> {
  const host = hostFor(config, new Counters(), logger);
  // The first observations may come before the recorder is open: they wait.
  const early: Observation[] = [];
  let take = (observation: Observation): void => {
    early.push(observation);
  };
  const header = await host.start((observation) => take(observation));
  const recorder = await createRecorder(options.file, header, { overwrite: options.overwrite });
  let rounds = 0;
  await new Promise<void>((resolve) => {
    options.signal.addEventListener('abort', () => resolve(), { once: true });
    take = (observation) => {
      if (rounds >= options.rounds) return;
      recorder.write(observation);
      if (observation.kind !== 'tick') return;
      options.onRound(++rounds);
      if (rounds >= options.rounds) resolve();
    };
    for (const observation of early) take(observation);
    if (options.signal.aborted) resolve();
  });
  take = () => {};
  const workersEnded = await host.stop(STOP_TIMEOUT_MS);
  await recorder.close();
  if (rounds === 0) throw new AgentError('HOST_FAILED', { reason: 'stopped before the first round was complete' });
  return { ...recorder.stats(), workersEnded };
}
