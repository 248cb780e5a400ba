// Events of Windows that the demo services would cause, as lines for the double of event tracing: each at its moment,
// with the pids of then.
import { readFileSync } from 'node:fs';
import {
  type BuiltEvent,
  connectionResult,
  dnsAnswered,
  dnsAsked,
  processStart,
  processStop,
  summary,
  tcbAndAddresses,
} from '../../test/helpers/etw-builder.ts';
import { eventLine } from '../../test/windows/doubles/etw.ts';

/** Windows pid of a running service or of an invented process; undefined when it does not run. */
export type PidOf = (name: string) => number | undefined;

interface ScheduledEvent {
  readonly atMs: number;
  /** The event at `nowMs` (since 1970); undefined when its service does not run. */
  build(pidOf: PidOf, nowMs: number): BuiltEvent | undefined;
}

export interface DemoConnection {
  /** Duration of the handshake. */
  readonly tookMs: number;
  /** Duration of the connection after the handshake; absent for one that stays open. */
  readonly durationMs?: number;
  readonly sentBytes?: number;
  readonly receivedBytes?: number;
  readonly retransmits?: number;
}

export interface DemoQuery {
  readonly tookMs: number;
  /** Win32 or DNS code. */
  readonly status?: number;
  readonly addresses?: readonly string[];
}

/** QueryOptions of `getaddrinfo` for both address families; Windows sets bit 51 when the lookup completes. */
const BOTH_FAMILIES = 0x4002_6000n;
const COMPLETED = 1n << 51n;
const REFUSED = 87;

/** Times are milliseconds since the first round. */
export class DemoEvents {
  #scheduled: ScheduledEvent[] = [];
  readonly #processes = new Map<string, number>();
  readonly #localAddresses: { readonly v4: string; readonly v6: string };
  #port = 50_000;
  #tcb = 0xa000_1000_0000n;
  #pid = 9000;

  /** `localAddresses` are the addresses of the recorded host. */
  constructor(localAddresses: { v4: string; v6: string }) {
    this.#localAddresses = localAddresses;
  }

