// Delivers the payloads of one queue to one URL, in order, and accounts for each of them.
import { reasonOf } from '../../base/errors.ts';
import type { Payload, PayloadFormat, RequestBody } from '../payload.ts';
import type { PayloadQueue } from '../spool/payload-queue.ts';
import { shownUrl } from '../transport/secrets.ts';
import type { Outcome, OutcomeKind, Transport } from '../transport/transport.ts';
import { type DeliveryClock, systemClock } from './clock.ts';
import { ClockSetBack } from './clock-set-back.ts';
import type { ProblemLogger } from './problem-log.ts';
import { Progress } from './progress.ts';
import { QueueAge } from './queue-age.ts';
import { retryDelayMs } from './retry-delay.ts';
import { type Finished, MAX_MERGED_PAYLOADS, SendPlan } from './send-plan.ts';
import { Settlement } from './settlement.ts';
import type { DestinationStatus } from './status.ts';
import { tolerant } from './tolerant-format.ts';
import { DeliveryCounts } from './totals.ts';

export interface DestinationOptions {
  /** Label of the metrics, e.g. `metrics` or `logs`. */
  readonly name: string;
  readonly url: URL;
  readonly queue: PayloadQueue;
  readonly format: PayloadFormat;
  readonly transport: Transport;
  readonly log: ProblemLogger;
  readonly clock?: DeliveryClock;
  /** Called after each request, e.g. for a histogram of durations. */
  readonly onRequest?: (kind: OutcomeKind, durationMs: number) => void;
}

/** What `flush` achieved. */
export interface FlushResult {
  /** Whether the queue is empty now. */
  readonly delivered: boolean;
  /** The last request; undefined if none was necessary. */
  readonly outcome: Outcome | undefined;
}

/** What is read from the queue at once. */
const LIMITS = { maxPayloads: MAX_MERGED_PAYLOADS, maxBytes: 4 * 1024 * 1024 };
/** After the request in flight was aborted, for the calls of the queue. */
const STOP_GRACE_MS = 250;

/** `start`, then `add` for each payload; `stop` at the end. */
export class Destination {
  readonly name: string;
  readonly counts = new DeliveryCounts();
  readonly #options: DestinationOptions;
  readonly #clock: DeliveryClock;
  readonly #format: PayloadFormat;
  readonly #plan: SendPlan;
  readonly #setBack: ClockSetBack;
  readonly #age: QueueAge;
  readonly #progress: Progress;
  readonly #settlement: Settlement;
  readonly #abort = new AbortController();
  #wake = new AbortController();
  #running: Promise<void> | undefined;
  #stopping = false;
  #over = false;
  /** Whether the queue may have dropped payloads since the plan was filled. */
  #isPlanOld = false;
  #flushes: ((result: FlushResult) => void)[] = [];
  #isRetry = false;

  constructor(options: DestinationOptions) {
    this.name = options.name;
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#format = tolerant(options.format);
    this.#plan = new SendPlan(this.#format);
    this.#settlement = new Settlement(options.queue, this.counts);
    this.#setBack = new ClockSetBack(this.#clock);
    this.#age = new QueueAge(this.#clock);
    this.#progress = new Progress(options.name, options.log, this.#clock);
  }

  /** Begins to send what the queue holds. */
  start(): void {
    this.#running ??= this.#run();
  }

  /** Adds a payload to the queue. Resolves when the queue has it, not when it is delivered. Never rejects. */
  async add(payload: Payload): Promise<void> {
    this.counts.produce(payload.count);
    await this.#options.queue.append(payload);
    this.#age.update(this.#options.queue.size().oldestMs);
  }

