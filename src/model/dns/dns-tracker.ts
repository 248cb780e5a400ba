// Applies DNS events: joins questions with answers, learns names of addresses, and counts requests by owner.
import type { DnsEventRecord } from '../../sources/host.ts';
import type { Clock } from '../clock.ts';
import {
  NO_LOOKUP,
  REQUEST_PENDING,
  STATUS_NXDOMAIN,
  STATUS_OK,
  statusName,
  TYPE_A,
  TYPE_AAAA,
} from '../owner/dns-codes.ts';
import { type Ownership, type SharedProcessOwners, UNKNOWN } from '../owner/owner.ts';
import type { ProcessInstances } from '../processes/process-instances.ts';
import type { UnattributedCounts, UnattributedReason } from '../unattributed.ts';
import { parseAnswer } from './answers.ts';
import type { NameCache } from './name-cache.ts';
import { type NameNormaliser, withoutDots } from './name-normaliser.ts';
import { OpenQuestions, type Question } from './open-questions.ts';
import { requestType } from './request-type.ts';

/** Limit of open questions, and of requests whose owner is not known yet. */
const MAX_PENDING = 10_000;
/** Longer than the timeout of the resolver. */
const EXPIRES_MS = 120_000;
/** Windows refuses a request at once, in recorded events within a millisecond: an older question is another one. */
const REFUSED_WITHIN_MS = 1000;
/** Ticks that a request waits for its owner to become known. */
const MAX_WAITS = 4;

/** A completed request. */
interface Request {
  readonly pid: number;
  readonly atMs: number;
  readonly domain: string;
  readonly type: number;
  readonly code: number | undefined;
  readonly durationMs: number | undefined;
  waits: number;
}

export interface DnsTrackerParts {
  readonly clock: Clock;
  readonly names: NameCache;
  readonly normaliser: NameNormaliser;
  readonly instances: ProcessInstances;
  readonly unattributed: UnattributedCounts;
  /** Domains of one owner that are counted separately. */
  readonly maxDomains: number;
}

export class DnsTracker {
  readonly #parts: DnsTrackerParts;
  readonly #questions = new OpenQuestions();
  #waiting: Request[] = [];

  constructor(parts: DnsTrackerParts) {
    this.#parts = parts;
  }

  applyEvents(events: readonly DnsEventRecord[]): void {
    for (const event of events) {
      if (event.type === 'started') this.#applyQuestion(event);
      else if (event.status !== REQUEST_PENDING) this.#applyAnswer(event);
    }
  }

  /**
   * After a process list was applied: counts waiting requests whose owner is known now, and drops questions that
   * expired.
   */
  settle(listedAtMs: number, sharedOwners: SharedProcessOwners): void {
    const { clock } = this.#parts;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const request of waiting) {
      const ownership = this.#parts.instances.ownerAt(request.pid, request.atMs);
      const mayBecomeKnown = request.atMs > listedAtMs && request.waits < MAX_WAITS;
      if (ownership.kind === 'unknown' && mayBecomeKnown) {
        request.waits++;
        this.#waiting.push(request);
      } else this.#count(request, ownership, sharedOwners);
    }
    for (const question of this.#questions.all())
      question.instance ??= this.#parts.instances.instanceAt(question.pid, question.atMs);
    this.#questions.expire(clock.monoMs, EXPIRES_MS, (question) => this.#countUnanswered(question));
  }

  get openQuestions(): number {
    return this.#questions.size;
  }

  #applyQuestion(event: DnsEventRecord): void {
    if (this.#questions.size >= MAX_PENDING) {
      this.#questions.removeOldest();
      this.#countUnattributed('limit_reached');
    }
    const { clock, instances } = this.#parts;
    this.#questions.add(event, instances.instanceAt(event.pid, event.atMs), clock.monoOf(event.atMs));
  }

  #applyAnswer(event: DnsEventRecord): void {
    const { clock, names, normaliser, instances } = this.#parts;
    const { pid, atMs, queryType, status: code } = event;
    const maxAgeMs = code === NO_LOOKUP ? REFUSED_WITHIN_MS : undefined;
    const question = this.#questions.remove(event, clock.monoOf(atMs), maxAgeMs);
    if (code === NO_LOOKUP) return;
    if (withoutDots(event.name) === '') {
      this.#countUnattributed('no_name');
      return;
    }
    const status = statusName(code);
    const answer = parseAnswer(event.results);
    normaliser.learn(event.name, status !== STATUS_NXDOMAIN);
    const domain = normaliser.normalise(event.name, queryType);
    const addresses = queryType === TYPE_A || queryType === TYPE_AAAA;
    if (addresses && answer.ips.length > 0) names.learn(answer.ips, domain, answer.sharedName, clock.monoOf(atMs));
    const type = requestType(event, answer.ips);
    // Programs request A and AAAA records separately, and most names have no IPv6 address. A dual lookup has no twin.
    if (type === TYPE_AAAA && status === STATUS_OK && answer.ips.length === 0) return;
    // Unknown if the clock was set in between.
    const isTimed = question && !clock.wasSetSince(question.monoMs);
    const durationMs = isTimed ? Math.max(0, atMs - question.atMs) : undefined;
    const request: Request = { pid, atMs, domain, type, code, durationMs, waits: 0 };
    const ownership = instances.ownerAt(pid, atMs);
    if (ownership.kind === 'owners') this.#count(request, ownership, undefined);
    else if (this.#waiting.length < MAX_PENDING) this.#waiting.push(request);
    else this.#countUnattributed('limit_reached');
  }

  #count(request: Request, ownership: Ownership, sharedOwners: SharedProcessOwners | undefined): void {
    if (ownership.kind === 'unknown') {
      this.#countUnattributed('unknown_process');
      return;
    }
    const owners = ownership.kind === 'owners' ? ownership.owners : (sharedOwners?.(request.pid) ?? []);
    const [owner] = owners;
    if (!owner) this.#countUnattributed(ownership.kind === 'shared' ? 'shared_process' : 'no_container');
    // As in Coroot's agent: a request of a process that two containers claim belongs to neither.
    else if (owners.length > 1) this.#countUnattributed('several_containers');
    else {
      const { domain, type, code, atMs, durationMs } = request;
      owner.dns.count(domain, type, code, atMs, durationMs, this.#parts.maxDomains);
    }
  }

  #countUnanswered({ instance }: Question): void {
    const ownership = instance ? this.#parts.instances.ownershipOf(instance) : UNKNOWN;
    this.#countUnattributed('unanswered');
    if (ownership.kind === 'owners' && ownership.owners.length === 1) ownership.owners[0]!.dns.unanswered++;
  }

  #countUnattributed(reason: UnattributedReason): void {
    this.#parts.unattributed.add('dns_request', reason);
  }
}
