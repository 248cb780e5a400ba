// Restarts that came and went between two looks, by the births and deaths that events told.
import type { ServiceRecord } from '../../sources/host.ts';
import { sameBirth } from '../processes/birth.ts';
import type { Container } from './container.ts';
import type { ProcessLife } from '../processes/process-instance.ts';
import type { ProcessLives } from '../processes/process-instances.ts';
import type { MissedEnd } from './restarts.ts';

interface Roots {
  /** The root process before this one, undefined for the first. */
  readonly before: ProcessLife | undefined;
  /** The last one that is known. */
  readonly root: ProcessLife;
  /** Who started it, which is remembered longer than the dead are. */
  readonly parent: ProcessLife | undefined;
  /** A root that the manager has shown and no list; 0 for none. */
  readonly untoldPid: number;
}

export class FastRestarts {
  #roots = new Map<Container, Roots>();
  readonly #counted = new WeakSet<ProcessLife>();

  /**
   * After a look: a root process that replaced another one had, perhaps, others before it, and a service that has stopped may have run
   * again before. What they used and did is their container's, too. Events may tell of them as late as after the next look.
   */
  take(containers: readonly Container[], services: readonly ServiceRecord[], lives: ProcessLives, nowMs: number): void {
    const roots = new Map<Container, Roots>();
    const programs = new Map<string, number>();
    for (const container of containers) {
      const found = rootsOf(container, lives, this.#roots.get(container));
      if (!found) continue;
      roots.set(container, found);
      const program = found.root.imageName.toLowerCase();
      programs.set(program, (programs.get(program) ?? 0) + 1);
    }
    const children = new Map<ProcessLife, readonly ProcessLife[]>();
    for (const [container, { root, before, parent, untoldPid }] of roots) {
      const running = container.pid !== 0;
      const since = running ? before : (before ?? root);
      if (!parent || !since || container.shared) continue;
      if (!children.has(parent)) children.set(parent, lives.endedChildren(parent));
      const program = root.imageName.toLowerCase();
      const missed = children.get(parent)!.filter((life) => {
        if (
          life === root ||
          life.pid === untoldPid ||
          this.#counted.has(life) ||
          life.imageName.toLowerCase() !== program
        )
          return false;
        return life.createdAtMs > since.createdAtMs && (!running || life.createdAtMs < root.createdAtMs);
      });
      // The same program for several services: a dead process of it may have been anybody's.
      if (missed.length === 0 || programs.get(program) !== 1 || isOfSeveral(program, services)) continue;
      for (const life of missed) {
        this.#counted.add(life);
        life.belongTo(container);
      }
      const earlier = missed.filter((life) => life.createdAtMs < root.createdAtMs);
      container.history.missed(earlier.map(endOf), nowMs);
      container.history.ranAgain(missed.slice(earlier.length).map(endOf), nowMs);
    }
    this.#roots = roots;
  }
}

function rootsOf({ pid, startedAtMs }: Container, lives: ProcessLives, known: Roots | undefined): Roots | undefined {
  const life = pid === 0 ? undefined : lives.of(pid);
  const root = life && sameBirth(life.createdAtMs, startedAtMs) ? life : undefined;
  // Without a process the last root still is the one before.
  if (!root) return known && { ...known, untoldPid: pid || known.untoldPid };
  if (known?.root === root) return known;
  return {
    before: known?.root,
    root,
    parent: root.parent,
    untoldPid: known && known.untoldPid !== root.pid ? known.untoldPid : 0,
  };
}

function endOf({ stop, endedAtMs }: ProcessLife): MissedEnd {
  return { exitCode: stop?.exitCode, atMs: endedAtMs };
}

/** Whether several services, running or not, have it in their command lines; as an argument, too: what it does there nobody can tell. */
function isOfSeveral(program: string, services: readonly ServiceRecord[]): boolean {
  const plain = program.replace(/\.exe$/, '');
  const named = services.filter(({ config }) => {
    const names = config?.binaryPath.toLowerCase().split(/[\\/"\s]+/) ?? [];
    return names.includes(program) || names.includes(plain);
  });
  return named.length > 1;
}
