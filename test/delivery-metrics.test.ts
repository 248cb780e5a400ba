// The agent's own metrics of deliveries, as Prometheus text.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SelfMetrics } from '../src/base/self-metrics.ts';
import { countDeliveries } from '../src/delivery-metrics.ts';
import { aDelivery } from './helpers/deliveries.ts';

async function linesOf(metrics: SelfMetrics): Promise<string[]> {
  return (await metrics.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}

test('counts of a delivery are metrics by destination, drops also by reason', async () => {
  const metrics = new SelfMetrics();
  countDeliveries(metrics, [aDelivery()]);
  assert.deepEqual((await linesOf(metrics)).sort(), [
    'coroot_agent_delivery_delivered_items_total{destination="metrics"} 900',
    'coroot_agent_delivery_dropped_items_total{destination="metrics",reason="spool_full"} 2',
    'coroot_agent_delivery_dropped_items_total{destination="metrics",reason="too_old"} 5',
    'coroot_agent_delivery_last_success_timestamp_seconds{destination="metrics"} 1767323045',
    'coroot_agent_delivery_oldest_item_age_seconds{destination="metrics"} 61',
    'coroot_agent_delivery_produced_items_total{destination="metrics"} 1000',
    'coroot_agent_delivery_queued_bytes{destination="metrics"} 4096',
    'coroot_agent_delivery_queued_items{destination="metrics"} 93',
    'coroot_agent_delivery_requests_total{destination="metrics",result="retryable"} 3',
    'coroot_agent_delivery_requests_total{destination="metrics",result="success"} 9',
    'coroot_agent_delivery_sent_bytes_total{destination="metrics"} 65536',
  ]);
});

test('changes of records are a metric by destination and reason', async () => {
  const metrics = new SelfMetrics();
  countDeliveries(metrics, [aDelivery(), aDelivery({ name: 'logs', changes: { body: 3, attribute_name: 1 } })]);
  const lines = (await linesOf(metrics)).filter((line) => line.includes('changes'));
  assert.deepEqual(lines.sort(), [
    'coroot_agent_delivery_changes_total{destination="logs",reason="attribute_name"} 1',
    'coroot_agent_delivery_changes_total{destination="logs",reason="body"} 3',
  ]);
});

test('each pass replaces the totals; before a success there is no time of the last one', async () => {
  const metrics = new SelfMetrics();
  countDeliveries(metrics, [aDelivery({ lastSuccessAtMs: 0, deliveredItems: 1 })]);
  countDeliveries(metrics, [aDelivery({ lastSuccessAtMs: 0, deliveredItems: 5 })]);
  const lines = await linesOf(metrics);
  assert.ok(lines.includes('coroot_agent_delivery_delivered_items_total{destination="metrics"} 5'));
  assert.ok(!lines.some((line) => line.includes('last_success')));
});

test('an agent without destinations has no metrics of deliveries', async () => {
  const metrics = new SelfMetrics();
  countDeliveries(metrics, []);
  assert.equal(await metrics.text(), '');
});
