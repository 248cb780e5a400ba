// One redaction for all of a bundle, so that the same thing has the same stand-in in every file; or none, if somebody said so.

import { type Rule, settingValue } from '../redaction/rules.ts';
import { Scrubber } from '../redaction/scrub.ts';
import type { SettingDescription } from '../settings/index.ts';
import { Redactor } from '../sources/tape/redact.ts';
import { ANSWER_RULES, type JsonAnswers, learnAnswers } from './redact-answers.ts';
import { redactMetrics } from './redact-metrics.ts';

export class Redaction {
  /** Undefined when nothing is redacted. */
  readonly redactor: Redactor | undefined;
  readonly #scrubber: Scrubber | undefined;

  constructor(redact: boolean) {
    this.#scrubber = redact ? new Scrubber() : undefined;
    this.redactor = this.#scrubber && new Redactor(this.#scrubber);
  }

  /** Names that answers tell are known from now on: the tape and all texts profit. */
  learn(answers: Partial<JsonAnswers>): void {
    if (!this.#scrubber) return;
    learnAnswers(this.#scrubber, answers);
    for (const text of textsIn(answers)) this.#scrubber.learnPath(text);
  }

  text(text: string): string {
    return this.#scrubber?.text(text) ?? text;
  }

  /** Throws for an answer of another form. */
  answer(part: keyof JsonAnswers, answer: unknown): unknown {
    // The table ties each rule to its answer; the compiler cannot see that they meet.
    return this.#scrubber ? (ANSWER_RULES[part] as Rule<unknown>)(answer, this.#scrubber) : answer;
  }

  metrics(exposition: string): string {
    return this.#scrubber ? redactMetrics(exposition, this.#scrubber) : exposition;
  }

  /** Settings that somebody made go whole. */
  settings(
    settings: readonly SettingDescription[],
    standard: readonly SettingDescription[],
  ): Pick<SettingDescription, 'name' | 'value' | 'origin'>[] {
    const fallback = new Map(standard.map(({ name, value }) => [name, value]));
    return settings.map(({ name, value, origin }) => ({
      name,
      value: this.#scrubber ? settingValue(value, fallback.get(name)) : value,
      origin: this.#scrubber ? this.text(origin).replace(/^(file|default) .*$/, '$1') : origin,
    }));
  }

  /** Facts of our own: every text in them is gone through. */
  anything(value: unknown): unknown {
    if (typeof value === 'string') return this.text(value);
    if (Array.isArray(value)) return value.map((each) => this.anything(each));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [this.text(name), this.anything(each)]));
  }
}

function* textsIn(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (typeof value === 'object' && value !== null) for (const each of Object.values(value)) yield* textsIn(each);
}
