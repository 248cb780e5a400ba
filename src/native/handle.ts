// Handles that close themselves at the end of a `using` block, counted so that tests see a leak.

let open = 0;

/** Handles open at the moment: the ledger that tests compare before and after. */
export function openHandles(): number {
  return open;
}

/** A Win32 handle owned by one block. */
export class Handle implements Disposable {
  readonly value: bigint;
  readonly #close: (value: bigint) => unknown;
  #closed = false;

  constructor(value: bigint, close: (value: bigint) => unknown) {
    this.value = value;
    this.#close = close;
    open++;
  }

  [Symbol.dispose](): void {
    if (this.#closed) return;
    this.#closed = true;
    open--;
    this.#close(this.value);
  }
}
