// Installing as a comparison: each part says what is there, what should be, and how to get from one to the other.
import { AgentError, reasonOf } from '../base/errors.ts';

/** One thing that belongs to an installation. */
export interface Part {
  readonly what: string;
  /** As people read it, and compared with what `read` gives. */
  readonly wanted: string;
  /** What is there now; undefined for nothing. May throw. */
  readonly read: () => string | undefined;
  readonly apply: () => void;
  /** Without it there is no service: a failure ends the installation. */
  readonly vital?: boolean;
}

export interface Change {
  readonly part: Part;
  /** Undefined when there is nothing yet. */
  readonly from: string | undefined;
}

/** The parts that are not as they should be, in their order. */
export function changesFor(parts: readonly Part[]): Change[] {
  return parts.map((part) => ({ part, from: attempt(part.read) })).filter(({ part, from }) => from !== part.wanted);
}

function attempt(read: Part['read']): string | undefined {
  try {
    return read();
  } catch (error) {
    return `cannot be read: ${reasonOf(error)}`;
  }
}

/** `set description to ...`, `change account from ... to ...`. */
export function describeChange({ part: { what, wanted }, from }: Change): string {
  return from === undefined ? `${what}: ${wanted}` : `${what}: ${wanted} (was: ${from})`;
}

/**
 * Makes the changes one by one; `onDone` is told of each, with the reason where it failed. Throws NOT_ELEVATED as it comes, and
 * SERVICE_FAILED when a vital part fails.
 */
export function carryOut(changes: readonly Change[], onDone: (change: Change, failure?: string) => void): void {
  for (const change of changes) {
    try {
      change.part.apply();
      onDone(change);
    } catch (error) {
      if (error instanceof AgentError) throw error;
      if (change.part.vital)
        throw new AgentError('SERVICE_FAILED', { action: change.part.what, reason: reasonOf(error) }, { cause: error });
      onDone(change, reasonOf(error));
    }
  }
}
