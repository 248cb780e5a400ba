// A reader of log files in a temporary folder, on a clock of the test.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ParserSettings } from '../../src/logs/parser-settings.ts';
import { Activity } from '../../src/sources/activity.ts';
import type { FileMessage, FileMessages, LogFile } from '../../src/sources/host.ts';
import { diskAccess, type FileAccess } from '../../src/sources/log-files/file-access.ts';
import { FileReader } from '../../src/sources/log-files/file-reader.ts';
import type { FileTarget, LogBatch } from '../../src/sources/logs/contracts.ts';

export const parser: ParserSettings = {
  rules: 'coroot',
  json: true,
  patternsPerLevel: 256,
  maxSampleBytes: 4096,
  recordsPerSecond: 0,
};

export interface ReaderFixtureOptions {
  readonly targets?: readonly Partial<FileTarget>[];
  readonly parser?: Partial<ParserSettings>;
  readonly encoding?: string;
  readonly positions?: Record<string, string>;
  readonly access?: FileAccess;
  /** Time of the first start, milliseconds since 1970. */
  readonly wallMs?: number;
}

/** Use it in a `using` block. */
export class ReaderFixture implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'logs-'));
  readonly clock = { mono: 1000, wall: 0 };
  /** Positions of all batches so far, as they would be stored. */
  positions: Record<string, string>;
  readonly batches: LogBatch[] = [];
  reader: FileReader;
  readonly #options: ReaderFixtureOptions;

  constructor(options: ReaderFixtureOptions = {}) {
    this.#options = options;
    // Files of the test are older, except if it says otherwise.
    this.clock.wall = options.wallMs ?? Date.now() + 60_000;
    this.positions = { ...options.positions };
    this.reader = this.#create();
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  target(values: Partial<FileTarget> = {}): FileTarget {
    const pattern = this.path(values.pattern ?? 'app.log');
    return { owner: { service: 'web' }, source: 'app', format: 'text', fromStart: false, ...values, pattern };
  }

  /** A turn after `ms`, repeated while there is more. Returns the bodies of its messages, after one more second. */
  read(ms = 2100): string[] {
    const from = this.batches.length;
    for (const step of [ms, 1100, 1100]) {
      this.clock.mono += step;
      this.clock.wall += step;
      for (let more = true; more; ) {
        const batch: LogBatch = { eventRecords: [], fileMessages: [], positions: {} };
        more = this.reader.read(batch, this.clock.mono, Number.POSITIVE_INFINITY);
        this.#store(batch);
      }
    }
    return recordsOf(this.batches.slice(from)).map(({ body }) => body);
  }

  /** Another reader with the stored positions, as after a restart of the agent. */
  restart(): void {
    this.reader.close();
    this.reader = this.#create();
  }

  files(): readonly LogFile[] {
    return this.reader.state().logFiles ?? [];
  }

  messages(): FileMessages[] {
    return this.batches.flatMap(({ fileMessages }) => fileMessages);
  }

  records(): FileMessage[] {
    return recordsOf(this.batches);
  }

  [Symbol.dispose](): void {
    this.reader.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  #create(): FileReader {
    const { targets = [{}], parser: settings, encoding = 'windows-1252', access } = this.#options;
    return new FileReader({
      files: targets.map((target) => this.target(target)),
      parser: { ...parser, ...settings },
      encoding,
      positions: this.positions,
      access: access ?? diskAccess(new Activity()),
      clock: { monoMs: () => this.clock.mono, wallMs: () => this.clock.wall },
    });
  }

  #store(batch: LogBatch): void {
    this.batches.push(batch);
    for (const [key, position] of Object.entries(batch.positions)) {
      if (position === '') delete this.positions[key];
      else this.positions[key] = position;
    }
  }
}

function recordsOf(batches: readonly LogBatch[]): FileMessage[] {
  return batches.flatMap(({ fileMessages }) => fileMessages.flatMap(({ records }) => records));
}
