// The cloud instance in the model, and the labels that region and zone add to series of containers.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catalogue } from '../../src/collectors/catalogue.ts';
import { SampleGatherer } from '../../src/collectors/samples.ts';
import { Cloud } from '../../src/model/cloud.ts';

test('a setting replaces what the service says, also without a cloud', () => {
  const cloud = new Cloud({ region: 'own-region', provider: '', instanceType: undefined });
  assert.equal(cloud.instance.region, 'own-region');
  assert.equal(cloud.instance.provider, '');
  cloud.update({ provider: 'AWS', region: 'us-east-1', instanceType: 't2.small' });
  const { provider, region, instanceType, publicIpv4 } = cloud.instance;
  assert.deepEqual([provider, region, instanceType, publicIpv4], ['AWS', 'own-region', 't2.small', '']);
});

test('facts that stay the same keep their object, changed ones get another', () => {
  const cloud = new Cloud();
  cloud.update({ provider: 'AWS', region: 'r' });
  const before = cloud.instance;
  cloud.update({ provider: 'AWS', region: 'r' });
  assert.equal(cloud.instance, before);
  cloud.update({ provider: 'AWS', region: 'r', publicIpv4: '192.0.2.1' });
  assert.notEqual(cloud.instance, before);
});

const nodeLabels = { machine_id: 'm', system_uuid: 'u' };

/** The labels of the restarts of one container and of the uptime after a pass. */
function labelsOf(gatherer: SampleGatherer, container: object): unknown {
  gatherer.begin();
  gatherer.add(catalogue.containerRestarts, container, () => ({ ...nodeLabels, container_id: '/win/a' }), 1);
  gatherer.add(catalogue.nodeUptime, container, () => ({ ...nodeLabels }), 1);
  return Object.fromEntries(
    gatherer.finish(0).families.map(({ definition, sets }) => [definition.name, sets.map(({ labels }) => labels)]),
  );
}

test('series of containers get region and zone when both are known, those of the node never', () => {
  const gatherer = new SampleGatherer();
  const container = {};
  const plain = [{ ...nodeLabels, container_id: '/win/a' }];
  gatherer.relabel(nodeLabels);
  const node_uptime_seconds = [nodeLabels];
  assert.deepEqual(labelsOf(gatherer, container), { container_restarts_total: plain, node_uptime_seconds });
  gatherer.relabel(nodeLabels, { az: 'eu-1a', region: 'eu-1' });
  assert.deepEqual(labelsOf(gatherer, container), {
    container_restarts_total: [{ ...plain[0], az: 'eu-1a', region: 'eu-1' }],
    node_uptime_seconds,
  });
  gatherer.relabel(nodeLabels, { az: 'eu-1b', region: 'eu-1' });
  assert.deepEqual(labelsOf(gatherer, container), {
    container_restarts_total: [{ ...plain[0], az: 'eu-1b', region: 'eu-1' }],
    node_uptime_seconds,
  });
});
