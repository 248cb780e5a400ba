// Discovery turns the services of the host into one list of containers.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Discovery, type DiscoveryOptions } from '../../../src/model/containers/discovery.ts';
import type { ServiceRecord } from '../../../src/sources/host.ts';
import { aService } from '../../helpers/observations.ts';

const manual = { startType: 3, binaryPath: 'C:\\a.exe', account: 'LocalSystem' };

function discover(services: readonly ServiceRecord[] | undefined, options: Partial<DiscoveryOptions> = {}): Discovery {
  const discovery = new Discovery({ filter: () => 'selected', ...options });
  discovery.services = services;
  discovery.update();
  return discovery;
}

test('finds nothing while no list of services was read', () => {
  const { decisions, found, stopped } = discover(undefined);
  assert.deepEqual([decisions, found, stopped.size], [[], [], 0]);
});

test('finds running services with their pid, and failed ones with pid 0 and their exit', () => {
  const { found } = discover([
    aService({ name: 'web', displayName: 'Web', pid: 100 }),
    aService({ name: 'down', pid: 0, state: 1, win32ExitCode: 1067, serviceExitCode: 0 }),
    aService({ name: 'slow', pid: 200, state: 3 }),
  ]);
  assert.deepEqual(
    found.map(({ id, kind, pid, stopping, exit }) => [id, kind, pid, stopping, exit?.win32ExitCode]),
    [
      ['/win/web', 'service', 100, false, undefined],
      ['/win/down', 'service', 0, false, 1067],
      ['/win/slow', 'service', 200, true, undefined],
    ],
  );
  assert.equal(found[0]!.displayName, 'Web');
});

test('lists services that were stopped normally by container id, and does not find them', () => {
  const { found, stopped, decisions } = discover([
    aService({ name: 'off', pid: 0, state: 1, win32ExitCode: 0, serviceExitCode: 0 }),
  ]);
  assert.deepEqual(found, []);
  assert.deepEqual([...stopped], [['/win/off', { win32ExitCode: 0, serviceExitCode: 0 }]]);
  assert.deepEqual(
    decisions.map(({ rule }) => rule),
    ['not-running'],
  );
});

test('finds a manual service if the user includes it, and none that the filter denies', () => {
  const services = [aService({ name: 'byHand', pid: 100, config: manual }), aService({ name: 'web', pid: 200 })];
  const ids = (options: Partial<DiscoveryOptions>) => discover(services, options).found.map(({ id }) => id);
  assert.deepEqual(ids({}), ['/win/web']);
  assert.deepEqual(ids({ includeService: (name) => name === 'byHand' }), ['/win/byHand', '/win/web']);
  assert.deepEqual(ids({ filter: (id) => (id === '/win/web' ? 'denied' : 'selected') }), []);
});

test('replaces the result with each list of services', () => {
  const discovery = discover([aService({ name: 'web', pid: 100 })]);
  discovery.services = [];
  discovery.update();
  assert.deepEqual([discovery.found, discovery.decisions], [[], []]);
});
