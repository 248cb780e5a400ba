// Restarts that happened between two ticks: each has its own exit, and its usage belongs to the container.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TCP_EVENT } from '../../../src/base/event-types.ts';
import type { HostModel } from '../../../src/model/host-model.ts';
import type { ProcessEventRecord, ServiceRecord } from '../../../src/sources/host.ts';
import { type TcpEventRow, tcpEvents } from '../../helpers/event-tables.ts';
import { aModel, containerOf, HOUR_MS, round, wall } from '../../helpers/model.ts';
import { anAdapter, aService, observation, type ProcessRow, tcpTable } from '../../helpers/observations.ts';

const TICK_MS = 15_000;
const SCM_PID = 8;
const ACCESS_VIOLATION = 0xc000_0005;
const FAIL_FAST = 0xc000_0409;
/** winerror.h: ERROR_PROCESS_ABORTED. */
const ABORTED = 1067;

const service = (
  name: string,
  values: Partial<ServiceRecord> = {},
  binaryPath = `"C:\\Apps\\${name}\\${name}.exe" --port 80`,
): ServiceRecord => aService({ name, config: { startType: 2, binaryPath, account: 'LocalSystem' }, ...values });
const stoppedWith = (win32ExitCode: number) => service('web', { state: 1, pid: 0, win32ExitCode });
const scm: ProcessRow = { pid: SCM_PID, createdAtMs: wall(-2 * HOUR_MS), name: 'services.exe' };
const root = (pid: number, createdMs: number, name = 'web.exe'): ProcessRow => ({
  pid,
  createdAtMs: wall(createdMs),
  parentPid: SCM_PID,
  name,
});
const firstRoot = root(100, -HOUR_MS);

class RestartFixture {
  readonly model: HostModel = aModel();
  #tick = 0;

  /** A tick, one interval after the one before. */
  tick(services: readonly ServiceRecord[], processes: readonly ProcessRow[] | 'fails'): this {
    const list = processes === 'fails' ? processes : [scm, ...processes];
    round(this.model, this.#tick++ * TICK_MS, {
      services,
      processes: list,
      adapters: [anAdapter()],
      tcp: [tcpTable(4, [])],
    });
    return this;
  }

  /**
   * Start and stop event of a process. The start event has the full name of the program, the stop event its first 14
   * characters.
   */
  instance(pid: number, createdMs: number, exitedMs: number, values: Partial<ProcessEventRecord> = {}): this {
    const { imageName = 'web.exe', parentPid = SCM_PID, ...stopped } = values;
    const head = { pid, createdAtMs: wall(createdMs) };
    return this.events(
      { ...head, type: 'started', atMs: wall(createdMs), parentPid, imageName },
      { ...head, type: 'stopped', atMs: wall(exitedMs), imageName: imageName.slice(0, 14), ...stopped },
    );
  }

  stopped(pid: number, createdMs: number, exitedMs: number, exitCode: number): this {
    return this.events({
      type: 'stopped',
      pid,
      createdAtMs: wall(createdMs),
      atMs: wall(exitedMs),
      exitCode,
      imageName: 'web.exe',
    });
  }

  events(...events: ProcessEventRecord[]): this {
    this.model.observe(observation('processEvents', events));
    return this;
  }

  connects(...rows: TcpEventRow[]): this {
    this.model.observe(observation('tcpEvents', tcpEvents(rows.map((row) => ({ type: TCP_EVENT.connected, ...row })))));
    return this;
  }

  get history() {
    return containerOf(this.model).history;
  }

  /** `[all, crash, planned, unknown]` */
  get restarts(): number[] {
    const { history } = this;
    return [history.total, history.count('crash'), history.count('planned'), history.count('unknown')];
  }

  get lastExit() {
    const { lastExit } = this.history;
    return lastExit && [lastExit.atMs - wall(0), lastExit.code];
  }
}

/** One tick with the first process, then its stop event. */
const afterFirstExit = (exitCode = ACCESS_VIOLATION) =>
  new RestartFixture().tick([service('web', { pid: 100 })], [firstRoot]).stopped(100, -HOUR_MS, 3000, exitCode);
