// Restarts that came and went between two looks, by the births and deaths that events told.
import type { Container } from './container.ts';
import type { ProcessLife, ProcessLives } from './process-lives.ts';

export class FastRestarts {
  #roots = new Map<Container, ProcessLife>();

  /** After a look: a root process that replaced another one had, perhaps, others before it. */
  take(containers: readonly Container[], lives: ProcessLives, nowMs: number): void {
    const roots = new Map<Container, ProcessLife>();
    const programs = new Map<string, number>();
    for (const container of containers) {
      const life = container.pid === 0 ? undefined : lives.of(container.pid);
      // Without a process the last root still is the one before.
      const root = life ?? this.#roots.get(container);
      if (!root) continue;
      roots.set(container, root);
      programs.set(root.imageName.toLowerCase(), (programs.get(root.imageName.toLowerCase()) ?? 0) + 1);
    }
    for (const [container, root] of roots) {
      const before = this.#roots.get(container);
      if (!before || before === root || container.shared) continue;
      // The same program for several services: a dead process of it may have been anybody's.
      if (programs.get(root.imageName.toLowerCase()) === 1) container.history.missed(lives.between(before, root), nowMs);
    }
    this.#roots = roots;
  }
}
