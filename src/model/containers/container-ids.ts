// Ids of services as containers: each service keeps its id as long as it is known.

/**
 * The id is `/win/NAME` with `$` replaced by `_`, as in Coroot's agent. Services whose names differ only in that have
 * these ids: the plain one with `_`, and one for each name with `$`. Letter case makes no difference, because Windows
 * and the patterns of the settings ignore it.
 *
 * A service that has an id keeps it while the SCM lists it or its container is retained, also if it is installed again
 * in other letter case. A service that comes later gets another one of these ids: that of the service that has its own.
 * Of services that appear together, the one without `$` gets the plain id and the others keep their `$`.
 */
export class ContainerIds {
  #byName: ReadonlyMap<string, string> = new Map();

  /**
   * Ids of these services, by name. `isRetained` returns whether a container with this id still exists; then the id is
   * not given to another service.
   */
  assign(names: readonly string[], isRetained: (id: string) => boolean): ReadonlyMap<string, string> {
    const listed = new Set(names);
    const known = new Map([...this.#byName].filter(([name, id]) => listed.has(name) || isRetained(id)));
    renameKnown(known, listed);
    const holders = new Map([...known].map(([name, id]) => [id.toLowerCase(), name]));
    const similar = countByPlainName([...listed, ...known.keys()]);
    // In the order of names, so that the result does not depend on the order of the list.
    const arrivals = [...listed].filter((name) => !known.has(name)).sort(byDollarThenName);
    for (const name of arrivals) {
      const isAlone = similar.get(plainName(name).toLowerCase()) === 1;
      const id = freeId(isAlone ? plainName(name) : name, holders);
      known.set(name, id);
      holders.set(id.toLowerCase(), name);
    }
    this.#byName = known;
    return known;
  }
}

/** A listed service that is known in other letter case only was installed again: it keeps its id. */
function renameKnown(known: Map<string, string>, listed: ReadonlySet<string>): void {
  const gone = new Map([...known.keys()].filter((name) => !listed.has(name)).map((name) => [name.toLowerCase(), name]));
  if (gone.size === 0) return;
  for (const name of listed) {
    const before = known.has(name) ? undefined : gone.get(name.toLowerCase());
    if (before === undefined) continue;
    known.set(name, known.get(before)!);
    known.delete(before);
  }
}

/**
 * The id of this name; if another service has it, the id of that one's name, and so on. No two services have the same
 * id, so the search ends at a free one, except for names that differ only in letter case.
 */
function freeId(name: string, holders: ReadonlyMap<string, string>): string {
  const seen = new Set<string>();
  let each = name;
  for (;;) {
    const id = `/win/${each}`;
    const holder = holders.get(id.toLowerCase());
    if (holder === undefined) return id;
    if (seen.has(holder)) return `/win/${name}`;
    seen.add(holder);
    each = holder;
  }
}

function plainName(name: string): string {
  return name.replaceAll('$', '_');
}

function countByPlainName(names: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const name of new Set(names)) {
    const plain = plainName(name).toLowerCase();
    counts.set(plain, (counts.get(plain) ?? 0) + 1);
  }
  return counts;
}

/** Names without `$` first. */
function byDollarThenName(a: string, b: string): number {
  const [hasDollarA, hasDollarB] = [a.includes('$'), b.includes('$')];
  if (hasDollarA !== hasDollarB) return hasDollarA ? 1 : -1;
  return a < b ? -1 : 1;
}
