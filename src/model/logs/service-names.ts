// Finds services by key name, or by the display name that the SCM reports at the moment.
import type { Container } from '../containers/container.ts';
import type { ServiceDecision } from '../containers/services.ts';

export interface NamedService {
  /** In lower case. */
  readonly key: string;
  /** Undefined for a service that is no container. */
  readonly container: Container | undefined;
}

/** Services of one moment, and those whose container is retained. Letter case and outer spaces make no difference. */
export class ServiceNames {
  readonly #byKey = new Map<string, NamedService>();
  readonly #byDisplayName = new Map<string, Set<string>>();

  constructor(decisions: readonly ServiceDecision[], containers: readonly Container[]) {
    for (const container of containers) {
      if (container.kind === 'service') this.#add(container.name, container.displayName, container);
    }
    for (const { service } of decisions) {
      const container = this.#byKey.get(normalise(service.name))?.container;
      // The display name may have been changed since the container was discovered.
      if (container) this.#forget(container.displayName, container.name);
      this.#add(service.name, service.displayName, container);
    }
  }

  byKey(name: string): NamedService | undefined {
    return this.#byKey.get(normalise(name));
  }

  /** The only service with that key name or else with that display name; `ambiguous` if several have it. */
  byDisplayName(name: string): NamedService | 'ambiguous' | undefined {
    const byKey = this.byKey(name);
    if (byKey) return byKey;
    const keys = this.#byDisplayName.get(normalise(name));
    if (!keys || keys.size === 0) return undefined;
    return keys.size > 1 ? 'ambiguous' : this.#byKey.get([...keys][0]!);
  }

  #add(name: string, displayName: string, container: Container | undefined): void {
    const key = normalise(name);
    const known = this.#byKey.get(key)?.container;
    // Of containers with names that differ in letter case only, the one that is not gone.
    const kept = known && (known.goneMonoMs === undefined || container === undefined) ? known : container;
    this.#byKey.set(key, { key, container: kept });
    const title = normalise(displayName);
    if (title === '') return;
    const keys = this.#byDisplayName.get(title);
    if (keys) keys.add(key);
    else this.#byDisplayName.set(title, new Set([key]));
  }

  #forget(displayName: string, name: string): void {
    this.#byDisplayName.get(normalise(displayName))?.delete(normalise(name));
  }
}

function normalise(name: string): string {
  return name.trim().toLowerCase();
}
