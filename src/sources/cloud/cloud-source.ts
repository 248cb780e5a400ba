// The cloud as a source: recognises the provider, and asks its metadata service until it has answered.
import { setTimeout as sleep } from 'node:timers/promises';
import { reasonOf } from '../../base/errors.ts';
import { monotonicMs } from '../../base/monotonic.ts';
import { Backoff } from '../backoff.ts';
import { PART_GRANTS } from '../grants.ts';
import type { CloudInstance, Unavailability } from '../host.ts';
import type { PushObservation, Source } from '../live-host.ts';
import { type PendingCall, pendingCall } from '../pending-call.ts';
import { unavailability } from '../unavailable.ts';
import { type Detection, detectCloud, type Provider } from './detect.ts';
import type { Firmware } from './firmware.ts';
import { MetadataReading } from './instance-reader.ts';
import { HttpMetadataClient } from './metadata-client.ts';
import { type MetadataService, metadataServices } from './providers/index.ts';

/** An instance may be resized, and its public address may change, while it runs. */
const REFRESH_MS = 3_600_000;
/** For the only attempt on a machine that may be outside of the cloud. */
const PROBE_MS = 1000;

export interface CloudSourceOptions {
  readonly readFirmware: () => Firmware;
  /** Replaced by tests. */
  readonly services?: typeof metadataServices;
  /** Waits; rejects when the signal is aborted. */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<unknown>;
}

/** Pushes nothing outside of a cloud. Every push has the provider, with the facts that are known so far. */
export class CloudSource implements Source {
  readonly #options: CloudSourceOptions;
  readonly #stop = new AbortController();
  #push: PushObservation = () => {};
  #ended: Promise<void> = Promise.resolve();
  #instance: CloudInstance | undefined;

  constructor(options: CloudSourceOptions) {
    this.#options = options;
  }

  start(push: PushObservation): Promise<undefined> {
    this.#push = push;
    this.#ended = this.#run().catch((error: unknown) => {
      if (!this.#stop.signal.aborted) throw error;
    });
    return Promise.resolve(undefined);
  }

  stop(): Promise<void> {
    this.#stop.abort();
    return this.#ended;
  }

  pendingCall(): PendingCall {
    return pendingCall('request to the metadata service', 'the main thread');
  }

  problem(): undefined {
    // The state of the last attempt is an observation.
    return undefined;
  }

  async #run(): Promise<void> {
    const found = this.#detect();
    if (!found) return;
    const { provider, certain } = found;
    const { services = metadataServices, wait = waitFor } = this.#options;
    const { signal } = this.#stop;
    // The firmware names the provider before the network is up.
    if (certain) this.#report({ provider }, 0, []);
    const backoff = new Backoff();
    for (;;) {
      const complete = await this.#attempt(provider, services[provider], certain);
      if (!certain && !this.#instance) return;
      await wait(complete ? REFRESH_MS : backoff.next(0), signal);
    }
  }

  #detect(): Detection | undefined {
    try {
      return detectCloud(this.#options.readFirmware());
    } catch {
      // The poll of the identity reports that the firmware cannot be read.
      return undefined;
    }
  }

  /** Returns whether everything is known. Without certainty a failed attempt is no problem: this is not the cloud. */
  async #attempt(provider: Provider, { base, read }: MetadataService, certain: boolean): Promise<boolean> {
    const { signal } = this.#stop;
    const reading = new MetadataReading(
      certain || this.#instance ? new HttpMetadataClient(signal) : new HttpMetadataClient(signal, PROBE_MS),
    );
    const startedMs = monotonicMs();
    const seconds = (): number => (monotonicMs() - startedMs) / 1000;
    try {
      const facts = await read(reading, base);
      signal.throwIfAborted();
      // A path that failed keeps what an earlier attempt has found.
      const before = reading.failures.length > 0 ? this.#instance : undefined;
      this.#report({ ...before, provider, ...facts }, seconds(), [...new Set(reading.failures)]);
      return reading.failures.length === 0;
    } catch (error) {
      signal.throwIfAborted();
      if (certain || this.#instance) this.#report({ ...this.#instance, provider }, seconds(), [reasonOf(error)]);
      return false;
    }
  }

  #report(data: CloudInstance, seconds: number, failures: readonly string[]): void {
    this.#instance = data;
    const degraded: Unavailability[] = failures.map((reason) =>
      unavailability('metadata service of the cloud', new Error(reason), PART_GRANTS.cloudMetadata),
    );
    const head = { seq: 0, tMono: monotonicMs(), tWall: Date.now(), source: 'cloud', kind: 'cloud' as const, seconds };
    this.#push({ ...head, data, ...(degraded.length > 0 ? { degraded } : {}) });
  }
}

const waitFor = (ms: number, signal: AbortSignal): Promise<unknown> => sleep(ms, undefined, { signal, ref: false });
