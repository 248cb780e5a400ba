// Dispatches events to the batch of their provider and counts, by reason, the events that no batch accepts.
import { isMoment } from '../file-time.ts';
import type { EventView } from './event-view.ts';
import type { EtwProvider, EventBatch, EventVersions, PushOptions, SessionFacts } from './provider.ts';
import { providers } from './providers/index.ts';

/** Limit of distinct drop counters: a faulty provider could produce thousands of ids and versions. */
const MAX_REASONS = 64;

interface Unit {
  readonly versions: ReadonlyMap<number, EventVersions>;
  readonly batch: EventBatch;
}

export class EventDecoder {
  readonly session: SessionFacts = { cpuMHz: 0 };
  /** Events since the start, decoded or not. */
  events = 0;
  /** Rows that wait for `flush`. */
  pending = 0;
  /** Events left out since the start, by reason and event, e.g. `unknown version: tcpip 1033 v7`. */
  readonly dropped = new Map<string, number>();
  readonly #providers: readonly EtwProvider[];
  readonly #units: readonly Unit[];

  constructor(list: readonly EtwProvider[] = providers) {
    this.#providers = list;
    this.#units = list.map(({ events, createBatch }) => ({
      versions: new Map(Object.entries(events).map(([id, versions]) => [Number(id), versions])),
      batch: createBatch(this.session),
    }));
  }

  decode(event: EventView): void {
    this.events++;
    const unit = this.#units[event.provider];
    const versions = unit?.versions.get(event.id);
    event.broken = false;
    if (!versions) this.#drop('not requested', event);
    else if (event.version > versions.newest && !versions.appends) this.#drop('unknown version', event);
    else if (!isMoment(event.ticks) || !unit!.batch.decode(event)) this.#drop('malformed', event);
    else this.pending++;
  }

  /** Pushes one observation for each provider that has rows. `seconds` is divided among them by their rows. */
  flush({ push, lend, seconds }: PushOptions): void {
    const secondsPerRow = this.pending === 0 ? 0 : seconds / this.pending;
    this.pending = 0;
    for (let index = this.#units.length - 1; index >= 0; index--) {
      const { batch } = this.#units[index]!;
      if (batch.count > 0) batch.push({ push, lend, seconds: secondsPerRow * batch.count });
    }
  }

  #drop(reason: string, { provider, id, version }: EventView): void {
    const exact = `${reason}: ${this.#providers[provider]?.name ?? 'unknown provider'} ${id} v${version}`;
    const key = this.dropped.has(exact) || this.dropped.size < MAX_REASONS ? exact : reason;
    this.dropped.set(key, (this.dropped.get(key) ?? 0) + 1);
  }
}
