// Writes a diagnostics bundle: answers, a recording and facts in one zip, redacted by default.
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AgentClient, type ClientOptions } from '../api/client.ts';
import { AgentError, reasonOf } from '../base/errors.ts';
import type { Logger } from '../base/log.ts';
import { AGENT_VERSION } from '../base/version.ts';
import { recordHost } from '../recording.ts';
import { type Config, describeConfig, resolveConfig } from '../settings/index.ts';
import type { HostHeader } from '../sources/host.ts';
import type { PendingCall } from '../sources/pending-call.ts';
import { type CollectedAnswers, collectAnswers, RecordingAgent } from './answers.ts';
import { Archive } from './archive.ts';
import {
  ANSWERED_PARTS,
  MAX_PART_BYTES,
  type Manifest,
  NO_REDACTION,
  PARTS,
  type Part,
  REDACTION,
} from './contents.ts';
import { crashReports } from './crashes.ts';
import { environment } from './environment.ts';
import { Redaction } from './redaction.ts';

const MIB = 1024 * 1024;

export interface BundleOptions {
  readonly file: string;
  readonly overwrite: boolean;
  readonly redact: boolean;
  /** Includes log messages, which may contain anything. */
  readonly includeLog: boolean;
  /** `HOST:PORT` of the running agent. */
  readonly address: string;
  readonly timeoutMs: number;
  /** Checks the process that answers. */
  readonly verifyPeer?: ClientOptions['verifyPeer'];
  /** Rounds to record; 0 for no recording. */
  readonly rounds: number;
  /** Folder of crash reports. */
  readonly crashFolder: string;
  /** Ends the recording early; the bundle is still written. */
  readonly signal: AbortSignal;
  readonly onProgress: (text: string) => void;
}

export interface BundleResult {
  readonly manifest: Manifest;
  /** Size of the zip. */
  readonly bytes: number;
  /** Calls of the recording that have not returned: exit-after-stop.ts. */
  readonly pending: readonly PendingCall[];
}

/** Rejects with DIAGNOSTICS_NOT_WRITABLE. The manifest names parts that are left out, with the reason. */
export async function writeBundle(config: Config, options: BundleOptions, logger: Logger): Promise<BundleResult> {
  await using archive = await Archive.open(options.file, options.overwrite);
  const collected = await new PartCollector(config, options, logger).collect();
  options.onProgress(`writing ${options.file}`);
  const manifest = createManifest(collected, options.redact);
  const files = [...collected.parts].map(([part, content]) => [PARTS[part].file, content] as const);
  const bytes = await archive.write([['manifest.json', json(manifest)], ...files]);
  return { manifest, bytes, pending: collected.pending };
}

class PartCollector {
  readonly parts = new Map<Part, Buffer>();
  readonly leftOut = new Map<Part, string>();
  /** Redacted at the end, when all names are known. */
  answersFrom = 'no agent';
  pending: readonly PendingCall[] = [];
  readonly #config: Config;
  readonly #options: BundleOptions;
  readonly #logger: Logger;
  readonly #redaction: Redaction;
  readonly #crashReports: readonly object[];
  #header: HostHeader | undefined;

  constructor(config: Config, options: BundleOptions, logger: Logger) {
    this.#config = config;
    this.#options = options;
    this.#logger = logger;
    this.#redaction = new Redaction(options.redact);
    this.#crashReports = crashReports(options.crashFolder, options.includeLog);
    this.#redaction.learnUntyped(this.#crashReports);
  }

