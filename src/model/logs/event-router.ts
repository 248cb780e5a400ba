// Finds the container of an event: by the service or process that it names, or by the process that wrote it.
import type { EventRecord, EventSubject } from '../../sources/host.ts';
import type { Clock } from '../clock.ts';
import { Container } from '../containers/container.ts';
import type { Discovery } from '../containers/discovery.ts';
import type { ContainerRegistry } from '../containers/registry.ts';
import type { Owner } from '../owner/owner.ts';
import { type ProcessInstance, runsAt } from '../processes/process-instance.ts';
import type { ProcessInstances } from '../processes/process-instances.ts';
import type { ProcessList } from '../processes/process-list.ts';
import type { EventRouting } from './host-logs.ts';
import { type Fault, RecentFaults } from './recent-faults.ts';
import { ServiceNames } from './service-names.ts';

/** An event waits for a process list that is younger than it, at most this long. */
const MAX_WAIT_MS = 60_000;
/** A crash of .NET is reported before Application Error reports it with its process. */
const JOIN_WAIT_MS = 5000;
/** Older events do not wait: their process would be in a list, or has exited. */
const RECENT_MS = 60_000;
/** The exit of a worker process is reported later than this only if its pid was reused. */
const REPORTED_AFTER_EXIT_MS = 30_000;
const MAX_DEPTH = 64;

/**
 * Providers that report about others or about the machine, in lower case: the process that wrote the event is
 * services.exe, the error reporter or a system process.
 */
const reporters: ReadonlySet<string> = new Set([
  'service control manager',
  'application error',
  'application hang',
  'windows error reporting',
  'microsoft-windows-wer-systemerrorreporting',
  'microsoft-windows-was',
  'user32',
  'eventlog',
]);

export interface EventRouterContext {
  readonly clock: Clock;
  readonly containers: Pick<ContainerRegistry, 'all'>;
  readonly instances: ProcessInstances;
  readonly services: Pick<Discovery, 'decisions'>;
  readonly list: ProcessList;
}

/** `unknown`: neither a list nor an event has shown the service or process yet. */
type Target = Container | 'node' | 'unknown';

export class EventRouter implements EventRouting {
  readonly #context: EventRouterContext;
  readonly #faults: RecentFaults;
  /** When an event that waits was routed first, on the monotonic clock. */
  readonly #waitingSince = new WeakMap<EventRecord, number>();
  #names = new ServiceNames([], []);
  #containers: ReadonlyMap<string, Container> = new Map();
  /** Decisions that both are based on: each tick has its own. */
  #decisions: Discovery['decisions'] | undefined;

  constructor(context: EventRouterContext) {
    this.#context = context;
    this.#faults = new RecentFaults(context.clock);
  }

  /** `later`: the service or process may be known after the next tick. No event gets this answer for over a minute. */
  route(record: EventRecord): Container | 'node' | 'later' {
    // A forwarded event: names and pids are those of another machine.
    if (record.computer !== undefined) return 'node';
    this.#refresh();
    const target = this.#find(record, record.subject);
    if (target !== 'unknown') return target;
    if (this.#mayWait(record)) return 'later';
    return this.#findFinally(record, record.subject);
  }

  /** Forgets old crashes. */
  expire(): void {
    this.#faults.expire();
  }

  #refresh(): void {
    const { containers, services } = this.#context;
    if (services.decisions === this.#decisions) return;
    const all = containers.all();
    this.#decisions = services.decisions;
    this.#names = new ServiceNames(services.decisions, all);
    this.#containers = new Map(all.map((container) => [container.id, container]));
  }

  #find(record: EventRecord, subject: EventSubject | undefined): Target {
    if (!subject) return this.#byWriter(record);
    const named = this.#byName(subject);
    if (named !== 'unknown') return named;
    if (isFault(subject)) return this.#ofFault(this.#faults.faultOf(record, subject));
    const byProcess = subject.pid ? this.#bySubjectPid(subject.pid, record.atMs) : 'unknown';
    if (byProcess !== 'unknown') return byProcess;
    // A pool without a worker process is no container.
    const isOnlyPool = subject.pool !== undefined && !subject.pid;
    return isOnlyPool ? 'node' : this.#byJoin(record, subject);
  }

