// The node: identity that survives a bad reading, addresses, and what is known of each kind of reading.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { IdentityRecord } from '../../src/sources/host.ts';
import { aModel, denied, round, wall } from '../helpers/model.ts';
import { anAdapter, anIdentity, observation, unavailable } from '../helpers/observations.ts';

/** The identity of a model that was told these, one after the other. */
function identityAfter(...told: [identity: Partial<IdentityRecord>, degraded?: boolean][]): IdentityRecord | undefined {
  const model = aModel();
  for (const [identity, degraded] of told)
    model.observe(observation('identity', anIdentity(identity), degraded ? { degraded: [denied] } : {}));
  return model.node.identity;
}

test('the last identity counts', () => {
  assert.deepEqual(identityAfter([{}], [{ hostname: 'RENAMED' }]), anIdentity({ hostname: 'RENAMED' }));
});

test('a part that cannot be read again keeps its value: else every series would get other labels', () => {
  const lost = { hostname: 'unknown', machineId: '', systemUuid: '', kernelVersion: 'Windows 10.0 (Build 20348)' };
  assert.deepEqual(identityAfter([{}], [lost, true]), anIdentity());
  assert.deepEqual(identityAfter([{}], [{ ...lost, hostname: 'RENAMED' }, true]), anIdentity({ hostname: 'RENAMED' }));
});

test('a part that could never be read stays empty, and comes when it can be read', () => {
  const lost = { machineId: '', systemUuid: '' };
  assert.deepEqual(identityAfter([lost, true], [lost, true]), anIdentity(lost));
  assert.deepEqual(identityAfter([{ ...lost, kernelVersion: 'Windows' }, true], [{}]), anIdentity());
});

test('addresses follow the adapters, a failed reading leaves them', () => {
  const model = aModel();
  round(model, 0, {
    adapters: [
      anAdapter({ addresses: ['10.0.0.5', 'fe80::1'] }),
      anAdapter({ up: false, addresses: ['10.0.0.5', 'fd00::1'] }),
    ],
  });
  assert.deepEqual(model.node.addresses, { ipv4: ['10.0.0.5'], ipv6: ['fd00::1'] });
  model.observe(unavailable('adapters', denied));
  assert.deepEqual(model.node.addresses, { ipv4: ['10.0.0.5'], ipv6: ['fd00::1'] });
  round(model, 15_000, { adapters: [anAdapter({ addresses: ['10.0.0.6'] })] });
  assert.deepEqual(model.node.addresses, { ipv4: ['10.0.0.6'], ipv6: [] });
});

test('each kind of reading tells how it goes', () => {
  const model = aModel();
  model.observe(observation('system', { uptimeMs: 1 }, { atMs: 5 }));
  model.observe(unavailable('system', denied, { atMs: 10 }));
  assert.deepEqual(model.readings.of('system'), {
    kind: 'system',
    readings: 2,
    failures: 1,
    lastGoodAtMs: wall(5),
    seconds: 0.001,
    stale: true,
    problems: [denied],
  });
  model.observe(observation('system', { uptimeMs: 2 }, { atMs: 15 }));
  const { stale, problems, lastGoodAtMs } = model.readings.of('system')!;
  assert.deepEqual({ stale, problems, lastGoodAtMs }, { stale: false, problems: [], lastGoodAtMs: wall(15) });
  assert.equal(model.node.uptimeMs, 2);
});

test('a problem is news once, until it goes away or changes', () => {
  const model = aModel();
  const other = { ...denied, reason: 'other' };
  const news = [
    model.observe(unavailable('tcp', denied)),
    model.observe(unavailable('tcp', denied)),
    model.observe(observation('tcp', [], { degraded: [denied, other] })),
    model.observe(observation('tcp', [])),
    model.observe(unavailable('tcp', denied)),
    model.observe(unavailable('services', denied)),
  ];
  assert.deepEqual(news, [[denied], [], [other], [], [denied], [denied]]);
});
