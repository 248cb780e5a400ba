// GET /api/v1/services: every field, states and start types in words, and shared processes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ServicesAnswer, serviceView } from '../../../src/api/resources/services.ts';
import { anApi } from '../../helpers/api.ts';
import { denied, wall } from '../../helpers/model.ts';
import { aService, unavailable } from '../../helpers/observations.ts';
import { aSharedHost } from '../../helpers/shared-host.ts';
import { config, shopHost } from '../../helpers/shop-host.ts';

test('serialises every field of the view, and shows when the last poll failed', async () => {
  const model = shopHost();
  const answer = (await anApi({ model }).app.inject('/api/v1/services')).json() as ServicesAnswer;
  const ids = new Set(model.containers.all().map(({ id }) => id));
  assert.deepEqual(answer, {
    observedAtMs: wall(10),
    stale: false,
    services: model.decisions.map((decision) => serviceView(decision, ids, model.groups.get(decision.service.pid))),
  });
  assert.deepEqual(
    answer.services.map(({ name, state, startType, containerId, rule }) => [name, state, startType, containerId, rule]),
    [
      ['web', 'running', 'automatic', '/win/web', 'selected'],
      ['MSSQL$X', 'running', 'automatic', '/win/MSSQL_X', 'selected'],
      ['manual', 'running', 'manual', '', 'manual-start'],
      ['secret', 'running', 'unknown', '', 'unreadable'],
    ],
  );
  assert.match(answer.services[3]!.explanation, /access denied/);
  model.observe(unavailable('services', denied));
  assert.equal(((await anApi({ model }).app.inject('/api/v1/services')).json() as ServicesAnswer).stale, true);
});

test('shows states and start types in words, and unknown ones as numbers', () => {
  const view = (values: Parameters<typeof aService>[0]) =>
    serviceView({ service: aService(values), rule: 'selected', containerId: '/win/a' }, new Set());
  // winsvc.h: SERVICE_STOPPED 1 ... SERVICE_PAUSED 7.
  const states = [0, 1, 2, 3, 4, 5, 6, 7, 8].map((state) => view({ state }).state);
  assert.deepEqual(states, [
    'state 0',
    'stopped',
    'starting',
    'stopping',
    'running',
    'continuing',
    'pausing',
    'paused',
    'state 8',
  ]);
  const types = [0, 1, 2, 3, 4, 5].map((startType) => view({ config: { ...config, startType } }).startType);
  assert.deepEqual(types, ['boot', 'system', 'automatic', 'manual', 'disabled', 'type 5']);
  assert.equal(view({ config: { ...config, delayedAutoStart: true } }).startType, 'automatic (delayed)');
  assert.equal(view({ config: { ...config, startType: 3, triggers: 2 } }).startType, 'manual (triggered)');
  assert.equal(view({}).containerId, '');
});

test('lists the other services in the process of a service', async () => {
  const { services } = (await anApi({ model: aSharedHost() }).app.inject('/api/v1/services')).json() as ServicesAnswer;
  assert.deepEqual(
    services.map(({ name, sharedWith, group }) => [name, sharedWith, group]),
    [
      ['Dnscache', ['CryptSvc', 'TermService'], 'NetworkService'],
      ['CryptSvc', ['Dnscache', 'TermService'], 'NetworkService'],
      ['TermService', ['Dnscache', 'CryptSvc'], 'NetworkService'],
      ['W3SVC', ['WAS'], 'iissvcs'],
      ['WAS', ['W3SVC'], 'iissvcs'],
      ['orders', [], ''],
      ['SstpSvc', [], ''],
    ],
  );
});