  /** For an event that waits no longer. */
  #findFinally(record: EventRecord, { program }: EventSubject = {}): Container | 'node' {
    const target = program === undefined ? 'node' : this.#onlyOneRunning(program);
    if (record.subject && isFault(record.subject))
      this.#faults.faultOf(record, record.subject).containerId = idOf(target);
    return target;
  }

  #byWriter({ provider, pid, atMs }: EventRecord): Target {
    // Pid 0 is the idle process.
    if (!pid || reporters.has(provider.toLowerCase())) return 'node';
    const instance = this.#instanceAt(pid, atMs);
    const fits = instance && (atMs === 0 || runsAt(instance, atMs) || this.#clockWasSet(instance));
    return fits ? this.#ofInstance(instance) : 'unknown';
  }

  /** The key name decides; it may be cut in the event. */
  #byName({ service, displayName }: EventSubject): Target {
    const byKey = service === undefined ? undefined : this.#names.byKey(service);
    const byTitle = displayName === undefined ? undefined : this.#names.byDisplayName(displayName);
    if (byKey) {
      const isCut = typeof byTitle === 'object' && byTitle.key !== byKey.key && byTitle.key.startsWith(byKey.key);
      return (isCut ? byTitle : byKey).container ?? 'node';
    }
    if (byTitle === 'ambiguous') return 'node';
    return byTitle ? (byTitle.container ?? 'node') : 'unknown';
  }

  /** Crashes and exits are reported after the process has exited. */
  #bySubjectPid(pid: number, atMs: number): Target {
    const instance = this.#instanceAt(pid, atMs);
    if (!instance) return 'unknown';
    const isOther = atMs !== 0 && !runsAt(instance, atMs - REPORTED_AFTER_EXIT_MS) && !this.#clockWasSet(instance);
    return isOther ? 'unknown' : this.#ofInstance(instance);
  }

  #instanceAt(pid: number, atMs: number): ProcessInstance | undefined {
    const { instances } = this.#context;
    const found = atMs === 0 ? undefined : instances.instanceAt(pid, atMs);
    if (found) return found;
    const latest = instances.latest(pid);
    return latest && (atMs === 0 || this.#clockWasSet(latest)) ? latest : undefined;
  }

  /** Then times before and after it do not compare. */
  #clockWasSet({ createdMonoMs }: ProcessInstance): boolean {
    return this.#context.clock.wasSetSince(createdMonoMs);
  }

  /** The container as of the first time that it was known: its process is forgotten a minute after it has exited. */
  #ofFault(fault: Fault): Target {
    if (fault.containerId === undefined) {
      const target = this.#byFaultingProcess(fault);
      if (target === 'unknown') return target;
      fault.containerId = idOf(target);
    }
    return this.#containers.get(fault.containerId) ?? 'node';
  }

  #byFaultingProcess({ subject: { pid, createdAtMs }, atMs }: Fault): Target {
    if (pid === undefined) return 'unknown';
    if (createdAtMs === undefined) return this.#bySubjectPid(pid, atMs);
    const instance = this.#context.instances.find(pid, createdAtMs);
    return instance ? this.#ofInstance(instance) : 'unknown';
  }

  /** By another event about the same crash, which has the process. */
  #byJoin({ atMs }: EventRecord, { reportId, program }: EventSubject): Target {
    if (reportId !== undefined) {
      const fault = this.#faults.byReport(reportId);
      return fault ? this.#ofFault(fault) : 'unknown';
    }
    if (program === undefined) return 'unknown';
    const targets = new Set(this.#faults.near(program, atMs).map((fault) => this.#ofFault(fault)));
    if (targets.size > 1) return targets.has('unknown') ? 'unknown' : 'node';
    const [target = 'unknown'] = targets;
    return target;
  }

  #ofInstance(instance: ProcessInstance): Target {
    const ownership = this.#context.instances.ownershipOf(instance);
    if (ownership.kind === 'unknown') return 'unknown';
    // Several services share the process, and the event names none of them.
    if (ownership.kind === 'shared') return 'node';
    const owner = innermost(instance, ownership.owners);
    return (owner && this.#containers.get(owner.id)) ?? 'node';
  }

  /** Containers that exited processes belonged to count as well. */
  #onlyOneRunning(program: string): Container | 'node' {
    const wanted = program.toLowerCase();
    const { list } = this.#context;
    const runs = ({ imagePath, pids }: Container): boolean =>
      fileName(imagePath) === wanted ||
      pids.some((pid) => {
        const row = list.index?.row(pid);
        return row !== undefined && fileName(list.index!.table.name[row]!) === wanted;
      });
    const found = [...this.#containers.values()].filter(runs);
    return found.length === 1 ? found[0]! : 'node';
  }

  #mayWait(record: EventRecord): boolean {
    const { clock, list } = this.#context;
    const since = this.#waitingSince.get(record);
    if (since !== undefined) {
      const waitedMs = clock.monoMs - since;
      return waitedMs < MAX_WAIT_MS && (list.readAtMonoMs <= since || (isJoined(record) && waitedMs < JOIN_WAIT_MS));
    }
    this.#waitingSince.set(record, clock.monoMs);
    const isOld = record.atMs !== 0 && record.atMs < list.readAtMs - RECENT_MS;
    return !isOld || clock.wasSetSince(clock.monoMs - RECENT_MS);
  }
}

/** Application Error and Application Hang have the process and its creation time; reports that are joined have not. */
function isFault({ pid, createdAtMs, reportId }: EventSubject): boolean {
  return pid !== undefined && (createdAtMs !== undefined || reportId !== undefined);
}

/** An event about a crash that does not have the process. */
function isJoined({ subject }: EventRecord): boolean {
  return subject?.program !== undefined && !subject.pid;
}

function idOf(target: Container | 'node'): string {
  return target === 'node' ? '' : target.id;
}

/** The container of a process that several have in their trees: that of its closest ancestor that is a root process. */
function innermost(instance: ProcessInstance, owners: readonly Owner[]): Container | undefined {
  const containers = owners.filter((owner) => owner instanceof Container);
  // Another owner is a shared process below the container.
  if (containers.length !== owners.length) return undefined;
  if (containers.length === 1) return containers[0];
  let each: ProcessInstance | undefined = instance;
  for (let depth = 0; each && depth < MAX_DEPTH; depth++) {
    const { pid } = each;
    const found = containers.find((container) => container.pid === pid);
    if (found) return found;
    each = each.parent;
  }
  return undefined;
}

function fileName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('\\'), path.lastIndexOf('/')) + 1).toLowerCase();
}
