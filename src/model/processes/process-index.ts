// The processes of one moment by pid, and the tree below each.
import type { ProcessTable } from '../../sources/host.ts';
import { sameBirth } from './birth.ts';

/** Finds rows of a process table by pid and walks down from parents to children. */
export class ProcessIndex {
  readonly table: ProcessTable;
  readonly #rows = new Map<number, number>();
  readonly #children = new Map<number, number[]>();

  constructor(table: ProcessTable) {
    this.table = table;
    for (let row = 0; row < table.count; row++) this.#rows.set(table.pid[row]!, row);
    for (let row = 0; row < table.count; row++) {
      const parent = this.#rows.get(table.parentPid[row]!);
      // If the parent is younger than the child, the pid of the real parent was reused.
      if (parent === undefined || parent === row || table.createdAtMs[parent]! > table.createdAtMs[row]!) continue;
      const siblings = this.#children.get(table.parentPid[row]!);
      if (siblings) siblings.push(row);
      else this.#children.set(table.parentPid[row]!, [row]);
    }
  }

  /** Row of a pid, or undefined when no such process runs. */
  row(pid: number): number | undefined {
    return this.#rows.get(pid);
  }

  /** Whether it has the process with that pid and creation time, in milliseconds since 1970. */
  has(pid: number, createdAtMs: number): boolean {
    const row = this.#rows.get(pid);
    return row !== undefined && sameBirth(this.table.createdAtMs[row]!, createdAtMs);
  }

  /** Rows of the process and of all below it, itself first; empty when it does not run. */
  tree(pid: number): number[] {
    const root = this.#rows.get(pid);
    if (root === undefined) return [];
    const rows = [root];
    const seen = new Set(rows);
    for (let i = 0; i < rows.length; i++) {
      for (const child of this.#children.get(this.table.pid[rows[i]!]!) ?? []) {
        if (seen.has(child)) continue;
        seen.add(child);
        rows.push(child);
      }
    }
    return rows;
  }
}
