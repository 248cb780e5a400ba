// What one ETW provider consists of: its identity, the events it is enabled for, its part of the ring, and its decoder.
import type { Grant } from '../grants.ts';
import type { ObservationData, ObservationKind, Unavailability } from '../host.ts';
import type { EventView } from './event-view.ts';

/** The versions of one event id that have a known layout. */
export interface EventVersions {
  /** The newest version with a known layout; versions count from 0. */
  readonly newest: number;
  /** Newer versions only append fields, so the known fields of any newer version can be decoded. */
  readonly appends: boolean;
}

/** Pushes one observation through the seam. `seconds` is the time that reading and decoding took. */
export type PushData = <K extends ObservationKind>(
  kind: K,
  data: ObservationData[K],
  seconds: number,
  degraded: readonly Unavailability[],
) => void;

/** Facts about the session that decoders need. */
export interface SessionFacts {
  /** Frequency at which processor cycles are counted; 0 when unknown. */
  cpuMHz: number;
}

export interface PushOptions {
  readonly push: PushData;
  /** A pushed table may share memory with the batch: the receiver reads it during the call only. */
  readonly lend: boolean;
  readonly seconds: number;
}

/** Decoded events of one provider that wait to be pushed. */
export interface EventBatch {
  /** Rows since the last `push`. */
  readonly count: number;
  /**
   * Decodes an event into a new row. False, without a new row, when the payload is truncated or a value is out of
   * range.
   */
  decode(event: EventView): boolean;
  /** Pushes the rows as one observation and empties the batch. */
  push(options: PushOptions): void;
}

export interface EtwProvider {
  /** Short name in counters and messages. */
  readonly name: string;
  /** Name under which Windows registers the provider. */
  readonly title: string;
  /** With dashes, in lower case. */
  readonly guid: string;
  /** An event passes when it has one of these keywords; 0 passes every event. */
  readonly anyKeyword: bigint;
  /** Events above this level are left out: 4 is informational. */
  readonly level: number;
  /** The requested events, by id. */
  readonly events: Readonly<Record<number, EventVersions>>;
  /**
   * The provider runs in user processes, so the session needs extra flags to receive its events from Windows
   * containers.
   */
  readonly inProcesses: boolean;
  /** The provider can report state from before the session started. */
  readonly rundown: boolean;
  /** The right that enabling requires, and what is lost without it. */
  readonly grant: Grant;
  /** The part of the ring that no other provider can occupy, from 0 to 1. */
  readonly ringShare: number;
  createBatch(session: SessionFacts): EventBatch;
}
