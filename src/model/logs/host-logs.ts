// Logs of the host: counts of all owners, recent messages, and the state of channels and files.
import type { LogRecord, LogTime } from '../../logs/log-record.ts';
import type { ParserSettings } from '../../logs/parser-settings.ts';
import type { EventChannel, EventRecord, FileMessages, LogFile } from '../../sources/host.ts';
import type { Now } from '../clock.ts';
import type { Container } from '../containers/container.ts';
import type { ContainerRegistry } from '../containers/registry.ts';
import { LogCounts } from '../owner/log-counts.ts';
import { EventCounts } from './event-counts.ts';
import { type EventLosses, EventMessages, timeOf } from './event-messages.ts';
import { FileStreams } from './file-streams.ts';
import type { LogListener, LogOwner } from './log-owner.ts';
import { LogReaders } from './log-readers.ts';
import type { UnownedMessage } from './recent-message.ts';
import { RecentMessages } from './recent-messages.ts';
import { WaitingLogs } from './waiting-logs.ts';

/** Finds the container of an event. */
export interface EventRouting {
  /** `later`: the container may be known after the next tick. */
  route(record: EventRecord): Container | 'node' | 'later';
  /** Forgets what no later event can refer to. Called at the end of each tick. */
  expire(): void;
}

export interface HostLogsOptions extends ParserSettings {
  readonly containers: ContainerRegistry;
  readonly router: EventRouting;
  readonly now: Now;
}

/** Label values. */
const EVENT_LOSSES: Readonly<Record<keyof EventLosses, string>> = {
  cutLines: 'cut_line',
  ignoredLines: 'ignored_line',
  droppedAttributes: 'dropped_attribute',
  cutValues: 'cut_value',
  patternLimit: 'pattern_limit',
  memoryLimit: 'memory_limit',
};

export class HostLogs {
  readonly recent = new RecentMessages();
  readonly readers = new LogReaders();
  readonly eventCounts = new EventCounts();
  /** Receives all records that are passed on. */
  listener: LogListener | undefined;
  readonly #options: HostLogsOptions;
  readonly #waiting = new WaitingLogs();
  readonly #waitingForAttribution: (() => void)[] = [];
  readonly #fileStreams: FileStreams;
  /** Created with the first event. */
  #events: EventMessages | undefined;
  /** When logs were observed first, on the monotonic clock. */
  #sinceMonoMs: number | undefined;
  #node: LogOwner | undefined;
  /** Messages that were counted and not passed on, by reason. */
  readonly #dropped = new Map<string, number>();
  /** Containers that had a message. */
  readonly #owners = new Map<string, LogOwner>();

  constructor(options: HostLogsOptions) {
    this.#options = options;
    this.#fileStreams = new FileStreams(options.containers);
  }

  /** Messages of the node: those that belong to no container. Undefined before the first one. */
  get node(): LogCounts | undefined {
    return this.#node?.counts;
  }

  /** Events and messages of files that wait until their container is known. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** Messages that were counted and not passed on, by reason; the numbers only grow. */
  get dropped(): ReadonlyMap<string, number> {
    return this.#dropped;
  }

