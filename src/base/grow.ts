// Typed arrays that grow.

/** The longer array with what the other one has in front. */
export function grow<T extends { set(from: T): void }>(from: T, to: T): T {
  to.set(from);
  return to;
}
