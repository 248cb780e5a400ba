// Label sets: built once for an owner and shared by all families with the same label names.
import { ChainTable } from '../base/chain-table.ts';
import { labelSlot } from '../base/label-slot.ts';

export type Labels = Readonly<Record<string, string>>;

/**
 * Builds the labels of an owner from its immutable fields. It is called once for an owner, not in every pass. A label
 * that may change needs an owner that the model replaces together with it.
 */
export type LabelsOf<O extends object> = (owner: O) => Labels;

/** Labels with one value on the whole host: hash and comparison ignore them. */
const hostLabels: ReadonlySet<string> = new Set(['machine_id', 'system_uuid', 'az', 'region']);

/**
 * The labels of a set and those of the agent as an output sends them, kept for the next pass: one character for each
 * byte, because such a text takes less memory than an array and is copied faster.
 */
export interface EncodedLabels {
  /** The label `instance` that is among them. */
  readonly instance: string;
  /** Labels that sort before `__name__`, usually none. */
  readonly beforeName: string;
  readonly afterName: string;
  /** Position in `afterName` at which `le` belongs. */
  readonly lePosition: number;
}

/** The labels of one owner, or of several with the same values. */
export class LabelSet {
  readonly shape: LabelShape;
  readonly labels: Labels;
  readonly hash: number;
  /** Index among the sets in use of its shape, -1 after a pass that did not use it. */
  id = -1;
  /** The last pass that used it. */
  pass = 0;
  next: LabelSet | undefined = undefined;
  /** Undefined until an output has encoded the set. */
  encoded: EncodedLabels | undefined = undefined;

  constructor(shape: LabelShape, labels: Labels, hash: number) {
    this.shape = shape;
    this.labels = labels;
    this.hash = hash;
  }
}

/** Most owners have one set, some have two or three. */
type Owner = { [labelSlot]?: LabelSet | LabelSet[] | undefined };

/** All sets with the same label names. */
export class LabelShape {
  /** In alphabetical order. */
  readonly names: readonly string[];
  /** A new shape has replaced this one: its sets are not used any more. */
  retired = false;
  /** Names of labels that differ between sets. */
  readonly #variableNames: readonly string[];
  /** By id; undefined for a free id. */
  readonly #sets: (LabelSet | undefined)[] = [];
  readonly #freeIds: number[] = [];
  readonly #table = new ChainTable<LabelSet>();
  /** Number of sets that the current pass has used. */
  #used = 0;

  readonly #verify: boolean;
  readonly #shared: Labels;

  /**
   * `names` must be in alphabetical order. With `verify` the labels of an owner are built again on each use, and a
   * change throws. `shared` has the labels among them that all sets have and owners do not know.
   */
  constructor(names: readonly string[], verify = false, shared: Labels = {}) {
    this.names = names;
    this.#shared = shared;
    this.#verify = verify;
    this.#variableNames = this.names.filter((name) => !hostLabels.has(name));
  }

  /** Returns the set of an owner for a pass; calls `build` if the owner has none of this shape yet. */
  setFor<O extends object>(owner: O, build: LabelsOf<O>, pass: number): LabelSet {
    let set = storedSet(owner, this);
    if (set && this.#verify) this.#requireSame(set.labels, this.#exact(build(owner)));
    if (!set || set.id < 0) {
      set = this.#intern(set ?? this.#createSet(build(owner)));
      storeSet(owner, set);
    }
    if (set.pass !== pass) {
      set.pass = pass;
      this.#used++;
    }
    return set;
  }

  /** Ends a pass: removes the sets that it did not use. */
  expire(pass: number): void {
    const allUsed = this.#used === this.#sets.length - this.#freeIds.length;
    this.#used = 0;
    if (allUsed) return;
    for (const set of this.#sets) {
      if (!set || set.pass === pass) continue;
      this.#table.remove(set);
      this.#sets[set.id] = undefined;
      this.#freeIds.push(set.id);
      set.id = -1;
    }
  }

  /** Returns the set in use with the same labels, or adds this one. */
  #intern(set: LabelSet): LabelSet {
    for (let other = this.#table.first(set.hash); other; other = other.next) {
      if (other.hash === set.hash && this.#same(other.labels, set.labels)) return other;
    }
    this.#table.add(set);
    set.id = this.#freeIds.pop() ?? this.#sets.length;
    this.#sets[set.id] = set;
    return set;
  }

  #same(a: Labels, b: Labels): boolean {
    for (const name of this.#variableNames) if (a[name] !== b[name]) return false;
    return true;
  }

  #requireSame(kept: Labels, built: Labels): void {
    for (const name of this.names) {
      if (kept[name] !== built[name])
        throw new Error(
          `label ${name} changed from "${kept[name]}" to "${built[name]}" while its owner stayed the same`,
        );
    }
  }

  #createSet(built: Labels): LabelSet {
    const labels = this.#exact(built);
    let hash = 0;
    for (const name of this.#variableNames) hash = mix(hash, labels[name]!);
    return new LabelSet(this, labels, hash);
  }

  /**
   * Returns the labels themselves if they match the shape, else a copy without additional ones and with missing ones
   * empty.
   */
  #exact(built: Labels): Labels {
    let count = 0;
    for (const _ in built) count++;
    if (count === this.names.length && this.names.every((name) => built[name]?.isWellFormed())) return built;
    // A lone surrogate cannot be written as UTF-8.
    return Object.fromEntries(
      this.names.map((name) => [name, (this.#shared[name] ?? built[name] ?? '').toWellFormed()]),
    );
  }
}

function storedSet(owner: Owner, shape: LabelShape): LabelSet | undefined {
  const stored = owner[labelSlot];
  if (stored === undefined) return undefined;
  if (Array.isArray(stored)) return stored.find((set) => set.shape === shape);
  return stored.shape === shape ? stored : undefined;
}

function storeSet(owner: Owner, set: LabelSet): void {
  const stored = owner[labelSlot];
  if (stored === undefined) {
    owner[labelSlot] = set;
    return;
  }
  const others = [stored].flat().filter(({ shape }) => shape !== set.shape && !shape.retired);
  owner[labelSlot] = others.length === 0 ? set : [...others, set];
}

/** Adds a text to a hash, which stays a signed 32-bit number. */
function mix(hash: number, text: string): number {
  let mixed = Math.imul(hash ^ text.length, 0x9e37_79b1);
  for (let i = 0; i < text.length; i++) mixed = Math.imul(mixed ^ text.charCodeAt(i), 0x0100_0193);
  return mixed ^ (mixed >>> 15);
}
