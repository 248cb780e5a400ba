// Counts of what was observed but belongs to no container, by reason.

export type UnattributedKind = 'connect' | 'bytes' | 'dns_request' | 'process';

/** Label values. */
export type UnattributedReason =
  /** The process belongs to no container. */
  | 'no_container'
  /** Several containers have the process in their trees. */
  | 'several_containers'
  /** Several services share the process, and nothing names the service. */
  | 'shared_process'
  /** Neither a process list nor an event has shown the process. */
  | 'unknown_process'
  /** No process list has shown the process or any of its ancestors. */
  | 'unknown_parent'
  /** No list of services was read yet. */
  | 'services_unknown'
  /** The remote address is unknown. */
  | 'no_address'
  /** The DNS name is empty. */
  | 'no_name'
  /** The DNS request was not answered. */
  | 'unanswered'
  /** The connection is older than the agent. */
  | 'older_than_agent'
  /** More are waiting or kept than the agent allows. */
  | 'limit_reached'
  /** A setting excludes the port. */
  | 'ephemeral_port'
  /** A setting excludes the address. */
  | 'public_network';

/** A separate object for each reason, so that its label set can be stored with it. */
export interface Unattributed {
  readonly kind: UnattributedKind;
  readonly reason: UnattributedReason;
  count: number;
}

export class UnattributedCounts {
  readonly #byKey = new Map<string, Unattributed>();

  add(kind: UnattributedKind, reason: UnattributedReason, by = 1): void {
    if (by === 0) return;
    const key = `${kind}|${reason}`;
    const known = this.#byKey.get(key);
    if (known) known.count += by;
    else this.#byKey.set(key, { kind, reason, count: by });
  }

  all(): Iterable<Unattributed> {
    return this.#byKey.values();
  }
}
