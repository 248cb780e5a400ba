// Doubles for delivery: a queue in memory, a clock that tests advance, a format of JSON, and a scripted receiver.
import { setImmediate } from 'node:timers/promises';
import type { DeliveryClock } from '../../src/exporters/delivery/clock.ts';
import { Destination, type DestinationOptions } from '../../src/exporters/delivery/destination.ts';
import type { Payload, PayloadFormat, RejectionReason } from '../../src/exporters/payload.ts';
import type { PayloadQueue, QueuedPayload, QueueLimits, QueueSize } from '../../src/exporters/spool/payload-queue.ts';
import type { Outcome, OutcomeKind, Transport } from '../../src/exporters/transport/transport.ts';

/** Samples are numbers that grow; their times are `1000 x number`. */
export function payloadOf(samples: readonly number[], options: Partial<Payload> = {}): Payload {
  return {
    kind: 'metrics',
    encoding: 'identity',
    count: samples.length,
    oldestMs: 1000 * Math.min(...samples),
    newestMs: 1000 * Math.max(...samples),
    body: Buffer.from(JSON.stringify(samples)),
    ...options,
  };
}

export function samplesOf(body: Uint8Array): number[] {
  return JSON.parse(Buffer.from(body).toString()) as number[];
}

export class MemoryQueue implements PayloadQueue {
  readonly name = 'test';
  readonly aside: { readonly samples: readonly number[]; readonly reason: string }[] = [];
  /** Thrown by the next calls of `remove`. */
  removeFaults: Error[] = [];
  #queued: QueuedPayload[] = [];
  #nextSeq = 1;
  #added = false;
  #waiting: (() => void)[] = [];

