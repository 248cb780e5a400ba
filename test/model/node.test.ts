// The node: identity after failed readings, addresses, and the state of each kind of reading.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { IdentityRecord } from '../../src/sources/host.ts';
import { aModel, denied, round, wall } from '../helpers/model.ts';
import { anAdapter, anIdentity, observation, unavailable } from '../helpers/observations.ts';

/** The identity after these readings. */
function identityAfter(
  ...readings: [identity: Partial<IdentityRecord>, degraded?: boolean][]
): IdentityRecord | undefined {
  const model = aModel();
  for (const [identity, degraded] of readings)
    model.observe(observation('identity', anIdentity(identity), degraded ? { degraded: [denied] } : {}));
  return model.node.identity;
}

test('replaces the identity with each reading', () => {
  assert.deepEqual(identityAfter([{}], [{ hostname: 'RENAMED' }]), anIdentity({ hostname: 'RENAMED' }));
});

test('keeps a part of the identity that cannot be read, so that labels stay', () => {
  const lost = { hostname: 'unknown', machineId: '', systemUuid: '', kernelVersion: 'Windows 10.0 (Build 20348)' };
  assert.deepEqual(identityAfter([{}], [lost, true]), anIdentity());
  assert.deepEqual(identityAfter([{}], [{ ...lost, hostname: 'RENAMED' }, true]), anIdentity({ hostname: 'RENAMED' }));
});

test('leaves a part of the identity empty until it can be read', () => {
  const lost = { machineId: '', systemUuid: '' };
  assert.deepEqual(identityAfter([lost, true], [lost, true]), anIdentity(lost));
  assert.deepEqual(identityAfter([{ ...lost, kernelVersion: 'Windows' }, true], [{}]), anIdentity());
});

test('updates addresses with the adapters, and keeps them after a failed reading', () => {
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

test('counts readings and failures of each kind, with the current problems', () => {
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

test('reports a problem once, until it disappears or changes', () => {
  const model = aModel();
  const other = { ...denied, reason: 'other' };
  const reported = [
    model.observe(unavailable('tcp', denied)),
    model.observe(unavailable('tcp', denied)),
    model.observe(observation('tcp', [], { degraded: [denied, other] })),
    model.observe(observation('tcp', [])),
    model.observe(unavailable('tcp', denied)),
    model.observe(unavailable('services', denied)),
  ];
  assert.deepEqual(reported, [[denied], [], [other], [], [denied], [denied]]);
});
