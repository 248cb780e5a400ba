// Records a host to a tape for a number of rounds.
import { AgentError, reasonOf } from './base/errors.ts';
import type { Logger } from './base/log.ts';
import { SelfMetrics } from './base/self-metrics.ts';
import { terminateIfHanging } from './exit-after-stop.ts';
import { hostFor, RECORDING_SESSION } from './host-for.ts';
import { logSourceFor } from './log-source-for.ts';
import { type Config, effectiveSettings, resolveConfig } from './settings/index.ts';
import type { HostHeader, Observation } from './sources/host.ts';
import type { PendingCall } from './sources/pending-call.ts';
import { createRecorder, type Recorder, type RecorderStats } from './sources/tape/recorder.ts';
import { Redactor } from './sources/tape/redact.ts';
import { createRedactingRecorder } from './sources/tape/redacting-recorder.ts';

/** Interval of the check whether a replayed tape has ended. */
const END_CHECK_MS = 200;

const tooEarly = 'stopped before the first round was complete';

export interface RecordingOptions {
  readonly file: string;
  readonly overwrite: boolean;
  /** True for a tape that leaves the host; a redactor given here shares its stand-ins with the caller. */
  readonly redact: boolean | Redactor;
  /** Records undecoded events in addition to the decoded ones. */
  readonly rawEvents: boolean;
  /** Rounds to record; `signal` ends the recording earlier. */
  readonly rounds: number;
  readonly signal: AbortSignal;
  /** Called after each round. */
  readonly onRound: (done: number) => void;
  /** Called with the header and the observations without redaction. */
  readonly onHeader?: (header: HostHeader) => void;
  readonly onObservation?: (observation: Observation) => void;
}

/** Resolves when the tape is closed. Throws AgentError when the host is not readable or the tape is not writable. */
export async function recordHost(
  config: Config,
  options: RecordingOptions,
  logger: Logger,
): Promise<RecorderStats & { readonly pending: readonly PendingCall[] }> {
  const host = hostFor(
    config,
    {
      sessionName: RECORDING_SESSION,
      rawEvents: options.rawEvents,
      logs: logSourceFor(config, logger),
      keepTapeTime: true,
    },
    new SelfMetrics(),
    logger,
  );
  // Observations are queued until the recorder is open.
  const early: Observation[] = [];
  let receive = (observation: Observation): void => {
    early.push(observation);
  };
  // A replayed tape may end before the last round.
  const ended = Promise.withResolvers<void>();
  const endCheck = setInterval(() => host.status().detail.ended && ended.resolve(), END_CHECK_MS);
  const aborted = new Promise<never>((_, reject) => {
    const fail = (): void => reject(new AgentError('HOST_FAILED', { reason: tooEarly }));
    options.signal.addEventListener('abort', fail, { once: true });
    if (options.signal.aborted) fail();
  });
  const redactor = options.redact === true ? new Redactor() : options.redact || undefined;
  // A full disk ends the recording; close() then reports the reason.
  const unwritable = new AbortController();
  let recorder: Recorder;
  try {
    // The user can stop the recording while the host starts.
    const header = await Promise.race([host.start((observation) => receive(observation)), aborted]);
    options.onHeader?.(header);
    const recorderOptions = { overwrite: options.overwrite, onFailure: () => unwritable.abort() };
    recorder = redactor
      ? await createRedactingRecorder(options.file, header, redactor, defaultSettings(), recorderOptions)
      : await createRecorder(options.file, header, recorderOptions);
  } catch (error) {
    clearInterval(endCheck);
    terminateIfHanging(await host.stop(), `${reasonOf(error)}, and a worker did not end in time`, (text) =>
      logger.warn(text),
    );
    throw error;
  }
  let rounds = 0;
  await new Promise<void>((resolve) => {
    options.signal.addEventListener('abort', () => resolve(), { once: true });
    unwritable.signal.addEventListener('abort', () => resolve(), { once: true });
    receive = (observation) => {
      if (rounds >= options.rounds) return;
      options.onObservation?.(observation);
      recorder.write(observation);
      if (observation.kind !== 'tick') return;
      options.onRound(++rounds);
      if (rounds >= options.rounds) resolve();
    };
    for (const observation of early) receive(observation);
    if (options.signal.aborted) resolve();
    ended.promise.then(resolve);
  });
  clearInterval(endCheck);
  receive = () => {};
  const pending = await host.stop();
  await recorder.close();
  if (rounds === 0) throw new AgentError('HOST_FAILED', { reason: tooEarly });
  return { ...recorder.stats(), pending };
}

/** The settings of an agent that is not configured, which a redacted tape keeps. */
function defaultSettings(): Record<string, string> {
  return effectiveSettings(resolveConfig({ flags: {}, env: {} }));
}
