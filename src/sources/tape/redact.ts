// A tape that may leave its host: every field of every observation goes through a rule, and a new field has none until it gets one.

import { addresses, domain } from '../../redaction/network-rules.ts';
import {
  account,
  commandLine,
  each,
  hostname,
  id,
  keep,
  objectName,
  type Rule,
  record,
  settingValue,
  text,
} from '../../redaction/rules.ts';
import { Scrubber } from '../../redaction/scrub.ts';
import type {
  AdapterRecord,
  CpuRecord,
  DiskRecord,
  HostHeader,
  IdentityRecord,
  InterfaceRecord,
  JobRecord,
  MemoryRecord,
  Observation,
  ObservationData,
  ObservationKind,
  ServiceConfigRecord,
  ServiceRecord,
  SocketServiceRecord,
  SystemRecord,
  TickRecord,
  Unavailability,
  UrlReservationRecord,
} from '../host.ts';
import { EVENT_RULES } from './redact-events.ts';

/** A round is a dozen; a host that never ticks must not fill the memory. */
const MAX_HELD = 1000;

const unavailability = record<Unavailability>({
  part: text,
  reason: text,
  code: keep,
  requiredRight: text,
  consequence: text,
});
const config = record<ServiceConfigRecord>({
  startType: keep,
  binaryPath: commandLine,
  account,
  delayedAutoStart: keep,
  triggers: keep,
});
const service = record<ServiceRecord>({
  name: text,
  displayName: text,
  serviceType: keep,
  state: keep,
  pid: keep,
  win32ExitCode: keep,
  serviceExitCode: keep,
  config,
  configUnavailable: unavailability,
});

const socketServices = each(record<SocketServiceRecord>({ row: keep, name: text }));

const rules: { readonly [K in ObservationKind]: Rule<ObservationData[K]> } = {
  identity: record<IdentityRecord>({
    hostname,
    machineId: id,
    systemUuid: id,
    kernelVersion: text,
  }),
  system: record<SystemRecord>({ uptimeMs: keep }),
  services: each(service),
  processes: (table, scrubber) => ({
    ...table,
    name: table.name.map((name) => scrubber.text(name)),
    ...(table.imagePath ? { imagePath: table.imagePath.map((path) => scrubber.text(path)) } : {}),
  }),
  jobs: each(
    record<JobRecord>({
      name: objectName,
      pids: keep,
      memoryLimitBytes: keep,
      processMemoryLimitBytes: keep,
      cpuShare: keep,
    }),
  ),
  adapters: each(record<AdapterRecord>({ index: keep, name: text, type: keep, up: keep, addresses: each(text) })),
  cpu: record<CpuRecord>({ logicalProcessors: keep, userMs: keep, systemMs: keep, idleMs: keep }),
  memory: record<MemoryRecord>({
    totalBytes: keep,
    availableBytes: keep,
    freeBytes: keep,
    cachedBytes: keep,
    source: keep,
  }),
  disks: each(
    record<DiskRecord>({
      device: text,
      mountPoint: text,
      volume: (name, { standIns }) => name.replace(/\{[0-9a-f-]+\}/gi, (guid) => standIns.id(guid)),
      sizeBytes: keep,
      freeBytes: keep,
      counters: keep,
    }),
  ),
  interfaces: each(
    record<InterfaceRecord>({
      index: keep,
      name: text,
      description: text,
      type: keep,
      hardware: keep,
      filter: keep,
      lowerIndexes: keep,
      receivedBytes: keep,
      receivedPackets: keep,
      receivedErrors: keep,
      receivedDrops: keep,
      transmittedBytes: keep,
      transmittedPackets: keep,
      transmittedErrors: keep,
      transmittedDrops: keep,
    }),
  ),
  tcp: each((table, scrubber) => {
    const width = table.family === 4 ? 4 : 16;
    const localAddress = addresses(table.localAddress, width, scrubber);
    const services = table.services && { services: socketServices(table.services, scrubber) };
    return { ...table, localAddress, remoteAddress: addresses(table.remoteAddress, width, scrubber), ...services };
  }),
  urlReservations: each(
    record<UrlReservationRecord>({
      service: text,
      scheme: keep,
      port: keep,
      ip: text,
      host: domain,
      path: (path) => (path === '/' ? path : '/*/'),
      detectedBy: keep,
    }),
  ),
  ...EVENT_RULES,
  tick: record<TickRecord>({ intervalMs: keep }),
};

/** Redacts one recording; stand-ins are the same throughout it, and others in the next. */
export class Redactor {
  readonly #scrubber: Scrubber;
  readonly #held: Observation[] = [];

  /** With a scrubber of somebody's, what that one has learnt holds here, and the other way round. */
  constructor(scrubber = new Scrubber()) {
    this.#scrubber = scrubber;
  }

  /** Settings of people (paths, addresses, patterns) go whole; those that are as they come stay. */
  header(header: HostHeader, standardSettings: Readonly<Record<string, string>>): HostHeader {
    const settings = Object.entries(header.settings).map(([name, value]) => [
      name,
      settingValue(value, standardSettings[name]),
    ]);
    const scrub = (value: string): string => this.#scrubber.text(value);
    return {
      ...header,
      settings: Object.fromEntries(settings) as Record<string, string>,
      standIns: [
        ...header.standIns.map(({ part, replacement }) => ({ part: scrub(part), replacement: scrub(replacement) })),
        {
          part: 'names of users and hosts, addresses, ids, values of command lines and settings',
          replacement: 'redaction',
        },
      ],
      dropped: Object.fromEntries(Object.entries(header.dropped).map(([reason, count]) => [scrub(reason), count])),
    };
  }

  /**
   * Takes an observation and gives back those that are ready: a whole round at its tick, because a name that the last of them
   * tells may stand in the first.
   */
  take(observation: Observation): Observation[] {
    this.learn(observation);
    this.#held.push(observation);
    return observation.kind === 'tick' || this.#held.length >= MAX_HELD ? this.rest() : [];
  }

  /** What is still held back. */
  rest(): Observation[] {
    return this.#held.splice(0).map((observation) => this.#redact(observation));
  }

  #redact(observation: Observation): Observation {
    const { seq, tMono, tWall, source, kind, seconds } = observation;
    const head = { seq, tMono, tWall, source, kind, seconds };
    if (observation.unavailable)
      return { ...head, unavailable: unavailability(observation.unavailable, this.#scrubber) } as Observation;
    const data = (rules[kind] as Rule<unknown>)(observation.data, this.#scrubber);
    const degraded = observation.degraded?.map((part) => unavailability(part, this.#scrubber));
    return { ...head, data, ...(degraded ? { degraded } : {}) } as unknown as Observation;
  }

  /** Names that an observation tells are known from now on. */
  learn({ kind, data }: Observation): void {
    if (!data) return;
    if (kind === 'identity') this.#scrubber.learnHost(data.hostname);
    if (kind === 'services') {
      for (const { config } of data) {
        if (!config) continue;
        this.#scrubber.learnAccount(config.account);
        this.#scrubber.learnPath(config.binaryPath);
      }
    }
    if (kind === 'processes') for (const path of data.imagePath ?? []) this.#scrubber.learnPath(path);
    if (kind === 'disks') for (const { mountPoint } of data) this.#scrubber.learnPath(mountPoint);
  }
}
