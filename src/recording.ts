// Records a host to a tape for a while.
import { AgentError, reasonOf } from './base/errors.ts';
import type { Logger } from './base/log.ts';
import { SelfMetrics } from './base/self-metrics.ts';
import { terminateProcess } from './base/terminate.ts';
import { hostFor, RECORDING_SESSION } from './host-for.ts';
import { type Config, effectiveSettings, resolveConfig } from './settings/index.ts';
import type { HostHeader, Observation } from './sources/host.ts';
import { createRecorder, type Recorder, type RecorderStats } from './sources/tape/recorder.ts';
import { Redactor } from './sources/tape/redact.ts';

const STOP_TIMEOUT_MS = 3000;
/** Time between two looks whether a tape has ended. */
const LOOK_MS = 200;

/** A round is a dozen; a host that never ticks must not fill the memory. */
const MAX_EARLY = 1000;

const tooEarly = 'stopped before the first round was complete';

export interface RecordingOptions {
  readonly file: string;
  readonly overwrite: boolean;
  /** Stand-ins for names, addresses, ids and values, for a tape that leaves the host; a redactor of the caller's shares them. */
  readonly redact: boolean | Redactor;
  /** Events as the system gave them as well as decoded. */
  readonly rawEvents: boolean;
  /** Rounds to record; the recording also ends by `signal`. */
  readonly rounds: number;
  readonly signal: AbortSignal;
  /** Told after each round. */
  readonly onRound: (done: number) => void;
  /** Told of the host as it is, without redaction. */
  readonly onHeader?: (header: HostHeader) => void;
  readonly onObservation?: (observation: Observation) => void;
}

/** Resolves when the tape is closed. Throws AgentError when the host cannot be read or the tape not written. */
export async function recordHost(
  config: Config,
  options: RecordingOptions,
  logger: Logger,
): Promise<RecorderStats & { workersEnded: boolean }> {
  const host = hostFor(
    config,
    { sessionName: RECORDING_SESSION, rawEvents: options.rawEvents },
    new SelfMetrics(),
    logger,
  );
  // The first observations may come before the recorder is open: they wait.
  const early: Observation[] = [];
  const firstRound = Promise.withResolvers<void>();
  let take = (observation: Observation): void => {
    early.push(observation);
    if (observation.kind === 'tick' || early.length >= MAX_EARLY) firstRound.resolve();
  };
  // A tape that is recorded from may be shorter than asked for.
  const ended = Promise.withResolvers<void>();
  const look = setInterval(() => host.status().detail.ended && ended.resolve(), LOOK_MS);
  const aborted = new Promise<never>((_, reject) => {
    const fail = (): void => reject(new AgentError('HOST_FAILED', { reason: tooEarly }));
    options.signal.addEventListener('abort', fail, { once: true });
    if (options.signal.aborted) fail();
  });
  const redactor = options.redact === true ? new Redactor() : options.redact || undefined;
  // A disk that is full ends the recording; close() then says why.
  const unwritable = new AbortController();
  let recorder: Recorder;
  try {
    // A host that hangs while it starts must not keep a person from stopping.
    const header = await Promise.race([host.start((observation) => take(observation)), aborted]);
    options.onHeader?.(header);
    if (redactor) {
      // The header comes first on a tape, and what it says may hold names that only the observations tell.
      await Promise.race([firstRound.promise, ended.promise, aborted]);
      for (const observation of early) redactor.collectNames(observation);
    }
    recorder = await createRecorder(
      options.file,
      redactor ? redactor.header(header, effectiveSettings(resolveConfig({ flags: {}, env: {} }))) : header,
      { overwrite: options.overwrite, onFailure: () => unwritable.abort() },
    );
  } catch (error) {
    clearInterval(look);
    if (!(await host.stop(STOP_TIMEOUT_MS))) terminateProcess(`${reasonOf(error)}, and a system call hangs`);
    throw error;
  }
  let rounds = 0;
  await new Promise<void>((resolve) => {
    options.signal.addEventListener('abort', () => resolve(), { once: true });
    unwritable.signal.addEventListener('abort', () => resolve(), { once: true });
    take = (observation) => {
      if (rounds >= options.rounds) return;
      options.onObservation?.(observation);
      for (const each of redactor?.add(observation) ?? [observation]) recorder.write(each);
      if (observation.kind !== 'tick') return;
      options.onRound(++rounds);
      if (rounds >= options.rounds) resolve();
    };
    for (const observation of early) take(observation);
    if (options.signal.aborted) resolve();
    ended.promise.then(resolve);
  });
  clearInterval(look);
  take = () => {};
  const workersEnded = await host.stop(STOP_TIMEOUT_MS);
  for (const each of redactor?.flush() ?? []) recorder.write(each);
  await recorder.close();
  if (rounds === 0) throw new AgentError('HOST_FAILED', { reason: tooEarly });
  return { ...recorder.stats(), workersEnded };
}
