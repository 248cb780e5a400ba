// Handles that are closed at the end of a `using` block, and counted, so that tests find a leak.

let open = 0;

/** Handles that are open. Tests compare the number before and after. */
export function openHandles(): number {
  return open;
}

/** A Win32 handle that belongs to one block. */
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
