// Label sets: made once for what they stand for, shared by all families with the same label names, told apart without joined texts.
import { ChainTable } from '../base/chain-table.ts';
import { labelSlot } from '../base/label-slot.ts';

export type Labels = Readonly<Record<string, string>>;

/**
 * Builds the labels of an owner from what never changes about it. It is called once for an owner, not in every pass: where a label
 * may change, the owner is an object that the model replaces at the same time.
 */
export type LabelsOf<O extends object> = (owner: O) => Labels;

/** Labels that are the same on a whole host: they tell no set from another. */
const hostLabels: ReadonlySet<string> = new Set(['machine_id', 'system_uuid']);

/** The labels of one owner, or of several with the same values. */
export class LabelSet {
  readonly shape: LabelShape;
  readonly labels: Labels;
  readonly hash: number;
  /** Its place among the living sets of its shape, -1 when a pass has gone by without it. */
  id = -1;
  /** The pass that used it last. */
  pass = 0;
  next: LabelSet | undefined = undefined;

  constructor(shape: LabelShape, labels: Labels, hash: number) {
    this.shape = shape;
    this.labels = labels;
    this.hash = hash;
  }
}

/** Nearly every owner has one set, some have two or three. */
type Owner = { [labelSlot]?: LabelSet | LabelSet[] | undefined };

/** All sets of the same label names. */
export class LabelShape {
  /** In alphabetical order. */
  readonly names: readonly string[];
  /** Another shape has taken its place: its sets are of no use any more. */
  retired = false;
  readonly #tellingNames: readonly string[];
  /** By id; undefined where a set has died. */
  readonly #living: (LabelSet | undefined)[] = [];
  readonly #freeIds: number[] = [];
  readonly #table = new ChainTable<LabelSet>();
  /** Sets in use in the pass under way. */
  #used = 0;

  readonly #verify: boolean;

  /** `names` in alphabetical order. `verify` builds the labels of every owner again on each use and throws if they have changed. */
  constructor(names: readonly string[], verify = false) {
    this.names = names;
    this.#verify = verify;
    this.#tellingNames = this.names.filter((name) => !hostLabels.has(name));
  }

  /** The set of an owner for a pass; `make` is called when the owner has none of this shape yet. */
  of<O extends object>(owner: O, make: LabelsOf<O>, pass: number): LabelSet {
    let set = heldOf(owner, this);
    if (set && this.#verify) this.#requireSame(set.labels, this.#exact(make(owner)));
    if (!set || set.id < 0) {
      set = this.#intern(set ?? this.#made(make(owner)));
      hold(owner, set);
    }
    if (set.pass !== pass) {
      set.pass = pass;
      this.#used++;
    }
    return set;
  }

  /** Ends a pass: forgets the sets that it did not use. */
  expire(pass: number): void {
    const all = this.#used === this.#living.length - this.#freeIds.length;
    this.#used = 0;
    if (all) return;
    for (const set of this.#living) {
      if (!set || set.pass === pass) continue;
      this.#table.remove(set);
      this.#living[set.id] = undefined;
      this.#freeIds.push(set.id);
      set.id = -1;
    }
  }

  /** The living set with these labels: one that is there, else this one. */
  #intern(set: LabelSet): LabelSet {
    for (let other = this.#table.first(set.hash); other; other = other.next) {
      if (other.hash === set.hash && this.#same(other.labels, set.labels)) return other;
    }
    this.#table.add(set);
    set.id = this.#freeIds.pop() ?? this.#living.length;
    this.#living[set.id] = set;
    return set;
  }

  #same(a: Labels, b: Labels): boolean {
    for (const name of this.#tellingNames) if (a[name] !== b[name]) return false;
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

  #made(made: Labels): LabelSet {
    const labels = this.#exact(made);
    let hash = 0;
    for (const name of this.#tellingNames) hash = mix(hash, labels[name]!);
    return new LabelSet(this, labels, hash);
  }

  /** These labels if they are what the shape has, else a copy without foreign ones, with empty ones for those that are missing. */
  #exact(made: Labels): Labels {
    let count = 0;
    for (const _ in made) count++;
    if (count === this.names.length && this.names.every((name) => made[name]?.isWellFormed())) return made;
    // A lone surrogate cannot be written as UTF-8.
    return Object.fromEntries(this.names.map((name) => [name, (made[name] ?? '').toWellFormed()]));
  }
}

function heldOf(owner: Owner, shape: LabelShape): LabelSet | undefined {
  const held = owner[labelSlot];
  if (held === undefined) return undefined;
  if (Array.isArray(held)) return held.find((set) => set.shape === shape);
  return held.shape === shape ? held : undefined;
}

function hold(owner: Owner, set: LabelSet): void {
  const held = owner[labelSlot];
  if (held === undefined) {
    owner[labelSlot] = set;
    return;
  }
  const others = [held].flat().filter(({ shape }) => shape !== set.shape && !shape.retired);
  owner[labelSlot] = others.length === 0 ? set : [...others, set];
}

/** Takes a text into a hash, which stays a signed 32-bit number. */
function mix(hash: number, text: string): number {
  let mixed = Math.imul(hash ^ text.length, 0x9e37_79b1);
  for (let i = 0; i < text.length; i++) mixed = Math.imul(mixed ^ text.charCodeAt(i), 0x0100_0193);
  return mixed ^ (mixed >>> 15);
}
