// When configurations of services are read: at the first sight, after a change of the status, and in turn.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Win32Error } from '../../../src/native/win32-error.ts';
import { ServiceConfigs, type ServiceStatus } from '../../../src/sources/poll/service-configs.ts';
import { protectedServices, staleConfigs } from '../../../src/sources/poll/services.ts';

const MINUTE_MS = 60_000;
/** What docs/api.md promises. */
const VISIBLE_WITHIN_MS = 5 * MINUTE_MS;

/** An SCM with a fake clock that counts each read of a configuration. */
class FakeScm {
  nowMs = 1_000_000;
  readonly services = new Map<string, ServiceStatus & { startType: number; fails?: number }>();
  reads: string[] = [];
  readonly configs = new ServiceConfigs(() => this.nowMs);

  constructor(count: number) {
    for (let i = 0; i < count; i++) this.add(`svc${i}`);
  }

  add(name: string, startType = 2): void {
    const status = {
      name,
      displayName: name,
      serviceType: 0x10,
      state: 4,
      pid: 100,
      win32ExitCode: 0,
      serviceExitCode: 0,
    };
    this.services.set(name, { ...status, startType });
  }

  change(name: string, change: Partial<ServiceStatus & { startType: number; fails: number | undefined }>): void {
    Object.assign(this.services.get(name)!, change);
  }

  /** One round; returns what was read and the records by name. */
  round(afterMs = 15_000) {
    this.nowMs += afterMs;
    this.reads = [];
    const statuses = [...this.services.values()].map(({ startType, fails, ...status }) => status);
    const { services, stale } = this.configs.update(statuses, (name) => {
      this.reads.push(name);
      const { startType, fails } = this.services.get(name)!;
      if (fails !== undefined) throw new Win32Error('OpenServiceW', fails);
      return { startType, binaryPath: `C:\\${name}.exe`, account: 'LocalSystem' };
    });
    assert.deepEqual(
      services.map(({ name }) => name),
      [...this.services.keys()],
    );
    return { reads: this.reads, services, stale, startType: (name: string) => find(services, name)?.config?.startType };
  }
}

function find<T extends { name: string }>(services: readonly T[], name: string): T | undefined {
  return services.find((service) => service.name === name);
}

describe('the configuration of a service is read', () => {
  it('once when the service is first listed, and not in each round', () => {
    const scm = new FakeScm(300);
    assert.equal(scm.round().reads.length, 300);
    // 300 services within 240 s are 18.75 in 15 s.
    for (let round = 0; round < 100; round++) assert.ok(scm.round().reads.length <= 19);
  });

  it('in the same round when its state, process, type or display name changes', () => {
    const changes: Partial<ServiceStatus>[] = [
      { state: 1 },
      { pid: 101 },
      { state: 4, pid: 102 },
      { serviceType: 0x20 },
      { displayName: 'Renamed' },
    ];
    for (const change of changes) {
      const scm = new FakeScm(10);
      scm.round();
      scm.change('svc7', { ...change, startType: 3 } as never);
      const { reads, startType, services } = scm.round(0);
      assert.deepEqual(reads, ['svc7']);
      assert.equal(startType('svc7'), 3);
      assert.deepEqual({ ...find(services, 'svc7'), ...change }, find(services, 'svc7'));
    }
  });

  it('when the service is new, and again after it was deleted and created', () => {
    const scm = new FakeScm(5);
    scm.round();
    scm.add('added', 3);
    assert.deepEqual(scm.round(0).reads, ['added']);
    scm.services.delete('added');
    assert.deepEqual(scm.round(0).reads, []);
    scm.add('added', 4);
    const { reads, startType } = scm.round(0);
    assert.deepEqual([reads, startType('added')], [['added'], 4]);
  });

  it('so that a change that no status shows is visible within five minutes, for every service', () => {
    for (const intervalMs of [1000, 5000, 15_000, MINUTE_MS]) {
      const scm = new FakeScm(37);
      scm.round();
      for (let i = 0; i < 20; i++) scm.round(intervalMs);
      const changedAt = scm.nowMs;
      for (const name of scm.services.keys()) scm.change(name, { startType: 4 });
      const missing = new Set(scm.services.keys());
      while (missing.size > 0) {
        const { startType } = scm.round(intervalMs);
        for (const name of missing) if (startType(name) === 4) missing.delete(name);
        assert.ok(scm.nowMs - changedAt <= VISIBLE_WITHIN_MS, `${missing.size} missing, every ${intervalMs} ms`);
      }
    }
  });

  it('within five minutes also if other services change in each round', () => {
    const scm = new FakeScm(40);
    scm.round();
    const changedAt = scm.nowMs;
    scm.change('svc39', { startType: 4 });
    for (let pid = 200; scm.round().startType('svc39') !== 4; pid++) {
      for (let i = 0; i < 20; i++) scm.change(`svc${i}`, { pid });
      assert.ok(scm.nowMs - changedAt <= VISIBLE_WITHIN_MS);
    }
  });

  it('for all services in one round if rounds are further apart, and never twice in one', () => {
    const scm = new FakeScm(20);
    scm.round();
    const { reads } = scm.round(10 * MINUTE_MS);
    assert.deepEqual([reads.length, new Set(reads).size], [20, 20]);
    scm.change('svc3', { state: 1 });
    const again = scm.round(10 * MINUTE_MS).reads;
    assert.deepEqual([again.length, new Set(again).size], [20, 20]);
  });

  it('a few at a time: the reads are spread over the rounds', () => {
    const scm = new FakeScm(160);
    scm.round();
    const counts = Array.from({ length: 16 }, () => scm.round().reads.length);
    assert.deepEqual(counts, new Array(16).fill(10));
  });
});

