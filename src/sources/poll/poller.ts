// One round of polls on a live machine, each part on its own: what fails is said, the rest goes on.
import { monotonicMs } from '../../base/monotonic.ts';
import { KIND_GRANTS, PART_GRANTS, type ReadKind } from '../grants.ts';
import type { Observation, ObservationData, ObservationKind, ServiceRecord, Unavailability } from '../host.ts';
import { readUptimeMs } from '../machine.ts';
import { unavailability } from '../unavailable.ts';
import { AdapterReader } from './adapters.ts';
import { buffersOf } from './buffers-of.ts';
import { readCpu } from './cpu.ts';
import { DiskReader } from './disks.ts';
import { UrlOwnerReader } from './http-sys/url-owners.ts';
import { readIdentity } from './identity.ts';
import { ImagePaths } from './image-paths.ts';
import { readInterfaces } from './interfaces.ts';
import { JobReader } from './jobs.ts';
import { type LongLivedConnection, LongLivedConnections } from './long-lived-connections.ts';
import { readMemory } from './memory.ts';
import { ProcessReader } from './processes.ts';
import { ServiceReader } from './services.ts';
import { type SharedProcesses, sharedProcesses } from './socket-services.ts';
import { TcpStatisticsReader } from './tcp-statistics.ts';
import { TcpReader } from './tcp-table.ts';

/** The compartment of the host itself, and the only one without containers. */
const HOST_COMPARTMENT = 1;
/** Identity changes with a rename or a new address space only; re-read it now and then. */
const IDENTITY_EVERY_ROUNDS = 40;
/** Sites and reservations change with an installation or by an administrator's hand. */
const URL_OWNERS_EVERY_ROUNDS = 4;
/** Who was refused statistics is refused again, until somebody grants the right. */
const STATISTICS_AGAIN_AFTER_ROUNDS = 40;

/** Limits change with a deployment; looking for jobs goes through thousands of names. */
const JOBS_EVERY_ROUNDS = 4;

type Push = (observation: Observation, transfer: ArrayBuffer[]) => void;

interface Reading<K extends ObservationKind> {
  data: ObservationData[K];
  degraded?: Unavailability[];
}

/** Polls the machine and pushes one observation a kind, a `tick` last. */
export class WindowsPoller {
  readonly #push: Push;
  readonly #intervalMs: number;
  readonly #withStatistics: boolean;
  readonly #services = new ServiceReader();
  readonly #processes = new ProcessReader();
  readonly #images = new ImagePaths();
  readonly #jobs = new JobReader();
  readonly #adapters = new AdapterReader();
  readonly #disks = new DiskReader();
  readonly #tcp = new TcpReader();
  readonly #lasting = new LongLivedConnections();
  readonly #statistics = new TcpStatisticsReader();
  readonly #urls = new UrlOwnerReader();
  /** By the last list of services that could be read. */
  #shared: SharedProcesses = new Map();
  #serviceList: readonly ServiceRecord[] | undefined;
  #seq = 0;
  #rounds = 0;
  #urlOwnersDue = 0;
  #statisticsDue = 0;
  #connections: readonly LongLivedConnection[] = [];
  /** A part of the identity could not be read: it is asked for again. */
  #identityMissing = false;

  /** `withStatistics`: ask for the counters of connections that stay open, which must be turned on for each. */
  constructor(intervalMs: number, withStatistics: boolean, push: Push) {
    this.#intervalMs = intervalMs;
    this.#withStatistics = withStatistics;
    this.#push = push;
  }

