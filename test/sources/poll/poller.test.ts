// Rounds of a poller with polls and clocks of the test: due rounds, isolation of failures, needs, the tick and
// numbering.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ERROR_ACCESS_DENIED, Win32Error } from '../../../src/native/win32-error.ts';
import { KIND_GRANTS } from '../../../src/sources/grants.ts';
import type { Observation, Unavailability } from '../../../src/sources/host.ts';
import { type AnyPoll, EVERY_ROUND, everyRounds, type Poll, type Schedule } from '../../../src/sources/poll/poll.ts';
import { Poller } from '../../../src/sources/poll/poller.ts';
import { aService, processTable } from '../../helpers/observations.ts';

const missing: Unavailability = { part: 'a part', reason: 'a reason', consequence: 'something' };

/** A poller on a clock that stands still unless a poll moves it. */
class PollerFixture {
  readonly clock = { mono: 1000, wall: 5_000_000, monotonicMs: () => this.clock.mono, wallMs: () => this.clock.wall };
  readonly pushed: Observation[] = [];
  readonly transfers: ArrayBuffer[][] = [];
  readonly poller: Poller;

  constructor(polls: readonly AnyPoll[]) {
    this.poller = new Poller({
      polls,
      intervalMs: 15_000,
      clock: this.clock,
      push: (observation, transfer) => {
        this.pushed.push(observation);
        this.transfers.push(transfer);
      },
    });
  }

  /** Runs a round and returns what it pushed. */
  round(): Observation[] {
    const before = this.pushed.length;
    this.poller.round();
    return this.pushed.slice(before);
  }

  /** Rounds, counted from 0, in which the kind was pushed. */
  roundsOf(kind: Observation['kind'], rounds: number): number[] {
    const all = Array.from({ length: rounds }, () => this.round());
    return all.flatMap((round, index) => (round.some((each) => each.kind === kind) ? [index] : []));
  }
}

const systemPoll = (read: () => number, schedule: Schedule = EVERY_ROUND): Poll<'system'> => ({
  kind: 'system',
  schedule,
  grant: KIND_GRANTS.system,
  read: () => ({ data: { uptimeMs: read() } }),
});

function throwing(): never {
  throw new Error('broken');
}

test('closes every poll after the last round, also if one throws', () => {
  const closed: string[] = [];
  const closing = (kind: string, fails = false) => ({
    ...systemPoll(() => 1),
    close: () => {
      closed.push(kind);
      if (fails) throw new Error('refused');
    },
  });
  const { poller } = new PollerFixture([closing('a'), systemPoll(() => 1), closing('b', true), closing('c')]);
  poller.round();
  assert.deepEqual(closed, []);
  poller.close();
  assert.deepEqual(closed, ['a', 'b', 'c']);
});

test('polls run in the order of the plan, and the tick with the interval comes last', () => {
  const cpu: Poll<'cpu'> = {
    kind: 'cpu',
    schedule: EVERY_ROUND,
    grant: KIND_GRANTS.cpu,
    read: () => ({ data: { logicalProcessors: 1, userMs: 1, systemMs: 2, idleMs: 3 } }),
  };
  const pushed = new PollerFixture([systemPoll(() => 7), cpu]).round();
  assert.deepEqual(
    pushed.map(({ kind, data }) => [kind, data]),
    [
      ['system', { uptimeMs: 7 }],
      ['cpu', { logicalProcessors: 1, userMs: 1, systemMs: 2, idleMs: 3 }],
      ['tick', { intervalMs: 15_000 }],
    ],
  );
});

test('numbers observations by one over all rounds, and returns the number of the tick', () => {
  const fixture = new PollerFixture([systemPoll(() => 0)]);
  assert.equal(fixture.poller.round(), 2);
  assert.equal(fixture.poller.round(), 4);
  assert.deepEqual(
    fixture.pushed.map(({ seq }) => seq),
    [1, 2, 3, 4],
  );
});

test('an observation has the times at the end of its read and how long the read took', () => {
  const fixture: PollerFixture = new PollerFixture([
    systemPoll(() => {
      fixture.clock.mono += 250;
      fixture.clock.wall += 9;
      return 0;
    }),
  ]);
  const [system, tick] = fixture.round();
  assert.deepEqual([system!.tMono, system!.tWall, system!.seconds], [1250, 5_000_009, 0.25]);
  assert.deepEqual([tick!.tMono, tick!.seconds], [1250, 0]);
});

