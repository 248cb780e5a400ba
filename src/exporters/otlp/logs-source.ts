// Feeds the delivery with log records; the OpenTelemetry SDK is loaded with the first request for a sink.
import type { LogSink } from '../../logs/log-record.ts';
import type { Source } from '../delivery/source.ts';
import type { HostIdentity } from './logger-providers.ts';
import { openOtlpLogs } from './open-otlp-logs.ts';
import type { OtlpLogs, OtlpLogsOptions } from './otlp-logs.ts';

export class LogsSource implements Source {
  readonly #queue: OtlpLogsOptions['queue'];
  #opening: Promise<OtlpLogs> | undefined;
  #logs: OtlpLogs | undefined;
  #isFinished = false;

  constructor(queue: OtlpLogsOptions['queue']) {
    this.#queue = queue;
  }

  /** The same sink for every call, with the host of the first one; undefined once the source is finished. */
  async sink(host: HostIdentity): Promise<LogSink | undefined> {
    if (this.#isFinished) return undefined;
    this.#opening ??= this.#open(host);
    return (await this.#opening).sink;
  }

  dropped(): Readonly<Record<string, number>> {
    return this.#logs?.status().dropped ?? {};
  }

  changes(): Readonly<Record<string, number>> {
    return this.#logs?.status().changed ?? {};
  }

  async finish(timeoutMs: number): Promise<boolean> {
    this.#isFinished = true;
    // The caller of sink() gets the error; without a sink there are no records.
    const logs = await this.#opening?.catch(() => undefined);
    return (await logs?.stop(timeoutMs)) ?? true;
  }

  async #open({ hostName, machineId }: HostIdentity): Promise<OtlpLogs> {
    this.#logs = await openOtlpLogs({ hostName, machineId, queue: this.#queue });
    return this.#logs;
  }
}
