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

/** Windows' pid of a running service or of a process that was made up; undefined when there is none. */
export type PidOf = (name: string) => number | undefined;

interface Moment {
  readonly atMs: number;
  /** `nowMs` is when it comes, since 1970. Nothing where its service does not run. */
  make(pidOf: PidOf, nowMs: number): BuiltEvent | undefined;
}

export interface DemoConnection {
  /** How long the handshake takes, and the connection after it; without `livesMs` it stays open. */
  readonly tookMs: number;
  readonly durationMs?: number;
  readonly sentBytes?: number;
  readonly receivedBytes?: number;
  readonly retransmits?: number;
}

export interface DemoQuery {
  readonly type?: 'A' | 'AAAA';
  readonly tookMs: number;
  /** Win32 or DNS code. */
  readonly status?: number;
  readonly addresses?: readonly string[];
}

const queryTypes = { A: 1, AAAA: 28 };

/** Moments are milliseconds since the first round. */
export class DemoEvents {
  #moments: Moment[] = [];
  readonly #processes = new Map<string, number>();
  readonly #localAddresses: { readonly v4: string; readonly v6: string };
  #port = 50_000;
  #tcb = 0xa000_1000_0000n;
  #pid = 9000;

  /** The host's own addresses. */
  constructor(localAddresses: { v4: string; v6: string }) {
    this.#localAddresses = localAddresses;
  }

  #at(atMs: number, make: Moment['make']): void {
    this.#moments.push({ atMs, make });
  }

  #ends(remote: string, local?: string): { local: string; remote: string; tcb: bigint } {
    const { v4, v6 } = this.#localAddresses;
    this.#tcb += 0x1000n;
    return { local: local ?? `${remote.startsWith('[') ? `[${v6}]` : v4}:${this.#port++}`, remote, tcb: this.#tcb };
  }

  /** Something that only comes when its service runs at the first moment. */
  #while(service: string): {
    first: (make: (pid: number) => BuiltEvent) => Moment['make'];
    rest: (make: () => BuiltEvent) => Moment['make'];
  } {
    let runs = false;
    return {
      first: (make) => (pidOf) => {
        const pid = pidOf(service);
        runs = pid !== undefined;
        return pid === undefined ? undefined : make(pid);
      },
      rest: (make) => () => (runs ? make() : undefined),
    };
  }

  /** A service asks for a connection; its result tells the process that asked. */
  #request(atMs: number, service: string, ends: { local: string; remote: string; tcb: bigint }) {
    const { first, rest } = this.#while(service);
    let processId = 0;
    this.#at(
      atMs,
      first((pid) => {
        processId = pid;
        return tcbAndAddresses(1002, ends);
      }),
    );
    return { rest, processId: () => processId };
  }

  /** A connect that succeeds. Returns what ends a connection that stays open. */
  connect(
    atMs: number,
    service: string,
    remote: string,
    options: DemoConnection,
    localEnd?: string,
  ): (atMs: number) => void {
    const { tookMs, durationMs, sentBytes = 0, receivedBytes = 0, retransmits = 0 } = options;
    const ends = this.#ends(remote, localEnd);
    const stoodMs = atMs + tookMs;
    const { rest, processId } = this.#request(atMs, service, ends);
    this.#at(
      stoodMs,
      rest(() => connectionResult(1033, 1, { ...ends, processId: processId() })),
    );
    for (let i = 0; i < retransmits; i++) {
      this.#at(
        stoodMs + (i + 1) * 20,
        rest(() => tcbAndAddresses(1187, ends)),
      );
    }
    const end = (endMs: number): void => {
      const carried = {
        bytesOut: sentBytes,
        bytesIn: receivedBytes,
        connectionTimeMs: Math.round(endMs - stoodMs),
        rttUs: Math.round(tookMs * 900),
      };
      this.#at(
        endMs,
        rest(() => connectionResult(1038, 1, ends)),
      );
      this.#at(
        endMs + 1,
        rest(() => summary(1, { ...ends, ...carried })),
      );
    };
    if (durationMs !== undefined) end(stoodMs + durationMs);
    return end;
  }

  /** A connect that fails with an NTSTATUS. */
  fail(atMs: number, service: string, remote: string, status: number, afterMs: number, localEnd?: string): void {
    const ends = this.#ends(remote, localEnd);
    const { rest, processId } = this.#request(atMs, service, ends);
    this.#at(
      atMs + afterMs,
      rest(() => connectionResult(1034, 1, { ...ends, status, processId: processId() })),
    );
  }

  /** A connection that a service took. */
  accept(atMs: number, service: string, local: string, remote: string): void {
    const ends = this.#ends(remote, local);
    this.#at(
      atMs,
      this.#while(service).first((processId) => connectionResult(1017, 1, { ...ends, processId })),
    );
  }

  query(
    atMs: number,
    service: string,
    name: string,
    { type = 'A', tookMs, status = 0, addresses = [] }: DemoQuery,
  ): void {
    const values = { name, type: queryTypes[type], options: 0x4000_6000n };
    // As the resolver writes them: IPv4 mapped into IPv6.
    const results = addresses.map((address) => `${address.includes(':') ? '' : '::ffff:'}${address};`).join('');
    const { first, rest } = this.#while(service);
    let pid = 0;
    this.#at(
      atMs,
      first((asking) => {
        pid = asking;
        return dnsAsked(values, { pid });
      }),
    );
    this.#at(
      atMs + tookMs,
      rest(() => dnsAnswered({ ...values, status, results }, { pid })),
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
    this.#at(atMs, (pidOf, nowMs) => {
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
    this.#at(atMs + durationMs, () =>
      this.#processes.delete(name) ? processStop(2, { processId, createdAtMs, ...used }) : undefined,
    );
  }

  /** Lines for what comes until then and has not been handed out yet; `fromMs` is now. */
  take(fromMs: number, untilMs: number, pidOf: PidOf): string[] {
    const due = this.#moments.filter(({ atMs }) => atMs < untilMs).sort((a, b) => a.atMs - b.atMs);
    this.#moments = this.#moments.filter(({ atMs }) => atMs >= untilMs);
    const nowMs = Date.now();
    const lines: string[] = [];
    let at = fromMs;
    for (const { atMs, make } of due) {
      const event = make((name) => this.#processes.get(name) ?? pidOf(name), nowMs + Math.max(0, atMs - fromMs));
      if (!event) continue;
      if (atMs > at) lines.push(`wait ${Math.round(atMs - at)}`);
      at = Math.max(at, atMs);
      lines.push(eventLine(event));
    }
    return lines;
  }
}

/** Of the processor that `cpu 2500` in the script names. */
const CYCLES_PER_MS = 2_500_000;

/** Local ports of established connections to a port of 127.0.0.1, by Linux' own table. */
export function callersOf(port: number): Set<number> {
  const ends = (text = ''): number => Number.parseInt(text.split(':')[1] ?? '', 16);
  const rows = readFileSync('/proc/net/tcp', 'utf8').split('\n').slice(1, -1);
  const fields = rows
    .map((row) => row.trim().split(/\s+/))
    .filter(([, , remote, state]) => state === '01' && ends(remote) === port);
  return new Set(fields.map(([, local]) => ends(local)));
}
