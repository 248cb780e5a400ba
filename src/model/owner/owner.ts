// What processes, sockets and requests are attributed to, with its counts.
import { DnsCounts } from './dns-counts.ts';
import type { LogCounts } from './log-counts.ts';
import { OwnerNetwork } from './owner-network.ts';

/**
 * `container`: a Windows service or a Docker container. `service`: a service in a shared process that is not a
 * container. `remainder`: what a shared process does without a known service. `system`: the System
 * process.
 */
export type OwnerRole = 'container' | 'service' | 'remainder' | 'system';

export class Owner {
  readonly role: OwnerRole;
  readonly network = new OwnerNetwork();
  readonly dns = new DnsCounts();
  /** Undefined before the first log message: most services write none. */
  logs: LogCounts | undefined = undefined;
  /** Ownership by this owner alone: one object for all events, so that attribution allocates nothing. */
  readonly alone: OwnedBy = { kind: 'owners', owners: [this] };

  constructor(role: OwnerRole) {
    this.role = role;
  }
}

/**
 * Who owns a process. `owners`: these owners, none for a process that belongs to no container. `shared`: several
 * services run in it, so each socket has its own owner. `unknown`: no process list has shown the process or a container
 * above it yet.
 */
export type Ownership = OwnedBy | { readonly kind: 'shared' } | { readonly kind: 'unknown' };

export interface OwnedBy {
  readonly kind: 'owners';
  readonly owners: readonly Owner[];
}

export const SHARED: Ownership = { kind: 'shared' };
export const UNKNOWN: Ownership = { kind: 'unknown' };
export const NO_OWNER: OwnedBy = { kind: 'owners', owners: [] };

/** Owners of what a shared process does where no socket names the service. */
export type SharedProcessOwners = (pid: number) => readonly Owner[];
