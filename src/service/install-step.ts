// Installation as a list of steps: each compares the present state with the wanted one and can apply the difference.
import { AgentError, reasonOf } from '../base/errors.ts';

/** One part of an installation, e.g. the start type or a group membership. */
export interface InstallStep {
  readonly what: string;
  /** The wanted state as text, to be printed and compared with the result of `read`. */
  readonly wanted: string;
  /** The present state; undefined if the part does not exist. May throw. */
  readonly read: () => string | undefined;
  readonly apply: () => void;
  /** The service cannot work without it: a failure aborts the installation. */
  readonly vital?: boolean;
}

export interface Change {
  readonly step: InstallStep;
  /** The present state; undefined if the part does not exist. */
  readonly from: string | undefined;
}

/** The steps in which the present state differs from the wanted one, in their order. */
export function plannedChanges(steps: readonly InstallStep[]): Change[] {
  return steps.map((step) => ({ step, from: attempt(step.read) })).filter(({ step, from }) => from !== step.wanted);
}

function attempt(read: InstallStep['read']): string | undefined {
  try {
    return read();
  } catch (error) {
    return `cannot be read: ${reasonOf(error)}`;
  }
}

/** `account: LocalSystem (was: ...)`. */
export function describeChange({ step: { what, wanted }, from }: Change): string {
  return from === undefined ? `${what}: ${wanted}` : `${what}: ${wanted} (was: ${from})`;
}

/**
 * Applies the changes in order and calls `onDone` after each, with the reason if it failed. Throws NOT_ELEVATED, and
 * SERVICE_FAILED when a vital step fails.
 */
export function applyChanges(changes: readonly Change[], onDone: (change: Change, failure?: string) => void): void {
  for (const change of changes) {
    try {
      change.step.apply();
      onDone(change);
    } catch (error) {
      if (error instanceof AgentError) throw error;
      if (change.step.vital)
        throw new AgentError('SERVICE_FAILED', { action: change.step.what, reason: reasonOf(error) }, { cause: error });
      onDone(change, reasonOf(error));
    }
  }
}