  async append(payload: Payload): Promise<void> {
    this.#queued.push({ seq: this.#nextSeq++, payload });
    this.#added = true;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  async first({ maxPayloads, maxBytes }: QueueLimits): Promise<readonly QueuedPayload[]> {
    this.#added = false;
    let bytes = 0;
    return this.#queued.slice(0, maxPayloads).filter(({ payload }, at) => {
      bytes += payload.body.length;
      return at === 0 || bytes <= maxBytes;
    });
  }

  async remove(seqs: readonly number[]): Promise<void> {
    const fault = this.removeFaults.shift();
    if (fault) throw fault;
    this.#queued = this.#queued.filter(({ seq }) => !seqs.includes(seq));
  }

  async setAside({ seq, payload }: QueuedPayload, reason: string): Promise<void> {
    this.aside.push({ samples: samplesOf(payload.body), reason });
    await this.remove([seq]);
  }

  async changed(signal: AbortSignal): Promise<void> {
    if (this.#added || signal.aborted) return;
    await new Promise<void>((resolve) => {
      this.#waiting.push(resolve);
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }

  size(): QueueSize {
    const items = this.#queued.reduce((sum, { payload }) => sum + payload.count, 0);
    const bytes = this.#queued.reduce((sum, { payload }) => sum + payload.body.length, 0);
    return { payloads: this.#queued.length, items, bytes, oldestMs: this.#queued[0]?.payload.oldestMs };
  }

  /** As a full spool does. */
  dropOldest(): void {
    this.#queued.shift();
  }

  samples(): number[] {
    return this.#queued.flatMap(({ payload }) => samplesOf(payload.body));
  }
}

export class FakeClock implements DeliveryClock {
  /** Waits that began, in milliseconds. */
  readonly waits: number[] = [];
  jitter: () => number = () => 0.5;
  #mono = 1_000_000;
  #wall = 1_700_000_000_000;
  #timers: { readonly at: number; readonly resolve: () => void }[] = [];

  monoMs(): number {
    return this.#mono;
  }

  wallMs(): number {
    return this.#wall;
  }

  random(): number {
    return this.jitter();
  }

  async sleep(ms: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    this.waits.push(ms);
    await new Promise<void>((resolve) => {
      this.#timers.push({ at: this.#mono + ms, resolve });
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }

  /** Sets the wall clock of the host. */
  set(byMs: number): void {
    this.#wall += byMs;
  }

  /** Lets time pass, and what waits for it run. */
  async advance(ms: number): Promise<void> {
    const end = this.#mono + ms;
    await settled();
    for (;;) {
      const due = this.#timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (!due) break;
      this.#timers = this.#timers.filter((timer) => timer !== due);
      this.#pass(Math.max(0, due.at - this.#mono));
      due.resolve();
      await settled();
    }
    this.#pass(end - this.#mono);
  }

  #pass(ms: number): void {
    this.#mono += ms;
    this.#wall += ms;
  }
}

/** Lets everything run that waits for nothing but promises. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await setImmediate();
}

/** Bodies are concatenated; a payload is split into halves. An answer is the reason of a rejection. */
export function jsonFormat(options: Partial<PayloadFormat> = {}): PayloadFormat {
  return {
    encodeRequest: async (payloads) => {
      const body = Buffer.from(JSON.stringify(payloads.flatMap(({ body }) => samplesOf(body))));
      return { headers: { 'Content-Type': 'application/json' }, body };
    },
    plainBytes: ({ body }) => body.length,
    split: async (payload) => {
      const samples = samplesOf(payload.body);
      const half = Math.ceil(samples.length / 2);
      return samples.length < 2 ? [] : [payloadOf(samples.slice(0, half)), payloadOf(samples.slice(half))];
    },
    rejectionReason: (_status, answer) => (answer === '' ? 'invalid' : (answer as RejectionReason)),
    rejectedCount: () => 0,
    stepDown: () => false,
    ...options,
  };
}

/** The answer of a receiver: a status with a text, or a class for a request without an answer. */
export interface Answer {
  readonly kind: OutcomeKind;
  readonly status?: number;
  readonly text?: string;
  readonly retryAfterMs?: number;
}

const statuses: Readonly<Record<OutcomeKind, number>> = {
  success: 204,
  retryable: 503,
  refused: 404,
  'too-large': 413,
  rejected: 400,
  redirected: 302,
};

/** A transport that records what a receiver gets and accepts. */
export class ScriptedTransport implements Transport {
  readonly requests: number[][] = [];
  readonly accepted: number[] = [];
  answer: (samples: readonly number[]) => Answer | Promise<Answer>;
  configurationProblem = '';

  constructor(answer: ScriptedTransport['answer'] = () => ({ kind: 'success' })) {
    this.answer = answer;
  }

  async post(_url: URL, { body }: { body: Uint8Array }, signal: AbortSignal): Promise<Outcome> {
    const samples = samplesOf(body);
    this.requests.push(samples);
    const aborted = new Promise<Answer>((resolve) =>
      signal.addEventListener('abort', () => resolve({ kind: 'retryable', status: 0 }), { once: true }),
    );
    const answer = await Promise.race([this.answer(samples), aborted]);
    const { kind, status = statuses[answer.kind], text = '', retryAfterMs } = answer;
    if (kind === 'success') this.accepted.push(...samples);
    const problem = kind === 'success' ? '' : `answered ${status}`;
    return { kind, status, answer: Buffer.from(text), problem, retryAfterMs, durationMs: 1 };
  }

  problem(): string {
    return this.configurationProblem;
  }

  close(): void {}
}

/** A destination with doubles around it. */
export function createDestination(
  answer?: ScriptedTransport['answer'],
  options: Partial<DestinationOptions> = {},
): {
  destination: Destination;
  queue: MemoryQueue;
  clock: FakeClock;
  transport: ScriptedTransport;
  log: { readonly level: string; readonly text: string }[];
} {
  const queue = new MemoryQueue();
  const clock = new FakeClock();
  const transport = new ScriptedTransport(answer);
  const log: { level: string; text: string }[] = [];
  const destination = new Destination({
    name: 'metrics',
    url: new URL('https://user:canary-password@receiver.test/write?token=canary-token'),
    queue,
    format: jsonFormat(),
    transport,
    clock,
    log: { warn: (text) => log.push({ level: 'warn', text }), info: (text) => log.push({ level: 'info', text }) },
    ...options,
  });
  return { destination, queue, clock, transport, log };
}
