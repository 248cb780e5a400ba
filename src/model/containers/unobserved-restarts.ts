// Finds restarts that happened between two ticks, by start and stop events of processes.
import type { ServiceRecord } from '../../sources/host.ts';
import type { Now } from '../clock.ts';
import { sameBirth } from '../processes/birth.ts';
import type { ProcessInstance } from '../processes/process-instance.ts';
import type { ProcessInstances } from '../processes/process-instances.ts';
import type { Container } from './container.ts';
import type { UnobservedExit } from './restarts.ts';

interface Roots {
  /** The root process before this one, undefined for the first. */
  readonly before: ProcessInstance | undefined;
  /** The last known root process. */
  readonly root: ProcessInstance;
  /** Its parent, kept longer than other exited processes. */
  readonly parent: ProcessInstance | undefined;
  /** Pid of a root that the SCM reports and no list has shown yet; 0 for none. */
  readonly unreportedPid: number;
}

export class UnobservedRestarts {
  #roots = new Map<Container, Roots>();
  readonly #counted = new WeakSet<ProcessInstance>();

  /**
   * Counts root processes that ran between the last root and the current one, or after the last root of a stopped
   * service, and assigns them to the container. Their events may arrive one tick late.
   */
  update(
    containers: readonly Container[],
    services: readonly ServiceRecord[],
    instances: ProcessInstances,
    now: Now,
  ): void {
    const roots = new Map<Container, Roots>();
    const programs = new Map<string, number>();
    for (const container of containers) {
      const found = rootsOf(container, instances, this.#roots.get(container));
      if (!found) continue;
      roots.set(container, found);
      const program = found.root.imageName.toLowerCase();
      programs.set(program, (programs.get(program) ?? 0) + 1);
    }
    const children = new Map<ProcessInstance, readonly ProcessInstance[]>();
    for (const [container, { root, before, parent, unreportedPid }] of roots) {
      const running = container.pid !== 0;
      const since = running ? before : (before ?? root);
      if (!parent || !since || container.shared) continue;
      if (!children.has(parent)) children.set(parent, instances.exitedChildren(parent));
      const program = root.imageName.toLowerCase();
      const unobserved = children.get(parent)!.filter((instance) => {
        if (
          instance === root ||
          instance.pid === unreportedPid ||
          this.#counted.has(instance) ||
          instance.imageName.toLowerCase() !== program
        )
          return false;
        return instance.createdAtMs > since.createdAtMs && (!running || instance.createdAtMs < root.createdAtMs);
      });
      // If several services have the same program, an exited process of it cannot be attributed.
      if (unobserved.length === 0 || programs.get(program) !== 1 || isOfSeveral(program, services)) continue;
      for (const instance of unobserved) {
        this.#counted.add(instance);
        instance.assignTo(container);
      }
      const earlier = unobserved.filter((instance) => instance.createdAtMs < root.createdAtMs);
      container.history.addEarlierExits(earlier.map(exitOf), now);
      container.history.addExitsBeforeStop(unobserved.slice(earlier.length).map(exitOf), now);
    }
    this.#roots = roots;
  }
}

function rootsOf(
  { pid, startedAtMs }: Container,
  instances: ProcessInstances,
  known: Roots | undefined,
): Roots | undefined {
  const instance = pid === 0 ? undefined : instances.latest(pid);
  const root = instance && sameBirth(instance.createdAtMs, startedAtMs) ? instance : undefined;
  // Without a process the last root stays the previous one.
  if (!root) return known && { ...known, unreportedPid: pid || known.unreportedPid };
  if (known?.root === root) return known;
  return {
    before: known?.root,
    root,
    parent: root.parent,
    unreportedPid: known && known.unreportedPid !== root.pid ? known.unreportedPid : 0,
  };
}

function exitOf({ stopEvent, exitedAtMs }: ProcessInstance): UnobservedExit {
  return { exitCode: stopEvent?.exitCode, atMs: exitedAtMs };
}

/**
 * Whether the command lines of several services name the program, as an argument too, because an argument may be a
 * program.
 */
function isOfSeveral(program: string, services: readonly ServiceRecord[]): boolean {
  const plain = program.replace(/\.exe$/, '');
  const named = services.filter(({ config }) => {
    const names = config?.binaryPath.toLowerCase().split(/[\\/"\s]+/) ?? [];
    return names.includes(program) || names.includes(plain);
  });
  return named.length > 1;
}
