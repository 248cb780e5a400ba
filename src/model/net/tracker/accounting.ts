// Attributes flows to the owners of their processes and adds their counts to the owners' destinations.
import type { Destination } from '../../owner/destination.ts';
import type { DestinationRules } from '../../owner/destinations.ts';
import { type Owner, type Ownership, type SharedProcessOwners, UNKNOWN } from '../../owner/owner.ts';
import type { ProcessInstances } from '../../processes/process-instances.ts';
import type { UnattributedCounts, UnattributedReason } from '../../unattributed.ts';
import type { DestinationFilter } from '../destination-filter.ts';
import type { PreviousScan } from './established-rows.ts';
import { ADDRESS_BYTES } from './flow-columns.ts';
import { type Direction, FLOW_EVENT, FLOW_STATE, isConnectedState, isLingeringState } from './flow-states.ts';
import type { FlowTable } from './flow-table.ts';

/** Time that a closed flow stays in the table for its summary. */
const LINGER_MS = 30_000;
/** Ticks that a flow waits for its owner, and scans that may miss an open flow before it is removed. */
const MAX_MISSED_SCANS = 4;
/** Flows that wait for their owner at the same time. */
const MAX_WAITING = 131_072;

export interface AccountingParts {
  readonly flows: FlowTable;
  readonly instances: ProcessInstances;
  readonly filter: DestinationFilter;
  readonly rules: DestinationRules;
  readonly rows: PreviousScan;
  readonly unattributed: UnattributedCounts;
}

export class ConnectionAccounting {
  readonly #parts: AccountingParts;
  readonly #flows: FlowTable;
  /** Numbers of flows that wait for their owner. Some of them may have been removed since. */
  #waiting: number[] = [];

  constructor(parts: AccountingParts) {
    this.#parts = parts;
    this.#flows = parts.flows;
  }

  /** Attributes a flow and adds its counts. While the owner is unknown the flow waits. */
  attribute(number: number): void {
    const flows = this.#flows;
    // Owners from before win over no owner: a service may be listed later than its process.
    const owners = this.ownersOf(number) ?? this.#processOwners(number);
    if (owners) {
      this.#account(number, owners);
      return;
    }
    if (flows.isWaiting(number)) return;
    if (this.#waiting.length >= MAX_WAITING) {
      this.#countUnattributed(number, 'limit_reached');
      return;
    }
    flows.setWaiting(number, true);
    this.#waiting.push(number);
  }

  /** Takes direction and owners from the TCP tables, where no event had them. */
  adopt(number: number, owners: readonly Owner[], direction: Direction): void {
    const flows = this.#flows;
    if (!flows.directionOf(number)) flows.setDirection(number, direction);
    if (flows.ownersOf(number) === undefined && flows.directionOf(number) !== 'inbound') this.#account(number, owners);
  }

  countRetransmit(number: number): void {
    const destinations = this.#currentDestinations(number);
    if (!destinations) this.#flows.addRetransmit(number);
    else for (const destination of destinations) destination.retransmits++;
  }

  countReset(number: number): void {
    const destinations = this.#currentDestinations(number);
    if (!destinations) this.#flows.addReset(number);
    else for (const destination of destinations) destination.resets++;
  }

  /** Owners of a flow; undefined without any, because a later list may still name one. */
  ownersOf(number: number): readonly Owner[] | undefined {
    const owners = this.#flows.ownersOf(number);
    return owners && owners.length > 0 ? owners : undefined;
  }

