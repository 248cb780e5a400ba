// Builds each answer at most once per collection pass and shares it between all readers, within bounds of memory.
import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { AgentError } from '../base/errors.ts';
import { Compressor } from './compressor.ts';
import type { RejectReason, ServerLimits } from './limits.ts';
import { TurnQueue } from './turn-queue.ts';

/** An answer as it is sent. */
export interface BuiltAnswer {
  /** MIME type. */
  readonly type: string;
  readonly body: Buffer;
}

export interface AnswerCacheOptions {
  readonly limits: ServerLimits;
  /** Names the state that answers show; another name makes all kept answers outdated. */
  readonly state: () => string;
  /** Age in milliseconds at which an answer is built again although the state has not changed. */
  readonly maxAgeMs: () => number;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  readonly onBuilt: (route: string) => void;
  readonly onReject: (reason: RejectReason) => void;
}

/** The answer of a route, for one selection of rows. */
export class SharedAnswer {
  readonly version: string;
  readonly builtMonoMs: number;
  readonly built: Promise<BuiltAnswer>;
  /** Validator for conditional requests (RFC 9110, section 8.8.3); weak, because it is the same for each encoding. */
  readonly etag: string;
  /** Responses that are still receiving it. */
  readonly readers = new Set<Pick<ServerResponse, 'destroy'>>();
  kept = true;
  /** Of both encodings; 0 while it is being built. */
  bytes = 0;
  #compressed: Promise<Buffer | undefined> | undefined;

  constructor(version: string, builtMonoMs: number, built: Promise<BuiltAnswer>, etag: string) {
    this.version = version;
    this.builtMonoMs = builtMonoMs;
    this.built = built;
    this.etag = etag;
  }

  /** The body in gzip, compressed once; undefined while too many answers are being compressed. */
  async compressed(compressor: Compressor, body: Buffer): Promise<Buffer | undefined> {
    this.#compressed ??= compressor.gzip(body);
    const bytes = await this.#compressed;
    if (!bytes) this.#compressed = undefined;
    return bytes;
  }
}

export class AnswerCache {
  readonly #options: AnswerCacheOptions;
  readonly #turns: TurnQueue;
  readonly #compressor = new Compressor();
  /** Answers of whole routes: as many as there are routes, whatever clients ask for. */
  readonly #routes = new Map<string, SharedAnswer>();
  /** Answers of selections, the least recently used one first. */
  readonly #selections = new Map<string, SharedAnswer>();
  /** Answers that are being received, in the order of their first readers. */
  readonly #read = new Set<SharedAnswer>();
  /** Tells answers of this process from those of an earlier one. */
  readonly #tagPrefix = randomUUID().slice(0, 8);
  #state = '';
  #builds = 0;
  #expiry: NodeJS.Timeout | undefined;

  constructor(options: AnswerCacheOptions) {
    this.#options = options;
    this.#turns = new TurnQueue(options.limits.waitingBuilds);
  }

  /**
   * The answer of a route for a selection, which is empty for the whole route. `build` is called for the first reader
   * of a state, and again when `version` has changed. Throws AgentError BUSY when too many other selections wait.
   */
  get(route: string, selection: string, build: () => BuiltAnswer | Promise<BuiltAnswer>, version = ''): SharedAnswer {
    const state = this.#options.state();
    if (state !== this.#state) this.#dropAll();
    this.#state = state;
    const answers = selection === '' ? this.#routes : this.#selections;
    const key = selection === '' ? route : `${route}?${selection}`;
    const found = answers.get(key);
    const age = found ? this.#options.now() - found.builtMonoMs : 0;
    if (found && found.version === version && age < this.#options.maxAgeMs()) {
      if (selection !== '') move(answers, key, found);
      return found;
    }
    if (found) this.#drop(answers, key, found);
    const answer = this.#build(route, selection, build, version);
    answers.set(key, answer);
    answer.built.then(
      ({ body }) => {
        answer.bytes = body.length;
        this.#limitSelections();
        this.#limitUnsent();
      },
      () => this.#drop(answers, key, answer),
    );
    return answer;
  }

  /** The body in gzip, or undefined where that saves nothing or too many answers are being compressed. */
  async compressed(answer: SharedAnswer): Promise<Buffer | undefined> {
    const { body } = await answer.built;
    if (!Compressor.isWorthwhile(body)) return undefined;
    const bytes = await answer.compressed(this.#compressor, body);
    if (bytes) {
      answer.bytes = body.length + bytes.length;
      this.#limitSelections();
    }
    return bytes;
  }

  /** Counts a response as a reader of the answer until the returned function is called. */
  read(answer: SharedAnswer, response: Pick<ServerResponse, 'destroy'>): () => void {
    answer.readers.add(response);
    this.#read.add(answer);
    this.#limitUnsent();
    return () => {
      answer.readers.delete(response);
      if (answer.readers.size === 0) this.#read.delete(answer);
    };
  }

  #build(
    route: string,
    selection: string,
    build: () => BuiltAnswer | Promise<BuiltAnswer>,
    version: string,
  ): SharedAnswer {
    const turn = this.#turns.next(selection === '' ? 'first' : 'last');
    if (!turn) {
      this.#options.onReject('waiting_builds');
      throw new AgentError('BUSY');
    }
    const built = turn.then(async () => {
      const answer = await build();
      this.#options.onBuilt(route);
      return answer;
    });
    // Without a reader the last answers do not stay in memory.
    clearTimeout(this.#expiry);
    this.#expiry = setTimeout(() => this.#dropAll(), this.#options.maxAgeMs()).unref();
    const etag = `W/"${this.#tagPrefix}-${(++this.#builds).toString(36)}"`;
    return new SharedAnswer(version, this.#options.now(), built, etag);
  }

  #dropAll(): void {
    for (const answers of [this.#routes, this.#selections])
      for (const [key, answer] of answers) this.#drop(answers, key, answer);
    this.#limitUnsent();
  }

  #drop(answers: Map<string, SharedAnswer>, key: string, answer: SharedAnswer): void {
    answer.kept = false;
    if (answers.get(key) === answer) answers.delete(key);
  }

  #limitSelections(): void {
    const { keptSelections, keptSelectionBytes } = this.#options.limits;
    let bytes = 0;
    for (const [key, answer] of this.#selections) bytes += answer.bytes + 2 * key.length;
    for (const [key, answer] of this.#selections) {
      if (bytes <= keptSelectionBytes && this.#selections.size <= keptSelections) return;
      // One that is being built is shared by those who wait for it.
      if (answer.bytes === 0) continue;
      bytes -= answer.bytes + 2 * key.length;
      this.#drop(this.#selections, key, answer);
    }
  }

  /** Disconnects the readers of the oldest answers that only they keep in memory; the newest one stays. */
  #limitUnsent(): void {
    const unsent = [...this.#read].filter(({ kept }) => !kept);
    let bytes = unsent.reduce((sum, answer) => sum + answer.bytes, 0);
    for (const answer of unsent.slice(0, -1)) {
      if (bytes <= this.#options.limits.unsentBytes) return;
      bytes -= answer.bytes;
      this.#read.delete(answer);
      for (const reader of answer.readers) {
        this.#options.onReject('unsent_bytes');
        reader.destroy();
      }
    }
  }
}

function move(answers: Map<string, SharedAnswer>, key: string, answer: SharedAnswer): void {
  answers.delete(key);
  answers.set(key, answer);
}
