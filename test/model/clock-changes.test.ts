// Ages, retention and timeouts when the clock of the host is set: only the monotonic clock counts.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { TCP_EVENT } from '../../src/base/event-types.ts';
import type { HostModel } from '../../src/model/host-model.ts';
import type { Observation, ProcessEventRecord } from '../../src/sources/host.ts';
import { tcpEvents } from '../helpers/event-tables.ts';
import { aModel, containerOf, HOUR_MS, web } from '../helpers/model.ts';
import { anAdapter, aService, observation, type ProcessRow, processTable, tcpTable } from '../helpers/observations.ts';

const TICK_MS = 15_000;

/** A model that receives rounds while its wall clock is set; times are those of the monotonic clock. */
class Host {
  readonly model: HostModel;
  /** Added to the wall clock. */
  setMs = 0;
  atMs = 0;

  constructor(minContainerAgeMs = 0) {
    this.model = aModel({ minContainerAgeMs });
  }

  /** The wall clock now, in milliseconds since 1970. */
  get wallMs(): number {
    return this.#head(observation('tick', { intervalMs: TICK_MS }, { atMs: this.atMs })).tWall;
  }

  push(...observations: Observation[]): this {
    for (const each of observations) this.model.observe(this.#head(each));
    return this;
  }

  /** A round in which the service `web` runs as pid 100, unless another list of services is given. */
  round(processes: readonly ProcessRow[], services = [web()]): this {
    const at = { atMs: this.atMs };
    this.push(
      observation('services', services, at),
      observation('processes', processTable(processes), at),
      observation('adapters', [anAdapter()], at),
      observation('tcp', [tcpTable(4, [])], at),
      observation('tick', { intervalMs: TICK_MS }, at),
    );
    this.atMs += TICK_MS;
    return this;
  }

  #head(each: Observation): Observation {
    return { ...each, tWall: each.tWall + this.setMs };
  }
}

const ids = ({ model }: Host): string[] => model.containers.all().map(({ id }) => id);
const both = [HOUR_MS, -HOUR_MS] as const;
const word = (setMs: number): string => (setMs > 0 ? 'forward' : 'back');

