// Takes DNS events in: joins questions with answers, learns what addresses are called, and counts queries where they belong.
import type { DnsEventRecord } from '../../sources/host.ts';
import type { SharedOwners } from '../net/connections.ts';
import type { ContainerNetwork } from '../net/container-network.ts';
import type { NetworkRules } from '../net/network-rules.ts';
import type { ProcessInstance, ProcessInstances, ProcessOwners } from '../processes/process-instances.ts';
import type { UnattributedCounts } from '../unattributed.ts';
import { parseAnswer } from './answers.ts';
import { REQUEST_PENDING, STATUS_NXDOMAIN, STATUS_OK, statusName, TYPE_A, TYPE_AAAA } from './codes.ts';
import { withoutDots } from './name-normaliser.ts';

/** Questions that wait for their answer at the same time, and queries that wait for their process to be known. */
const MAX_PENDING = 10_000;
/** The resolver gives up long before. */
const EXPIRES_MS = 120_000;
/** Ticks that a query waits for its process to be known. */
const MAX_WAITS = 4;

interface Question {
  readonly pid: number;
  readonly atMs: number;
  /** Kept here since a process that died is soon forgotten; undefined while nobody has told of it. */
  instance: ProcessInstance | undefined;
}

/** A query that has ended. */
interface Query {
  readonly pid: number;
  readonly atMs: number;
  readonly domain: string;
  readonly type: number;
  readonly code: number | undefined;
  readonly durationMs: number | undefined;
  waits: number;
}

export class DnsTracker {
  readonly #rules: NetworkRules;
  readonly #instances: ProcessInstances;
  readonly #unattributed: UnattributedCounts;
  /** By process, type, options and name, the oldest first. */
  readonly #questions = new Map<string, Question[]>();
  #asking = 0;
  #waiting: Query[] = [];

  constructor(rules: NetworkRules, instances: ProcessInstances, unattributed: UnattributedCounts) {
    this.#rules = rules;
    this.#instances = instances;
    this.#unattributed = unattributed;
  }

  take(events: readonly DnsEventRecord[]): void {
    for (const event of events) {
      if (withoutDots(event.name) === '') {
        if (event.type === 'answered') this.#unattributed.add('dns query', 'no name');
      } else if (event.type === 'asked') this.#asked(event);
      else this.#answered(event);
    }
  }

  /** After a look at the processes: gives those that wait to their owners, and lets go of questions that nobody answered. */
  settle(nowMs: number, listedAtMs: number, sharedOwners: SharedOwners): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const query of waiting) {
      const owners = this.#ownersOf(query.pid, query.atMs);
      if (owners === 'shared') this.#decideShared(query, sharedOwners(query.pid));
      else if (owners === undefined && query.atMs > listedAtMs && query.waits++ < MAX_WAITS) this.#waiting.push(query);
      else this.#decide(query, owners);
    }
    for (const [key, questions] of this.#questions) {
      for (const question of questions) question.instance ??= this.#instances.at(question.pid, question.atMs);
      if (nowMs - questions[0]!.atMs <= EXPIRES_MS) continue;
      const left = questions.filter((question) => {
        const expired = nowMs - question.atMs > EXPIRES_MS;
        if (expired) this.#unanswered(question);
        return !expired;
      });
      this.#asking -= questions.length - left.length;
      if (left.length === 0) this.#questions.delete(key);
      else this.#questions.set(key, left);
    }
  }

  /** Questions without an answer so far. */
  get asking(): number {
    return this.#asking;
  }

  #asked(event: DnsEventRecord): void {
    if (this.#asking >= MAX_PENDING) this.#dropOldest();
    const key = keyOf(event);
    const { pid, atMs } = event;
    const question: Question = { pid, atMs, instance: this.#instances.at(pid, atMs) };
    const before = this.#questions.get(key);
    if (before) before.push(question);
    else this.#questions.set(key, [question]);
    this.#asking++;
  }

  #dropOldest(): void {
    const [key, questions] = this.#questions.entries().next().value!;
    this.#unattributed.add('dns query', 'too many at once');
    questions.shift();
    this.#asking--;
    if (questions.length === 0) this.#questions.delete(key);
  }

  #answered(event: DnsEventRecord): void {
    const { pid, atMs, queryType: type, status: code } = event;
    if (code === REQUEST_PENDING) return;
    const asked = this.#takeQuestion(keyOf(event));
    const status = statusName(code);
    const answer = parseAnswer(event.results);
    this.#rules.normaliser.learn(event.name, status !== STATUS_NXDOMAIN);
    const domain = this.#rules.normaliser.normalise(event.name, type);
    const addresses = type === TYPE_A || type === TYPE_AAAA;
    if (addresses && answer.ips.length > 0) this.#rules.names.learn(answer.ips, domain, answer.together, atMs);
    // Programs ask for both kinds at once, and most hosts have no IPv6.
    if (type === TYPE_AAAA && status === STATUS_OK && answer.ips.length === 0) return;
    const durationMs = asked === undefined ? undefined : Math.max(0, atMs - asked);
    const query: Query = { pid, atMs, domain, type, code, durationMs, waits: 0 };
    const owners = this.#ownersOf(pid, atMs);
    if (owners !== undefined && owners !== 'shared') this.#decide(query, owners);
    else if (this.#waiting.length < MAX_PENDING) this.#waiting.push(query);
    else this.#unattributed.add('dns query', 'too many at once');
  }

  /**
   * When the query began, if that was seen. Of several that are the same it is the last one: should an answer be lost, its question
   * must not take the next one's, and this one the one after.
   */
  #takeQuestion(key: string): number | undefined {
    const questions = this.#questions.get(key);
    if (!questions) return undefined;
    this.#asking--;
    const question = questions.pop()!;
    if (questions.length === 0) this.#questions.delete(key);
    return question.atMs;
  }

  #ownersOf(pid: number, atMs: number): ProcessOwners {
    const instance = this.#instances.at(pid, atMs);
    return instance && this.#instances.ownersOf(instance);
  }

  #decideShared(query: Query, owners: readonly ContainerNetwork[]): void {
    if (owners.length === 0) this.#unattributed.add('dns query', 'shared process');
    else this.#decide(query, owners);
  }

  #decide({ domain, type, code, atMs, durationMs }: Query, owners: readonly ContainerNetwork[] | undefined): void {
    if (owners === undefined) this.#unattributed.add('dns query', 'unknown process');
    else if (owners.length === 0) this.#unattributed.add('dns query', 'no container');
    // As in Coroot's agent: what two containers claim is neither's.
    else if (owners.length > 1) this.#unattributed.add('dns query', 'several containers');
    else owners[0]!.dns.count(domain, type, code, atMs, durationMs, this.#rules.maxDomains);
  }

  #unanswered({ instance }: Question): void {
    const owners = instance && this.#instances.ownersOf(instance);
    this.#unattributed.add('dns query', 'never answered');
    if (owners !== undefined && owners !== 'shared' && owners.length === 1) owners[0]!.dns.unanswered++;
  }
}

function keyOf({ pid, name, queryType, options }: DnsEventRecord): string {
  return `${pid}|${queryType}|${options}|${withoutDots(name).toLowerCase()}`;
}
