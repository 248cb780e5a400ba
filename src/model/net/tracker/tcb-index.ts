// Finds the number of a flow by the address of its transmission control block (TCB).

export class TcbIndex {
  #tcb: Float64Array;
  /** Number plus one by hash of the TCB, open addressing; 0 is a free slot. */
  #slots: Int32Array;
  #nextPlaceholder = 0.5;

  constructor(length: number) {
    this.#tcb = new Float64Array(length);
    this.#slots = new Int32Array(length * 2);
  }

  /** The number of a TCB, -1 if there is none. */
  find(tcb: number): number {
    const mask = this.#slots.length - 1;
    for (let slot = hashOf(tcb) & mask; ; slot = (slot + 1) & mask) {
      const number = this.#slots[slot]! - 1;
      if (number < 0 || this.#tcb[number] === tcb) return number;
    }
  }

  tcbOf(number: number): number {
    return this.#tcb[number]!;
  }

  /** The number must not be in the index. */
  add(number: number, tcb: number): void {
    this.#tcb[number] = tcb;
    this.#insert(number);
  }

  /** The number must be in the index. */
  remove(number: number): void {
    const mask = this.#slots.length - 1;
    let slot = hashOf(this.#tcb[number]!) & mask;
    while (this.#slots[slot] !== number + 1) slot = (slot + 1) & mask;
    // Backward-shift deletion.
    for (let next = (slot + 1) & mask; ; next = (next + 1) & mask) {
      const other = this.#slots[next]! - 1;
      if (other < 0) break;
      const home = hashOf(this.#tcb[other]!) & mask;
      if (((next - home) & mask) < ((next - slot) & mask)) continue;
      this.#slots[slot] = other + 1;
      slot = next;
    }
    this.#slots[slot] = 0;
  }

  /** A key for a flow without a TCB. TCB addresses are integers, placeholders are not. */
  placeholderKey(): number {
    return this.#nextPlaceholder++;
  }

  /** Doubles the length; all numbers must be in use. */
  grow(): void {
    const used = this.#tcb.length;
    const tcb = new Float64Array(used * 2);
    tcb.set(this.#tcb);
    this.#tcb = tcb;
    this.#slots = new Int32Array(used * 4);
    for (let number = 0; number < used; number++) this.#insert(number);
  }

  #insert(number: number): void {
    const mask = this.#slots.length - 1;
    let slot = hashOf(this.#tcb[number]!) & mask;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
    this.#slots[slot] = number + 1;
  }
}

/** TCBs are at least 16 bytes apart, so the low four bits say nothing. */
function hashOf(tcb: number): number {
  const low = (tcb >>> 4) | 0;
  const high = (tcb / 4_294_967_296) | 0;
  const mixed = Math.imul(low ^ Math.imul(high, 0x27d4_eb2f), 0x9e37_79b1);
  return mixed ^ (mixed >>> 15);
}
