// One connection to the Docker daemon: keeps the inventory up to date until something fails.
import { hostname } from 'node:os';
import type { Readable } from 'node:stream';
import { reasonOf } from '../../base/errors.ts';
import { MAX_DOCKER_CONTAINERS } from '../records/docker.ts';
import { AnswerError } from './answer-error.ts';
import { negotiate } from './api-version.ts';
import type { DockerCalls } from './docker-client.ts';
import type { DockerEndpoint } from './endpoint.ts';
import { EventLines } from './event-lines.ts';
import type { Inventory } from './inventory.ts';
import { type DaemonInfo, parseContainer, parseInfo, parseList, parseVersion } from './parse-container.ts';

/** Inspects at the same time. */
const LANES = 4;
/** The list is read again after this time. */
const LIST_MS = 60_000;
/** So many inspects in a row without an answer end the connection. */
const MAX_TIMEOUTS = 5;
const LOOPBACK = /^(?:127\.|::1$|localhost$)/i;

export interface ConnectionOptions {
  readonly endpoint: DockerEndpoint;
  readonly calls: DockerCalls;
  readonly inventory: Inventory;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  readonly onDropped: (reason: string, count?: number) => void;
  /** Called once, after `open` has resolved. */
  readonly onFailed: (error: Error) => void;
}

export class DockerConnection {
  /** Versions of the daemon and of the API; empty before `open`. */
  version = '';
  apiVersion = '';
  info: DaemonInfo = { machine: '', isolation: 'unknown', osType: 'windows' };
  readonly #options: ConnectionOptions;
  readonly #lines = new EventLines();
  #counted = { 'event too long': 0, 'event malformed': 0 };
  #events: Readable | undefined;
  #isClosed = false;
  #isOpen = false;
  #isListing = false;
  #listedMs = 0;
  #inspecting = 0;
  #timeouts = 0;
  /** Called when no inspect is due any more. */
  #onIdle: (() => void) | undefined;

  constructor(options: ConnectionOptions) {
    this.#options = options;
  }

  /** Resolves when every container was inspected. Rejects if the daemon cannot be used; then it is closed. */
  async open(): Promise<void> {
    const { calls, endpoint, inventory } = this.#options;
    try {
      const version = parseVersion(await calls.version());
      this.apiVersion = negotiate(version, endpoint.apiVersion);
      this.version = version.version;
      calls.useVersion(this.apiVersion);
      this.info = parseInfo(await calls.info());
      checkMachine(endpoint, this.info);
      // Before the list: a container that starts in between is in the list or has an event.
      this.#listen(await calls.events());
      inventory.expectChanges();
      await this.#list();
      await this.#idle();
      if (this.#isClosed) throw new AnswerError('closed', 'the connection to Docker was closed');
      this.#isOpen = true;
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** Reads the list if the last one is old, and inspects containers whose last inspect has failed. */
  refresh(): void {
    if (!this.#isOpen) return;
    this.#options.inventory.retry(this.#options.now());
    this.#inspect();
    if (this.#isListing || this.#options.now() - this.#listedMs < LIST_MS) return;
    this.#list().catch((error: unknown) => this.#fail(error));
  }

  close(): void {
    this.#isClosed = true;
    this.#events?.destroy();
    this.#options.calls.close();
    this.#onIdle?.();
  }

  #listen(events: Readable): void {
    this.#events = events;
    events.on('data', (chunk: Uint8Array) => {
      for (const event of this.#lines.push(chunk)) this.#options.inventory.applyEvent(event);
      this.#countDropped();
      this.#inspect();
    });
    // An answer that is cut off emits `aborted` as an error.
    events.on('error', (error) => this.#fail(new AnswerError('connection', `events of Docker: ${reasonOf(error)}`)));
    events.on('close', () => this.#fail(new AnswerError('connection', 'Docker has ended its stream of events')));
    if (this.#isClosed) events.destroy();
  }

  async #list(): Promise<void> {
    const { calls, inventory, now, onDropped } = this.#options;
    this.#isListing = true;
    try {
      const answer = await calls.list();
      const listed = parseList(answer, MAX_DOCKER_CONTAINERS);
      if (!listed) throw new AnswerError('malformed', 'the list of containers is no list');
      this.#listedMs = now();
      const left = (answer as unknown[]).length - listed.length;
      if (left > 0) onDropped('containers not listed', left);
      inventory.applyList(listed, now());
      onDropped('containers over the limit', inventory.overLimit);
      inventory.overLimit = 0;
      this.#inspect();
    } finally {
      this.#isListing = false;
    }
  }

  /** Inspects what is due. */
  #inspect(): void {
    while (!this.#isClosed && this.#inspecting < LANES) {
      const id = this.#options.inventory.nextDue();
      if (id === undefined) break;
      this.#inspecting++;
      this.#inspectOne(id).finally(() => {
        this.#inspecting--;
        this.#inspect();
      });
    }
    if (this.#inspecting === 0) this.#onIdle?.();
  }

  async #inspectOne(id: string): Promise<void> {
    const { calls, inventory, now, onDropped } = this.#options;
    try {
      const container = parseContainer(await calls.inspect(id), this.info.isolation);
      this.#timeouts = 0;
      inventory.applyInspect(id, container, now());
      if (!container) onDropped('inspect without a container');
    } catch (error) {
      if (this.#isClosed) return;
      const failure = error instanceof AnswerError ? error.failure : 'malformed';
      // It was removed after it was listed.
      if (error instanceof AnswerError && error.statusCode === 404) {
        inventory.applyMissing(id);
        return;
      }
      inventory.applyFailure(id, now());
      onDropped(`inspect ${failure}`);
      if (failure === 'timeout' && ++this.#timeouts >= MAX_TIMEOUTS) this.#fail(error);
    }
  }

  async #idle(): Promise<void> {
    if (this.#inspecting === 0) return;
    await new Promise<void>((resolve) => {
      this.#onIdle = resolve;
    });
    this.#onIdle = undefined;
  }

  #countDropped(): void {
    for (const reason of ['event too long', 'event malformed'] as const) {
      const count = this.#lines.dropped[reason];
      this.#options.onDropped(reason, count - this.#counted[reason]);
      this.#counted[reason] = count;
    }
  }

  #fail(error: unknown): void {
    if (this.#isClosed) return;
    const wasOpen = this.#isOpen;
    this.close();
    if (wasOpen) this.#options.onFailed(error instanceof Error ? error : new Error(String(error)));
  }
}

/** A daemon of another machine has other processes, and the containers there are not those of this node. */
function checkMachine({ text, address }: DockerEndpoint, { machine }: DaemonInfo): void {
  if (address.kind === 'socket' || LOOPBACK.test(address.host) || machine === '') return;
  if (machine.toLowerCase() === hostname().toLowerCase()) return;
  throw new Error(`${text} is the daemon of another machine, ${machine}: run an agent there`);
}
