// What is known about the containers of the daemon, and which of them must be inspected.
import type { DockerContainer, DockerExit } from '../host.ts';
import { MAX_DOCKER_CONTAINERS } from '../records/docker.ts';
import type { ContainerEvent } from './event-lines.ts';
import type { ListedContainer } from './parse-container.ts';

/** A container is inspected again after this time, whatever events and lists say. */
const REFRESH_MS = 300_000;
/** How long an exited container is known. */
const EXITED_MS = 600_000;
/** Pause before the next inspect of a container whose last one failed. */
const RETRY_MS = 10_000;

interface Entry {
  container: DockerContainer | undefined;
  fingerprint: string;
  /** Monotonic times of the last inspect, and of the first that found it exited. */
  inspectedMs: number;
  exitedMs: number | undefined;
  /** The last exit that an event reported. */
  exit: DockerExit | undefined;
}

export class Inventory {
  /** Something that `containers` returns has changed since it was set to false. */
  isChanged = false;
  /** Containers that were not added because there are too many. */
  overLimit = 0;
  readonly #entries = new Map<string, Entry>();
  readonly #due = new Set<string>();
  readonly #retryAtMs = new Map<string, number>();

  /** In the order in which they became known. Of two with one name, which Docker does not have, only the newer one. */
  containers(): DockerContainer[] {
    const byName = new Map<string, DockerContainer>();
    for (const { container } of this.#entries.values()) {
      if (!container) continue;
      const other = byName.get(container.name);
      if (!other || other.startedAtMs <= container.startedAtMs) byName.set(container.name, container);
    }
    return [...byName.values()];
  }

  /** Ids of containers whose use of resources can be measured. */
  running(): string[] {
    return this.containers().flatMap(({ id, state }) => (state === 'running' || state === 'paused' ? [id] : []));
  }

  /** Applies the list of running containers. A container that is not in it has exited, or is gone. */
  applyList(listed: readonly ListedContainer[], nowMs: number): void {
    const seen = new Set(listed.map(({ id }) => id));
    for (const { id, fingerprint } of listed) {
      const entry = this.#entries.get(id) ?? this.#add(id);
      if (!entry) continue;
      if (entry.fingerprint !== fingerprint || nowMs - entry.inspectedMs >= REFRESH_MS) this.#due.add(id);
      entry.fingerprint = fingerprint;
    }
    for (const [id, { container, exitedMs }] of this.#entries) {
      if (seen.has(id)) continue;
      if (exitedMs === undefined) this.#due.add(id);
      else if (nowMs - exitedMs >= EXITED_MS) this.#remove(id, container !== undefined);
    }
  }

  /** Something has happened to a container: it must be inspected. */
  applyEvent({ id, action, atMs, exitCode }: ContainerEvent): void {
    if (action === 'destroy') {
      this.applyMissing(id);
      return;
    }
    const entry = this.#entries.get(id) ?? (action === 'start' ? this.#add(id) : undefined);
    if (!entry) return;
    if (exitCode !== undefined) entry.exit = { code: exitCode, atMs };
    this.#retryAtMs.delete(id);
    this.#due.add(id);
  }

  /** The container with the largest waiting time of those that must be inspected; it is due no longer. */
  nextDue(): string | undefined {
    for (const id of this.#due) {
      this.#due.delete(id);
      if (this.#entries.has(id)) return id;
    }
    return undefined;
  }

  /** Makes containers due whose failed inspect was long enough ago. */
  retry(nowMs: number): void {
    for (const [id, atMs] of this.#retryAtMs) {
      if (atMs > nowMs) continue;
      this.#retryAtMs.delete(id);
      if (this.#entries.has(id)) this.#due.add(id);
    }
  }

  /** Applies an inspect; without a container the answer had none that runs or ran. */
  applyInspect(id: string, container: DockerContainer | undefined, nowMs: number): void {
    const entry = this.#entries.get(id);
    if (!entry) return;
    if (!container || container.id !== id) {
      this.#remove(id, entry.container !== undefined);
      return;
    }
    entry.inspectedMs = nowMs;
    entry.exitedMs = container.state === 'exited' ? (entry.exitedMs ?? nowMs) : undefined;
    const lastExit = container.lastExit ?? entry.exit ?? entry.container?.lastExit;
    const next = lastExit ? { ...container, lastExit } : container;
    if (JSON.stringify(entry.container) !== JSON.stringify(next)) this.isChanged = true;
    entry.container = next;
  }

  /** An inspect failed: what was known stays. */
  applyFailure(id: string, nowMs: number): void {
    if (this.#entries.has(id)) this.#retryAtMs.set(id, nowMs + RETRY_MS);
  }

  /** The daemon does not know the container any more. */
  applyMissing(id: string): void {
    const entry = this.#entries.get(id);
    if (entry) this.#remove(id, entry.container !== undefined);
  }

  /** Makes all containers due: the connection is new, and anything may have changed. */
  expectChanges(): void {
    for (const id of this.#entries.keys()) this.#due.add(id);
  }

  #add(id: string): Entry | undefined {
    if (this.#entries.size >= MAX_DOCKER_CONTAINERS && !this.#removeExited()) {
      this.overLimit++;
      return undefined;
    }
    const entry: Entry = {
      container: undefined,
      fingerprint: '',
      inspectedMs: 0,
      exitedMs: undefined,
      exit: undefined,
    };
    this.#entries.set(id, entry);
    this.#due.add(id);
    return entry;
  }

  /** Makes room by the oldest exited container. */
  #removeExited(): boolean {
    for (const [id, { exitedMs }] of this.#entries) {
      if (exitedMs === undefined) continue;
      this.#remove(id, true);
      return true;
    }
    return false;
  }

  #remove(id: string, wasKnown: boolean): void {
    this.#entries.delete(id);
    this.#due.delete(id);
    this.#retryAtMs.delete(id);
    if (wasKnown) this.isChanged = true;
  }
}