  /** Removes a flow because the table is full. */
  evict(number: number): void {
    if (this.#flows.isWaiting(number)) this.#countUnattributed(number, 'limit_reached');
    this.#flows.remove(number);
  }

  /**
   * Ends a flow because its control block serves another one. A flow that waits keeps waiting without its control
   * block.
   */
  supersede(number: number): void {
    const flows = this.#flows;
    if (!flows.isWaiting(number)) {
      flows.remove(number);
      return;
    }
    flows.detach(number);
    flows.apply(number, FLOW_EVENT.supersede);
  }

  /** Removes a flow that is complete and attributed. */
  removeIfDone(number: number): void {
    if (this.#flows.isFinal(number) && !this.#flows.isWaiting(number)) this.#flows.remove(number);
  }

  /** The last scan had a row of the flow, in any TCP state. */
  markListed(number: number): void {
    this.#flows.setListed(number, true);
    if (!this.#flows.isWaiting(number)) this.#flows.clearMissedScans(number);
  }

  /** The last scan had no row of the flow. After several such scans the flow is removed. */
  markUnlisted(number: number): void {
    const flows = this.#flows;
    flows.setListed(number, false);
    if (flows.isWaiting(number)) return;
    flows.addMissedScan(number);
    if (flows.columns.missedScans[number]! > MAX_MISSED_SCANS) flows.remove(number);
  }

  /**
   * Attributes waiting flows, now that processes were listed at `listedAtMs`, and removes closed ones. `sharedOwners`
   * has the owners for flows of a shared process that no row of a TCP table names a service for.
   */
  settle(monoMs: number, listedAtMs: number, sharedOwners: SharedProcessOwners): void {
    const flows = this.#flows;
    const { columns } = flows;
    const stillWaiting: number[] = [];
    for (const number of this.#waiting) {
      if (!flows.isWaiting(number)) continue;
      const ownership = this.#ownership(number);
      const mayBeListedLater = columns.pidAtMs[number]! > listedAtMs && columns.missedScans[number]! < MAX_MISSED_SCANS;
      if (ownership.kind === 'unknown' && mayBeListedLater) {
        flows.addMissedScan(number);
        stillWaiting.push(number);
        continue;
      }
      this.#resolve(number, ownership, sharedOwners);
    }
    this.#waiting = stillWaiting;
    flows.each((number) => {
      const isOpen = columns.listed[number] === 1 || !isLingeringState(columns.state[number]!);
      if (isOpen || flows.isWaiting(number)) return;
      if (monoMs - columns.eventMonoMs[number]! > LINGER_MS) flows.remove(number);
    });
  }

  /** Ends the wait of a flow, with or without an owner. */
  #resolve(number: number, ownership: Ownership, sharedOwners: SharedProcessOwners): void {
    const flows = this.#flows;
    const shared = ownership.kind === 'shared' ? sharedOwners(flows.columns.pid[number]!) : [];
    if (ownership.kind === 'owners') this.#account(number, ownership.owners);
    else if (shared.length > 0) this.#account(number, shared);
    else this.#countUnattributed(number, ownership.kind === 'shared' ? 'shared_process' : 'unknown_process');
    flows.setWaiting(number, false);
    this.removeIfDone(number);
  }

  /**
   * Owners by the process, else the earlier ones; undefined while they are unknown or differ between flows of the
   * process.
   */
  #processOwners(number: number): readonly Owner[] | undefined {
    const ownership = this.#ownership(number);
    if (ownership.kind === 'owners') return ownership.owners;
    return ownership.kind === 'unknown' ? this.#flows.ownersOf(number) : undefined;
  }

  #ownership(number: number): Ownership {
    const { pid, pidAtMs } = this.#flows.columns;
    return pid[number] === 0 ? UNKNOWN : this.#parts.instances.ownerAt(pid[number]!, pidAtMs[number]!);
  }

