// What a provider's part of the cloud source does: it asks its metadata service and names what it learned.
import { reasonOf } from '../../base/errors.ts';
import { type JsonRecord, objectOf } from '../../base/json-values.ts';
import type { CloudInstance } from '../host.ts';
import { type MetadataClient, type MetadataRequest, StatusError } from './metadata-client.ts';

/** What is known of an instance besides its provider. */
export type InstanceFacts = { -readonly [K in Exclude<keyof CloudInstance, 'provider'>]?: string };

/** Asks the metadata service below `base`. Rejects when it does not answer as documented. */
export type InstanceReader = (service: MetadataReading, base: string) => Promise<InstanceFacts>;

/** Longest value of a fact: each becomes the value of a label. */
const MAX_FACT = 256;

/** The requests of one attempt, and what of them failed. */
export class MetadataReading {
  /** Why facts are missing; empty if none is. */
  readonly failures: string[] = [];
  readonly #client: MetadataClient;

  constructor(client: MetadataClient) {
    this.#client = client;
  }

  /** The answer. Rejects when there is none: without it the attempt has failed. */
  text(url: string, request?: MetadataRequest): Promise<string> {
    return this.#client.text(url, request);
  }

  /** The answer, or an empty text where the service does not have it (404) or fails for this path alone. */
  async textOrEmpty(url: string, request?: MetadataRequest): Promise<string> {
    try {
      return (await this.#client.text(url, request)).trim();
    } catch (error) {
      if (!(error instanceof StatusError && error.status === 404)) this.failures.push(reasonOf(error));
      return '';
    }
  }
}

/**
 * A JSON object with every number as text, because ids may be above 2^53. Other JSON becomes an empty object. Throws
 * for a text that is not JSON.
 */
export function jsonObject(text: string): JsonRecord {
  const value: unknown = JSON.parse(text, (_key, each: unknown, context?: { source?: string }) =>
    typeof each === 'number' ? (context?.source ?? String(each)) : each,
  );
  return objectOf(value);
}

/** A member whose name is compared without regard to case; undefined when it is not there. */
export function member(object: unknown, name: string): unknown {
  const wanted = name.toLowerCase();
  return Object.entries(objectOf(object)).find(([key]) => key.toLowerCase() === wanted)?.[1];
}

/** Texts without white space around them; empty, absent and too long ones are left out. */
export function factsOf(values: { readonly [K in keyof InstanceFacts]: unknown }): InstanceFacts {
  const facts: InstanceFacts = {};
  for (const [name, value] of Object.entries(values) as [keyof InstanceFacts, unknown][]) {
    const text = typeof value === 'string' ? value.trim() : '';
    if (text !== '' && text.length <= MAX_FACT && !/\p{Cc}/u.test(text)) facts[name] = text;
  }
  return facts;
}

/** `fr-par` for `fr-par-1`: the zones of a region have its name and a number. */
export function withoutZoneNumber(zone: string): string {
  return zone.replace(/-[0-9]+$/, '');
}
