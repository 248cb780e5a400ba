// Writes scripts for the double of the Event Log, runs the reader on it under Wine, and reads what it has reported.
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { windowsBuild } from '../../../scripts/lib/windows-build.ts';
import type { Wine, WineProcess } from '../../../scripts/lib/wine.ts';
import type { EventChannel, EventRecord } from '../../../src/sources/host.ts';
import type { ChannelChoice } from '../../../src/sources/logs/contracts.ts';
import { until } from '../../helpers/poll.ts';
import { type DoubleName, type DoubleStart, useDoubles } from './doubles.ts';

/** What the program `event-log-program.ts` is started with. */
export interface EventLogTask {
  readonly channels: readonly ChannelChoice[];
  readonly locale: number;
  readonly positions: Readonly<Record<string, string>>;
  readonly computer: string;
  /** How many times faster its clock is. */
  readonly speed: number;
  /** The program ends when this file exists. */
  readonly stopFile: string;
  /** Records after which it ends and prints its CPU time; 0 for none. */
  readonly measured: number;
}

/** A line of the program's output. */
export interface EventLogOutput {
  readonly records: readonly EventRecord[];
  readonly positions: Readonly<Record<string, string>>;
  readonly channels: readonly EventChannel[];
  /** In the last line: CPU time, and handles of the double that were not closed. */
  readonly cpuUs?: number;
  readonly openHandles?: number;
}

/** A field of the script with a text. */
export function hex(text: string): string {
  return Buffer.from(text, 'utf16le').toString('hex');
}

/** The script line of a record. */
export function recordLine(channel: string, id: number, xml: string, matches = true): string {
  return ['event', channel, id, matches ? 1 : 0, hex(xml)].join('\t');
}

/** The script line of a message by a publisher; `code` is that of EvtFormatMessage. */
export function messageLine(provider: string, locale: number, text: string, code = 0): string {
  return ['message', provider, locale, code, hex(text)].join('\t');
}

export interface RunOptions {
  readonly channels: readonly ChannelChoice[];
  readonly locale?: number;
  readonly positions?: Readonly<Record<string, string>>;
  readonly speed?: number;
  readonly measured?: number;
  /** Wine's own wevtapi instead of the double. */
  readonly isWithoutDouble?: boolean;
}

/** A reader that runs under Wine. */
export class EventLogRun {
  readonly #program: WineProcess;
  readonly #stopFile: string;

  constructor(program: WineProcess, stopFile: string) {
    this.#program = program;
    this.#stopFile = stopFile;
  }

  outputs(): EventLogOutput[] {
    const lines = readFileSync(this.#program.stdoutPath, 'utf8').split('\n').slice(0, -1);
    return lines.map((line) => JSON.parse(line) as EventLogOutput);
  }

  records(): EventRecord[] {
    return this.outputs().flatMap(({ records }) => records);
  }

  /** Numbers of the records of a channel. */
  ids(channel: string): number[] {
    return this.records()
      .filter((record) => record.channel === channel)
      .map(({ recordId }) => Number(recordId));
  }

  positions(): Record<string, string> {
    return Object.assign({}, ...this.outputs().map(({ positions }) => positions)) as Record<string, string>;
  }

  state(channel: string): EventChannel | undefined {
    return this.outputs()
      .at(-1)
      ?.channels.find((each) => each.channel === channel);
  }

  /** Polls until the condition holds; `subject` names what was expected when it does not. */
  async eventually(subject: string, condition: () => boolean): Promise<void> {
    try {
      await until(subject, 60_000, () => Promise.resolve(condition() || undefined));
    } catch (error) {
      const errors = readFileSync(this.#program.stderrPath, 'utf8');
      throw new Error(`${JSON.stringify(this.outputs().at(-1))}\n${errors}`, { cause: error });
    }
  }

  /** Ends the program as a crash does. */
  async crash(): Promise<void> {
    await this.#program.kill();
  }

  /** Closes the reader; returns the last output. */
  async stop(): Promise<EventLogOutput> {
    writeFileSync(this.#stopFile, '');
    return await this.end();
  }

  /** Waits for the end of the program. */
  async end(): Promise<EventLogOutput> {
    const { code, stderr } = await this.#program.wait();
    if (code !== 0) throw new Error(`exit code ${code}: ${stderr}`);
    return this.outputs().at(-1)!;
  }
}

export class EventLogDouble implements Disposable {
  readonly #wine: Wine;
  readonly #folder = mkdtempSync('/tmp/coroot-agent-event-log-');
  readonly #script = join(this.#folder, 'script.txt');
  readonly #log = join(this.#folder, 'calls.txt');
  #runs = 0;

  constructor(wine: Wine, lines: readonly string[]) {
    this.#wine = wine;
    this.append(lines);
  }

  /** The lines take effect together. */
  append(lines: readonly string[]): void {
    appendFileSync(this.#script, `${[...lines, 'end'].join('\n')}\n`);
  }

  /** All logged calls so far. */
  calls(): string[] {
    return existsSync(this.#log) ? readFileSync(this.#log, 'utf8').trim().split('\n') : [];
  }

  /** How another program is started with it, and with these doubles. */
  async start(names: readonly DoubleName[] = ['eventLog']): Promise<DoubleStart> {
    const { nodeArgs, env } = await useDoubles(this.#wine, names);
    const own = {
      COROOT_TEST_EVENT_LOG: this.#wine.toWindowsPath(this.#script),
      COROOT_TEST_EVENT_LOG_CALLS: this.#wine.toWindowsPath(this.#log),
    };
    return { nodeArgs, env: { ...env, ...own } };
  }

  async run(options: RunOptions): Promise<EventLogRun> {
    const { node, app } = await windowsBuild();
    const number = ++this.#runs;
    // Beside the packages for Windows, where koffi is found.
    const program = join(app, `event-log-${process.pid}.mjs`);
    await build({
      entryPoints: [join(import.meta.dirname, 'event-log-program.ts')],
      outfile: program,
      bundle: true,
      platform: 'node',
      format: 'esm',
      external: ['koffi'],
      logLevel: 'error',
    });
    const stopFile = join(this.#folder, `stop-${number}`);
    const task: EventLogTask = {
      channels: options.channels,
      locale: options.locale ?? 1033,
      positions: options.positions ?? {},
      computer: 'host.corp.test',
      speed: options.speed ?? 1,
      stopFile: this.#wine.toWindowsPath(stopFile),
      measured: options.measured ?? 0,
    };
    const taskFile = join(this.#folder, `task-${number}.json`);
    writeFileSync(taskFile, JSON.stringify(task));
    const { nodeArgs, env } = await this.start(options.isWithoutDouble ? [] : ['eventLog']);
    const args = [...nodeArgs, this.#wine.toWindowsPath(program), this.#wine.toWindowsPath(taskFile)];
    return new EventLogRun(this.#wine.spawn(node, args, { env }), stopFile);
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
