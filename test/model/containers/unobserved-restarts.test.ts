// Lives of a service that no look has seen: each is a restart with its own end, and what it used and did is the service's.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TCP_EVENT } from '../../../src/base/event-types.ts';
import type { HostModel } from '../../../src/model/host-model.ts';
import type { ProcessEventRecord, ServiceRecord } from '../../../src/sources/host.ts';
import { type TcpEventRow, tcpEvents } from '../../helpers/event-tables.ts';
import { aModel, containerOf, HOUR_MS, round, wall } from '../../helpers/model.ts';
import { anAdapter, aService, observation, type ProcessRow, tcpTable } from '../../helpers/observations.ts';

const LOOK_MS = 15_000;
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
const root = (pid: number, bornMs: number, name = 'web.exe'): ProcessRow => ({
  pid,
  createdAtMs: wall(bornMs),
  parentPid: SCM_PID,
  name,
});
const first = root(100, -HOUR_MS);

class Bench {
  readonly model: HostModel = aModel();
  #look = 0;

  /** A look, one interval after the one before. */
  look(services: readonly ServiceRecord[], processes: readonly ProcessRow[] | 'fails'): this {
    const list = processes === 'fails' ? processes : [scm, ...processes];
    round(this.model, this.#look++ * LOOK_MS, {
      services,
      processes: list,
      adapters: [anAdapter()],
      tcp: [tcpTable(4, [])],
    });
    return this;
  }

  /**
   * A process that began and ended, as events tell it: a start has the whole name of the program, an end 14 characters
   * of it.
   */
  instance(pid: number, bornMs: number, endedMs: number, values: Partial<ProcessEventRecord> = {}): this {
    const { imageName = 'web.exe', parentPid = SCM_PID, ...ended } = values;
    const head = { pid, createdAtMs: wall(bornMs) };
    return this.events(
      { ...head, type: 'started', atMs: wall(bornMs), parentPid, imageName },
      { ...head, type: 'stopped', atMs: wall(endedMs), imageName: imageName.slice(0, 14), ...ended },
    );
  }

  ended(pid: number, bornMs: number, endedMs: number, exitCode: number): this {
    return this.events({
      type: 'stopped',
      pid,
      createdAtMs: wall(bornMs),
      atMs: wall(endedMs),
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

/** One look with the first process, then its end. */
const begun = (exitCode = ACCESS_VIOLATION) =>
  new Bench().look([service('web', { pid: 100 })], [first]).ended(100, -HOUR_MS, 3000, exitCode);
const third = [service('web', { pid: 300 })];

test('counts two restarts between two ticks, each with its cause, and keeps the last exit', () => {
  const bench = begun()
    .instance(200, 4000, 5000, { exitCode: FAIL_FAST })
    .look(third, [root(300, 6000)]);
  assert.deepEqual(bench.restarts, [2, 2, 0, 0]);
  assert.deepEqual(bench.lastExit, [5000, FAIL_FAST]);
  assert.equal(bench.history.lastExit!.meaning, 'the process exited: stack overrun or fail-fast');
  assert.equal(containerOf(bench.model).state, 'running');
  // By exit code 0 a service has stopped in order; 1 says nothing.
  assert.deepEqual(
    begun()
      .instance(200, 4000, 5000, { exitCode: 0 })
      .look(third, [root(300, 6000)]).restarts,
    [2, 1, 1, 0],
  );
  assert.deepEqual(
    begun(0)
      .instance(200, 4000, 5000, { exitCode: 1 })
      .look(third, [root(300, 6000)]).restarts,
    [2, 0, 1, 1],
  );
  // An end that tells no code.
  const silent = begun()
    .instance(200, 4000, 5000)
    .look(third, [root(300, 6000)]);
  assert.deepEqual(
    [silent.restarts, silent.lastExit],
    [
      [2, 1, 0, 1],
      [3000, ACCESS_VIOLATION],
    ],
  );
});

test('many of them, also with the pid of one before, are counted once each, and not again at the next look', () => {
  const bench = begun()
    .instance(200, 4000, 5000, { exitCode: 0 })
    .instance(100, 6000, 7000, { exitCode: 0 })
    .instance(200, 8000, 9000, { exitCode: 0 });
  bench.look(third, [root(300, 10_000)]);
  assert.deepEqual(bench.restarts, [4, 1, 3, 0]);
  assert.deepEqual(bench.look(third, [root(300, 10_000)]).restarts, [4, 1, 3, 0]);
  bench.ended(300, 10_000, 31_000, 0).instance(400, 32_000, 33_000, { exitCode: ACCESS_VIOLATION });
  assert.deepEqual(bench.look([service('web', { pid: 500 })], [root(500, 34_000)]).restarts, [6, 2, 4, 0]);
});

test('counts a process that ran between two ticks of a stopped service', () => {
  const bench = begun()
    .instance(200, 4000, 5000, { exitCode: 1 })
    .look([stoppedWith(ABORTED)], []);
  // The first one crashed by its exit code; how the second ended, its own restart will count.
  assert.deepEqual(bench.restarts, [1, 1, 0, 0]);
  assert.deepEqual(
    [bench.lastExit, bench.history.lastExit!.meaning],
    [[5000, 1], 'the process terminated unexpectedly'],
  );
  assert.equal(containerOf(bench.model).state, 'restarting');
  bench.look([stoppedWith(ABORTED)], []).look(third, [root(300, 40_000)]);
  assert.deepEqual(bench.restarts, [2, 2, 0, 0]);
});

test('a service that is stopped at each look is restarted by each life in between, however long it was down', () => {
  const bench = new Bench().look([service('web', { pid: 100 })], [first]);
  for (let i = 1; i <= 8; i++) bench.look([stoppedWith(ABORTED)], []);
  bench
    .instance(200, 121_000, 122_000, { exitCode: 0 })
    .instance(201, 123_000, 124_000, { exitCode: 0 })
    .look([stoppedWith(0)], []);
  // By what the manager had said of the first one, and by the exit code of the second.
  assert.deepEqual(bench.restarts, [2, 1, 1, 0]);
  assert.deepEqual(bench.lastExit, [124_000, 0]);
  bench.look(third, [root(300, 140_000)]);
  assert.deepEqual(bench.restarts, [3, 1, 2, 0]);
});

test('a stop that somebody asked for is the end of the one that was stopping, not of those after it', () => {
  const bench = new Bench()
    .look([service('web', { pid: 100 })], [first])
    .look([service('web', { pid: 100, state: 3 })], [first]);
  bench.instance(200, 16_000, 17_000, { exitCode: 1 }).instance(201, 18_000, 19_000, { exitCode: 1 });
  bench.look([stoppedWith(ABORTED)], []).look(third, [root(300, 40_000)]);
  assert.deepEqual(bench.restarts, [3, 1, 1, 1]);
});

test('a root that looks have shown is no other life when it stops', () => {
  const bench = begun()
    .look([service('web', { pid: 200 })], [root(200, 4000)])
    .ended(200, 4000, 20_000, 0);
  assert.deepEqual(bench.look([stoppedWith(0)], []).restarts, [1, 1, 0, 0]);
});

test('events may come after the look that would have needed them', () => {
  const bench = begun().look(third, [root(300, 14_990)]);
  assert.deepEqual(bench.restarts, [1, 1, 0, 0]);
  bench.instance(200, 14_900, 14_950, { exitCode: ACCESS_VIOLATION, cpuMs: 40 }).look(third, [root(300, 14_990)]);
  assert.deepEqual([bench.restarts, containerOf(bench.model).usage.cpuSeconds], [[2, 2, 0, 0], 0.04]);
  assert.equal(bench.look(third, [root(300, 14_990)]).history.total, 2);
  // The same where it was down at that look.
  const down = begun().look([stoppedWith(ABORTED)], []);
  assert.equal(down.instance(200, 14_900, 14_950).look([stoppedWith(ABORTED)], []).history.total, 1);
});

test('a root that a look has shown counts once, although its events come later and no list had it', () => {
  const bench = begun().look([service('web', { pid: 200 })], []);
  assert.equal(bench.history.total, 1);
  bench.instance(200, 14_000, 14_995).look(third, [root(300, 20_000)]);
  assert.equal(bench.history.total, 2);
  const down = begun()
    .look([service('web', { pid: 200 })], [])
    .look([stoppedWith(ABORTED)], []);
  assert.equal(down.instance(200, 14_000, 14_995).look([stoppedWith(ABORTED)], []).history.total, 1);
  // Told by its start in time, it is no riddle.
  const told = begun().events({
    type: 'started',
    pid: 200,
    atMs: wall(14_000),
    createdAtMs: wall(14_000),
    parentPid: SCM_PID,
    imageName: 'web.exe',
  });
  told.look([service('web', { pid: 200 })], 'fails').ended(200, 14_000, 16_000, 0);
  assert.equal(told.instance(250, 17_000, 18_000).look(third, [root(300, 20_000)]).history.total, 3);
});

test('what such a life and its children used and whom they called is the service’s', () => {
  const bench = begun()
    .instance(200, 4000, 5000, { cpuMs: 250, reads: 5 })
    .instance(201, 4100, 4900, { parentPid: 200, imageName: 'job.exe', cpuMs: 30 });
  bench.connects({ tcb: 16, pid: 200, atMs: wall(4500), local: '10.0.0.5:50000', remote: '10.0.0.9:5432' });
  bench
    .connects({ tcb: 32, pid: 201, atMs: wall(4600), local: '10.0.0.5:50001', remote: '10.0.0.9:5432' })
    .look(third, [root(300, 6000)]);
  const { usage, network } = containerOf(bench.model);
  assert.deepEqual([usage.cpuSeconds, usage.reads], [0.28, 5]);
  assert.deepEqual(
    network.destinations.values().map(({ destination, successful }) => [destination, successful]),
    [['10.0.0.9:5432', 2]],
  );
});

test('other programs, other parents and processes of unknown parents are none of its lives', () => {
  const others = begun().instance(200, 4000, 5000, { imageName: 'other.exe' });
  assert.equal(
    others
      .instance(202, 4000, 5000, { parentPid: 777 })
      .instance(203, 4000, 5000, { parentPid: 100 })
      .look(third, [root(300, 6000)]).history.total,
    1,
  );
  // Born before the first or after the last one.
  const bench = begun()
    .instance(90, -HOUR_MS - 10, -HOUR_MS - 5)
    .instance(301, 6500, 7000);
  assert.equal(bench.look(third, [root(300, 6000)]).history.total, 1);
  // Nobody knows who started the service, nor the other one.
  const orphan = new Bench().look([service('web', { pid: 100 })], [{ ...first, parentPid: 777 }]);
  orphan.instance(200, 4000, 5000, { parentPid: 777 }).look(third, [{ ...root(300, 6000), parentPid: 777 }]);
  assert.equal(orphan.history.total, 1);
});

test('a program of several services, running or not, tells nobody whose lives they were', () => {
  const total = (services: readonly ServiceRecord[], processes: readonly ProcessRow[]) =>
    new Bench()
      .look([service('web', { pid: 100 }), ...services], [first, ...processes])
      .instance(200, 4000, 5000)
      .look([...third, ...services], [root(300, 6000), ...processes]).history.total;
  assert.equal(total([service('api', { pid: 900 })], [root(900, -HOUR_MS, 'api.exe')]), 2);
  // Another one with the same program: running, stopped, without ending, or as an argument of its own.
  assert.equal(total([service('api', { pid: 900 })], [root(900, -HOUR_MS, 'WEB.exe')]), 1);
  const idle = { state: 1, pid: 0, win32ExitCode: 1077 };
  for (const path of ['D:\\web.exe', '"D:/other path/WEB.EXE" -k x', 'D:\\web -k', 'C:\\nssm.exe run "D:\\web.exe"'])
    assert.equal(total([service('api', idle, path)], []), 1, path);
  assert.equal(
    total([service('api', idle, 'D:\\web.exe.bak\\webs.exe'), { ...service('b', idle), config: undefined! }], []),
    2,
  );
});

test('services that share a process have no lives of their own', () => {
  const pair = (pid: number) => [service('web', { pid }), service('api', { pid }, 'x.exe')];
  const bench = new Bench()
    .look(pair(100), [first])
    .instance(200, 4000, 5000)
    .look(pair(300), [root(300, 6000)]);
  assert.equal(bench.history.total, 1);
});
