// Copies typed arrays into longer ones.

/** Copies `from` to the start of `to` and returns `to`. */
export function grow<T extends { set(from: T): void }>(from: T, to: T): T {
  to.set(from);
  return to;
}