  /** Adds the counts of a flow that are not accounted yet to the destinations of its owners. */
  #account(number: number, owners: readonly Owner[]): void {
    const flows = this.#flows;
    flows.setOwners(number, owners);
    flows.setWaiting(number, false);
    if (owners.length === 0) {
      this.#countUnattributed(number, 'no_container');
      return;
    }
    if (!this.#isOutbound(number, owners)) {
      flows.setAccounted(number);
      return;
    }
    const excluded = this.#exclusionReason(number);
    if (excluded) {
      this.#countUnattributed(number, excluded);
      return;
    }
    const destinations = this.#currentDestinations(number) ?? this.#resolveDestinations(number, owners);
    for (let i = 0; i < destinations.length; i++) this.#addCounts(number, destinations[i]!);
    if (flows.columns.rttUs[number] !== 0) this.#addRtt(number, owners);
    flows.setAccounted(number);
    flows.clearCounts(number);
  }

  #exclusionReason(number: number): UnattributedReason | undefined {
    const { remoteAddress, remotePort } = this.#flows.columns;
    const port = remotePort[number]!;
    if (port === 0) return 'no_address';
    return this.#parts.filter.exclusionReason(remoteAddress, number * ADDRESS_BYTES, port);
  }

  /** Destinations of the flow, undefined before attribution and after one of them has been removed as idle. */
  #currentDestinations(number: number): readonly Destination[] | undefined {
    const destinations = this.#flows.destinationsOf(number);
    return destinations?.every(isKept) ? destinations : undefined;
  }

  #resolveDestinations(number: number, owners: readonly Owner[]): readonly Destination[] {
    const { remoteAddress, remotePort, eventMonoMs } = this.#flows.columns;
    const { rules } = this.#parts;
    const at = number * ADDRESS_BYTES;
    const name = this.#flows.nameOf(number);
    const resolved = owners.map(({ network }) =>
      network.destinations.resolve(remoteAddress, at, remotePort[number]!, rules, eventMonoMs[number]!, name),
    );
    this.#flows.setDestinations(number, resolved);
    return resolved;
  }

  #addCounts(number: number, destination: Destination): void {
    const { columns } = this.#flows;
    destination.use(columns.eventMonoMs[number]!);
    if (columns.accounted[number] === 0) this.#addOutcome(number, destination);
    destination.retransmits += columns.retransmits[number]!;
    destination.resets += columns.resets[number]!;
    destination.sentBytes += columns.sentBytes[number]!;
    destination.receivedBytes += columns.receivedBytes[number]!;
  }

  #addOutcome(number: number, destination: Destination): void {
    const { state, status, atMs, connectMs } = this.#flows.columns;
    if (state[number] === FLOW_STATE.failed) destination.fail(status[number]!, atMs[number]!);
    else if (isConnectedState(state[number]!)) {
      destination.successful++;
      if (connectMs[number]! < 0) return;
      destination.connectMs += connectMs[number]!;
      destination.timed++;
    }
  }

  #addRtt(number: number, owners: readonly Owner[]): void {
    const { remoteAddress, remotePort, rttUs, eventMonoMs } = this.#flows.columns;
    const at = number * ADDRESS_BYTES;
    for (const { network } of owners) {
      const { rules } = this.#parts;
      network.destinations.addRtt(remoteAddress, at, remotePort[number]!, rules, rttUs[number]!, eventMonoMs[number]!);
    }
  }

  /** Counts what is not accounted of a flow as unattributed. */
  #countUnattributed(number: number, reason: UnattributedReason): void {
    const flows = this.#flows;
    const { accounted, sentBytes, receivedBytes } = flows.columns;
    const { unattributed } = this.#parts;
    if (accounted[number] === 0) unattributed.add('connect', reason);
    flows.setAccounted(number);
    const bytes = sentBytes[number]! + receivedBytes[number]!;
    if (bytes > 0) unattributed.add('bytes', reason, bytes);
    flows.clearBytes(number);
  }

  /** By events, else by the last scan, else by the listeners of the owners. */
  #isOutbound(number: number, owners: readonly Owner[]): boolean {
    const flows = this.#flows;
    const direction = flows.directionOf(number) ?? this.#parts.rows.directionOf(flows.tupleHashOf(number));
    if (direction) return direction === 'outbound';
    const { localPort, localAddress } = flows.columns;
    const at = number * ADDRESS_BYTES;
    return !owners.some(({ network }) => network.listensOn(localPort[number]!, localAddress, at));
  }
}

function isKept({ kept }: Destination): boolean {
  return kept;
}
