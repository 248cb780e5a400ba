// Redacts a recording with the rules of the record tables.
import { settingValue } from '../../redaction/rules.ts';
import { Scrubber } from '../../redaction/scrub.ts';
import type { HostHeader, Observation } from '../host.ts';
import type { Field } from '../records/field.ts';
import { KINDS } from '../records/kinds.ts';
import { list } from '../records/record.ts';
import { hostHeader, observationHead } from '../records/run.ts';
import { unavailability } from '../records/unavailability.ts';

const degraded = list(unavailability);

/** Redacts one recording. Stand-ins are consistent within a recording, and differ between recordings. */
export class Redactor {
  readonly #scrubber: Scrubber;

  /** A shared scrubber shares names and stand-ins with its other users. */
  constructor(scrubber = new Scrubber()) {
    this.#scrubber = scrubber;
  }

  /** Removes settings that differ from their default: they may be paths, addresses or patterns. */
  header(header: HostHeader, defaults: Readonly<Record<string, string>>): HostHeader {
    const settings = Object.entries(header.settings).map(([name, value]) => [
      this.#scrubber.text(name),
      settingValue(value, Object.hasOwn(defaults, name) ? defaults[name] : undefined),
    ]);
    const redacted = hostHeader.redact(header, this.#scrubber);
    return {
      ...redacted,
      settings: Object.fromEntries(settings) as Record<string, string>,
      standIns: [
        ...redacted.standIns,
        {
          part: 'texts but for listed words and numbers, and values of command lines and settings',
          replacement: 'redaction',
        },
      ],
    };
  }

  /** Adds the names in an observation to those that are replaced in every text. */
  collectNames({ kind, data }: Observation): void {
    // The type ties data to its kind, and the table does the same; the compiler does not see that they match.
    if (data) (KINDS[kind] as Field<unknown>).collectNames?.(data, this.#scrubber);
  }

  /** To call when the names in all observations have been collected. */
  redact(observation: Observation): Observation {
    const head = observationHead.redact(observation, this.#scrubber);
    if (observation.unavailable)
      return { ...head, unavailable: unavailability.redact(observation.unavailable, this.#scrubber) } as Observation;
    const data = (KINDS[observation.kind] as Field<unknown>).redact(observation.data, this.#scrubber);
    if (!observation.degraded) return { ...head, data } as Observation;
    return { ...head, data, degraded: degraded.redact(observation.degraded, this.#scrubber) } as Observation;
  }
}
