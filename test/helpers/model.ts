// A host model for tests, which receives services, processes and TCP tables round by round.
import { HostModel, type ModelOptions } from '../../src/model/host-model.ts';
import type {
  AdapterRecord,
  ServiceRecord,
  TcpTable,
  Unavailability,
  UrlReservationRecord,
} from '../../src/sources/host.ts';
import { aService, observation, type ProcessRow, processTable, unavailable, WALL_AT_ZERO_MS } from './observations.ts';

export interface Round {
  services?: readonly ServiceRecord[] | 'fails';
  processes?: readonly ProcessRow[] | 'fails';
  adapters?: readonly AdapterRecord[];
  tcp?: readonly TcpTable[] | 'fails';
  urlReservations?: readonly UrlReservationRecord[];
}

export const denied: Unavailability = { part: 'test', reason: 'access denied', code: 5 };

/** Wall clock in milliseconds since 1970 for a time of the test clock. */
export const wall = (atMs: number): number => WALL_AT_ZERO_MS + atMs;

export function aModel(options: Partial<ModelOptions> = {}): HostModel {
  return new HostModel({ minContainerAgeMs: 0, filter: () => 'selected', ...options });
}

/** One round at `atMs` of the test clock with the given readings. The tick comes 10 ms after the readings. */
export function round(
  model: HostModel,
  atMs: number,
  { services, processes, adapters, tcp, urlReservations }: Round,
): void {
  const at = { atMs };
  if (services)
    model.observe(services === 'fails' ? unavailable('services', denied, at) : observation('services', services, at));
  if (processes) {
    model.observe(
      processes === 'fails'
        ? unavailable('processes', denied, at)
        : observation('processes', processTable(processes), at),
    );
  }
  if (adapters) model.observe(observation('adapters', adapters, at));
  if (tcp) model.observe(tcp === 'fails' ? unavailable('tcp', denied, at) : observation('tcp', tcp, at));
  if (urlReservations) model.observe(observation('urlReservations', urlReservations, at));
  model.observe(observation('tick', { intervalMs: 15_000 }, { atMs: atMs + 10 }));
}

/** Service `web` with process 100. */
export const web = (values: Partial<ServiceRecord> = {}): ServiceRecord =>
  aService({ name: 'web', pid: 100, ...values });

export const HOUR_MS = 3_600_000;

/** The container with this id; throws if it does not exist. */
export function containerOf(model: HostModel, id = '/win/web') {
  const found = model.containers.all().find((container) => container.id === id);
  if (!found) throw new Error(`no container ${id}`);
  return found;
}