const third = [service('web', { pid: 300 })];

test('counts two restarts between two ticks, each with its cause, and keeps the last exit', () => {
  const fixture = afterFirstExit()
    .instance(200, 4000, 5000, { exitCode: FAIL_FAST })
    .tick(third, [root(300, 6000)]);
  assert.deepEqual(fixture.restarts, [2, 2, 0, 0]);
  assert.deepEqual(fixture.lastExit, [5000, FAIL_FAST]);
  assert.equal(fixture.history.lastExit!.meaning, 'the process exited: stack overrun or fail-fast');
  assert.equal(containerOf(fixture.model).state, 'running');
  // Exit code 0 is a normal stop, exit code 1 does not decide.
  assert.deepEqual(
    afterFirstExit()
      .instance(200, 4000, 5000, { exitCode: 0 })
      .tick(third, [root(300, 6000)]).restarts,
    [2, 1, 1, 0],
  );
  assert.deepEqual(
    afterFirstExit(0)
      .instance(200, 4000, 5000, { exitCode: 1 })
      .tick(third, [root(300, 6000)]).restarts,
    [2, 0, 1, 1],
  );
  // A stop event without an exit code.
  const withoutCode = afterFirstExit()
    .instance(200, 4000, 5000)
    .tick(third, [root(300, 6000)]);
  assert.deepEqual(
    [withoutCode.restarts, withoutCode.lastExit],
    [
      [2, 1, 0, 1],
      [3000, ACCESS_VIOLATION],
    ],
  );
});

test('counts several processes between two ticks once each, although a pid was reused', () => {
  const fixture = afterFirstExit()
    .instance(200, 4000, 5000, { exitCode: 0 })
    .instance(100, 6000, 7000, { exitCode: 0 })
    .instance(200, 8000, 9000, { exitCode: 0 });
  fixture.tick(third, [root(300, 10_000)]);
  assert.deepEqual(fixture.restarts, [4, 1, 3, 0]);
  assert.deepEqual(fixture.tick(third, [root(300, 10_000)]).restarts, [4, 1, 3, 0]);
  fixture.stopped(300, 10_000, 31_000, 0).instance(400, 32_000, 33_000, { exitCode: ACCESS_VIOLATION });
  assert.deepEqual(fixture.tick([service('web', { pid: 500 })], [root(500, 34_000)]).restarts, [6, 2, 4, 0]);
});

test('counts a process that ran between two ticks of a stopped service', () => {
  const fixture = afterFirstExit()
    .instance(200, 4000, 5000, { exitCode: 1 })
    .tick([stoppedWith(ABORTED)], []);
  // The first process crashed by its exit code. The exit of the second one is the cause of the next restart.
  assert.deepEqual(fixture.restarts, [1, 1, 0, 0]);
  assert.deepEqual(
    [fixture.lastExit, fixture.history.lastExit!.meaning],
    [[5000, 1], 'the process terminated unexpectedly'],
  );
  assert.equal(containerOf(fixture.model).state, 'restarting');
  fixture.tick([stoppedWith(ABORTED)], []).tick(third, [root(300, 40_000)]);
  assert.deepEqual(fixture.restarts, [2, 2, 0, 0]);
});

test('counts each process that ran between two ticks of a service that was stopped for long', () => {
  const fixture = new RestartFixture().tick([service('web', { pid: 100 })], [firstRoot]);
  for (let i = 1; i <= 8; i++) fixture.tick([stoppedWith(ABORTED)], []);
  fixture
    .instance(200, 121_000, 122_000, { exitCode: 0 })
    .instance(201, 123_000, 124_000, { exitCode: 0 })
    .tick([stoppedWith(0)], []);
  // Causes: the exit status by the SCM for the first one, the exit code for the second.
  assert.deepEqual(fixture.restarts, [2, 1, 1, 0]);
  assert.deepEqual(fixture.lastExit, [124_000, 0]);
  fixture.tick(third, [root(300, 140_000)]);
  assert.deepEqual(fixture.restarts, [3, 1, 2, 0]);
});

