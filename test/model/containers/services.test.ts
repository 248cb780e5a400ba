// Selection of services as containers: every rule in its order, and the ids.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type ContainerFilter,
  decideServices,
  SERVICE_RULES,
  type ServiceRule,
} from '../../../src/model/containers/services.ts';
import type { ServiceRecord } from '../../../src/sources/host.ts';
import { aService } from '../../helpers/observations.ts';

const all: ContainerFilter = () => 'selected';
const config = { startType: 2, binaryPath: 'C:\\app.exe', account: 'LocalSystem' };

function without<K extends keyof ServiceRecord>(service: ServiceRecord, key: K): ServiceRecord {
  const { [key]: _left, ...rest } = service;
  return rest as ServiceRecord;
}

const ruleOf = (service: ServiceRecord, filter = all): ServiceRule => decideServices([service], filter)[0]!.rule;
const idOf = (...names: string[]): string[] =>
  decideServices(
    names.map((name) => aService({ name })),
    all,
  ).map(({ containerId }) => containerId);

test('selects a running automatic service with a process', () => {
  assert.equal(ruleOf(aService()), 'selected');
  assert.equal(ruleOf(aService({ config: { ...config, delayedAutoStart: true, triggers: 0 } })), 'selected');
});

test('excludes every start type but automatic by its own rule', () => {
  // winsvc.h: 0 boot, 1 system, 2 automatic, 3 demand, 4 disabled.
  const rules = [0, 1, 2, 3, 4, 5].map((startType) => ruleOf(aService({ config: { ...config, startType } })));
  assert.deepEqual(rules, ['driver', 'driver', 'selected', 'manual-start', 'disabled', 'driver']);
});

test('weak spot 14: selects services that are paused, starting or stopping, but not stopped ones', () => {
  // winsvc.h: 1 stopped, 2 start pending, 3 stop pending, 4 running, 5 continue pending, 6 pause pending, 7 paused.
  const rules = [1, 2, 3, 4, 5, 6, 7].map((state) => ruleOf(aService({ state })));
  assert.deepEqual(rules, ['not-running', ...new Array(6).fill('selected')]);
  assert.equal(ruleOf(aService({ pid: 0 })), 'not-running');
});

test('weak spot 22: selects a failed service, unless it is disabled or the filter excludes it', () => {
  const stopped = { state: 1, pid: 0 };
  const rule = (win32ExitCode: number, serviceExitCode = 0) =>
    ruleOf(aService({ ...stopped, win32ExitCode, serviceExitCode }));
  // winerror.h: 1066 service-specific, 1067 process aborted, 1077 never started, 1115 shutdown in progress, 1068
  // dependency failed.
  assert.deepEqual(
    [1067, 1068, 5].map((code) => rule(code)),
    ['failed', 'failed', 'failed'],
  );
  assert.deepEqual(
    [0, 1077, 1115].map((code) => rule(code)),
    ['not-running', 'not-running', 'not-running'],
  );
  assert.deepEqual([rule(1066, 42), rule(1066, 0)], ['failed', 'not-running']);
  // A service in state "start pending" without a process is not stopped.
  assert.equal(ruleOf(aService({ state: 2, pid: 0, win32ExitCode: 1067 })), 'not-running');
  assert.equal(
    ruleOf(aService({ ...stopped, win32ExitCode: 1067 }), () => 'denied'),
    'denied',
  );
  for (const startType of [3, 4]) {
    const service = aService({ name: 'mydb', ...stopped, win32ExitCode: 1067, config: { ...config, startType } });
    assert.equal(ruleOf(service), startType === 3 ? 'manual-start' : 'disabled');
    const included = decideServices([service], all, () => true)[0]!.rule;
    assert.equal(included, startType === 3 ? 'failed' : 'disabled');
  }
});

test('excludes triggered services, and treats unreadable triggers as none', () => {
  assert.equal(ruleOf(aService({ config: { ...config, triggers: 1 } })), 'triggered');
  assert.equal(ruleOf(aService({ config })), 'selected');
});

