// States of a flow (one TCP connection) and the transitions that its events cause, as a table.

/** Direction of a connection, seen from this host. */
export type Direction = 'outbound' | 'inbound';

/**
 * States by number, as the state column holds them. `Summarised`: a summary (event 1477) has arrived. Windows writes
 * one at the end of a connection, and also for every open connection when a session starts or stops, so a summary alone
 * does not end a flow.
 */
export const FLOW_STATE = {
  /** The number is not in use. */
  free: 0,
  /** Requested, without a result so far. */
  connecting: 1,
  connectingSummarised: 2,
  /** Closed before the connect had a result. A failure may follow. */
  cancelled: 3,
  cancelledSummarised: 4,
  established: 5,
  establishedSummarised: 6,
  /** Closed after it was established. Its last summary may follow. */
  closing: 7,
  /** Closed, and a summary has arrived before or after. */
  closed: 8,
  /** The connect failed. */
  failed: 9,
} as const;

export type FlowStateName = keyof typeof FLOW_STATE;

/** Events that may change the state, by number. */
export const FLOW_EVENT = {
  request: 0,
  connect: 1,
  fail: 2,
  accept: 3,
  /** The connection existed before the session. */
  rundown: 4,
  summary: 5,
  close: 6,
  /** The control block serves another connection. */
  supersede: 7,
} as const;

export type FlowEventName = keyof typeof FLOW_EVENT;
export type FlowEvent = (typeof FLOW_EVENT)[FlowEventName];

/** The event belongs to another connection that uses the same control block. */
export const OTHER_FLOW = 'other flow';
type Transitions = Readonly<Partial<Record<FlowEventName, FlowStateName | typeof OTHER_FLOW>>>;

/** Every request and every accept is a connection of its own. */
const always: Transitions = { request: OTHER_FLOW, accept: OTHER_FLOW };
/** The result of the connect is known, so that another result belongs to another connection. */
const decided: Transitions = { ...always, connect: OTHER_FLOW, fail: OTHER_FLOW };

/** Next state by state and event. Events that are not listed leave the state as it is. */
export const TRANSITIONS: Readonly<Record<FlowStateName, Transitions>> = {
  free: {
    request: 'connecting',
    connect: 'established',
    fail: 'failed',
    accept: 'established',
    rundown: 'established',
    summary: 'establishedSummarised',
  },
  connecting: {
    ...always,
    connect: 'established',
    fail: 'failed',
    summary: 'connectingSummarised',
    close: 'cancelled',
    supersede: 'cancelledSummarised',
  },
  connectingSummarised: {
    ...always,
    connect: 'establishedSummarised',
    fail: 'failed',
    close: 'cancelledSummarised',
    supersede: 'cancelledSummarised',
  },
  // Windows closes a cancelled connect before it reports the failure.
  cancelled: {
    ...always,
    connect: OTHER_FLOW,
    fail: 'failed',
    summary: 'cancelledSummarised',
    supersede: 'cancelledSummarised',
  },
  cancelledSummarised: { ...always, connect: OTHER_FLOW, fail: 'failed' },
  established: { ...decided, summary: 'establishedSummarised', close: 'closing', supersede: 'closed' },
  establishedSummarised: { ...decided, close: 'closed', supersede: 'closed' },
  closing: { ...decided, summary: 'closed', supersede: 'closed' },
  closed: decided,
  failed: decided,
};

/** The flow is complete. It is kept only until it is attributed, or for a last summary. */
export const FINAL_STATES: readonly FlowStateName[] = ['cancelledSummarised', 'closed', 'failed'];
/** A close has arrived: first choice for eviction. */
const CLOSED_STATES: readonly FlowStateName[] = ['cancelled', 'cancelledSummarised', 'closing', 'closed'];
/** Without a row in the TCP tables the flow is removed soon after its last event. */
const LINGERING_STATES: readonly FlowStateName[] = [
  ...CLOSED_STATES,
  'connectingSummarised',
  'establishedSummarised',
  'failed',
];
const CONNECTED_STATES: readonly FlowStateName[] = ['established', 'establishedSummarised', 'closing', 'closed'];

const STATES = Object.keys(FLOW_STATE) as FlowStateName[];
const EVENTS = Object.keys(FLOW_EVENT) as FlowEventName[];
const OTHER = 0xff;

/** `TRANSITIONS` by number: one byte for each state and event. */
const next = Uint8Array.from(
  STATES.flatMap((state) =>
    EVENTS.map((event) => {
      const to = TRANSITIONS[state][event] ?? state;
      return to === OTHER_FLOW ? OTHER : FLOW_STATE[to];
    }),
  ),
);
const members = (states: readonly FlowStateName[]): Uint8Array =>
  Uint8Array.from(STATES, (state) => (states.includes(state) ? 1 : 0));
const final = members(FINAL_STATES);
const closed = members(CLOSED_STATES);
const lingering = members(LINGERING_STATES);
const connected = members(CONNECTED_STATES);

/** The state after an event, -1 if the event belongs to another flow. */
export function nextState(state: number, event: FlowEvent): number {
  const to = next[state * EVENTS.length + event]!;
  return to === OTHER ? -1 : to;
}

export function isFinalState(state: number): boolean {
  return final[state] === 1;
}

export function isClosedState(state: number): boolean {
  return closed[state] === 1;
}

export function isLingeringState(state: number): boolean {
  return lingering[state] === 1;
}

/** The connection is or was established. */
export function isConnectedState(state: number): boolean {
  return connected[state] === 1;
}
