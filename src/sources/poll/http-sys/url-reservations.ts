// Finds the services behind URLs of http.sys, by URL reservations for their SIDs and by the bindings of IIS sites.
import { serviceSid } from '../../../base/sid.ts';
import { KIND_GRANTS, PART_GRANTS } from '../../grants.ts';
import type { ServiceRecord, Unavailability, UrlReservationRecord } from '../../host.ts';
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

/** W3SVC registers the URLs of all sites, whichever process serves them. */
const WEB_SERVICE = 'w3svc';
const RESERVATIONS = 'URL reservations';
const BINDINGS = 'bindings of IIS sites';

/** Reservations for SIDs that belong to one service. */
export function reservedBy(
  reservations: readonly Reservation[],
  bySid: ReadonlyMap<string, string>,
): UrlReservationRecord[] {
  return reservations.flatMap(({ prefix, sddl }) => {
    const url = parsePrefix(prefix);
    if (!url) return [];
    const names = new Set(listenerSids(sddl).flatMap((sid) => bySid.get(sid.toUpperCase()) ?? []));
    return [...names].map((service): UrlReservationRecord => ({ service, ...url, detectedBy: 'url reservation' }));
  });
}

/** A part that cannot be read in one round keeps the result of an earlier one. */
export class UrlReservationReader {
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

  /** A part that cannot be read is named in `degraded`. */
  read(services: readonly ServiceRecord[]): { owners: UrlReservationRecord[]; degraded: Unavailability[] } {
    const degraded: Unavailability[] = [];
    const names = services.map(({ name }) => name);
    this.#updateReservations(degraded);
    const bySid = new Map([
      ...this.#readSoleAccounts(services, degraded),
      ...names.map((name) => [serviceSid(name), name] as const),
    ]);
    const owners = reservedBy(this.#reservations, bySid);
    // The record has the name as the SCM writes it. Without the service there are no sites.
    const service = names.find((name) => name.toLowerCase() === WEB_SERVICE);
    if (service === undefined) return { owners, degraded };
    this.#updateBindings(degraded);
    return {
      owners: [
        ...owners,
        ...this.#bindings.map((url): UrlReservationRecord => ({ service, ...url, detectedBy: 'iis binding' })),
      ],
      degraded,
    };
  }

  #updateReservations(degraded: Unavailability[]): void {
    const { consequence } = PART_GRANTS.httpSysReservations;
    try {
      const { reservations, cut } = this.#readReservations();
      this.#reservations = reservations;
      if (cut)
        degraded.push({ part: RESERVATIONS, reason: `only the first ${MAX_RESERVATIONS} are read`, consequence });
    } catch (error) {
      degraded.push(unavailability(RESERVATIONS, error, PART_GRANTS.httpSysReservations));
    }
  }

  /** Opens processes only when a reservation is for a user account, which may belong to a service. */
  #readSoleAccounts(services: readonly ServiceRecord[], degraded: Unavailability[]): ReadonlyMap<string, string> {
    if (!this.#reservations.some(({ sddl }) => listenerSids(sddl).some(isAccountSid))) return new Map();
    const { bySid, failed } = this.#readAccounts(services);
    if (failed.length > 0)
      degraded.push(unavailability(`accounts of ${failed.length} services`, failed[0], PART_GRANTS.serviceAccounts));
    return bySid;
  }

  #updateBindings(degraded: Unavailability[]): void {
    try {
      const { bindings, missing } = this.#readBindings();
      this.#bindings = bindings;
      if (missing !== undefined)
        degraded.push({ part: BINDINGS, reason: missing, consequence: PART_GRANTS.iisBindings.consequence });
    } catch (error) {
      degraded.push(unavailability(BINDINGS, error, PART_GRANTS.iisBindings));
    }
  }
}

/** Sites and reservations change with an installation or when an administrator changes them. */
const SCHEDULE = everyRounds(4);

export function createUrlReservationPoll(): Poll<'urlReservations', 'services'> {
  const reader = new UrlReservationReader();
  return {
    kind: 'urlReservations',
    schedule: SCHEDULE,
    needs: ['services'],
    grant: KIND_GRANTS.urlReservations,
    read: ({ services }) => {
      const { owners, degraded } = reader.read(services);
      return { data: owners, degraded };
    },
  };
}