  /** What was lost of events before they were counted, by reason; the numbers only grow. */
  get eventLosses(): ReadonlyMap<string, number> {
    return new Map(
      Object.entries(this.#events?.losses ?? {}).map(([name, count]) => [
        EVENT_LOSSES[name as keyof EventLosses],
        count,
      ]),
    );
  }

  /** Whether any log was observed. */
  get observed(): boolean {
    return this.#sinceMonoMs !== undefined;
  }

  setChannels(channels: readonly EventChannel[]): void {
    this.#noteObserved();
    this.readers.setChannels(channels);
  }

  setFiles(files: readonly LogFile[]): void {
    this.#noteObserved();
    this.readers.setFiles(files);
  }

  /** Counts events for their containers. `observedAtMs` is when they were read, milliseconds since 1970. */
  addEvents(events: readonly EventRecord[], observedAtMs: number): void {
    this.#noteObserved();
    const observed = timeOf(observedAtMs, 0);
    for (const event of events) this.#addEvent(event, observed);
  }

  /** Counts messages of files for their containers. */
  addFileMessages(batches: readonly FileMessages[], observedAtMs: number): void {
    this.#noteObserved();
    const observed = timeOf(observedAtMs, 0);
    for (const batch of batches) {
      const named = batch.service !== undefined || batch.docker !== undefined;
      const container = this.#fileStreams.containerOf(batch);
      if (named && !container && this.#waiting.addBatch(batch, observed)) continue;
      this.#countBatch(container, batch, observed);
    }
  }

  /** Counts what waited, now that the owners of this tick are known. The router bounds how long an event waits. */
  attributeWaiting(): void {
    this.#fileStreams.update();
    const { events, batches } = this.#waiting.takeAll();
    for (const { event, observed } of events) this.#addEvent(event, observed);
    for (const { batch, observed } of batches) this.#countBatch(this.#fileStreams.containerOf(batch), batch, observed);
    if (this.waiting > 0) return;
    for (const resolve of this.#waitingForAttribution.splice(0)) resolve();
  }

  /** Resolves when everything that waits now was passed on. */
  async attributed(): Promise<void> {
    if (this.waiting > 0) await new Promise<void>((resolve) => this.#waitingForAttribution.push(resolve));
  }

  /** Adds to `dropped`. */
  countDropped(reason: string, count: number): void {
    this.#dropped.set(reason, (this.#dropped.get(reason) ?? 0) + count);
  }

  /** Releases what was kept for containers that do not exist any more. */
  expire(): void {
    const { containers, router } = this.#options;
    const exists = (id: string) => id === '' || containers.has(id);
    this.#events?.retain(exists);
    for (const id of this.#owners.keys()) {
      if (exists(id)) continue;
      this.#owners.delete(id);
      this.listener?.removed(id);
    }
    router.expire();
  }

  #noteObserved(): void {
    this.#sinceMonoMs ??= this.#options.now.monoMs;
  }

  #addEvent(event: EventRecord, observed: LogTime): void {
    const target = this.#options.router.route(event);
    // What does not fit waits no longer.
    if (target === 'later' && this.#waiting.addEvent(event, observed)) return;
    this.#countEvent(typeof target === 'string' ? undefined : target, event, observed);
  }

  #countEvent(container: Container | undefined, event: EventRecord, observed: LogTime): void {
    this.eventCounts.add(event);
    this.#events ??= new EventMessages(this.#options, {
      pass: (owner, message, record) => this.#pass(owner, message, record),
      withhold: () => this.countDropped('rate_limit', 1),
    });
    this.#events.count(this.#ownerOf(container), event, observed, this.#options.now);
  }

  #countBatch(container: Container | undefined, batch: FileMessages, observed: LogTime): void {
    const owner = this.#ownerOf(container);
    const { source } = batch;
    for (const counted of batch.counted)
      owner.counts.add(source, this.#fileStreams.withSample(batch, counted), this.#options.now.monoMs);
    for (const [reason, count] of Object.entries(batch.dropped)) this.countDropped(reason, count);
    for (const { atMs, nanoseconds, level, body, attributes, traceId, spanId } of batch.records) {
      const { 'pattern.hash': hash = '', ...others } = attributes;
      const time = timeOf(atMs, nanoseconds);
      this.#pass(
        owner,
        { source, level, body, hash, atMs, nanoseconds, attributes: others, event: undefined, traceId, spanId },
        { time, observed, level, body, attributes, traceId, spanId },
      );
    }
  }

  #pass(owner: LogOwner, message: UnownedMessage, record: LogRecord): void {
    this.recent.add({ ...message, containerId: owner.id, containerName: owner.name });
    this.listener?.record(owner.id, record);
  }

  #ownerOf(container: Container | undefined): LogOwner {
    const since = this.#sinceMonoMs!;
    if (!container) {
      this.#node ??= { id: '', name: '', counts: new LogCounts(since) };
      return this.#node;
    }
    const known = this.#owners.get(container.id);
    // A container that was gone and came back is another object.
    if (known && known.counts === container.logs) return known;
    container.logs ??= new LogCounts(Math.max(since, container.firstSeenMonoMs));
    const owner = { id: container.id, name: container.name, counts: container.logs };
    this.#owners.set(container.id, owner);
    return owner;
  }
}
