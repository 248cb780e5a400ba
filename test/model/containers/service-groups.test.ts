// Groups of services that share a process, and their names.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ServiceRecord } from '../../../src/sources/host.ts';
import { aModel, containerOf, round } from '../../helpers/model.ts';
import { aService } from '../../helpers/observations.ts';

const config = (startType: number, binaryPath = 'C:\\Windows\\system32\\svchost.exe -k netsvcs -p') => ({
  startType,
  binaryPath,
  account: 'LocalSystem',
});

function groupsOf(services: readonly ServiceRecord[], options: Parameters<typeof aModel>[0] = {}) {
  const model = aModel(options);
  round(model, 0, { services, processes: [{ pid: 100 }, { pid: 200 }] });
  const groups = [...model.groups.values()].map(({ pid, name, members }) => ({
    pid,
    name,
    members: members.map(
      ({ decision, container }) => `${decision.service.name} ${decision.rule} ${container?.id ?? '-'}`,
    ),
  }));
  return { model, groups };
}

test('groups running services of one process, whether they are containers or not', () => {
  const { model, groups } = groupsOf([
    aService({ name: 'Schedule', pid: 100, config: config(2) }),
    aService({ name: 'Themes', pid: 100, config: config(2) }),
    aService({ name: 'Appinfo', pid: 100, config: config(3) }),
    aService({ name: 'Paused', pid: 100, state: 7, config: config(2) }),
    aService({ name: 'Stopped', pid: 0, state: 1, config: config(2) }),
    aService({ name: 'StoppedToo', pid: 0, state: 1, config: config(2) }),
    aService({ name: 'Stopping', pid: 100, state: 3, config: config(2) }),
    aService({ name: 'Alone', pid: 200, config: config(2) }),
  ]);
  assert.deepEqual(groups, [
    {
      pid: 100,
      name: 'netsvcs',
      members: [
        'Schedule selected /win/Schedule',
        'Themes selected /win/Themes',
        'Appinfo manual-start -',
        'Paused selected /win/Paused',
        'Stopping selected /win/Stopping',
      ],
    },
  ]);
  assert.equal(containerOf(model, '/win/Schedule').state, 'shared');
});

test('keeps a container running if the other services of its group are no containers', () => {
  const { model, groups } = groupsOf([
    aService({ name: 'W3SVC', pid: 100, config: config(2, '%windir%\\system32\\svchost.exe -k iissvcs') }),
    aService({ name: 'WAS', pid: 100, config: config(3, '%windir%\\system32\\svchost.exe -k iissvcs') }),
  ]);
  assert.deepEqual(groups, [
    { pid: 100, name: 'iissvcs', members: ['W3SVC selected /win/W3SVC', 'WAS manual-start -'] },
  ]);
  assert.equal(containerOf(model, '/win/W3SVC').state, 'running');
});

test('names a group by the -k argument of svchost in any spelling, and not for other programs', () => {
  const nameOf = (binaryPath: string) =>
    groupsOf(['a', 'b'].map((name) => aService({ name, pid: 100, config: config(2, binaryPath) }))).groups[0]!.name;
  assert.equal(
    nameOf('C:\\Windows\\System32\\svchost.exe -k LocalServiceNetworkRestricted -p -s Dhcp'),
    'LocalServiceNetworkRestricted',
  );
  assert.equal(nameOf('"C:\\WINDOWS\\system32\\SvcHost.exe"  -p -K "DcomLaunch"'), 'DcomLaunch');
  assert.equal(nameOf('%SystemRoot%\\system32\\svchost -k rpcss'), 'rpcss');
  assert.equal(nameOf('C:\\Windows\\system32\\lsass.exe'), '');
  assert.equal(nameOf('C:\\apps\\mysvchost.exe -k mine'), '');
  assert.equal(nameOf('C:\\Windows\\system32\\svchost.exe'), '');
});

test('lists a denied service in the group without a container', () => {
  const services = ['a', 'b'].map((name) => aService({ name, pid: 100, config: config(2) }));
  const { groups } = groupsOf(services, { filter: (id) => (id === '/win/b' ? 'denied' : 'selected') });
  assert.deepEqual(groups[0]!.members, ['a selected /win/a', 'b denied -']);
});