test('a poll that throws is reported as unavailable with its grant, and the others go on', () => {
  const refused: Poll<'processes'> = {
    kind: 'processes',
    schedule: EVERY_ROUND,
    grant: { requiredRight: 'the right', consequence: 'the processes' },
    read: () => {
      throw new Win32Error('NtQuerySystemInformation', ERROR_ACCESS_DENIED);
    },
  };
  const pushed = new PollerFixture([refused, systemPoll(() => 0)]).round();
  assert.deepEqual(
    pushed.map(({ kind }) => kind),
    ['processes', 'system', 'tick'],
  );
  const { part, code, requiredRight, consequence } = pushed[0]!.unavailable!;
  assert.deepEqual(
    { part, code, requiredRight, consequence },
    { part: 'processes', code: 5, requiredRight: 'the right', consequence: 'the processes' },
  );
  assert.equal(pushed[0]!.data, undefined);
});

test('an error of the receiver is not taken for an error of the poll', () => {
  const poller = new Poller({
    polls: [systemPoll(() => 0)],
    intervalMs: 1,
    clock: { monotonicMs: () => 0, wallMs: () => 0 },
    push: throwing,
  });
  assert.throws(() => poller.round(), /broken/);
});

test('a poll is due again after the rounds of its schedule, counted from its last read', () => {
  assert.deepEqual(new PollerFixture([systemPoll(() => 0, everyRounds(4))]).roundsOf('system', 10), [0, 4, 8]);
});

test('a poll with missing parts is due as its schedule says for a degraded read', () => {
  let reads = 0;
  const identity: Poll<'system'> = {
    ...systemPoll(() => 0, { complete: 40, degraded: 2, failed: 40 }),
    read: () => ({ data: { uptimeMs: 0 }, degraded: ++reads < 3 ? [missing] : [] }),
  };
  const fixture = new PollerFixture([identity]);
  assert.deepEqual(fixture.roundsOf('system', 50), [0, 2, 4, 44]);
  const degraded = fixture.pushed.filter(({ kind }) => kind === 'system').map((each) => each.degraded);
  assert.deepEqual(degraded, [[missing], [missing], undefined, undefined]);
});

test('a poll that throws is due as its schedule says for a failed read', () => {
  assert.deepEqual(
    new PollerFixture([systemPoll(throwing, { complete: 1, degraded: 1, failed: 5 })]).roundsOf('system', 12),
    [0, 5, 10],
  );
});

test('a poll with nothing to read pushes nothing and stays due', () => {
  let reads = 0;
  const poll: Poll<'system'> = {
    ...systemPoll(() => 0, everyRounds(10)),
    read: () => (++reads < 3 ? undefined : { data: { uptimeMs: 0 } }),
  };
  assert.deepEqual(new PollerFixture([poll]).roundsOf('system', 6), [2]);
});

test('a poll gets the results that an earlier poll read in the same round', () => {
  let round = 0;
  const services: Poll<'services'> = {
    kind: 'services',
    schedule: EVERY_ROUND,
    grant: KIND_GRANTS.services,
    read: () => {
      const result = [aService({ name: `service ${++round}` })];
      return { data: [], result };
    },
  };
  const names: string[] = [];
  const reservations: Poll<'system', 'services'> = {
    ...systemPoll(() => 0),
    needs: ['services'],
    read: (results) => {
      names.push(...results.services.map(({ name }) => name));
      return { data: { uptimeMs: 0 } };
    },
  };
  const fixture = new PollerFixture([services, reservations]);
  fixture.round();
  fixture.round();
  assert.deepEqual(names, ['service 1', 'service 2']);
});

test('a poll waits for its needs, and keeps the last results when a later read of them fails', () => {
  const outcomes: (() => ReturnType<Poll<'services'>['read']>)[] = [
    throwing,
    () => ({ data: [], result: [] }),
    throwing,
  ];
  const services: Poll<'services'> = {
    kind: 'services',
    schedule: EVERY_ROUND,
    grant: KIND_GRANTS.services,
    read: () => outcomes.shift()!(),
  };
  const dependent: Poll<'system', 'services'> = { ...systemPoll(() => 0), needs: ['services'] };
  assert.deepEqual(new PollerFixture([services, dependent]).roundsOf('system', 3), [1, 2]);
});

test('a plan in which a need does not come earlier is refused', () => {
  const dependent: Poll<'system', 'tcp'> = { ...systemPoll(() => 0), needs: ['tcp'] };
  assert.throws(() => new PollerFixture([dependent]), /the poll system needs tcp, which must come before it/);
});

test('the memory of columns is handed over with the observation', () => {
  const table = { ...processTable([{ pid: 4 }]), imagePath: [''] };
  const processes: Poll<'processes'> = {
    kind: 'processes',
    schedule: EVERY_ROUND,
    grant: KIND_GRANTS.processes,
    read: () => ({ data: table }),
  };
  const fixture = new PollerFixture([processes]);
  fixture.round();
  assert.ok(fixture.transfers[0]!.includes(table.pid.buffer as ArrayBuffer));
  assert.deepEqual(fixture.transfers[1], []);
});
