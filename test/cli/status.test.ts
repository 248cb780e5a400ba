// The output of `status` about deliveries, from a real control plane.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addStatusCommand } from '../../cli/commands/status.ts';
import type { ApiContext } from '../../src/api/context.ts';
import { aDelivery, deliveriesOf } from '../helpers/deliveries.ts';
import { aModel } from '../helpers/model.ts';
import { printedBy } from '../helpers/printed.ts';

const printed = (overrides: Partial<ApiContext>) => printedBy([addStatusCommand], ['status'], aModel(), overrides);

test('status lists each delivery with what is queued, delivered and dropped by reason', async () => {
  const delivery = deliveriesOf([aDelivery(), aDelivery({ name: 'logs', droppedItems: {}, lastSuccessAtMs: 0 })]);
  const text = await printed({ delivery });
  assert.match(text, /DELIVERY STATE QUEUED OLDEST DELIVERED DROPPED LAST SUCCESS ENDPOINT/);
  assert.match(text, /\nmetrics idle 93 1 min 1 s 900 7 \(too_old 5, spool_full 2\) 2026-01-02/);
  assert.match(text, /\nlogs idle 93 1 min 1 s 900 0 never https:/);
});

test('status names the problem of a delivery with the next attempt, and that of the spool', async () => {
  const nextAttemptAtMs = Date.UTC(2026, 0, 2, 3, 9, 0);
  const refused = aDelivery({ state: 'refused', problem: 'the receiver does not know the API key.', nextAttemptAtMs });
  const text = await printed({ delivery: deliveriesOf([refused], { problem: 'the disk is full' }) });
  assert.match(text, /Delivery of metrics: the receiver does not know the API key\. The next attempt is at 2026-01-02/);
  assert.match(text, /Spool C:\\spool: the disk is full/);
});

test('status counts what was changed of log records, and is silent when nothing was', async () => {
  const changed = aDelivery({ name: 'logs', changes: { body: 3, time: 1 } });
  const text = await printed({ delivery: deliveriesOf([aDelivery(), changed]) });
  assert.match(text, /Delivery of logs: changes that keep records within limits: 4 \(body 3, time 1\)/);
  assert.doesNotMatch(text, /Delivery of metrics: changes/);
});

test('status says nothing of deliveries when no endpoint is set, and names an output that failed', async () => {
  const outputs = () => [{ name: 'scrape', failures: 2, lastError: 'broken', detail: {}, problem: '' }];
  const text = await printed({ outputs });
  assert.doesNotMatch(text, /DELIVERY|Spool/);
  assert.match(text, /Output scrape: broken/);
});