test('applies a stop request to the process that was stopping, not to later ones', () => {
  const fixture = new RestartFixture()
    .tick([service('web', { pid: 100 })], [firstRoot])
    .tick([service('web', { pid: 100, state: 3 })], [firstRoot]);
  fixture.instance(200, 16_000, 17_000, { exitCode: 1 }).instance(201, 18_000, 19_000, { exitCode: 1 });
  fixture.tick([stoppedWith(ABORTED)], []).tick(third, [root(300, 40_000)]);
  assert.deepEqual(fixture.restarts, [3, 1, 1, 1]);
});

test('does not count the exit of a root process that a tick has already counted', () => {
  const fixture = afterFirstExit()
    .tick([service('web', { pid: 200 })], [root(200, 4000)])
    .stopped(200, 4000, 20_000, 0);
  assert.deepEqual(fixture.tick([stoppedWith(0)], []).restarts, [1, 1, 0, 0]);
});

test('counts a process with events that arrive one tick late', () => {
  const fixture = afterFirstExit().tick(third, [root(300, 14_990)]);
  assert.deepEqual(fixture.restarts, [1, 1, 0, 0]);
  fixture.instance(200, 14_900, 14_950, { exitCode: ACCESS_VIOLATION, cpuMs: 40 }).tick(third, [root(300, 14_990)]);
  assert.deepEqual([fixture.restarts, containerOf(fixture.model).usage.cpuSeconds], [[2, 2, 0, 0], 0.04]);
  assert.equal(fixture.tick(third, [root(300, 14_990)]).history.total, 2);
  // The same if the service was stopped in that tick.
  const down = afterFirstExit().tick([stoppedWith(ABORTED)], []);
  assert.equal(down.instance(200, 14_900, 14_950).tick([stoppedWith(ABORTED)], []).history.total, 1);
});

test('counts a root process once if the SCM reported it and its events arrive later', () => {
  const fixture = afterFirstExit().tick([service('web', { pid: 200 })], []);
  assert.equal(fixture.history.total, 1);
  fixture.instance(200, 14_000, 14_995).tick(third, [root(300, 20_000)]);
  assert.equal(fixture.history.total, 2);
  const down = afterFirstExit()
    .tick([service('web', { pid: 200 })], [])
    .tick([stoppedWith(ABORTED)], []);
  assert.equal(down.instance(200, 14_000, 14_995).tick([stoppedWith(ABORTED)], []).history.total, 1);
  // Its start event arrived in time.
  const listed = afterFirstExit().events({
    type: 'started',
    pid: 200,
    atMs: wall(14_000),
    createdAtMs: wall(14_000),
    parentPid: SCM_PID,
    imageName: 'web.exe',
  });
  listed.tick([service('web', { pid: 200 })], 'fails').stopped(200, 14_000, 16_000, 0);
  assert.equal(listed.instance(250, 17_000, 18_000).tick(third, [root(300, 20_000)]).history.total, 3);
});

test('adds usage and connects of an unobserved process and its children to the container', () => {
  const fixture = afterFirstExit()
    .instance(200, 4000, 5000, { cpuMs: 250, reads: 5 })
    .instance(201, 4100, 4900, { parentPid: 200, imageName: 'job.exe', cpuMs: 30 });
  fixture.connects({ tcb: 16, pid: 200, atMs: wall(4500), local: '10.0.0.5:50000', remote: '10.0.0.9:5432' });
  fixture
    .connects({ tcb: 32, pid: 201, atMs: wall(4600), local: '10.0.0.5:50001', remote: '10.0.0.9:5432' })
    .tick(third, [root(300, 6000)]);
  const { usage, network } = containerOf(fixture.model);
  assert.deepEqual([usage.cpuSeconds, usage.reads], [0.28, 5]);
  assert.deepEqual(
    network.destinations.values().map(({ destination, successful }) => [destination, successful]),
    [['10.0.0.9:5432', 2]],
  );
});

