// The node itself: identity, clock, addresses.
import { canonicalIp, isLinkLocalOrMulticast } from '../base/ip.ts';
import type { AdapterRecord, CpuRecord, IdentityRecord, MemoryRecord } from '../sources/host.ts';
import { Cloud, type CloudOverrides } from './cloud.ts';
import { Disks } from './disks.ts';
import type { HostAddresses } from './net/attribution.ts';
import { NetworkInterfaces } from './net/interfaces.ts';

export class Node {
  identity: IdentityRecord | undefined;
  /** Milliseconds since boot at the last tick, undefined while unknown. */
  uptimeMs: number | undefined;
  addresses: HostAddresses = { ipv4: [], ipv6: [] };
  /** Processor time never decreases; undefined while unknown. */
  cpu: CpuRecord | undefined;
  /** Undefined while unknown. */
  memory: MemoryRecord | undefined;
  readonly disks = new Disks();
  readonly interfaces = new NetworkInterfaces();
  readonly cloud: Cloud;

  constructor(cloud?: CloudOverrides) {
    this.cloud = new Cloud(cloud);
  }

  /** A part that cannot be read this time keeps its value: the ids are labels of nearly every series. */
  updateIdentity(now: IdentityRecord, complete: boolean): void {
    const before = this.identity;
    this.identity =
      complete || !before
        ? now
        : {
            hostname: now.hostname === 'unknown' ? before.hostname : now.hostname,
            machineId: now.machineId || before.machineId,
            systemUuid: now.systemUuid || before.systemUuid,
            // It does not change while the machine runs, and an incomplete one would be another label value.
            kernelVersion: before.kernelVersion,
          };
  }

  /**
   * System time is the difference of two counters that are read one after the other, so it may be lower than before by
   * some ticks: the highest value stays. Processor time restarts only with the machine.
   */
  updateCpu({ logicalProcessors, userMs, systemMs, idleMs }: CpuRecord): void {
    const { cpu } = this;
    this.cpu = {
      logicalProcessors,
      userMs: Math.max(cpu?.userMs ?? 0, userMs),
      systemMs: Math.max(cpu?.systemMs ?? 0, systemMs),
      idleMs: Math.max(cpu?.idleMs ?? 0, idleMs),
    };
  }

  /** Loopback is kept, as Coroot's agent does: local clients connect there. */
  updateAdapters(records: readonly AdapterRecord[]): void {
    const adapters = records.map((adapter) => ({
      ...adapter,
      addresses: adapter.addresses.map((text) => canonicalIp(text) ?? text),
    }));
    this.interfaces.updateAdapters(adapters);
    const usable = [...new Set(adapters.flatMap((adapter) => adapter.addresses))].filter(
      (ip) => !isLinkLocalOrMulticast(ip),
    );
    this.addresses = { ipv4: usable.filter((ip) => !ip.includes(':')), ipv6: usable.filter((ip) => ip.includes(':')) };
  }
}
