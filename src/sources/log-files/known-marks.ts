// Last position of each file, and when each target was followed first: what is stored for the next start.
import type { LogPositions } from '../logs/contracts.ts';
import { decodeMark, encodeMark, type FileMark } from './file-mark.ts';

/** Positions of files that are gone, e.g. while Docker is not running, are kept so long. */
const RETENTION_MS = 86_400_000;
const MAX_POSITIONS = 5000;
/** Beyond that number, positions of files that were not followed for this time are removed. */
const LEAST_RETENTION_MS = 600_000;

const SINCE = 'files since ';
const FILE = 'file ';

interface KnownMark {
  readonly mark: FileMark;
  seenMs: number;
}

/** `output` is the key of an owner and source. */
export class KnownMarks {
  readonly #marks = new Map<string, KnownMark>();
  readonly #since = new Map<string, string>();
  #changed: Record<string, string> = {};

  constructor(positions: LogPositions, monoMs: number) {
    for (const [key, position] of Object.entries(positions)) {
      if (key.startsWith(SINCE)) this.#since.set(key, position);
      const mark = key.startsWith(FILE) ? decodeMark(position) : undefined;
      if (mark) this.#marks.set(key, { mark, seenMs: monoMs });
    }
  }

  get(output: string, id: string): FileMark | undefined {
    return this.#marks.get(keyOf(output, id))?.mark;
  }

  /** Position in the file that was at the path at last. */
  ofPath(output: string, path: string): FileMark | undefined {
    const prefix = keyOf(output, '');
    for (const [key, { mark }] of this.#marks) if (mark.path === path && key.startsWith(prefix)) return mark;
    return undefined;
  }

  set(output: string, mark: FileMark, monoMs: number): void {
    const key = keyOf(output, mark.id);
    this.#marks.set(key, { mark, seenMs: monoMs });
    this.#changed[key] = encodeMark(mark);
  }

  remove(output: string, id: string): void {
    this.#remove(keyOf(output, id));
  }

  /** The file is followed. */
  seen(output: string, id: string, monoMs: number): void {
    const known = this.#marks.get(keyOf(output, id));
    if (known) known.seenMs = monoMs;
  }

  /** When the target was followed first, milliseconds since 1970. */
  sinceMs(target: string, wallMs: number): number {
    const key = SINCE + target;
    const known = this.#since.get(key);
    if (known !== undefined) return Number(known);
    this.#since.set(key, String(wallMs));
    this.#changed[key] = String(wallMs);
    return wallMs;
  }

  /** Forgets files that are gone for long. */
  sweep(monoMs: number): void {
    let excess = this.#marks.size - MAX_POSITIONS;
    for (const [key, { seenMs }] of this.#marks) {
      const unseenMs = monoMs - seenMs;
      if (unseenMs < RETENTION_MS && (unseenMs < LEAST_RETENTION_MS || excess <= 0)) continue;
      excess--;
      this.#remove(key);
    }
  }

  /** Stored positions that have changed since the last call. */
  takeChanged(): Record<string, string> {
    const changed = this.#changed;
    this.#changed = {};
    return changed;
  }

  #remove(key: string): void {
    this.#marks.delete(key);
    this.#changed[key] = '';
  }
}

const keyOf = (output: string, id: string): string => `${FILE}${output} ${id}`;
