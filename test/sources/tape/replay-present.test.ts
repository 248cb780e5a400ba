// Replay of a tape in the present: first and latest times, loops, clocks that were set, with a fake clock.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import type { Observation } from '../../../src/sources/host.ts';
import { aHeader, TapeBuilder, WALL_AT_ZERO_MS } from '../../helpers/observations.ts';
import { ended, play, stop, TWO_ROUNDS, textOf } from './replay-support.ts';
import { TestFolder } from './support.ts';

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
