// Shifts the observations of each further pass of a looped tape, so that time and sequence numbers continue.
import type { FileMessages, Observation } from '../host.ts';
import { CounterShift } from './counter-shift.ts';

/** Time between two passes of a tape without ticks. */
const DEFAULT_GAP_MS = 15_000;

/**
 * Shifts sequence numbers, both clocks, times of events, counters, and the uptime (otherwise each pass would look like
 * a reboot). Creation times of processes are not shifted: a process keeps its identity in every pass.
 */
export class LoopShift {
  readonly #wallAtMs: ((tMono: number) => number) | undefined;
  #seq = 0;
  #monoMs = 0;
  #wallMs = 0;
  #gapMs = DEFAULT_GAP_MS;
  #last: Observation | undefined;
  #startsPass = false;
  readonly #counters = new CounterShift();

  /**
   * `wallAtMs` returns the wall time of the first observation of a pass from its monotonic time; by default the wall
   * clock continues like the monotonic one.
   */
  constructor(wallAtMs?: (tMono: number) => number) {
    this.#wallAtMs = wallAtMs;
  }

  /** Starts another pass: its first observation is one tick interval after the last observation. */
  startPass(): void {
    this.#startsPass = true;
    this.#counters.startPass();
  }

  apply(recorded: Observation): Observation {
    if (this.#startsPass && this.#last) {
      this.#seq = this.#last.seq + 1 - recorded.seq;
      const tMono = this.#last.tMono + this.#gapMs;
      this.#monoMs = tMono - recorded.tMono;
      this.#wallMs = (this.#wallAtMs?.(tMono) ?? this.#last.tWall + this.#gapMs) - recorded.tWall;
      this.#startsPass = false;
    }
    if (recorded.kind === 'tick' && recorded.data && recorded.data.intervalMs > 0)
      this.#gapMs = recorded.data.intervalMs;
    const head = {
      seq: recorded.seq + this.#seq,
      tMono: recorded.tMono + this.#monoMs,
      tWall: recorded.tWall + this.#wallMs,
    };
    const shifted = { ...this.#shiftData(this.#counters.apply(recorded)), ...head };
    this.#last = shifted;
    return shifted;
  }

  #shiftData(recorded: Observation): Observation {
    if (!recorded.data) return recorded;
    const shiftEvent = <T extends { readonly atMs: number }>(event: T): T => ({
      ...event,
      atMs: event.atMs + this.#wallMs,
    });
    switch (recorded.kind) {
      case 'system':
        return { ...recorded, data: { ...recorded.data, uptimeMs: recorded.data.uptimeMs + this.#monoMs } };
      case 'tcpEvents':
        return { ...recorded, data: { ...recorded.data, atMs: recorded.data.atMs.map((atMs) => atMs + this.#wallMs) } };
      case 'dnsEvents':
        return { ...recorded, data: recorded.data.map(shiftEvent) };
      case 'processEvents':
        return { ...recorded, data: recorded.data.map(shiftEvent) };
      case 'eventRecords':
        return { ...recorded, data: recorded.data.map(shiftEvent) };
      case 'fileMessages':
        return { ...recorded, data: recorded.data.map((each) => this.#shiftMessages(each)) };
      default:
        return recorded;
    }
  }

  #shiftMessages(messages: FileMessages): FileMessages {
    const ms = this.#wallMs;
    return {
      ...messages,
      counted: messages.counted.map((each) => {
        return { ...each, firstAtMs: each.firstAtMs + ms, lastAtMs: each.lastAtMs + ms };
      }),
      records: messages.records.map((each) => ({ ...each, atMs: each.atMs + ms })),
    };
  }
}
