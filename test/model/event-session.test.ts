// Totals of the event session, which never decrease.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { session } from '../helpers/connection-fixture.ts';
import { aModel } from '../helpers/model.ts';
import { observation } from '../helpers/observations.ts';

test('losses, drops and restarts never decrease, also after the recorded agent has restarted', () => {
  const model = aModel();
  const after = [1000, 1200, 1100, 5].map((count) => {
    const losses = { eventsLost: count, buffersLost: count, realTimeBuffersLost: count, restarts: count };
    model.observe(observation('etw', session({ ...losses, dropped: { 'copy failed': count } })));
    const { eventsLost, buffersLost, realTimeBuffersLost, restarts, dropped } = model.eventSession.record!;
    return [eventsLost, buffersLost, realTimeBuffersLost, restarts, dropped['copy failed']];
  });
  assert.deepEqual(
    after,
    [1000, 1200, 1200, 1205].map((total) => new Array(5).fill(total)),
  );
});
