// The scrape endpoint as an output: keeps the last finished pass and renders it with the self-metrics for GET /metrics.
import type { Snapshot } from '../collectors/samples.ts';
import { EXPOSITION_TYPE, expositionPieces } from './exposition.ts';
import type { Output, OutputStatus } from './output.ts';

export interface Exposition {
  /** MIME type. */
  readonly type: string;
  /** The text, each piece rendered on demand. */
  readonly pieces: AsyncIterable<string>;
}

export class ScrapeOutput implements Output {
  readonly name = 'scrape';
  #snapshot: Snapshot | undefined;
  #scrapes = 0;
  readonly #selfMetricsText: () => Promise<string>;

  /** `selfMetricsText` renders the registry of self-metrics, the second part of the exposition. */
  constructor(selfMetricsText: () => Promise<string>) {
    this.#selfMetricsText = selfMetricsText;
  }

  start(): void {}

  afterPass(snapshot: Snapshot): void {
    this.#snapshot = snapshot;
  }

  async stop(): Promise<boolean> {
    this.#snapshot = undefined;
    return true;
  }

  status(): OutputStatus {
    return { detail: { scrapes: this.#scrapes, series: this.#snapshot?.series ?? 0 }, problem: '' };
  }

  /** The last pass as Prometheus text; undefined before the first pass. */
  exposition(): Exposition | undefined {
    if (!this.#snapshot) return undefined;
    this.#scrapes++;
    return { type: EXPOSITION_TYPE, pieces: this.#pieces(this.#snapshot) };
  }

  async *#pieces(snapshot: Snapshot): AsyncGenerator<string> {
    yield* expositionPieces(snapshot);
    const text = await this.#selfMetricsText();
    if (text !== '') yield snapshot.families.length > 0 ? `\n${text}` : text;
  }
}