describe('a configuration that cannot be read', () => {
  it('is not read in each round if access is denied, and is counted in each', () => {
    const scm = new FakeScm(40);
    for (const name of ['svc1', 'svc2', 'svc3']) scm.change(name, { fails: 5 });
    let reads = scm.round().reads.filter((name) => name === 'svc1').length;
    // An hour.
    for (let i = 0; i < 240; i++) {
      const round = scm.round();
      reads += round.reads.filter((name) => name === 'svc1').length;
      const refused = round.services.filter(({ configUnavailable }) => configUnavailable?.code === 5);
      assert.equal(refused.length, 3);
      assert.equal(protectedServices(refused).part, 'configuration of 3 services');
      assert.deepEqual(round.stale, []);
    }
    assert.ok(reads >= 12 && reads <= 20, `${reads} reads in an hour`);
  });

  it('is read in its turn, so that a granted right is noticed', () => {
    const scm = new FakeScm(10);
    scm.change('svc4', { fails: 5 });
    assert.equal(scm.round().startType('svc4'), undefined);
    scm.change('svc4', { fails: undefined });
    const from = scm.nowMs;
    while (scm.round().startType('svc4') !== 2) assert.ok(scm.nowMs - from <= VISIBLE_WITHIN_MS);
  });

  it('replaces a known one if access is denied now', () => {
    const scm = new FakeScm(1);
    scm.round();
    scm.change('svc0', { fails: 5, state: 1 });
    const { services } = scm.round();
    assert.deepEqual([services[0]!.config, services[0]!.configUnavailable?.code], [undefined, 5]);
  });

  it('is read in the next round after any other error; the known one is used until then', () => {
    const scm = new FakeScm(5);
    scm.round();
    // The RPC server is unavailable.
    scm.change('svc2', { fails: 1722, pid: 200, startType: 3 });
    for (let i = 0; i < 3; i++) {
      const { reads, startType, services, stale } = scm.round(0);
      assert.deepEqual(reads, ['svc2']);
      assert.equal(startType('svc2'), 2);
      assert.equal(find(services, 'svc2')!.pid, 200);
      const { part, reason } = staleConfigs(stale);
      assert.equal(part, 'new configuration of one service');
      assert.match(reason, /RPC server is unavailable \(1722\), e\.g\. configuration of svc2/);
    }
    scm.change('svc2', { fails: undefined });
    const { startType, stale } = scm.round(0);
    assert.deepEqual([startType('svc2'), stale], [3, []]);
  });

  it('without a known one has the reason in its record', () => {
    const scm = new FakeScm(1);
    scm.change('svc0', { fails: 1722 });
    const { services, stale } = scm.round();
    assert.deepEqual([services[0]!.config, services[0]!.configUnavailable?.code, stale], [undefined, 1722, []]);
    assert.equal(services[0]!.configUnavailable?.part, 'configuration');
  });
});
