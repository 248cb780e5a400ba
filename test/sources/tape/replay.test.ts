// Replay of a tape as a host: speed, loops, faults and stop, with a fake clock.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import type { Observation } from '../../../src/sources/host.ts';
import { encodeHeader, encodeObservation } from '../../../src/sources/tape/format.ts';
import { type ReplayClock, TapeHost, type TapeHostOptions } from '../../../src/sources/tape/replay.ts';
import { tcpEvents } from '../../helpers/event-tables.ts';
import { aHeader, processTable, TapeBuilder, WALL_AT_ZERO_MS } from '../../helpers/observations.ts';
import { endLine, TestFolder, tapeText } from './support.ts';

/** A clock that jumps to the end of each sleep; when `frozen`, only the signal ends a sleep. */
class FakeClock implements ReplayClock {
  now = 5_000;
  /** The wall clock at `now` 0. */
  wallAtZeroMs = WALL_AT_ZERO_MS + 1_000_000_000;
  readonly slept: number[] = [];
  frozen = false;
  #waiting: (() => void)[] = [];

  nowMs(): number {
    return this.now;
  }

  wallMs(): number {
    return this.wallAtZeroMs + this.now;
  }

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.reject(signal.reason);
    this.slept.push(ms);
    for (const waiter of this.#waiting.splice(0)) waiter();
    if (!this.frozen) {
      this.now += ms;
      return Promise.resolve();
    }
    return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  }

