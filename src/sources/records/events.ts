// What ETW tells as it happens: TCP connections, DNS queries, processes, and how the session itself fares.

/** How an event was left out; counted, never silent. */
export type EventDropReason = 'ring full' | 'unknown version' | 'malformed' | 'too many';

/**
 * TCP events in the order of their time stamps, one array a column, all of length `count`. Fields that a type does not have are 0.
 * Addresses are 16 bytes a row in network order; IPv4 is mapped into IPv6 (::ffff:a.b.c.d); all zeros when unknown.
 * The agent's own are lent: read while they are pushed, never kept.
 */
export interface TcpEventTable {
  readonly count: number;
  /** TCP_EVENT of base/event-types.ts. */
  readonly type: Uint8Array;
  /** Milliseconds since 1970, with fractions. */
  readonly atMs: Float64Array;
  /** Owner of the connection; 0 where the event does not tell. */
  readonly pid: Uint32Array;
  /** Low 48 bits of the connection's control block, which names it as long as it lives; 0 when unknown. */
  readonly tcb: Float64Array;
  readonly compartmentId: Uint32Array;
  readonly localPort: Uint16Array;
  readonly remotePort: Uint16Array;
  readonly localAddress: Uint8Array;
  readonly remoteAddress: Uint8Array;
  /** NTSTATUS of a connect, an accept or a close. */
  readonly status: Uint32Array;
  /** Summaries: payload bytes of the whole connection. */
  readonly sentBytes: Float64Array;
  readonly receivedBytes: Float64Array;
  /** Summaries: bytes sent again. */
  readonly retransmittedBytes: Float64Array;
  /** Summaries: SYNs sent again. */
  readonly synRetransmits: Uint32Array;
  /** Summaries: smoothed round-trip time in microseconds, 0 when never measured. */
  readonly rttUs: Uint32Array;
  /** Summaries: how long the connection lived. */
  readonly durationMs: Float64Array;
  /** Names that a program connected by (TCP_EVENT.named); empty for other rows. */
  readonly name: readonly string[];
}

/** A DNS query as the Windows resolver saw it, inside of the process that asked. */
export interface DnsEventRecord {
  /** `asked` is event 3006, `answered` is 3008. */
  readonly type: 'started' | 'completed';
  /** Milliseconds since 1970, with fractions. */
  readonly atMs: number;
  /** The process that asked. */
  readonly pid: number;
  /** As asked for: any letter case, perhaps with a trailing dot. */
  readonly name: string;
  /** DNS type number: 1 A, 28 AAAA, ... */
  readonly queryType: number;
  /** DNS_QUERY_* bits; with name and type it tells queries of one process apart. A 64-bit number, its last bits may be lost. */
  readonly options: number;
  /** Win32 or DNS code of an answer: 0, 9003, 1460, ... */
  readonly status?: number;
  /** The answer as the resolver writes it: addresses and `type: N value` parts, `;` between. */
  readonly results?: string;
  /** The Windows container that it happened in, where the system tells. */
  readonly containerId?: string;
}

/** A process that began or ended. */
export interface ProcessEventRecord {
  readonly type: 'started' | 'stopped';
  /** Milliseconds since 1970, with fractions. */
  readonly atMs: number;
  readonly pid: number;
  /** Milliseconds since 1970; with the pid it names the process. */
  readonly createdAtMs: number;
  /** Absent in a stop. */
  readonly parentPid?: number;
  readonly sessionId?: number;
  /** Image file name without a path; cut at 14 characters in a stop. */
  readonly imageName: string;
  readonly exitCode?: number;
  /** Processor time of its whole life, from its cycles; absent where the system does not count them. */
  readonly cpuMs?: number;
  readonly cycles?: number;
  /**
   * I/O of its whole life; the vendor names the fields and says no more. By their names they are the requests of every kind, to files,
   * network and pipes alike, and not those that reached a disk. Counts have 32 bits, bytes are told in whole KiB.
   */
  readonly reads?: number;
  readonly writes?: number;
  readonly readBytes?: number;
  readonly writtenBytes?: number;
  /** Page faults that waited for a disk. */
  readonly hardFaults?: number;
}

/** How the session fares; pushed when it changes and before each tick. All counts are since the agent began. */
export interface EtwSessionRecord {
  /** `retrying`: it could not be started or was ended by somebody; a next attempt is planned. */
  readonly state: 'starting' | 'running' | 'retrying' | 'off';
  /** Why it does not run; empty while it does. */
  readonly reason: string;
  /** Providers that are enabled, by name. */
  readonly providers: readonly string[];
  readonly restarts: number;
  readonly events: number;
  /** Lost by Windows: events that found no buffer, and whole buffers. */
  readonly eventsLost: number;
  readonly buffersLost: number;
  readonly realTimeBuffersLost: number;
  /** Left out by the agent, by EventDropReason or with the event's id: `unknown version: tcpip 1033 v7`. */
  readonly dropped: Readonly<Record<string, number>>;
}

/**
 * Counters of established connections that have lived for long, by the stack's extended statistics; one array a column.
 * Addresses as in TcpEventTable. Counts are since collection was turned on for the connection.
 */
export interface TcpStatisticsTable {
  readonly count: number;
  readonly pid: Uint32Array;
  readonly localPort: Uint16Array;
  readonly remotePort: Uint16Array;
  readonly localAddress: Uint8Array;
  readonly remoteAddress: Uint8Array;
  readonly sentBytes: Float64Array;
  readonly receivedBytes: Float64Array;
  readonly retransmittedPackets: Float64Array;
  readonly retransmittedBytes: Float64Array;
  /** Smoothed round-trip time in microseconds, 0 when never measured. */
  readonly rttUs: Uint32Array;
}

/** Events as ETW gave them, for decoders of later days; only on tapes that were asked to hold them. */
export interface RawEventsRecord {
  readonly count: number;
  /** Provider GUID, id, version, pid, time and payload of each, as sources/etw/raw.ts packs them. */
  readonly bytes: Uint8Array;
}
