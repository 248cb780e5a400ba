// Gathers a diagnostics bundle: answers, a recording and facts into one file, redacted unless told otherwise.
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AgentClient } from '../api/client.ts';
import { AgentError, reasonOf } from '../base/errors.ts';
import type { Logger } from '../base/log.ts';
import { AGENT_VERSION } from '../base/version.ts';
import { recordHost } from '../recording.ts';
import { type Config, describeConfig, resolveConfig } from '../settings/index.ts';
import type { HostHeader } from '../sources/host.ts';
import { type Answers, askAgent, RecordingAgent } from './answers.ts';
import { Archive } from './archive.ts';
import { ANSWERED, MAX_PART_BYTES, type Manifest, NO_REDACTION, PARTS, type Part, REDACTION } from './contents.ts';
import { crashReports } from './crashes.ts';
import { environment } from './environment.ts';
import { Redaction } from './redaction.ts';

export interface BundleOptions {
  readonly file: string;
  readonly overwrite: boolean;
  readonly redact: boolean;
  /** Puts messages of the agent in, which may hold anything. */
  readonly includeLog: boolean;
  /** `HOST:PORT` of the running agent. */
  readonly address: string;
  readonly timeoutMs: number;
  /** Rounds to record, 0 for no recording. */
  readonly rounds: number;
  /** Folder of crash reports. */
  readonly crashFolder: string;
  /** Ends the recording early; the bundle is still written. */
  readonly signal: AbortSignal;
  readonly onProgress: (text: string) => void;
}

export interface BundleResult {
  readonly manifest: Manifest;
  /** Of the packed file. */
  readonly bytes: number;
  /** False when a system call hangs: the caller must make sure of the death. */
  readonly workersEnded: boolean;
}

/** Rejects with DIAGNOSTICS_NOT_WRITABLE; a part that cannot be had is named in the manifest, and the others are there. */
export async function writeBundle(config: Config, options: BundleOptions, logger: Logger): Promise<BundleResult> {
  await using archive = await Archive.open(options.file, options.overwrite);
  const gathered = await new Gathering(config, options, logger).all();
  options.onProgress(`writing ${options.file}`);
  const manifest = manifestOf(gathered, options.redact);
  const files = [...gathered.parts].map(([part, content]) => [PARTS[part].file, content] as const);
  const bytes = await archive.write([['manifest.json', json(manifest)], ...files]);
  return { manifest, bytes, workersEnded: gathered.workersEnded };
}

class Gathering {
  readonly parts = new Map<Part, Buffer>();
  readonly leftOut = new Map<Part, string>();
  answersFrom = 'nobody';
  workersEnded = true;
  readonly #config: Config;
  readonly #options: BundleOptions;
  readonly #logger: Logger;
  readonly #redaction: Redaction;
  #header: HostHeader | undefined;

  constructor(config: Config, options: BundleOptions, logger: Logger) {
    this.#config = config;
    this.#options = options;
    this.#logger = logger;
    this.#redaction = new Redaction(options.redact);
  }

