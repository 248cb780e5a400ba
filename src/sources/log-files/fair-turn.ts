// Reads several files in chunks, one after the other, so that none waits for another one.

export class FairTurn<T> {
  #first = 0;

  /**
   * `read` reads one chunk and returns its bytes. Goes on until all have nothing more or the turn is full, but reads at
   * least one chunk. The next turn begins behind the file with which this one ends. Returns whether there may be more.
   */
  run(all: readonly T[], read: (each: T) => number, isFull: (bytes: number) => boolean): boolean {
    let active = [...all.slice(this.#first), ...all.slice(0, this.#first)];
    let bytes = 0;
    let last: T | undefined;
    do {
      active = active.filter((each) => {
        if (last !== undefined && isFull(bytes)) return true;
        last = each;
        const got = read(each);
        bytes += got;
        return got > 0;
      });
    } while (active.length > 0 && !isFull(bytes));
    this.#first = last === undefined ? 0 : (all.indexOf(last) + 1) % all.length;
    return active.length > 0;
  }
}
