// Shifts the observations of a tape that plays again, so that time and numbering go on.
import type { Observation } from '../host.ts';

/** The gap between two passes of a tape without ticks. */
const DEFAULT_GAP_MS = 15_000;

/**
 * Moves sequence numbers, both clocks, the times of events, and the uptime (which is a clock too: else each pass looked like a reboot).
 * Creation times of processes stay, so a process is the same one in every pass.
 */
export class LoopShift {
  #seq = 0;
  #monoMs = 0;
  #wallMs = 0;
  #gapMs = DEFAULT_GAP_MS;
  #last: Observation | undefined;
  #atSeam = false;

  /** The next observation is the first of another pass; one tick interval after the last one. */
  startPass(): void {
    this.#atSeam = true;
  }

  apply(recorded: Observation): Observation {
    if (this.#atSeam && this.#last) {
      this.#seq = this.#last.seq + 1 - recorded.seq;
      this.#monoMs = this.#last.tMono + this.#gapMs - recorded.tMono;
      this.#wallMs = this.#last.tWall + this.#gapMs - recorded.tWall;
      this.#atSeam = false;
    }
    if (recorded.kind === 'tick' && recorded.data && recorded.data.intervalMs > 0)
      this.#gapMs = recorded.data.intervalMs;
    const moved = {
      seq: recorded.seq + this.#seq,
      tMono: recorded.tMono + this.#monoMs,
      tWall: recorded.tWall + this.#wallMs,
    };
    const shifted = { ...this.#shiftData(recorded), ...moved };
    this.#last = shifted;
    return shifted;
  }

  #shiftData(recorded: Observation): Observation {
    if (!recorded.data) return recorded;
    const later = <T extends { readonly atMs: number }>(event: T): T => ({ ...event, atMs: event.atMs + this.#wallMs });
    switch (recorded.kind) {
      case 'system':
        return { ...recorded, data: { ...recorded.data, uptimeMs: recorded.data.uptimeMs + this.#monoMs } };
      case 'tcpEvents':
        return { ...recorded, data: { ...recorded.data, atMs: recorded.data.atMs.map((atMs) => atMs + this.#wallMs) } };
      case 'dnsEvents':
        return { ...recorded, data: recorded.data.map(later) };
      case 'processEvents':
        return { ...recorded, data: recorded.data.map(later) };
      default:
        return recorded;
    }
  }
}