  async all(): Promise<this> {
    const { address, timeoutMs, onProgress } = this.#options;
    onProgress(`asking the agent at ${address}`);
    let answers: Answers | undefined;
    let why = 'no agent is running, and nothing was recorded';
    try {
      const asked = await askAgent(
        new AgentClient({ address, timeoutMs }),
        `the agent at ${this.#redaction.text(address)}`,
      );
      this.#redaction.learn(asked.json);
      answers = asked;
    } catch (error) {
      why = `${reasonOf(error)}, and nothing was recorded`;
    }
    // Whoever runs tells more than whoever begins now: it has seen restarts.
    const own = answers || this.#options.rounds === 0 ? undefined : new RecordingAgent(this.#config, this.#logger);
    try {
      await this.#record(own);
      answers ??= await own?.ask().catch((error) => {
        why = `${why}: ${reasonOf(error)}`;
        return undefined;
      });
    } finally {
      await own?.stop();
    }
    if (answers) this.#takeAnswers(answers);
    else for (const part of ANSWERED) this.leftOut.set(part, this.#redaction.text(why));
    this.#takeFacts();
    return this;
  }

  async #record(own: RecordingAgent | undefined): Promise<void> {
    const { rounds, signal, onProgress } = this.#options;
    if (rounds === 0) {
      this.leftOut.set('tape', 'it was not asked for (--for 0s)');
      return;
    }
    onProgress(`recording ${rounds} rounds; Ctrl-C ends the recording earlier`);
    const folder = mkdtempSync(join(tmpdir(), 'coroot-agent-'));
    const file = join(folder, 'tape');
    try {
      const { workersEnded } = await recordHost(
        this.#config,
        {
          file,
          overwrite: false,
          redact: this.#redaction.redactor ?? false,
          // Packed bytes of anybody's programs: nobody can go through them.
          rawEvents: false,
          rounds,
          signal,
          onRound: (done) => onProgress(`round ${done} of ${rounds}`),
          onHeader: (header) => {
            this.#header = header;
            own?.begin(header);
          },
          onObservation: (observation) => own?.observe(observation),
        },
        this.#logger,
      );
      this.workersEnded = workersEnded;
      const { size } = statSync(file);
      if (size <= MAX_PART_BYTES) this.#put('tape', readFileSync(file));
      else this.leftOut.set('tape', tooLarge(size));
    } catch (error) {
      // Anything else is a fault of the agent, and not to be hidden in a manifest.
      if (!(error instanceof AgentError)) throw error;
      this.leftOut.set('tape', this.#redaction.text(error.message));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  #takeAnswers({ from, json: answers, metrics, failed }: Answers): void {
    this.answersFrom = from;
    this.#redaction.learn(answers);
    for (const part of ANSWERED) {
      if (part === 'metrics' || answers[part] === undefined) continue;
      try {
        this.#put(part, json(this.#redaction.answer(part, answers[part])));
      } catch (error) {
        // Another program, or an agent of another time.
        this.leftOut.set(part, this.#redaction.text(`it has not the form of an answer: ${reasonOf(error)}`));
      }
    }
    if (metrics !== undefined) this.#put('metrics', Buffer.from(this.#redaction.metrics(metrics)));
    for (const [part, why] of failed) this.leftOut.set(part, this.#redaction.text(why));
  }

  #takeFacts(): void {
    const { includeLog, crashFolder } = this.#options;
    this.#put('environment', json(this.#redaction.anything(environment(this.#header))));
    const standard = describeConfig(resolveConfig({ flags: {}, env: {} }));
    this.#put('settings', json(this.#redaction.settings(describeConfig(this.#config), standard)));
    const reports = crashReports(crashFolder, includeLog);
    if (reports.length > 0) this.#put('crashes', json(this.#redaction.anything(reports)));
    else this.leftOut.set('crashes', 'there is none that may be read');
    this.leftOut.set(
      'log',
      includeLog
        ? 'the agent keeps no file of its messages: the last ones before a crash are in its report'
        : 'messages may hold anything; --include-log puts the last ones before a crash into its report',
    );
  }

  #put(part: Part, content: Buffer): void {
    if (content.length <= MAX_PART_BYTES) this.parts.set(part, content);
    else this.leftOut.set(part, tooLarge(content.length));
  }
}

function manifestOf({ parts, leftOut, answersFrom }: Gathering, redacted: boolean): Manifest {
  return {
    schema: 1,
    createdAt: new Date().toISOString(),
    agentVersion: AGENT_VERSION,
    redacted,
    redaction: redacted ? REDACTION : NO_REDACTION,
    answersFrom,
    files: [...parts].map(([part, content]) => ({ ...PARTS[part], bytes: content.length })),
    leftOut: [...leftOut].map(([part, why]) => ({ part, holds: PARTS[part].holds, why })),
  };
}

function tooLarge(bytes: number): string {
  return `it is larger than ${MAX_PART_BYTES} bytes: ${bytes}`;
}

function json(value: unknown): Buffer {
  return Buffer.from(`${JSON.stringify(value, null, 2)}\n`);
}