  round(): void {
    const round = this.#rounds++;
    if (round % IDENTITY_EVERY_ROUNDS === 0 || this.#identityMissing) {
      this.#observe('identity', () => {
        const { identity, degraded } = readIdentity();
        this.#identityMissing = degraded.length > 0;
        return { data: identity, degraded };
      });
    }
    this.#observe('system', () => ({ data: { uptimeMs: readUptimeMs() } }));
    this.#observe('services', () => {
      const { services, degraded } = this.#services.read();
      this.#shared = sharedProcesses(services);
      this.#serviceList = services;
      return { data: services, degraded };
    });
    this.#observe('processes', () => {
      const table = this.#processes.read();
      const { imagePath, degraded } = this.#images.of(table);
      return { data: { ...table, imagePath }, degraded };
    });
    if (round % JOBS_EVERY_ROUNDS === 0) {
      this.#observe('jobs', () => {
        const { jobs, degraded } = this.#jobs.read();
        return { data: jobs, degraded };
      });
    }
    this.#observe('cpu', () => ({ data: readCpu() }));
    this.#observe('memory', () => {
      const { memory, degraded } = readMemory();
      return { data: memory, degraded };
    });
    this.#observe('disks', () => {
      const { disks, degraded } = this.#disks.read();
      return { data: disks, degraded };
    });
    this.#observe('adapters', () => ({ data: this.#adapters.readAdapters() }));
    this.#observe('interfaces', () => {
      const { interfaces, degraded } = readInterfaces();
      return { data: interfaces, degraded };
    });
    this.#observeUrlOwners();
    this.#observe('tcp', () => this.#readTcp());
    this.#observeStatistics();
    this.#observe('tick', () => ({ data: { intervalMs: this.#intervalMs } }));
  }

  /** Not before there is a list of services to find them in. */
  #observeUrlOwners(): void {
    const services = this.#serviceList;
    if (!services || this.#rounds < this.#urlOwnersDue) return;
    this.#urlOwnersDue = this.#rounds + URL_OWNERS_EVERY_ROUNDS;
    this.#observe('urlOwners', () => {
      const { owners, degraded } = this.#urls.read(services);
      return { data: owners, degraded };
    });
  }

  #observeStatistics(): void {
    if (!this.#withStatistics || this.#connections.length === 0 || this.#rounds < this.#statisticsDue) return;
    // Put off first, so that a refusal finds it so.
    this.#statisticsDue = this.#rounds + STATISTICS_AGAIN_AFTER_ROUNDS;
    this.#observe('tcpStatistics', () => {
      const { table, degraded } = this.#statistics.read(this.#connections);
      this.#statisticsDue = 0;
      return { data: table, degraded };
    });
  }

  #readTcp(): Reading<'tcp'> {
    const degraded: Unavailability[] = [];
    let compartments = [HOST_COMPARTMENT];
    try {
      const found = this.#adapters.readCompartments();
      if (found.length > 0) compartments = found;
    } catch (error) {
      degraded.push(unavailability('network compartments other than the host', error, PART_GRANTS.compartments));
    }
    const read = this.#tcp.read(compartments, this.#shared);
    // Before the tables are handed over. Counters are asked for from the compartment of the host, where this thread is.
    this.#connections = this.#lasting.take(
      read.tables.filter(({ compartmentId }) => compartmentId === HOST_COMPARTMENT),
    );
    return { data: read.tables, degraded: [...degraded, ...read.degraded] };
  }

  #observe<K extends ReadKind>(kind: K, read: () => Reading<K>): void {
    const startedAt = performance.now();
    let outcome: { data: ObservationData[K]; degraded?: Unavailability[] } | { unavailable: Unavailability };
    try {
      const { data, degraded } = read();
      outcome = degraded && degraded.length > 0 ? { data, degraded } : { data };
    } catch (error) {
      outcome = { unavailable: unavailability(kind, error, KIND_GRANTS[kind]) };
    }
    const now = performance.now();
    const head = {
      seq: ++this.#seq,
      tMono: monotonicMs(),
      tWall: Date.now(),
      source: 'windows',
      kind,
      seconds: (now - startedAt) / 1000,
    };
    // TypeScript cannot follow a kind through the mapped union; the reader of each kind above is typed.
    this.#push(
      { ...head, ...outcome } as unknown as Observation,
      buffersOf('data' in outcome ? outcome.data : undefined),
    );
  }
}
