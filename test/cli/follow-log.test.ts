// Following the log: reconnects with backoff, positions, and the notes about gaps and restarts.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { followLog } from '../../cli/follow-log.ts';
import type { LogEvent } from '../../src/api/client.ts';
import type { LogMessageView } from '../../src/api/resources/logs.ts';
import { AgentError } from '../../src/base/errors.ts';

const message = (seq: number): LogEvent => ({
  kind: 'message',
  id: `1-${seq}`,
  message: { seq, body: `line ${seq}` } as LogMessageView,
});
const notRunning = new AgentError('AGENT_NOT_RUNNING', { address: 'x' });
const reset = new AgentError('AGENT_ANSWER', { address: 'x', reason: 'ECONNRESET' });

/** Follows connections that give these events and end or fail after them; stops after the last one. */
async function followed(connections: readonly (readonly (LogEvent | Error)[])[]) {
  const stop = new AbortController();
  const shown: number[] = [];
  const notes: string[] = [];
  const waits: number[] = [];
  const after: (string | undefined)[] = [];
  let next = 0;
  const client = {
    async *followLogs(_filter: object, id: string | undefined): AsyncGenerator<LogEvent> {
      after.push(id);
      for (const event of connections[next++]!) {
        if (event instanceof Error) throw event;
        yield event;
      }
      if (next === connections.length) stop.abort();
    },
  };
  await followLog(client, {
    filter: {},
    signal: stop.signal,
    onMessage: ({ seq }) => void shown.push(seq),
    onNote: (text) => void notes.push(text),
    ready: async () => {},
    wait: async (ms) => void waits.push(ms),
  });
  return { shown, notes, waits, after };
}

test('goes on after the last event when the agent stopped, with growing waits up to 10 s', async () => {
  const failing = Array.from({ length: 7 }, () => [notRunning]);
  const { shown, notes, waits, after } = await followed([
    [{ kind: 'position', id: '1-0' }, message(1), { kind: 'end' }],
    ...failing,
    [message(2)],
  ]);
  assert.deepEqual(shown, [1, 2]);
  assert.deepEqual(waits, [500, 1000, 2000, 4000, 8000, 10_000, 10_000, 10_000]);
  assert.deepEqual(notes, ['The log is interrupted: the agent stopped. Trying again.', 'The agent answers again.']);
  assert.deepEqual([...new Set(after)], [undefined, '1-1']);
});

test('waits briefly again after a connection that worked', async () => {
  const { waits } = await followed([[message(1), reset], [notRunning], [message(2), reset], [message(3)]]);
  assert.deepEqual(waits, [500, 1000, 500]);
});

test('resumes at the position of a stream without messages', async () => {
  const { after } = await followed([[{ kind: 'position', id: '1-7' }], [message(8)]]);
  assert.deepEqual(after, [undefined, '1-7']);
});

test('says that the agent was restarted, and how many messages are missing', async () => {
  const { notes } = await followed([
    [message(1)],
    [{ kind: 'gap', missed: 0, restarted: true }, { kind: 'gap', missed: 12, restarted: false }, message(1)],
  ]);
  assert.deepEqual(notes.slice(2), [
    'The agent was restarted: messages that it had not shown before are missing.',
    '12 messages of all containers were removed before they could be shown.',
  ]);
});

test('fails when the first connection fails, and when the agent refuses later', async () => {
  await assert.rejects(followed([[notRunning]]), notRunning);
  for (const refused of [
    new AgentError('AGENT_FOREIGN', { owner: 'x', address: 'x', service: 'x' }),
    new AgentError('AGENT_ANSWER', { address: 'x', reason: 'denied (HTTP 403)', status: 403 }),
  ])
    await assert.rejects(followed([[message(1)], [refused]]), refused);
});

test('goes on while the restarted agent is not ready or too busy', async () => {
  const busy = new AgentError('AGENT_ANSWER', { address: 'x', reason: 'busy (HTTP 503)', status: 503 });
  const { shown } = await followed([[message(1)], [new AgentError('NOT_READY')], [busy], [message(2)]]);
  assert.deepEqual(shown, [1, 2]);
});
