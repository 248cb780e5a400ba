// Which services have URLs with http.sys, or may have: by the reservations for their own SIDs, and by the sites of IIS.
import { serviceSid } from '../../../base/sid.ts';
import { KIND_GRANTS, PART_GRANTS } from '../../grants.ts';
import type { ServiceRecord, Unavailability, UrlOwnerRecord } from '../../host.ts';
import { unavailability } from '../../unavailable.ts';
import { everyRounds, type Poll } from '../poll.ts';
import { isAccountSid, soleAccounts } from './accounts.ts';
import { readBindings } from './iis-bindings.ts';
import {
  listenerSids,
  MAX_RESERVATIONS,
  parsePrefix,
  type Reservation,
  readReservations,
  type Url,
} from './reservations.ts';

/** It registers the URLs of all sites, whatever process answers them. */
const WEB_SERVICE = 'w3svc';
const RESERVATIONS = 'URL reservations';
const BINDINGS = 'bindings of IIS sites';

/** Reservations for SIDs that one service has; accounts that many services run under name none. */
export function reservedBy(reservations: readonly Reservation[], bySid: ReadonlyMap<string, string>): UrlOwnerRecord[] {
  return reservations.flatMap(({ prefix, sddl }) => {
    const url = parsePrefix(prefix);
    if (!url) return [];
    const names = new Set(listenerSids(sddl).flatMap((sid) => bySid.get(sid.toUpperCase()) ?? []));
    return [...names].map((service): UrlOwnerRecord => ({ service, ...url, by: 'url reservation' }));
  });
}

/** Reads them again and again; a part that cannot be read this time stays as it was. */
export class UrlOwnerReader {
  #reservations: readonly Reservation[] = [];
  #bindings: readonly Url[] = [];
  readonly #readReservations: typeof readReservations;
  readonly #readBindings: typeof readBindings;
  readonly #readAccounts: typeof soleAccounts;

  constructor(
    reservations = readReservations,
    bindings: typeof readBindings = readBindings,
    accounts: typeof soleAccounts = soleAccounts,
  ) {
    this.#readReservations = reservations;
    this.#readBindings = bindings;
    this.#readAccounts = accounts;
  }

  /** What cannot be had is named in `degraded`. */
  read(services: readonly ServiceRecord[]): { owners: UrlOwnerRecord[]; degraded: Unavailability[] } {
    const degraded: Unavailability[] = [];
    const names = services.map(({ name }) => name);
    this.#takeReservations(degraded);
    const bySid = new Map([
      ...this.#accounts(services, degraded),
      ...names.map((name) => [serviceSid(name), name] as const),
    ]);
    const owners = reservedBy(this.#reservations, bySid);
    // Its name as the SCM writes it; without the service there are no sites.
    const service = names.find((name) => name.toLowerCase() === WEB_SERVICE);
    if (service === undefined) return { owners, degraded };
    this.#takeBindings(degraded);
    return {
      owners: [...owners, ...this.#bindings.map((url): UrlOwnerRecord => ({ service, ...url, by: 'iis binding' }))],
      degraded,
    };
  }

  #takeReservations(degraded: Unavailability[]): void {
    const { lost } = PART_GRANTS.urlReservations;
    try {
      const { reservations, cut } = this.#readReservations();
      this.#reservations = reservations;
      if (cut) degraded.push({ part: RESERVATIONS, reason: `only the first ${MAX_RESERVATIONS} are read`, lost });
    } catch (error) {
      degraded.push(unavailability(RESERVATIONS, error, PART_GRANTS.urlReservations));
    }
  }

  /** Processes are opened only where a reservation is for an account that is no service's own. */
  #accounts(services: readonly ServiceRecord[], degraded: Unavailability[]): ReadonlyMap<string, string> {
    if (!this.#reservations.some(({ sddl }) => listenerSids(sddl).some(isAccountSid))) return new Map();
    const { bySid, failed } = this.#readAccounts(services);
    if (failed.length > 0)
      degraded.push(unavailability(`accounts of ${failed.length} services`, failed[0], PART_GRANTS.serviceAccounts));
    return bySid;
  }

  #takeBindings(degraded: Unavailability[]): void {
    try {
      const { bindings, missing } = this.#readBindings();
      this.#bindings = bindings;
      if (missing !== undefined) degraded.push({ part: BINDINGS, reason: missing, lost: PART_GRANTS.iisBindings.lost });
    } catch (error) {
      degraded.push(unavailability(BINDINGS, error, PART_GRANTS.iisBindings));
    }
  }
}

/** Sites and reservations change with an installation or when an administrator changes them. */
const SCHEDULE = everyRounds(4);

export function createUrlReservationPoll(): Poll<'urlOwners', 'services'> {
  const reader = new UrlOwnerReader();
  return {
    kind: 'urlOwners',
    schedule: SCHEDULE,
    needs: ['services'],
    grant: KIND_GRANTS.urlOwners,
    read: ({ services }) => {
      const { owners, degraded } = reader.read(services);
      return { data: owners, degraded };
    },
  };
}
