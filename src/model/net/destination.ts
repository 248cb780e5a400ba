// One remote end of a container's outbound connections, as its series have it, with everything that is counted for it.

/** Reasons of failure kept apart for a destination. */
const MAX_REASONS = 16;

/** Counts only grow, and live here: processes come and go. */
export class Destination {
  /** `ip:port`, or `name:port` where many addresses hide behind a name; `~other:0` for all beyond the limit. */
  readonly destination: string;
  /** `ip:port`, empty where `destination` is none. */
  readonly actualDestination: string;
  /** Established outbound connections at the last look. */
  active = 0;
  successful = 0;
  /** Those of `successful` that no event told: they showed up in the TCP tables. */
  inferred = 0;
  failed = 0;
  /** Time of handshakes, and how many of `successful` it is the time of. */
  connectMs = 0;
  timed = 0;
  /** Payload of connections that ended, and growth of those that live for long. */
  sentBytes = 0;
  receivedBytes = 0;
  /** Segments. */
  retransmits = 0;
  /** Connections that the other side reset. */
  resets = 0;
  /** Failures by NTSTATUS; undefined before the first. */
  failures: Map<number, number> | undefined;
  /** Those whose status found no more room in `failures`. */
  otherFailures = 0;
  lastFailure: { readonly status: number; readonly atMs: number } | undefined;
  /** Milliseconds since 1970 of the last sign of life. */
  usedAtMs = 0;
  /** Its container keeps it no longer. */
  forgotten = false;

  constructor(destination: string, actualDestination: string) {
    this.destination = destination;
    this.actualDestination = actualDestination;
  }

  /** Whether there is anything that must not be forgotten at once. */
  get counted(): boolean {
    return this.successful > 0 || this.failed > 0 || this.sentBytes > 0 || this.receivedBytes > 0 || this.retransmits > 0;
  }

  fail(status: number, atMs: number): void {
    this.failed++;
    this.lastFailure = { status, atMs };
    this.failures ??= new Map();
    const before = this.failures.get(status);
    if (before === undefined && this.failures.size >= MAX_REASONS) this.otherFailures++;
    else this.failures.set(status, (before ?? 0) + 1);
  }
}

/** The round-trip time to one address, from whatever connection measured it last. */
export class Latency {
  readonly ip: string;
  /** Mean of what was measured since the last look, or what was known before. */
  rttUs = 0;
  usedAtMs = 0;
  #sumUs = 0;
  #measured = 0;

  constructor(ip: string) {
    this.ip = ip;
  }

  measure(rttUs: number, atMs: number): void {
    this.#sumUs += rttUs;
    this.#measured++;
    this.usedAtMs = atMs;
  }

  /** Takes the measurements since the last look together. */
  settle(): void {
    if (this.#measured === 0) return;
    this.rttUs = this.#sumUs / this.#measured;
    this.#sumUs = 0;
    this.#measured = 0;
  }
}
