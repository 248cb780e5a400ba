// Applies DNS events: joins questions with answers, learns names of addresses, and counts requests by owner.
import type { DnsEventRecord } from '../../sources/host.ts';
import { REQUEST_PENDING, STATUS_NXDOMAIN, STATUS_OK, statusName, TYPE_A, TYPE_AAAA } from '../owner/dns-codes.ts';
import { type Ownership, type SharedProcessOwners, UNKNOWN } from '../owner/owner.ts';
import type { ProcessInstance } from '../processes/process-instance.ts';
import type { ProcessInstances } from '../processes/process-instances.ts';
import type { UnattributedCounts, UnattributedReason } from '../unattributed.ts';
import { parseAnswer } from './answers.ts';
import type { NameCache } from './name-cache.ts';
import { type NameNormaliser, withoutDots } from './name-normaliser.ts';

/** Limit of open questions, and of requests whose owner is not known yet. */
const MAX_PENDING = 10_000;
/** Longer than the timeout of the resolver. */
const EXPIRES_MS = 120_000;
/** Ticks that a request waits for its owner to become known. */
const MAX_WAITS = 4;

/** A question without an answer so far. */
interface Question {
  readonly pid: number;
  readonly atMs: number;
  /** Stored here because an exited process soon expires; undefined until an event or a list shows the process. */
  instance: ProcessInstance | undefined;
}

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
  readonly names: NameCache;
  readonly normaliser: NameNormaliser;
  readonly instances: ProcessInstances;
  readonly unattributed: UnattributedCounts;
  /** Domains of one owner that are counted separately. */
  readonly maxDomains: number;
}

export class DnsTracker {
  readonly #parts: DnsTrackerParts;
  /** By process, type, options and name, the oldest first. */
  readonly #questions = new Map<string, Question[]>();
  #openQuestions = 0;
  #waiting: Request[] = [];

  constructor(parts: DnsTrackerParts) {
    this.#parts = parts;
  }

  applyEvents(events: readonly DnsEventRecord[]): void {
    for (const event of events) {
      if (withoutDots(event.name) === '') {
        if (event.type === 'completed') this.#countUnattributed('no_name');
      } else if (event.type === 'started') this.#applyQuestion(event);
      else this.#applyAnswer(event);
    }
  }

  /**
   * After a process list was applied: counts waiting requests whose owner is known now, and drops questions that
   * expired.
   */
  settle(nowMs: number, listedAtMs: number, sharedOwners: SharedProcessOwners): void {
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
    for (const [key, questions] of this.#questions) {
      for (const question of questions)
        question.instance ??= this.#parts.instances.instanceAt(question.pid, question.atMs);
      if (nowMs - questions[0]!.atMs <= EXPIRES_MS) continue;
      const open = questions.filter((question) => {
        const expired = nowMs - question.atMs > EXPIRES_MS;
        if (expired) this.#countUnanswered(question);
        return !expired;
      });
      this.#openQuestions -= questions.length - open.length;
      if (open.length === 0) this.#questions.delete(key);
      else this.#questions.set(key, open);
    }
  }

  get openQuestions(): number {
    return this.#openQuestions;
  }

  #applyQuestion(event: DnsEventRecord): void {
    if (this.#openQuestions >= MAX_PENDING) this.#dropOldest();
    const key = keyOf(event);
    const { pid, atMs } = event;
    const question: Question = { pid, atMs, instance: this.#parts.instances.instanceAt(pid, atMs) };
    const before = this.#questions.get(key);
    if (before) before.push(question);
    else this.#questions.set(key, [question]);
    this.#openQuestions++;
  }

  #dropOldest(): void {
    const [key, questions] = this.#questions.entries().next().value!;
    this.#countUnattributed('limit_reached');
    questions.shift();
    this.#openQuestions--;
    if (questions.length === 0) this.#questions.delete(key);
  }

  #applyAnswer(event: DnsEventRecord): void {
    const { names, normaliser, instances } = this.#parts;
    const { pid, atMs, queryType: type, status: code } = event;
    if (code === REQUEST_PENDING) return;
    const askedAtMs = this.#removeQuestion(keyOf(event));
    const status = statusName(code);
    const answer = parseAnswer(event.results);
    normaliser.learn(event.name, status !== STATUS_NXDOMAIN);
    const domain = normaliser.normalise(event.name, type);
    const addresses = type === TYPE_A || type === TYPE_AAAA;
    if (addresses && answer.ips.length > 0) names.learn(answer.ips, domain, answer.sharedName, atMs);
    // Programs ask for both address types at once, and most names have no IPv6 address.
    if (type === TYPE_AAAA && status === STATUS_OK && answer.ips.length === 0) return;
    const durationMs = askedAtMs === undefined ? undefined : Math.max(0, atMs - askedAtMs);
    const request: Request = { pid, atMs, domain, type, code, durationMs, waits: 0 };
    const ownership = instances.ownerAt(pid, atMs);
    if (ownership.kind === 'owners') this.#count(request, ownership, undefined);
    else if (this.#waiting.length < MAX_PENDING) this.#waiting.push(request);
    else this.#countUnattributed('limit_reached');
  }

  /**
   * Removes the question of an answer and returns its time, undefined if the question was not observed. Of several
   * equal questions the last one is removed: if an answer was lost, the first question must not be joined with the next
   * answer, and so on.
   */
  #removeQuestion(key: string): number | undefined {
    const questions = this.#questions.get(key);
    if (!questions) return undefined;
    this.#openQuestions--;
    const question = questions.pop()!;
    if (questions.length === 0) this.#questions.delete(key);
    return question.atMs;
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

function keyOf({ pid, name, queryType, options }: DnsEventRecord): string {
  return `${pid}|${queryType}|${options}|${withoutDots(name).toLowerCase()}`;
}
