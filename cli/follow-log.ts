// Follows the log of an agent, also across its restarts.
import { setTimeout as pause } from 'node:timers/promises';
import type { AgentClient, FollowFilter, LogEvent } from '../src/api/client.ts';
import { AgentError, reasonOf } from '../src/base/errors.ts';

export interface FollowOptions {
  readonly filter: Partial<FollowFilter>;
  readonly signal: AbortSignal;
  readonly onMessage: (message: Extract<LogEvent, { kind: 'message' }>['message']) => void;
  /** What the user should know besides the messages. */
  readonly onNote: (text: string) => void;
  /** Resolves when the output has room. */
  readonly ready: () => Promise<void>;
  /** Waits between two attempts; a timer by default. */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>;
}

const FIRST_WAIT_MS = 500;
const MAX_WAIT_MS = 10_000;

/** Resolves when `signal` aborts. Throws AgentError when the agent cannot be reached at the start, or refuses. */
export async function followLog(client: Pick<AgentClient, 'followLogs'>, options: FollowOptions): Promise<void> {
  const { filter, signal, wait = waitFor } = options;
  const state: FollowState = { id: undefined, connected: false, interrupted: false };
  for (let waitMs = FIRST_WAIT_MS; !signal.aborted; waitMs = Math.min(2 * waitMs, MAX_WAIT_MS)) {
    let reason = 'the agent stopped';
    state.connected = false;
    try {
      for await (const event of client.followLogs(filter, state.id, signal)) {
        if (!state.connected) waitMs = FIRST_WAIT_MS;
        show(event, state, options);
        await options.ready();
        if (event.kind === 'end') break;
      }
    } catch (error) {
      if (state.id === undefined || !isTemporary(error)) throw error;
      reason = reasonOf(error);
    }
    if (signal.aborted) return;
    if (!state.interrupted) options.onNote(`The log is interrupted: ${reason}. Trying again.`);
    state.interrupted = true;
    await wait(waitMs, signal);
  }
}

interface FollowState {
  /** Of the last event; undefined before the first connection. */
  id: string | undefined;
  connected: boolean;
  interrupted: boolean;
}

function show(event: LogEvent, state: FollowState, { onMessage, onNote }: FollowOptions): void {
  if (!state.connected && state.interrupted) onNote('The agent answers again.');
  state.connected = true;
  state.interrupted = false;
  if (event.kind === 'message' || event.kind === 'position') state.id = event.id;
  if (event.kind === 'message') onMessage(event.message);
  if (event.kind !== 'gap') return;
  if (event.restarted) onNote('The agent was restarted: messages that it had not shown before are missing.');
  if (event.missed > 0) onNote(`${event.missed} messages of all containers were removed before they could be shown.`);
}

/** Refusals stay: another program that answers, an invalid filter, missing rights. */
function isTemporary(error: unknown): boolean {
  if (!(error instanceof AgentError) || error.code === 'AGENT_FOREIGN') return false;
  const { status } = error.params;
  return typeof status !== 'number' || status >= 500;
}

async function waitFor(ms: number, signal: AbortSignal): Promise<void> {
  await pause(ms, undefined, { signal }).catch(() => {});
}