  async collect(): Promise<this> {
    const { address, timeoutMs, verifyPeer, onProgress } = this.#options;
    this.#redaction.learnEndpoint(address);
    onProgress(`requesting answers from the agent at ${address}`);
    let answers: CollectedAnswers | undefined;
    let reason = 'no agent is running, and nothing was recorded';
    try {
      const client = new AgentClient({ address, timeoutMs, ...(verifyPeer ? { verifyPeer } : {}) });
      answers = await collectAnswers(client, `the agent at ${address}`);
      // Before the recording: its redaction then replaces the same names.
      this.#redaction.learn(answers.json);
    } catch (error) {
      reason = `${reasonOf(error)}, and nothing was recorded`;
    }
    // A running agent is preferred, because it has observed more, e.g. restarts.
    const own = answers || this.#options.rounds === 0 ? undefined : new RecordingAgent(this.#config, this.#logger);
    try {
      await this.#record(own);
      answers ??= await own?.collect().catch((error) => {
        reason = `${reason}: ${reasonOf(error)}`;
        return undefined;
      });
    } finally {
      await own?.stop();
    }
    if (answers) this.#addAnswers(answers);
    else for (const part of ANSWERED_PARTS) this.leftOut.set(part, reason);
    this.#addFacts();
    this.answersFrom = this.#redaction.text(this.answersFrom);
    for (const [part, why] of this.leftOut) this.leftOut.set(part, this.#redaction.text(why));
    return this;
  }

  async #record(own: RecordingAgent | undefined): Promise<void> {
    const { rounds, signal, onProgress } = this.#options;
    if (rounds === 0) {
      this.leftOut.set('tape', 'no recording was requested (--for 0s)');
      return;
    }
    onProgress(`recording ${rounds} rounds; Ctrl-C ends the recording earlier`);
    const folder = mkdtempSync(join(tmpdir(), 'coroot-agent-'));
    const file = join(folder, 'tape');
    try {
      const { pending } = await recordHost(
        this.#config,
        {
          file,
          overwrite: false,
          redact: this.#redaction.redactor ?? false,
          // Raw event bytes cannot be redacted.
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
      this.pending = pending;
      const { size } = statSync(file);
      if (size <= MAX_PART_BYTES) this.#add('tape', readFileSync(file));
      else this.leftOut.set('tape', tooLarge(size));
    } catch (error) {
      // Any other error is a bug and must not be hidden in the manifest.
      if (!(error instanceof AgentError)) throw error;
      this.leftOut.set('tape', error.message);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  #addAnswers({ from, json: answers, metrics, failed }: CollectedAnswers): void {
    this.answersFrom = from;
    this.#redaction.learn(answers);
    for (const part of ANSWERED_PARTS) {
      if (part === 'metrics' || answers[part] === undefined) continue;
      try {
        this.#add(part, json(this.#redaction.answer(part, answers[part])));
      } catch (error) {
        // Another program answered, or an agent of another version.
        this.leftOut.set(part, `it does not have the form of an answer: ${reasonOf(error)}`);
      }
    }
    if (metrics !== undefined) this.#add('metrics', Buffer.from(this.#redaction.metrics(metrics)));
    for (const [part, reason] of failed) this.leftOut.set(part, reason);
  }

  #addFacts(): void {
    const { includeLog } = this.#options;
    this.#add('environment', json(this.#redaction.untyped(environment(this.#header))));
    const standard = describeConfig(resolveConfig({ flags: {}, env: {} }));
    this.#add('settings', json(this.#redaction.settings(describeConfig(this.#config), standard)));
    if (this.#crashReports.length > 0) this.#add('crashes', json(this.#redaction.untyped(this.#crashReports)));
    else this.leftOut.set('crashes', 'there is no report, or none that this account may read');
    this.leftOut.set(
      'log',
      includeLog
        ? 'the agent writes no log file: the last messages before a crash are in its report'
        : 'messages may contain anything; --include-log adds the last ones before a crash to its report',
    );
  }

  #add(part: Part, content: Buffer): void {
    if (content.length <= MAX_PART_BYTES) this.parts.set(part, content);
    else this.leftOut.set(part, tooLarge(content.length));
  }
}

function createManifest({ parts, leftOut, answersFrom }: PartCollector, redacted: boolean): Manifest {
  return {
    schema: 1,
    createdAt: new Date().toISOString(),
    agentVersion: AGENT_VERSION,
    redacted,
    redaction: redacted ? REDACTION : NO_REDACTION,
    answersFrom,
    files: [...parts].map(([part, content]) => ({ ...PARTS[part], bytes: content.length })),
    leftOut: [...leftOut].map(([part, reason]) => ({ part, holds: PARTS[part].holds, reason })),
  };
}

function tooLarge(bytes: number): string {
  return `it is larger than ${MAX_PART_BYTES / MIB} MiB: ${Math.ceil(bytes / MIB)} MiB`;
}

function json(value: unknown): Buffer {
  return Buffer.from(`${JSON.stringify(value, null, 2)}\n`);
}