  /**
   * Tries now, without waiting for the next attempt; starts if necessary. Resolves when the queue is empty or a request
   * has failed.
   */
  flush(): Promise<FlushResult> {
    return new Promise((resolve) => {
      if (this.#over) return resolve({ delivered: false, outcome: this.#progress.last });
      this.#flushes.push(resolve);
      this.#wakeUp();
      this.start();
    });
  }

  /**
   * Sends what is left as long as requests succeed and the time allows; what is not delivered stays in the queue.
   * Resolves to false if a call of the queue has not returned in time.
   */
  async stop(timeoutMs: number): Promise<boolean> {
    this.#stopping = true;
    this.#wakeUp();
    const ended = new AbortController();
    const running = (this.#running ?? Promise.resolve()).then(() => true);
    const after = async (ms: number): Promise<boolean> => {
      await this.#clock.sleep(ms, ended.signal);
      return false;
    };
    let done = await Promise.race([running, after(timeoutMs)]);
    this.#abort.abort();
    if (!done) done = await Promise.race([running, after(STOP_GRACE_MS)]);
    ended.abort();
    this.#over = true;
    this.#progress.state = 'stopped';
    this.#answerFlushes(false);
    this.#options.transport.close();
    return done;
  }

  status(): DestinationStatus {
    const { queue, transport, url } = this.#options;
    const size = queue.size();
    return {
      ...this.#progress.shown(),
      name: this.name,
      url: shownUrl(url),
      queuedPayloads: size.payloads,
      queuedItems: size.items,
      queuedBytes: size.bytes,
      oldestAgeMs: this.#age.update(size.oldestMs),
      totals: this.counts,
      problem: [this.#progress.problem, transport.problem()].filter((text) => text !== '').join('; '),
    };
  }

  async #run(): Promise<void> {
    while (!this.#over && !this.#abort.signal.aborted) {
      try {
        await this.#round();
      } catch (error) {
        // The contract of the queue does not exclude it, e.g. when a disk fails.
        await this.#fail('queue', `the spool fails: ${reasonOf(error)}`, 'retrying', undefined);
      }
    }
    this.#over = true;
    this.#answerFlushes(false);
  }

  async #round(): Promise<void> {
    const { queue } = this.#options;
    await this.#settlement.settle();
    this.#age.update(queue.size().oldestMs);
    if (this.#isPlanOld || this.#plan.isEmpty()) this.#plan.fill(await queue.first(LIMITS));
    this.#isPlanOld = false;
    this.#progress.clearProblem('queue');
    if (!this.#plan.isEmpty()) return await this.#attempt();
    this.#answerFlushes(true);
    if (this.#stopping) this.#over = true;
    else await queue.changed(this.#wake.signal);
  }

  async #attempt(): Promise<void> {
    const { transport, url, onRequest } = this.#options;
    const payloads = this.#plan.head();
    let request: RequestBody;
    try {
      request = await this.#format.encodeRequest(payloads);
    } catch (error) {
      return await this.#reject('invalid', `a payload in the spool cannot be read: ${reasonOf(error)}`);
    }
    if (this.#abort.signal.aborted) return;
    this.#progress.attempt();
    const outcome = await transport.post(url, request, this.#abort.signal);
    if (this.#abort.signal.aborted && outcome.kind === 'retryable') return;
    this.#progress.last = outcome;
    this.counts.request(outcome.kind, request.body.byteLength, this.#isRetry);
    onRequest?.(outcome.kind, outcome.durationMs);
    await this.#act(outcome, payloads);
  }

  async #act(outcome: Outcome, payloads: readonly Payload[]): Promise<void> {
    const { kind, status, problem } = outcome;
    if (kind === 'success') return this.#succeed(outcome, payloads);
    this.#isRetry = true;
    const text = Buffer.from(outcome.answer).toString('utf8');
    const reason = status >= 400 && status < 500 ? this.#format.rejectionReason(status, text) : 'invalid';
    const mayBeCompression = status === 415 || status === 500 || (status === 400 && reason === 'invalid');
    if (mayBeCompression && !this.#progress.everSucceeded && this.#format.stepDown()) return;
    if (kind === 'too-large' || (kind === 'rejected' && reason === 'too_large')) {
      if (!this.#plan.isEverySizeRefused) return this.#dropped(await this.#plan.tooLarge(), 'too_large', problem);
      return await this.#fail('every size', `${problem}; it refuses every size`, 'refused', outcome.retryAfterMs);
    }
    if (kind === 'rejected') {
      const setBack = reason === 'out_of_order' ? this.#setBack.explain(payloads.at(-1)!) : '';
      return await this.#reject(reason, setBack === '' ? problem : setBack);
    }
    const key = kind === 'retryable' ? 'retryable' : `${kind} ${status}`;
    await this.#fail(key, problem, kind === 'retryable' ? 'retrying' : 'refused', outcome.retryAfterMs);
  }

  #succeed({ answer }: Outcome, payloads: readonly Payload[]): void {
    this.#isRetry = false;
    this.#progress.success();
    for (const payload of payloads) this.#setBack.delivered(payload);
    const rejected = this.#format.rejectedCount(answer);
    if (rejected > 0)
      this.#progress.setProblem('partial', `the receiver rejected ${rejected} items of an accepted request`);
    this.#settlement.add(this.#plan.accepted(rejected));
  }

  async #reject(reason: Parameters<SendPlan['rejected']>[0], problem: string): Promise<void> {
    this.#dropped(await this.#plan.rejected(reason), reason, problem);
  }

  #dropped(finished: readonly Finished[], reason: string, problem: string): void {
    this.#progress.answered();
    if (finished.some(({ dropped }) => Object.keys(dropped).length > 0))
      this.#progress.setProblem(`dropped ${reason}`, problem);
    this.#settlement.add(finished);
  }

  async #fail(key: string, problem: string, state: 'retrying' | 'refused', askedMs: number | undefined): Promise<void> {
    this.#progress.failure(state);
    this.#progress.setProblem(key, problem);
    this.#answerFlushes(false);
    if (this.#stopping) this.#over = true;
    if (this.#over) return;
    const kind = state === 'refused' ? 'refused' : 'retryable';
    const ms = retryDelayMs(kind, this.#progress.failures, askedMs, this.#clock.random());
    this.#isPlanOld = true;
    await this.#progress.wait(ms, this.#wake.signal);
  }

  #wakeUp(): void {
    this.#wake.abort();
    this.#wake = new AbortController();
  }

  #answerFlushes(delivered: boolean): void {
    for (const resolve of this.#flushes.splice(0)) resolve({ delivered, outcome: this.#progress.last });
  }
}
