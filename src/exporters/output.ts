// The contract of an output, which receives every finished pass, e.g. the scrape endpoint.
import type { Snapshot } from '../collectors/samples.ts';

export interface Output {
  /** Used in status, logs and metrics, e.g. `scrape`. */
  readonly name: string;
  start(): void;
  /** Receives a finished pass, which is immutable. Must return at once and do slow work later. */
  afterPass(snapshot: Snapshot): void;
  /** Resolves to false if the output still runs after this time. */
  stop(timeoutMs: number): Promise<boolean>;
  status(): OutputStatus;
}

export interface OutputStatus {
  /** Facts to display, e.g. the number of series. */
  readonly detail: Readonly<Record<string, string | number | boolean>>;
  /** The reason why data does not reach its destination, or empty. */
  readonly problem: string;
}
