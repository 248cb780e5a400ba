// Redacts all files of a bundle with one scrubber, so that a name has the same stand-in in every file.
import { isIP } from 'node:net';
import type { Answers } from '../api/resources/index.ts';
import { settingValue } from '../redaction/rules.ts';
import { Scrubber } from '../redaction/scrub.ts';
import type { SettingDescription } from '../settings/index.ts';
import { Redactor } from '../sources/tape/redact.ts';
import { learnAnswer, redactAnswer } from './redact-answers.ts';
import { redactMetrics } from './redact-metrics.ts';

export class Redaction {
  /** Undefined when nothing is redacted. */
  readonly redactor: Redactor | undefined;
  readonly #scrubber: Scrubber | undefined;

  constructor(redact: boolean) {
    this.#scrubber = redact ? new Scrubber() : undefined;
    this.redactor = this.#scrubber && new Redactor(this.#scrubber);
  }

  /** Registers the names in answers, for the tape and for all texts that follow. */
  learn(answers: Partial<Answers>): void {
    if (!this.#scrubber) return;
    for (const [part, answer] of Object.entries(answers)) {
      try {
        learnAnswer(part as keyof Answers, answer, this.#scrubber);
      } catch {
        // An answer of another form is left out of the bundle: answer() throws for it as well.
      }
    }
  }

  /** Registers the host of `HOST:PORT`. */
  learnEndpoint(endpoint: string): void {
    const host = endpoint.replace(/:\d+$/, '').replace(/^\[|\]$/g, '');
    if (isIP(host) === 0) this.#scrubber?.addHost(host);
  }

  /** Registers the owners of profiles in a value that has no schema. */
  learnUntyped(value: unknown): void {
    if (typeof value === 'string') this.#scrubber?.addPath(value);
    else if (typeof value === 'object' && value !== null)
      for (const each of Object.values(value)) this.learnUntyped(each);
  }

  text(text: string): string {
    return this.#scrubber?.text(text) ?? text;
  }

  /** Throws TypeError for an answer of another form. */
  answer(part: keyof Answers, answer: unknown): unknown {
    return this.#scrubber ? redactAnswer(part, answer, this.#scrubber) : answer;
  }

  metrics(exposition: string): string {
    return this.#scrubber ? redactMetrics(exposition, this.#scrubber) : exposition;
  }

  /** Removes the values of settings that differ from their defaults. */
  settings(
    settings: readonly SettingDescription[],
    standard: readonly SettingDescription[],
  ): Pick<SettingDescription, 'name' | 'value' | 'origin'>[] {
    const fallback = new Map(standard.map(({ name, value }) => [name, value]));
    return settings.map(({ name, value, origin }) => ({
      name,
      value: this.#scrubber ? settingValue(value, fallback.get(name)) : value,
      origin: this.#scrubber ? this.text(origin.replace(/^(file|default) .*$/s, '$1')) : origin,
    }));
  }

  /** Redacts every text in a value that has no schema. */
  untyped(value: unknown): unknown {
    if (typeof value === 'string') return this.text(value);
    if (Array.isArray(value)) return value.map((each) => this.untyped(each));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [this.text(name), this.untyped(each)]));
  }
}
