// Configurations of services: read when a service is new or its status changes, and again one after the other.
import { monotonicMs } from '../../base/monotonic.ts';
import { ERROR_ACCESS_DENIED, Win32Error } from '../../native/win32-error.ts';
import { PART_GRANTS } from '../grants.ts';
import type { ServiceConfigRecord, ServiceRecord, Unavailability } from '../host.ts';
import { unavailability } from '../unavailable.ts';

/**
 * Each configuration is read at least this often, in milliseconds, spread over the rounds between. A change that no
 * status shows, e.g. of the start type, is visible after this time and one round: within the five minutes that
 * docs/architecture.md and docs/api.md promise.
 */
export const CONFIG_REFRESH_MS = 240_000;

/** Status of one service, without its configuration. */
export type ServiceStatus = Omit<ServiceRecord, 'config' | 'configUnavailable'>;

/** Reads one configuration. Throws Win32Error. */
export type ReadConfig = (name: string) => ServiceConfigRecord;

interface Entry {
  status: ServiceStatus;
  config?: ServiceConfigRecord;
  /** Why it could not be read; with a `config` that is the last known one. */
  problem?: Unavailability;
  /** The next round reads it again. Access that was denied will be denied again, so that waits for its turn. */
  retry: boolean;
}

/**
 * Keeps the configuration of each service. The SCM notifies of changed states, new and deleted services
 * (https://learn.microsoft.com/windows/win32/api/winsvc/nf-winsvc-notifyservicestatuschangew), which the list of each
 * round has as well; a notification of changed configurations exists for single services only, and holds a handle of
 * each (https://learn.microsoft.com/windows/win32/services/subscribeservicechangenotifications).
 */
export class ServiceConfigs {
  readonly #now: () => number;
  /** By name; the configuration that was read longest ago comes first. */
  readonly #entries = new Map<string, Entry>();
  #updatedAtMs: number;

  /** `now` in milliseconds, monotonic. */
  constructor(now: () => number = monotonicMs) {
    this.#now = now;
    this.#updatedAtMs = now();
  }

  /** One record for each status, in the same order, and why known configurations could not be read again. */
  update(statuses: readonly ServiceStatus[], read: ReadConfig): { services: ServiceRecord[]; stale: Unavailability[] } {
    const names = new Set(statuses.map(({ name }) => name));
    for (const name of this.#entries.keys()) if (!names.has(name)) this.#entries.delete(name);
    let refreshes = this.#due();
    let unread = statuses.length;
    for (const status of statuses) {
      const entry = this.#entries.get(status.name);
      if (entry && !entry.retry && !isChanged(entry.status, status)) entry.status = status;
      else {
        this.#read(status, entry, read);
        unread--;
      }
    }
    // An entry that is read moves to the end, so the first one is always the oldest.
    for (const entry of this.#entries.values()) {
      if (refreshes-- <= 0 || unread-- <= 0) break;
      this.#read(entry.status, entry, read);
    }
    const stale: Unavailability[] = [];
    for (const { config, problem } of this.#entries.values()) if (config && problem) stale.push(problem);
    return { services: statuses.map((status) => recordOf(this.#entries.get(status.name)!)), stale };
  }

  /** Configurations to read again in this round, so that each is read within the time of a refresh. */
  #due(): number {
    const now = this.#now();
    const passedMs = now - this.#updatedAtMs;
    this.#updatedAtMs = now;
    return Math.ceil((this.#entries.size * passedMs) / CONFIG_REFRESH_MS);
  }

  #read(status: ServiceStatus, before: Entry | undefined, read: ReadConfig): void {
    this.#entries.delete(status.name);
    this.#entries.set(status.name, attempt(status, before, read));
  }
}

/** The display name belongs to the configuration, but comes with the status. */
function isChanged(before: ServiceStatus, now: ServiceStatus): boolean {
  return (
    before.state !== now.state ||
    before.pid !== now.pid ||
    before.serviceType !== now.serviceType ||
    before.displayName !== now.displayName
  );
}

function attempt(status: ServiceStatus, before: Entry | undefined, read: ReadConfig): Entry {
  try {
    return { status, config: read(status.name), retry: false };
  } catch (error) {
    const isDenied = error instanceof Win32Error && error.code === ERROR_ACCESS_DENIED;
    const known = !isDenied && before?.config ? { config: before.config } : {};
    const part = `configuration of ${status.name}`;
    return {
      status,
      ...known,
      problem: unavailability(part, error, PART_GRANTS.serviceConfiguration),
      retry: !isDenied,
    };
  }
}

function recordOf({ status, config, problem }: Entry): ServiceRecord {
  if (config) return { ...status, config };
  return problem ? { ...status, configUnavailable: { ...problem, part: 'configuration' } } : status;
}
