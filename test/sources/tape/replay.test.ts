// Replay of a tape as a host: speed, loops, faults and stop, with a fake clock.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { tcpEvents } from '../../helpers/event-tables.ts';
import { aHeader, processTable, TapeBuilder, WALL_AT_ZERO_MS } from '../../helpers/observations.ts';
import { ended, play, stop, TWO_ROUNDS, PROCESSES as table, textOf } from './replay-support.ts';
import { TestFolder } from './support.ts';

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