test('weak spot 14: includes a running service that a setting names, whatever its configuration', () => {
  const included = (name: string) => name.startsWith('my');
  const decide = (service: ServiceRecord, filter = all) => decideServices([service], filter, included)[0]!.rule;
  for (const values of [{ startType: 3 }, { startType: 4 }, { startType: 2, triggers: 3 }]) {
    assert.equal(decide(aService({ name: 'mydb', config: { ...config, ...values } })), 'included');
    assert.notEqual(decide(aService({ name: 'other', config: { ...config, ...values } })), 'included');
    assert.notEqual(decide(aService({ name: 'mydb', state: 1, pid: 0, config: { ...config, ...values } })), 'included');
  }
  assert.equal(decide(without(aService({ name: 'mydb' }), 'config')), 'included');
  assert.equal(decide(aService({ name: 'my_1a2b', serviceType: 0xd0 })), 'per-user');
  assert.equal(
    decide(aService({ name: 'mydb', config: { ...config, startType: 3 } }), () => 'denied'),
    'denied',
  );
  assert.equal(decide(aService({ name: 'mydb', config })), 'selected');
});

test('excludes a service with an unreadable configuration', () => {
  assert.equal(
    ruleOf(without(aService({ configUnavailable: { part: 'configuration', reason: 'access denied' } }), 'config')),
    'unreadable',
  );
});

test('detects per-user services by their type bits, both templates (40h) and instances (80h)', () => {
  for (const serviceType of [0x50, 0x60, 0xd0, 0xe0])
    assert.equal(ruleOf(aService({ name: 'CDPUserSvc_3fe21', serviceType })), 'per-user');
  for (const serviceType of [0x10, 0x20, 0x110, 0x210]) assert.equal(ruleOf(aService({ serviceType })), 'selected');
});

test('does not detect per-user services by their names', () => {
  for (const name of ['redis_6379', 'nginx_80', 'app_1', 'svc_cafe'])
    assert.equal(ruleOf(aService({ name })), 'selected');
});

test('applies the first of several matching rules', () => {
  const hopeless = aService({ serviceType: 0xd0, state: 1, pid: 0, config: { ...config, startType: 4, triggers: 2 } });
  assert.equal(ruleOf(hopeless), 'per-user');
  const plain = { ...hopeless, serviceType: 0x10 };
  assert.equal(ruleOf(without(plain, 'config')), 'unreadable');
  assert.equal(ruleOf(plain), 'disabled');
  assert.equal(ruleOf({ ...plain, config: { ...config, triggers: 2 } }), 'triggered');
  assert.equal(ruleOf({ ...plain, config }), 'not-running');
});

test('applies the filter of the user last, to the container id', () => {
  const asked: string[] = [];
  const filter: ContainerFilter = (id) => {
    asked.push(id);
    return id.endsWith('denied') ? 'denied' : id.endsWith('other') ? 'not-allowed' : 'selected';
  };
  const services = ['denied', 'other', 'good'].map((name) => aService({ name }));
  const decisions = decideServices([...services, aService({ name: 'stopped', state: 1 })], filter);
  assert.deepEqual(
    decisions.map(({ rule }) => rule),
    ['denied', 'not-allowed', 'selected', 'not-running'],
  );
  assert.deepEqual(asked, ['/win/denied', '/win/other', '/win/good']);
});

test('has an explanation for every rule', () => {
  for (const words of Object.values(SERVICE_RULES)) assert.match(words, /\w{3}/);
});

test('builds the id from /win/ and the name, with `$` replaced by `_`', () => {
  assert.deepEqual(idOf('Spooler', 'MSSQL$REPORTING', 'a$b$c', '$'), [
    '/win/Spooler',
    '/win/MSSQL_REPORTING',
    '/win/a_b_c',
    '/win/_',
  ]);
});

test('gives no two services the same id: the one without `$` in its name keeps it', () => {
  assert.deepEqual(idOf('MSSQL$X', 'MSSQL_X'), ['/win/MSSQL$X', '/win/MSSQL_X']);
  assert.deepEqual(idOf('a$b_c', 'a_b$c'), ['/win/a$b_c', '/win/a_b$c']);
  const many = idOf('a$b$c', 'a_b$c', 'a$b_c', 'a_b_c', 'other');
  assert.equal(new Set(many).size, 5);
});
