// Questions to the Windows resolver that have no answer yet, and which of them an answer belongs to.
import type { DnsEventRecord } from '../../sources/host.ts';
import type { ProcessInstance } from '../processes/process-instance.ts';
import { withoutDots } from './name-normaliser.ts';

/** A question without an answer so far. */
export interface Question {
  readonly pid: number;
  readonly atMs: number;
  /** The same on the monotonic clock. */
  readonly monoMs: number;
  /** Stored here because an exited process soon expires; undefined until an event or a list shows the process. */
  instance: ProcessInstance | undefined;
  /** What Windows has added to the options, without the bit that it sets on completion. */
  readonly addedOptions: number;
}

type DnsRequestKey = Pick<DnsEventRecord, 'pid' | 'name' | 'queryType' | 'options'>;
type TimedRequest = DnsRequestKey & Pick<DnsEventRecord, 'atMs'>;

const TWO_TO_32 = 2 ** 32;
/** Bit 51 of QueryOptions, as a bit of the high half. Windows sets it when a lookup completes. */
const COMPLETED = 1 << (51 - 32);

/**
 * Questions by process, type, name and requested options. A program can only request the low 32 bits of QueryOptions
 * (DNS_QUERY_* of windns.h, of which the topmost are reserved); the high bits are the state of the request in Windows,
 * which differs between a question and its answer.
 */
export class OpenQuestions {
  /** Each list in the order of arrival. */
  readonly #byKey = new Map<string, Question[]>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  add(event: TimedRequest, instance: ProcessInstance | undefined, monoMs: number): void {
    const key = keyOf(event, event.name);
    const { pid, atMs } = event;
    const question: Question = { pid, atMs, monoMs, instance, addedOptions: addedOptions(event) };
    const before = this.#byKey.get(key);
    if (before) before.push(question);
    else this.#byKey.set(key, [question]);
    this.#size++;
  }

  /**
   * Removes and returns the question of an answer, undefined if the question was not observed. Some questions have no
   * name and only their answer has one: such a question is returned if no other one has the name of the answer. A
   * question that is more than `maxAgeMs` older than the answer, which came at `monoMs`, is not returned.
   */
  remove(answer: DnsRequestKey, monoMs: number, maxAgeMs = Number.POSITIVE_INFINITY): Question | undefined {
    const sinceMonoMs = monoMs - maxAgeMs;
    return (
      this.#removeFrom(keyOf(answer, answer.name), answer, sinceMonoMs) ??
      (answer.name === '' ? undefined : this.#removeFrom(keyOf(answer, ''), answer, sinceMonoMs))
    );
  }

  /**
   * Of several questions, the one with the same added options comes first, then the last one: if an answer was lost,
   * the first question must not be joined with the next answer, and so on.
   */
  #removeFrom(key: string, answer: DnsRequestKey, sinceMonoMs: number): Question | undefined {
    const questions = this.#byKey.get(key);
    if (!questions) return undefined;
    const added = addedOptions(answer);
    const same = questions.findLastIndex((question) => question.addedOptions === added);
    const index = same < 0 ? questions.length - 1 : same;
    const question = questions[index]!;
    if (question.monoMs < sinceMonoMs) return undefined;
    questions.splice(index, 1);
    if (questions.length === 0) this.#byKey.delete(key);
    this.#size--;
    return question;
  }

  /** Removes the first question of the key that was added first. */
  removeOldest(): void {
    const oldest = this.#byKey.entries().next();
    if (oldest.done) return;
    const [key, questions] = oldest.value;
    questions.shift();
    if (questions.length === 0) this.#byKey.delete(key);
    this.#size--;
  }

  *all(): Iterable<Question> {
    for (const questions of this.#byKey.values()) yield* questions;
  }

  /** Removes the questions from more than `ageMs` before `monoMs`, and calls `expired` with each. */
  expire(monoMs: number, ageMs: number, expired: (question: Question) => void): void {
    for (const [key, questions] of this.#byKey) {
      if (monoMs - questions[0]!.monoMs <= ageMs) continue;
      const open = questions.filter((question) => {
        const isOpen = monoMs - question.monoMs <= ageMs;
        if (!isOpen) expired(question);
        return isOpen;
      });
      this.#size -= questions.length - open.length;
      if (open.length === 0) this.#byKey.delete(key);
      else this.#byKey.set(key, open);
    }
  }
}

/** A name of dots only is the root zone, which differs from an absent name. */
function keyOf({ pid, queryType, options }: DnsRequestKey, name: string): string {
  const spelling = name === '' ? '' : withoutDots(name).toLowerCase() || '.';
  return `${pid}|${queryType}|${options % TWO_TO_32}|${spelling}`;
}

function addedOptions({ options }: DnsRequestKey): number {
  return Math.floor(options / TWO_TO_32) & ~COMPLETED;
}