  #schedule(atMs: number, build: ScheduledEvent['build']): void {
    this.#scheduled.push({ atMs, build });
  }

  #endpoints(remote: string, local?: string): { local: string; remote: string; tcb: bigint } {
    const { v4, v6 } = this.#localAddresses;
    this.#tcb += 0x1000n;
    return { local: local ?? `${remote.startsWith('[') ? `[${v6}]` : v4}:${this.#port++}`, remote, tcb: this.#tcb };
  }

  /** Builders of a sequence of events that is left out when the service does not run at its first event. */
  #sequenceOf(service: string): {
    first: (build: (pid: number) => BuiltEvent) => ScheduledEvent['build'];
    next: (build: () => BuiltEvent) => ScheduledEvent['build'];
  } {
    let runs = false;
    return {
      first: (build) => (pidOf) => {
        const pid = pidOf(service);
        runs = pid !== undefined;
        return pid === undefined ? undefined : build(pid);
      },
      next: (build) => () => (runs ? build() : undefined),
    };
  }

  /** Schedules a connect request, which has the pid in its header; the pid is returned for the event of the result. */
  #request(atMs: number, service: string, endpoints: { local: string; remote: string; tcb: bigint }) {
    const { first, next } = this.#sequenceOf(service);
    let processId = 0;
    this.#schedule(
      atMs,
      first((pid) => {
        processId = pid;
        return tcbAndAddresses(1002, endpoints, { pid });
      }),
    );
    return { next, processId: () => processId };
  }

  /** A successful connect. Returns a function that closes a connection without `durationMs`. */
  connect(
    atMs: number,
    service: string,
    remote: string,
    options: DemoConnection,
    localEnd?: string,
  ): (atMs: number) => void {
    const { tookMs, durationMs, sentBytes = 0, receivedBytes = 0, retransmits = 0 } = options;
    const endpoints = this.#endpoints(remote, localEnd);
    const establishedMs = atMs + tookMs;
    const { next, processId } = this.#request(atMs, service, endpoints);
    this.#schedule(
      establishedMs,
      next(() => connectionResult(1033, 1, { ...endpoints, processId: processId() })),
    );
    for (let i = 0; i < retransmits; i++) {
      this.#schedule(
        establishedMs + (i + 1) * 20,
        next(() => tcbAndAddresses(1187, endpoints)),
      );
    }
    const close = (endMs: number): void => {
      const totals = {
        bytesOut: sentBytes,
        bytesIn: receivedBytes,
        connectionTimeMs: Math.round(endMs - establishedMs),
        rttUs: Math.round(tookMs * 900),
      };
      this.#schedule(
        endMs,
        next(() => connectionResult(1038, 1, endpoints)),
      );
      this.#schedule(
        endMs + 1,
        next(() => summary(1, { ...endpoints, ...totals })),
      );
    };
    if (durationMs !== undefined) close(establishedMs + durationMs);
    return close;
  }

  /** A connect that fails with an NTSTATUS. */
  fail(atMs: number, service: string, remote: string, status: number, afterMs: number, localEnd?: string): void {
    const endpoints = this.#endpoints(remote, localEnd);
    const { next, processId } = this.#request(atMs, service, endpoints);
    this.#schedule(
      atMs + afterMs,
      next(() => connectionResult(1034, 1, { ...endpoints, status, processId: processId() })),
    );
  }

  /** An inbound connection that a service accepts. */
  accept(atMs: number, service: string, local: string, remote: string): void {
    const endpoints = this.#endpoints(remote, local);
    this.#schedule(
      atMs,
      this.#sequenceOf(service).first((processId) => connectionResult(1017, 1, { ...endpoints, processId })),
    );
  }

  /**
   * The events of one `getaddrinfo`: the lookup of both address types, and a request of type A that Windows refuses at
   * once.
   */
  query(atMs: number, service: string, name: string, { tookMs, status = 0, addresses = [] }: DemoQuery): void {
    const both = { name, type: 28, options: BOTH_FAMILIES };
    const onlyA = { name, type: 1, options: 0x4000_6000n };
    // The resolver reports IPv4 addresses as IPv4-mapped IPv6.
    const results = addresses.map((address) => `${address.includes(':') ? '' : '::ffff:'}${address};`).join('');
    const { first, next } = this.#sequenceOf(service);
    let pid = 0;
    this.#schedule(
      atMs,
      first((servicePid) => {
        pid = servicePid;
        return dnsAsked(both, { pid });
      }),
    );
    this.#schedule(
      atMs,
      next(() => dnsAsked(onlyA, { pid })),
    );
    this.#schedule(
      atMs,
      next(() => dnsAnswered({ ...onlyA, status: REFUSED }, { pid })),
    );
    this.#schedule(
      atMs + tookMs,
      next(() => dnsAnswered({ ...both, options: BOTH_FAMILIES | COMPLETED, status, results }, { pid })),
    );
  }

  /**
   * A process below a service that no look at the processes would find; `name` stands for it where a service is asked
   * for.
   */
  process(
    atMs: number,
    service: string,
    name: string,
    image: string,
    { durationMs, cpuMs }: { durationMs: number; cpuMs: number },
  ): void {
    const processId = this.#pid;
    this.#pid += 4;
    let createdAtMs = 0;
    this.#schedule(atMs, (pidOf, nowMs) => {
      const parentId = pidOf(service);
      if (parentId === undefined) return undefined;
      this.#processes.set(name, processId);
      createdAtMs = nowMs;
      return processStart(3, { processId, createdAtMs, parentId, image });
    });
    const used = {
      cycles: BigInt(cpuMs * CYCLES_PER_MS),
      reads: 12,
      readKilobytes: 640,
      image: image.split('\\').at(-1)!,
    };
    this.#schedule(atMs + durationMs, () =>
      this.#processes.delete(name) ? processStop(2, { processId, createdAtMs, ...used }) : undefined,
    );
  }

  /** Removes the events before `untilMs` from the schedule and returns their lines; `fromMs` is the current time. */
  takeLines(fromMs: number, untilMs: number, pidOf: PidOf): string[] {
    const due = this.#scheduled.filter(({ atMs }) => atMs < untilMs).sort((a, b) => a.atMs - b.atMs);
    this.#scheduled = this.#scheduled.filter(({ atMs }) => atMs >= untilMs);
    const nowMs = Date.now();
    const lines: string[] = [];
    let at = fromMs;
    for (const { atMs, build } of due) {
      const event = build((name) => this.#processes.get(name) ?? pidOf(name), nowMs + Math.max(0, atMs - fromMs));
      if (!event) continue;
      if (atMs > at) lines.push(`wait ${Math.round(atMs - at)}`);
      at = Math.max(at, atMs);
      lines.push(eventLine(event));
    }
    return lines;
  }
}

/** Clock rate of the processor that `cpu 2500` sets in the script. */
const CYCLES_PER_MS = 2_500_000;

/** Local ports of established connections to a port of 127.0.0.1, from /proc/net/tcp. */
export function callersOf(port: number): Set<number> {
  const portOf = (text = ''): number => Number.parseInt(text.split(':')[1] ?? '', 16);
  const rows = readFileSync('/proc/net/tcp', 'utf8').split('\n').slice(1, -1);
  const fields = rows
    .map((row) => row.trim().split(/\s+/))
    .filter(([, , remote, state]) => state === '01' && portOf(remote) === port);
  return new Set(fields.map(([, local]) => portOf(local)));
}
