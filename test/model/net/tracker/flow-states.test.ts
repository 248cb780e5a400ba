// The transition table of flows: the result of each event in each state, and the figure of it in the decision record.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import {
  FINAL_STATES,
  FLOW_EVENT,
  FLOW_STATE,
  type FlowEventName,
  type FlowStateName,
  isClosedState,
  isConnectedState,
  isFinalState,
  isLingeringState,
  nextState,
  OTHER_FLOW,
  TRANSITIONS,
} from '../../../../src/model/net/tracker/flow-states.ts';

const states = Object.keys(FLOW_STATE) as FlowStateName[];
const events = Object.keys(FLOW_EVENT) as FlowEventName[];

/**
 * Results in the order of `events`: request, connect, fail, accept, rundown, summary, close, supersede. `=` keeps the
 * state, `+` belongs to another flow.
 */
const expected: Readonly<Record<FlowStateName, string>> = {
  free: 'connecting established failed established established establishedSummarised = =',
  connecting: '+ established failed + = connectingSummarised cancelled cancelledSummarised',
  connectingSummarised: '+ establishedSummarised failed + = = cancelledSummarised cancelledSummarised',
  cancelled: '+ + failed + = cancelledSummarised = cancelledSummarised',
  cancelledSummarised: '+ + failed + = = = =',
  established: '+ + + + = establishedSummarised closing closed',
  establishedSummarised: '+ + + + = = closed closed',
  closing: '+ + + + = closed = closed',
  closed: '+ + + + = = = =',
  failed: '+ + + + = = = =',
};

for (const state of states) {
  test(`applies each event to a flow in the state ${state}`, () => {
    const results = events.map((event) => {
      const next = nextState(FLOW_STATE[state], FLOW_EVENT[event]);
      if (next < 0) return '+';
      return next === FLOW_STATE[state] ? '=' : states[next];
    });
    assert.equal(results.join(' '), expected[state]);
  });
}

test('numbers states and events without gaps, as the compiled table needs', () => {
  assert.deepEqual(
    Object.values(FLOW_STATE),
    states.map((_, i) => i),
  );
  assert.deepEqual(
    Object.values(FLOW_EVENT),
    events.map((_, i) => i),
  );
});

test('groups states by what the rest of the tracker asks', () => {
  const group = (has: (state: number) => boolean) => states.filter((state) => has(FLOW_STATE[state])).join(' ');
  assert.equal(group(isFinalState), 'cancelledSummarised closed failed');
  assert.equal(group(isClosedState), 'cancelled cancelledSummarised closing closed');
  assert.equal(group(isConnectedState), 'established establishedSummarised closing closed');
  assert.equal(
    group(isLingeringState),
    'connectingSummarised cancelled cancelledSummarised establishedSummarised closing closed failed',
  );
});

test('reaches every state, and every flow can end', () => {
  const reachable = (from: FlowStateName): Set<string> => {
    const found = new Set<string>([from]);
    for (const state of found) {
      for (const to of Object.values(TRANSITIONS[state as FlowStateName])) if (to !== OTHER_FLOW) found.add(to);
    }
    return found;
  };
  assert.deepEqual([...reachable('free')].sort(), [...states].sort());
  for (const state of states)
    assert.ok(
      FINAL_STATES.some((final) => reachable(state).has(final)),
      state,
    );
});

/** Edges of the table, as the figure has them: `from --> to: event`. */
function tableEdges(): string[] {
  const edges = states.flatMap((from) =>
    Object.entries(TRANSITIONS[from])
      .filter(([, to]) => to !== OTHER_FLOW)
      .map(([event, to]) => `${from === 'free' ? '[*]' : from} --> ${to}: ${event}`),
  );
  return [...edges, ...FINAL_STATES.map((state) => `${state} --> [*]: removed`)].sort();
}

/** Edges of the figure; a label may list several events. */
function figureEdges(): string[] {
  const record = readFileSync('docs/adr/0010-connections-in-the-model.md', 'utf8');
  const figures = [...record.matchAll(/^```mermaid\n(stateDiagram-v2\n[^`]*)^```$/gm)];
  assert.equal(figures.length, 1);
  return figures[0]![1]!
    .split('\n')
    .slice(1)
    .filter((line) => line.trim() !== '')
    .flatMap((line) => {
      const [, from, to, labels] = /^ {4}(\S+) --> (\S+): (\S.*)$/.exec(line) ?? assert.fail(`not an edge: ${line}`);
      return labels!.split(', ').map((event) => `${from} --> ${to}: ${event}`);
    })
    .sort();
}

test('the figure in the decision record has the edges of the table, and no others', () => {
  assert.deepEqual(figureEdges(), tableEdges());
});