describe('after the clock was set', () => {
  for (const setMs of both) {
    test(`a container has its minimum age after the same time, an hour ${word(setMs)}`, () => {
      const host = new Host(30_000);
      const born = host.wallMs + TICK_MS - 5000;
      const reported = [0, 15, 30, 45, 60].map((second) => {
        if (second === 30) host.setMs = setMs;
        host.round(second === 0 ? [] : [{ pid: 100, createdAtMs: born }], second === 0 ? [] : [web()]);
        return host.model.containers.all().some((container) => container.reported);
      });
      assert.deepEqual(reported, [false, false, false, true, true]);
    });

    test(`a service is no older than the list before its first one, an hour ${word(setMs)}`, () => {
      const host = new Host(30_000);
      host.round([], []);
      const born = host.wallMs + 10_000;
      host.setMs = setMs;
      const reported = [15, 30, 45].map(() => {
        host.round([{ pid: 100, createdAtMs: born }]);
        return containerOf(host.model).reported;
      });
      // Created at 10 s, after the list at 0 s and before that at 15 s.
      assert.deepEqual(reported, [false, setMs > 0, true]);
    });

    test(`containers and processes show how long they run, an hour ${word(setMs)}`, () => {
      const host = new Host();
      const process = { pid: 100, createdAtMs: host.wallMs - 60_000 };
      host.round([process]);
      host.setMs = setMs;
      host.round([process]).round([process]);
      const { model } = host;
      assert.deepEqual(
        [containerOf(model).ageMs(model.clock), model.processAgeMs(100, process.createdAtMs)],
        [90_000, 90_000],
      );
    });

    test(`a process is no older than the list before its first one, an hour ${word(setMs)}`, () => {
      const host = new Host();
      host.round([{ pid: 100, createdAtMs: host.wallMs - HOUR_MS }]);
      const born = host.wallMs - 5000;
      host.setMs = setMs;
      host.round([{ pid: 100 }, { pid: 200, createdAtMs: born }]);
      // Created between the lists at 0 s and 15 s.
      assert.equal(Math.floor(host.model.processAgeMs(200, born) / 1000), setMs > 0 ? 15 : 0);
    });

    test(`a process with a late start event began when it arrived, an hour ${word(setMs)}`, () => {
      const host = new Host();
      host.round([]);
      const born = host.wallMs;
      host.setMs = setMs;
      const event = { type: 'started', pid: 200, createdAtMs: born, atMs: born, parentPid: 4, imageName: 'a.exe' };
      host.push(observation('processEvents', [event as ProcessEventRecord], { atMs: host.atMs }));
      host.round([]).round([{ pid: 200, createdAtMs: born }]);
      assert.equal(host.model.processAgeMs(200, born), TICK_MS);
    });

    test(`a summary counts by the age of its connection and the agent, an hour ${word(setMs)}`, () => {
      const host = new Host();
      const process = { pid: 100, createdAtMs: host.wallMs - HOUR_MS };
      host.round([process]).round([process]);
      host.setMs = setMs;
      // At 30 s; the agent sees the host since 0 s.
      const summary = (remote: string, durationMs: number) => ({
        ...{ type: TCP_EVENT.summary, tcb: durationMs, pid: 100, atMs: host.wallMs, local: '10.0.0.5:50000', remote },
        ...{ sentBytes: 100, durationMs },
      });
      const rows = [summary('10.0.0.9:1', 20_000), summary('10.0.0.9:2', 40_000)];
      host.push(observation('tcpEvents', tcpEvents(rows), { atMs: host.atMs })).round([process]);
      const { network } = containerOf(host.model);
      const seen = network.destinations.values().map(({ destination, sentBytes }) => [destination, sentBytes]);
      assert.deepEqual(
        seen.filter(([, bytes]) => bytes !== 0),
        [['10.0.0.9:1', 100]],
      );
      const older = [...host.model.unattributed.all()].filter(({ reason }) => reason === 'older_than_agent');
      assert.deepEqual(
        older.map(({ count }) => count),
        [100],
      );
    });

    test(`a removed service stays for five minutes, an hour ${word(setMs)}`, () => {
      const host = new Host();
      host
        .round([{ pid: 100 }])
        .round([{ pid: 100 }])
        .round([], []);
      host.setMs = setMs;
      // Gone at 30 s.
      while (host.atMs <= 330_000) {
        host.round([], []);
        assert.deepEqual(ids(host), ['/win/web'], `${host.atMs}`);
      }
      host.round([], []);
      assert.deepEqual(ids(host), []);
    });

    test(`a crashed service is "restarting" for five minutes after a restart, an hour ${word(setMs)}`, () => {
      const host = new Host();
      const failed = [aService({ name: 'web', pid: 0, state: 1, win32ExitCode: 1067 })];
      host
        .round([{ pid: 100 }])
        .round([], failed)
        .round([{ pid: 101 }], [web({ pid: 101 })]);
      host.setMs = setMs;
      const states: string[] = [];
      while (host.atMs <= 360_000) states.push(containerOf(host.round([], failed).model).state);
      assert.equal(states.filter((state) => state === 'restarting').length, 20);
      assert.equal(states.at(-1), 'failed');
    });

    test(`an unanswered DNS question expires after two minutes, an hour ${word(setMs)}`, () => {
      const host = new Host();
      const born = host.wallMs - HOUR_MS;
      host.round([{ pid: 100, createdAtMs: born }]);
      const question = { pid: 100, atMs: host.wallMs, queryType: 1, options: 0, name: 'a.example' };
      host.push(observation('dnsEvents', [{ type: 'started', ...question }], { atMs: host.atMs }));
      host.setMs = setMs;
      while (host.atMs <= 135_000) host.round([{ pid: 100, createdAtMs: born }]);
      assert.equal(host.model.dns.openQuestions, 1);
      host.round([{ pid: 100, createdAtMs: born }]);
      assert.equal(host.model.dns.openQuestions, 0);
    });

    test(`a DNS answer across it has no duration, an hour ${word(setMs)}`, () => {
      const host = new Host();
      const born = host.wallMs - HOUR_MS;
      host.round([{ pid: 100, createdAtMs: born }]);
      const event = { pid: 100, queryType: 1, options: 0, name: 'a.example' };
      const push = (type: 'started' | 'completed') =>
        host.push(observation('dnsEvents', [{ type, ...event, atMs: host.wallMs, status: 0 }], { atMs: host.atMs }));
      push('started');
      host.setMs = setMs;
      push('completed');
      const { dns } = containerOf(host.model);
      assert.deepEqual([[...dns.requests()].map(({ count }) => count), dns.durations.sum], [[1], 0]);
    });

    test(`a connect across it has no handshake time, an hour ${word(setMs)}`, () => {
      const host = new Host();
      host.round([{ pid: 100, createdAtMs: host.wallMs - HOUR_MS }]);
      const endpoints = { tcb: 16, pid: 100, local: '10.0.0.5:50000', remote: '10.0.0.9:5432' };
      const push = (type: number) =>
        host.push(
          observation('tcpEvents', tcpEvents([{ type, atMs: host.wallMs, ...endpoints }]), { atMs: host.atMs }),
        );
      push(TCP_EVENT.requested);
      // Less than the longest handshake that counts.
      host.setMs = setMs / 10;
      push(TCP_EVENT.connected);
      const [destination] = containerOf(host.model).network.destinations.values();
      assert.deepEqual([destination!.successful, destination!.timed], [1, 0]);
    });

    test(`destinations, names and closed flows are kept for the same time, an hour ${word(setMs)}`, () => {
      const host = new Host();
      const born = host.wallMs - HOUR_MS;
      const process = { pid: 100, createdAtMs: born };
      host.round([process]);
      const endpoints = { tcb: 16, pid: 100, local: '10.0.0.5:50000', remote: '10.0.0.9:5432' };
      const at = { atMs: host.atMs };
      const answer = { pid: 100, atMs: host.wallMs, queryType: 1, options: 0, name: 'db.example', status: 0 };
      host.push(
        observation('dnsEvents', [{ type: 'completed', ...answer, results: '10.0.0.9;' }], at),
        observation(
          'tcpEvents',
          tcpEvents([
            { type: TCP_EVENT.requested, atMs: host.wallMs, ...endpoints },
            { type: TCP_EVENT.connected, atMs: host.wallMs, ...endpoints },
            { type: TCP_EVENT.closed, atMs: host.wallMs, ...endpoints },
          ]),
          at,
        ),
      );
      host.setMs = setMs;
      const kept = () => containerOf(host.model).network.destinations.values().length;
      while (host.atMs <= 300_000) host.round([process]);
      assert.deepEqual([kept(), host.model.names.size], [1, 1]);
      while (host.atMs <= 400_000) host.round([process]);
      assert.deepEqual([kept(), host.model.names.size], [0, 1]);
      while (host.atMs <= HOUR_MS - TICK_MS) host.round([process]);
      assert.equal(host.model.names.size, 1);
      while (host.atMs <= HOUR_MS + 3 * TICK_MS) host.round([process]);
      assert.equal(host.model.names.size, 0);
    });

    test(`the last exit is the last one, an hour ${word(setMs)}`, () => {
      const host = new Host();
      const stop = (pid: number, exitCode: number): Observation => {
        const event = { type: 'stopped', pid, createdAtMs: 0, atMs: host.wallMs, imageName: 'test.exe', exitCode };
        return observation('processEvents', [event as ProcessEventRecord], { atMs: host.atMs });
      };
      host
        .round([{ pid: 100 }])
        .push(stop(100, 5))
        .round([{ pid: 101 }], [web({ pid: 101 })]);
      host.setMs = setMs;
      host.push(stop(101, 7)).round([{ pid: 102 }], [web({ pid: 102 })]);
      assert.equal(containerOf(host.model).history.lastExit?.code, 7);
    });
  }
});
