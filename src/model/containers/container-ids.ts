// Ids of services as containers: each service keeps its id as long as it is known.

/**
 * The id is `/win/NAME` with `$` replaced by `_`, as in Coroot's agent. Services whose names differ only in that have
 * these ids: the plain one with `_`, and one for each name with `$`.
 *
 * A service that has an id keeps it while the SCM lists it or its container is retained; a service that comes later
 * gets another one of these ids. Of services that appear together, the one without `$` gets the plain id and the
 * others keep their `$`.
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
    const taken = new Set(known.values());
    const similar = groupByPlainName([...listed, ...known.keys()]);
    // In the order of names, so that the result does not depend on the order of the list.
    const arrivals = [...listed].filter((name) => !known.has(name)).sort(byDollarThenName);
    for (const name of arrivals) {
      const id = candidates(name, similar.get(plainName(name))!).find((each) => !taken.has(each))!;
      known.set(name, id);
      taken.add(id);
    }
    this.#byName = known;
    return known;
  }
}

/** The ids that a service may get, the preferred one first. There are at least as many as similar names. */
function candidates(name: string, similar: ReadonlySet<string>): string[] {
  const plain = plainName(name);
  const own = [...similar].filter((each) => each !== plain).sort();
  const preferred = similar.size === 1 || name === plain ? [plain, ...own] : [name, ...own, plain];
  return preferred.map((each) => `/win/${each}`);
}

function plainName(name: string): string {
  return name.replaceAll('$', '_');
}

function groupByPlainName(names: readonly string[]): ReadonlyMap<string, ReadonlySet<string>> {
  const groups = new Map<string, Set<string>>();
  for (const name of names) {
    const plain = plainName(name);
    const group = groups.get(plain);
    if (group) group.add(name);
    else groups.set(plain, new Set([name]));
  }
  return groups;
}

/** Names without `$` first. */
function byDollarThenName(a: string, b: string): number {
  const [hasDollarA, hasDollarB] = [a.includes('$'), b.includes('$')];
  if (hasDollarA !== hasDollarB) return hasDollarA ? 1 : -1;
  return a < b ? -1 : 1;
}
