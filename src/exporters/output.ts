// The contract of an output: what receives every finished pass, e.g. the scrape endpoint.
import type { Snapshot } from '../collectors/samples.ts';

export interface Output {
  /** For status, logs and metrics, e.g. `scrape`. */
  readonly name: string;
  start(): void;
  /** Receives a finished pass, which does not change. It must return at once: what takes time is done later. */
  afterPass(snapshot: Snapshot): void;
  /** Resolves to false if something is still running after this time. */
  stop(timeoutMs: number): Promise<boolean>;
  status(): OutputStatus;
}

export interface OutputStatus {
  /** Facts for people, e.g. the number of series. */
  readonly detail: Readonly<Record<string, string | number | boolean>>;
  /** Why data does not reach its destination, or empty. */
  readonly problem: string;
}