test('counts no process with another program, another parent or an unknown parent', () => {
  const others = afterFirstExit().instance(200, 4000, 5000, { imageName: 'other.exe' });
  assert.equal(
    others
      .instance(202, 4000, 5000, { parentPid: 777 })
      .instance(203, 4000, 5000, { parentPid: 100 })
      .tick(third, [root(300, 6000)]).history.total,
    1,
  );
  // Created before the first or after the last root process.
  const fixture = afterFirstExit()
    .instance(90, -HOUR_MS - 10, -HOUR_MS - 5)
    .instance(301, 6500, 7000);
  assert.equal(fixture.tick(third, [root(300, 6000)]).history.total, 1);
  // The parent of both processes is unknown.
  const orphan = new RestartFixture().tick([service('web', { pid: 100 })], [{ ...firstRoot, parentPid: 777 }]);
  orphan.instance(200, 4000, 5000, { parentPid: 777 }).tick(third, [{ ...root(300, 6000), parentPid: 777 }]);
  assert.equal(orphan.history.total, 1);
});

test('counts no process if several services have the same program, running or not', () => {
  const total = (services: readonly ServiceRecord[], processes: readonly ProcessRow[]) =>
    new RestartFixture()
      .tick([service('web', { pid: 100 }), ...services], [firstRoot, ...processes])
      .instance(200, 4000, 5000)
      .tick([...third, ...services], [root(300, 6000), ...processes]).history.total;
  assert.equal(total([service('api', { pid: 900 })], [root(900, -HOUR_MS, 'api.exe')]), 2);
  // Another service with the same program: running, stopped, without `.exe`, or as an argument.
  assert.equal(total([service('api', { pid: 900 })], [root(900, -HOUR_MS, 'WEB.exe')]), 1);
  const idle = { state: 1, pid: 0, win32ExitCode: 1077 };
  for (const path of ['D:\\web.exe', '"D:/other path/WEB.EXE" -k x', 'D:\\web -k', 'C:\\nssm.exe run "D:\\web.exe"'])
    assert.equal(total([service('api', idle, path)], []), 1, path);
  assert.equal(
    total([service('api', idle, 'D:\\web.exe.bak\\webs.exe'), { ...service('b', idle), config: undefined! }], []),
    2,
  );
});

test('compares programs whose names have the same first 14 characters by their full names', () => {
  // The stop events of all have the name of the first, which has 14 characters.
  const programs = ['orders-srv.exe', 'orders-srv.exe2', 'orders-srv.exe-old.exe'];
  for (const program of programs) {
    const path = (name: string) => `"C:\\Apps\\${name}" --port 80`;
    const others = programs.filter((name) => name !== program);
    const idle = { state: 1, pid: 0, win32ExitCode: 1077 };
    const services = (pid: number) => [
      service('web', { pid }, path(program)),
      ...others.map((name, i) => service(`other${i}`, idle, path(name))),
    ];
    const fixture = new RestartFixture().tick(services(100), [root(100, -HOUR_MS, program)]);
    for (const [i, imageName] of others.entries()) fixture.instance(210 + i, 4000, 4500, { imageName });
    fixture.instance(200, 4600, 5000, { imageName: program }).tick(services(300), [root(300, 6000, program)]);
    assert.equal(fixture.history.total, 2, program);
  }
});

test('counts no process of which only the stop event arrived, by its 14 characters', () => {
  const program = 'orders-srv.exe';
  const services = (pid: number) => [service('web', { pid }, `C:\\Apps\\${program}`)];
  const fixture = new RestartFixture().tick(services(100), [root(100, -HOUR_MS, program)]);
  const stop = { type: 'stopped', pid: 200, createdAtMs: wall(4000), atMs: wall(5000), imageName: program } as const;
  fixture.events(stop).tick(services(300), [root(300, 6000, program)]);
  assert.equal(fixture.history.total, 1);
});

test('counts no unobserved restarts of services that share a process', () => {
  const pair = (pid: number) => [service('web', { pid }), service('api', { pid }, 'x.exe')];
  const fixture = new RestartFixture()
    .tick(pair(100), [firstRoot])
    .instance(200, 4000, 5000)
    .tick(pair(300), [root(300, 6000)]);
  assert.equal(fixture.history.total, 1);
});
