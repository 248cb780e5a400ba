// Facts about a run of the agent: its header, its ticks, and the head of each observation.
import { keep } from '../../redaction/rules.ts';
import { amount, boolean, elapsed, type Field, instant, safeInteger, text, textBy, u32 } from './field.ts';
import { dictionary, list, type RecordOf, record } from './record.ts';

const headerFields = {
  schema: u32,
  agentVersion: text,
  /** Milliseconds since 1970 when the run started. */
  startedAtMs: instant,
  os: record({
    /** `windows`, or its replacement, e.g. `wine 10.0`. */
    platform: text,
    /** e.g. `10.0.20348`. */
    version: text,
  }),
  processors: record({ logical: u32, groups: list(u32) }),
  bootTimeMs: instant,
  /** Ticks per second of the performance counter. */
  qpcFrequency: amount,
  rights: record({ elevated: boolean, privileges: list(text) }),
  /** Effective settings with secrets masked. */
  settings: dictionary(textBy(() => '*')),
  /** Parts of the host that are not the real ones, e.g. a test double. */
  standIns: list(record({ part: text, replacement: text })),
  /** What was left out, counted by reason. */
  dropped: dictionary(safeInteger),
};

/** Facts about a whole run: the first line of a tape. */
export interface HostHeader extends RecordOf<typeof headerFields> {}
export const hostHeader: Field<HostHeader> = record(headerFields);

const tickFields = {
  /** Planned time between two ticks. */
  intervalMs: u32,
};

export interface TickRecord extends RecordOf<typeof tickFields> {}
export const tick: Field<TickRecord> = record(tickFields);

const observationFields = {
  /** Increases by one within a run. */
  seq: safeInteger,
  /** Monotonic milliseconds; only differences are meaningful. */
  tMono: elapsed,
  /** Milliseconds since 1970. */
  tWall: instant,
  /** Origin of the observation, e.g. `windows`. */
  source: text,
  kind: textBy(keep),
  /** Duration of the reading. */
  seconds: amount,
};

/** The fields of an observation without its data. */
export interface ObservationHead extends RecordOf<typeof observationFields> {}
export const observationHead: Field<ObservationHead> = record(observationFields);
