// Processes of a Windows container: its silo has a session with a service control manager of its own.
import type { ProcessIndex } from '../processes/process-index.ts';

/** How far the creation of the first process may be from the start that Docker reports. */
const MAX_START_DIFFERENCE_MS = 60_000;

/**
 * Rows of the container whose first process has this pid, that one first; empty if the process does not run, or if
 * another one has the pid since. Programs that the container's services start are not below its first process, but in
 * the same session. Without a session of its own, as in a host process container, only the process tree is known.
 */
export function siloRows(index: ProcessIndex, pid: number, startedAtMs: number): number[] {
  const root = index.row(pid);
  if (root === undefined) return [];
  const { sessionId, createdAtMs, name, count } = index.table;
  if (startedAtMs !== 0 && Math.abs(createdAtMs[root]! - startedAtMs) > MAX_START_DIFFERENCE_MS) return [];
  const session = sessionId[root]!;
  const rows = index.tree(pid);
  if (session === 0) return rows;
  const inSession: number[] = [];
  let hasServices = false;
  for (let row = 0; row < count; row++) {
    if (sessionId[row] !== session) continue;
    inSession.push(row);
    // On the host only session 0 has one.
    if (name[row]!.toLowerCase() === 'services.exe') hasServices = true;
  }
  return hasServices ? [...new Set([...rows, ...inSession])] : rows;
}