  /** Resolves at the next sleep. */
  sleeping(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}

const table = processTable([{ pid: 4, createdAtMs: 1_700_000_000_000 }]);
const { observations: TWO_ROUNDS } = new TapeBuilder()
  .at(100)
  .add('system', { uptimeMs: 50_000 })
  .add('processes', table)
  .tick(10_000)
  .add('system', { uptimeMs: 60_000 })
  .tick(10_000);

const textOf = (observations: readonly Observation[]): string =>
  tapeText(encodeHeader(aHeader()), ...observations.map(encodeObservation), endLine(observations.length));

/** A host that replays the text from a file, and its pushed observations. */
async function play(folder: TestFolder, text: string, options: Partial<TapeHostOptions> = {}) {
  const file = await folder.file('a.tape', text);
  const clock = new FakeClock();
  const host = new TapeHost({ file, speed: 'max', loop: false, time: 'recorded', clock, ...options });
  const pushed: Observation[] = [];
  const waiting: { count: number; done: () => void }[] = [];
  const push = (observation: Observation): void => {
    pushed.push(observation);
    for (const each of waiting) if (pushed.length >= each.count) each.done();
  };
  const until = (count: number): Promise<void> => new Promise((done) => waiting.push({ count, done }));
  return { host, clock, pushed, push, until, file };
}

/** Stops before the timeout. */
async function stop(host: TapeHost, clock: FakeClock): Promise<boolean> {
  clock.frozen = true;
  return (await host.stop()).length === 0;
}

/** Runs the event loop until the host reports its end. */
async function ended(host: TapeHost): Promise<void> {
  for (let turn = 0; !host.status().detail.ended; turn++) {
    assert.ok(turn < 100_000, 'the replay does not end');
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('a replay', () => {
  it('resolves with the header, pushes all observations, then reports its end', async () => {
    await using folder = await TestFolder.create();
    const { host, clock, pushed, push, file } = await play(folder, textOf(TWO_ROUNDS));
    assert.deepEqual(await host.start(push), aHeader());
    assert.equal(pushed.length, 0);
    await ended(host);
    assert.deepEqual(pushed, TWO_ROUNDS);
    assert.deepEqual(clock.slept, []);
    const detail = { file, observations: 5, ended: true, loops: 0, positionSeconds: 10, skipped: 0, dropped: 0 };
    assert.deepEqual(host.status(), { kind: 'tape', detail });
    assert.equal(await stop(host, clock), true);
  });

  it('runs the event loop between observations', async () => {
    await using folder = await TestFolder.create();
    const { host, pushed, push } = await play(folder, textOf(TWO_ROUNDS));
    const perTurn: number[] = [];
    await host.start(push);
    while (!host.status().detail.ended) {
      const before = pushed.length;
      await new Promise((resolve) => setImmediate(resolve));
      perTurn.push(pushed.length - before);
    }
    assert.ok(Math.max(...perTurn) <= 1, perTurn.join());
  });

  it('at speed 1 keeps the recorded intervals, independent of processing time', async () => {
    await using folder = await TestFolder.create();
    const { host, clock, push } = await play(folder, textOf(TWO_ROUNDS), { speed: 1 });
    const times: number[] = [];
    await host.start((observation) => {
      times.push(clock.now - 5_000);
      clock.now += 1;
      push(observation);
    });
    await ended(host);
    assert.deepEqual(times, [0, 1, 2, 10_000, 10_001]);
    assert.deepEqual(clock.slept, [9_997]);
  });

  it('splits a sleep that exceeds the limit of a timer', async () => {
    await using folder = await TestFolder.create();
    const { observations } = new TapeBuilder().tick(1).at(200_000_000).tick(1);
    const { host, clock, push } = await play(folder, textOf(observations), { speed: 1 });
    await host.start(push);
    await ended(host);
    assert.deepEqual(clock.slept, [86_400_000, 86_400_000, 27_200_000]);
  });
});

describe('a loop', () => {
  it('continues times and sequence numbers, and keeps creation times', async () => {
    await using folder = await TestFolder.create();
    const { host, clock, pushed, push, until } = await play(folder, textOf(TWO_ROUNDS), { loop: true });
    await host.start(push);
    await until(13);
    assert.equal(await stop(host, clock), true);
    const seen = pushed.slice(0, 13);
    assert.deepEqual(
      seen.map(({ seq }) => seq),
      seen.map((_, index) => index + 1),
    );
    const times = [100, 100, 100, 10_100, 10_100, 20_100, 20_100, 20_100, 30_100, 30_100, 40_100, 40_100, 40_100];
    assert.deepEqual(
      seen.map(({ tMono }) => tMono),
      times,
    );
    assert.deepEqual(
      seen.map(({ tWall }) => tWall - WALL_AT_ZERO_MS),
      times,
    );
    const uptimes = seen.flatMap((each) => (each.kind === 'system' ? [each.data?.uptimeMs] : []));
    assert.deepEqual(uptimes, [50_000, 60_000, 70_000, 80_000, 90_000]);
    for (const each of seen) if (each.kind === 'processes') assert.deepEqual(each.data, table);
    assert.ok(Number(host.status().detail.loops) >= 2);
  });

  it('continues counters, which would otherwise go back with every pass', async () => {
    await using folder = await TestFolder.create();
    const created = 1_700_000_000_000;
    const round = (builder: TapeBuilder, value: number): TapeBuilder =>
      builder
        .add('cpu', { logicalProcessors: 4, userMs: value, systemMs: 2 * value, idleMs: 3 * value })
        .add('processes', processTable([{ pid: 4, createdAtMs: created, userMs: value, pageFaults: 4e9 + value }]))
        .tick(10_000);
    const { observations } = round(round(new TapeBuilder().at(100), 1000), 1400);
    const { host, clock, pushed, push, until } = await play(folder, textOf(observations), { loop: true });
    await host.start(push);
    await until(18);
    assert.equal(await stop(host, clock), true);
    const seen = pushed.slice(0, 18);
    const cpu = seen.flatMap((each) => (each.kind === 'cpu' ? [[each.data!.userMs, each.data!.idleMs]] : []));
    assert.deepEqual(cpu, [
      [1000, 3000],
      [1400, 4200],
      [1400, 4200],
      [1800, 5400],
      [1800, 5400],
      [2200, 6600],
    ]);
    const processes = seen.flatMap((each) =>
      each.kind === 'processes' ? [[each.data!.userMs[0], each.data!.pageFaults![0]]] : [],
    );
    assert.deepEqual(processes.at(-1), [2200, 4e9 + 2200]);
  });

  it('shifts times of events, and keeps creation times in process events', async () => {
    await using folder = await TestFolder.create();
    const atMs = WALL_AT_ZERO_MS + 50.5;
    const { observations } = new TapeBuilder()
      .at(100)
      .add('tcpEvents', tcpEvents([{ atMs }, { atMs: atMs + 1 }]))
      .add('dnsEvents', [{ type: 'started', atMs, pid: 1, name: 'a.example', queryType: 1, options: 0 }])
      .add('processEvents', [{ type: 'stopped', atMs, pid: 1, createdAtMs: 1_700_000_000_000, imageName: 'a.exe' }])
      .tick(10_000);
    const { host, clock, pushed, push, until } = await play(folder, textOf(observations), { loop: true });
    await host.start(push);
    await until(8);
    assert.equal(await stop(host, clock), true);
    const [tcp, dns, process] = pushed.slice(4);
    assert.deepEqual(tcp?.kind === 'tcpEvents' && [...tcp.data!.atMs], [atMs + 10_000, atMs + 10_001]);
    assert.deepEqual(dns?.kind === 'dnsEvents' && dns.data!.map((event) => event.atMs), [atMs + 10_000]);
    assert.deepEqual(
      process?.kind === 'processEvents' && process.data!.map((event) => [event.atMs, event.createdAtMs]),
      [[atMs + 10_000, 1_700_000_000_000]],
    );
  });

  it('at speed 1 waits one tick interval between passes', async () => {
    await using folder = await TestFolder.create();
    const { host, clock, push, until } = await play(folder, textOf(TWO_ROUNDS), { loop: true, speed: 1 });
    await host.start(push);
    await until(10);
    await stop(host, clock);
    assert.deepEqual(clock.slept.slice(0, 3), [10_000, 10_000, 10_000]);
  });

  it('replays a truncated tape up to its end, and reports it', async () => {
    await using folder = await TestFolder.create();
    const { host, clock, push, until } = await play(folder, textOf(TWO_ROUNDS).slice(0, -40), { loop: true });
    await host.start(push);
    await until(12);
    await stop(host, clock);
    assert.match(host.status().problem ?? '', /ends in the middle/);
  });

  it('ends for a tape without observations', async () => {
    await using folder = await TestFolder.create();
    const { host, push } = await play(folder, textOf([]), { loop: true });
    await host.start(push);
    await ended(host);
    assert.equal(host.status().detail.loops, 0);
  });

  it('ends when the file was deleted', async () => {
    await using folder = await TestFolder.create();
    const { host, push, until, file } = await play(folder, textOf(TWO_ROUNDS), { loop: true });
    await host.start(push);
    await until(3);
    await folder[Symbol.asyncDispose]();
    await ended(host);
    assert.match(host.status().problem ?? '', new RegExp(`^tape ${file} cannot be opened: ENOENT`));
  });
});

describe('a replay in the present', () => {
  const present = { time: 'present' } as const;
  const NOW_MS = WALL_AT_ZERO_MS + 1_000_005_000;
  const wallTimes = (pushed: readonly Observation[]): number[] => pushed.map(({ tWall }) => tWall - NOW_MS);

  it('begins now at speed 1, with all distances and monotonic times as recorded', async () => {
    await using folder = await TestFolder.create();
    const { host, pushed, push } = await play(folder, textOf(TWO_ROUNDS), { ...present, speed: 1 });
    const shiftMs = NOW_MS - TWO_ROUNDS[0]!.tWall;
    assert.deepEqual(
      await host.start(push),
      aHeader({ startedAtMs: WALL_AT_ZERO_MS + shiftMs, bootTimeMs: WALL_AT_ZERO_MS - 3_600_000 + shiftMs }),
    );
    await ended(host);
    assert.deepEqual(wallTimes(pushed), [0, 0, 0, 10_000, 10_000]);
    const processes = pushed[1]!;
    assert.deepEqual(processes.kind === 'processes' && [...processes.data!.createdAtMs], [1_700_000_000_000 + shiftMs]);
    const head = ({ seq, tMono, kind }: Observation) => ({ seq, tMono, kind });
    assert.deepEqual(pushed.map(head), TWO_ROUNDS.map(head));
  });

  it('ends now at full speed', async () => {
    await using folder = await TestFolder.create();
    const { host, clock, pushed, push } = await play(folder, textOf(TWO_ROUNDS), present);
    await host.start(push);
    await ended(host);
    assert.deepEqual(wallTimes(pushed), [-10_000, -10_000, -10_000, 0, 0]);
    assert.deepEqual(clock.slept, []);
  });

  it('has nothing in the future when the clock of the host was set back or forward', async () => {
    await using folder = await TestFolder.create();
    for (const [setByMs, expected] of [
      [-3_600_000, [-10_000, 0, -3_590_000, -3_580_000]],
      [3_600_000, [-3_630_000, -3_620_000, -10_000, 0]],
    ] as const) {
      const { observations } = new TapeBuilder().at(100).tick(10_000).tick(10_000).tick(10_000).tick(10_000);
      const tape = observations.map((each, round) => ({ ...each, tWall: each.tWall + (round >= 2 ? setByMs : 0) }));
      const { host, pushed, push } = await play(folder, textOf(tape), present);
      await host.start(push);
      await ended(host);
      assert.deepEqual(wallTimes(pushed), expected);
    }
  });

  it('continues a loop at full speed as recorded, one interval after the present', async () => {
    await using folder = await TestFolder.create();
    const { host, clock, push, until } = await play(folder, textOf(TWO_ROUNDS), { ...present, loop: true });
    const seen: [atMs: number, wallMs: number][] = [];
    await host.start((observation) => {
      seen.push([clock.now - 5_000, observation.tWall - NOW_MS]);
      push(observation);
    });
    await until(15);
    await stop(host, clock);
    assert.deepEqual(seen.slice(0, 15), [
      ...Array(3).fill([0, -10_000]),
      ...Array(2).fill([0, 0]),
      ...Array(3).fill([10_000, 10_000]),
      ...Array(2).fill([20_000, 20_000]),
      ...Array(3).fill([30_000, 30_000]),
      ...Array(2).fill([40_000, 40_000]),
    ]);
  });

  it('catches up with the time that the fast pass took', async () => {
    await using folder = await TestFolder.create();
    const { host, clock, push, until } = await play(folder, textOf(TWO_ROUNDS), { ...present, loop: true });
    const seen: [atMs: number, wallMs: number][] = [];
    await host.start((observation) => {
      seen.push([clock.now - 5_000, observation.tWall - NOW_MS]);
      if (seen.length <= 5) clock.now += 3_000;
      push(observation);
    });
    await until(10);
    await stop(host, clock);
    // The second pass is due 10 s after the present that was assumed before the first pass, which took 15 s.
    assert.deepEqual(seen.slice(5, 10), [...Array(3).fill([15_000, 10_000]), ...Array(2).fill([20_000, 20_000])]);
  });

  it('begins each pass of a loop in the present, also after either clock was set', async () => {
    await using folder = await TestFolder.create();
    const { observations } = new TapeBuilder().at(100).tick(10_000).tick(10_000);
    const setBack = observations.map((each, round) => ({ ...each, tWall: each.tWall - round * 3_600_000 }));
    for (const speed of [1, 'max'] as const) {
      const { host, clock, pushed, push, until } = await play(folder, textOf(setBack), {
        ...present,
        loop: true,
        speed,
      });
      await host.start((observation) => {
        if (observation.seq === 4) clock.wallAtZeroMs += 500_000;
        push(observation);
      });
      await until(6);
      await stop(host, clock);
      const firsts = [2, 4].map((index) => pushed[index]!);
      const due = (first: Observation): number => NOW_MS + first.tMono - pushed[speed === 1 ? 0 : 1]!.tMono;
      assert.deepEqual(
        firsts.map((first) => first.tWall - due(first)),
        [0, 500_000],
        `speed ${speed}`,
      );
    }
  });

  it('shows a tape that is damaged or truncated up to there', async () => {
    await using folder = await TestFolder.create();
    const lines = textOf(TWO_ROUNDS).split('\n');
    for (const [speed, text, count] of [
      ['max', lines.with(4, '{"seq":"?"}').join('\n'), 3],
      [1, lines.with(4, '{"seq":"?"}').join('\n'), 3],
      ['max', lines.with(1, '{"seq":"?"}').join('\n'), 0],
      [1, lines.with(1, '{"seq":"?"}').join('\n'), 0],
    ] as const) {
      const { host, pushed, push } = await play(folder, text, { ...present, speed });
      await host.start(push);
      await ended(host);
      assert.deepEqual(wallTimes(pushed), Array(count).fill(0));
      assert.match(host.status().problem ?? '', /damaged: observation\.seq/);
    }
  });

  it('replays a tape without observations', async () => {
    await using folder = await TestFolder.create();
    for (const speed of [1, 'max'] as const) {
      const { host, push } = await play(folder, textOf([]), { ...present, speed });
      assert.deepEqual(await host.start(push), aHeader());
      await ended(host);
    }
  });

  it('refuses a pipe at full speed with advice, and reads it at speed 1', async () => {
    await using folder = await TestFolder.create();
    const file = `${(await folder.file('b.tape', '')).slice(0, -'b.tape'.length)}pipe`;
    execFileSync('mkfifo', [file]);
    const fast = await play(folder, '', { ...present, file });
    await assert.rejects(fast.host.start(fast.push), { code: 'TAPE_UNREADABLE', message: /tape-time to recorded/ });
    const { host, pushed, push } = await play(folder, '', { ...present, file, speed: 1 });
    const writing = writeFile(file, textOf(TWO_ROUNDS));
    await host.start(push);
    await writing;
    await ended(host);
    assert.deepEqual(wallTimes(pushed), [0, 0, 0, 10_000, 10_000]);
  });
});

describe('a bad tape', () => {
  it('rejects the start when its header is invalid', async () => {
    await using folder = await TestFolder.create();
    const { host, clock, push } = await play(folder, 'hello\n');
    await assert.rejects(host.start(push), { code: 'TAPE_FOREIGN' });
    assert.equal(await stop(host, clock), true);
  });

  it('is replayed up to the damage, which the status reports', async () => {
    await using folder = await TestFolder.create();
    const lines = textOf(TWO_ROUNDS).split('\n');
    const { host, pushed, push } = await play(folder, lines.with(4, '{"seq":"?"}').join('\n'), { loop: true });
    await host.start(push);
    await ended(host);
    assert.deepEqual(pushed, TWO_ROUNDS.slice(0, 3));
    assert.match(
      host.status().problem ?? '',
      /damaged: observation\.seq is not a whole number .* at line 5, byte \d+$/,
    );
  });

  it('ends the replay but not the process when `push` throws', async () => {
    await using folder = await TestFolder.create();
    const { host } = await play(folder, textOf(TWO_ROUNDS));
    await host.start(() => {
      throw new Error('the model says no');
    });
    await ended(host);
    assert.equal(host.status().problem, 'the model says no');
  });
});

describe('a stop', () => {
  it('interrupts a long sleep without reporting a problem', async () => {
    await using folder = await TestFolder.create();
    const { host, clock, pushed, push } = await play(folder, textOf(TWO_ROUNDS), { speed: 1 });
    clock.frozen = true;
    const sleeping = clock.sleeping();
    await host.start(push);
    await sleeping;
    assert.equal(await stop(host, clock), true);
    assert.equal(pushed.length, 3);
    assert.equal(host.status().problem, undefined);
    assert.equal(host.status().detail.ended, true);
  });

  it('pushes nothing when called before the first observation', async () => {
    await using folder = await TestFolder.create();
    const { host, clock, pushed, push } = await play(folder, textOf(TWO_ROUNDS));
    await host.start(push);
    assert.equal(await stop(host, clock), true);
    assert.equal(pushed.length, 0);
    assert.equal(await stop(host, clock), true);
  });

  it('names the reader of the tape when the replay does not end in time', async () => {
    await using folder = await TestFolder.create();
    const { host, push } = await play(folder, textOf(TWO_ROUNDS));
    await host.start(push);
    assert.deepEqual(await host.stop(), [{ call: 'the reader of the tape', mayBeLate: false }]);
    await ended(host);
  });
});
