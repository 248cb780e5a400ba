// The compartment of a thread: home stays what it was first, whatever fails on the way back.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ThreadCompartment } from '../../../src/sources/poll/compartment.ts';
import { findCompartments } from '../../../src/sources/poll/tcp.ts';

/** A thread whose moves into some compartments fail for a number of times. */
class FakeThread {
  id: number;
  readonly moves: number[] = [];
  readonly failures = new Map<number, number>();
  /** Compartments for which the call reports success and does nothing. */
  readonly ignored = new Set<number>();
  readonly compartment = new ThreadCompartment({
    current: () => this.id,
    enter: (id) => {
      this.moves.push(id);
      const left = this.failures.get(id) ?? 0;
      this.failures.set(id, left - 1);
      if (left > 0) return 5;
      if (!this.ignored.has(id)) this.id = id;
      return 0;
    },
  });

  constructor(home = 1) {
    this.id = home;
  }

  visit(ids: readonly number[], read: (id: number) => void = () => {}) {
    const visited: number[] = [];
    const failed: (number | undefined)[] = [];
    this.compartment.visitEach(
      ids,
      (id) => {
        visited.push(this.id);
        assert.equal(id, this.id);
        read(id);
      },
      (_error, id) => failed.push(id),
    );
    return { visited, failed };
  }
}

describe('the compartment of a thread', () => {
  it('visits each compartment and returns home', () => {
    const thread = new FakeThread();
    assert.deepEqual(thread.visit([1, 2, 7]), { visited: [1, 2, 7], failed: [] });
    assert.equal(thread.id, 1);
    assert.deepEqual(thread.moves, [1, 2, 7, 1]);
  });

  it('does not move a thread that never left', () => {
    const thread = new FakeThread();
    thread.compartment.returnHome();
    assert.deepEqual(thread.moves, []);
  });

  it('goes on with the next compartment and returns home after a failed move or read', () => {
    const thread = new FakeThread();
    thread.failures.set(2, 1);
    const { visited, failed } = thread.visit([1, 2, 3, 4], (id) => {
      if (id === 3) throw new Error('the table could not be read');
    });
    assert.deepEqual([visited, failed, thread.id], [[1, 3, 4], [2, 3], 1]);
  });

  it('returns home if the report of a failure throws', () => {
    const thread = new FakeThread();
    thread.ignored.add(2);
    assert.throws(() =>
      thread.compartment.visitEach(
        [3, 2],
        () => {},
        () => assert.fail('reported'),
      ),
    );
    assert.equal(thread.id, 1);
  });

  it('reports a move that succeeds without an effect', () => {
    const thread = new FakeThread();
    thread.ignored.add(2);
    assert.deepEqual(thread.visit([1, 2]), { visited: [1], failed: [2] });
  });

  it('tries to return before the next read, and keeps its home after a failed return', () => {
    const thread = new FakeThread();
    // The way back fails three times: at the end of the visit, and before two reads.
    thread.failures.set(1, 3);
    assert.deepEqual(thread.visit([2]), { visited: [2], failed: [undefined] });
    assert.equal(thread.id, 2);
    // A read of the adapters now would list those of the container.
    for (let i = 0; i < 2; i++) assert.throws(() => thread.compartment.returnHome(), /access denied/);
    thread.compartment.returnHome();
    assert.equal(thread.id, 1);
  });

  it('returns to the first compartment after a visit that began in a container’s', () => {
    const thread = new FakeThread();
    thread.failures.set(1, 1);
    thread.visit([2]);
    assert.equal(thread.id, 2);
    assert.deepEqual(thread.visit([2, 3]), { visited: [2, 3], failed: [] });
    assert.equal(thread.id, 1);
  });

  it('returns to another compartment than that of the host if the agent was started there', () => {
    const thread = new FakeThread(4);
    thread.visit([1, 4, 5]);
    assert.equal(thread.id, 4);
  });
});

describe('compartments of Windows containers', () => {
  const container = String.raw`\Container_0123abcd-4567`;
  const others = [
    String.raw`\BaseNamedObjects\wrapper`,
    String.raw`\JobContainer_01`,
    String.raw`\BaseNamedObjects\Container_x`,
  ];

  it('are missing with a reason if there are jobs of containers and only the host’s is found', () => {
    for (const found of [[1], []]) {
      const { ids, degraded } = findCompartments(() => found, [...others, container]);
      assert.deepEqual(ids, [1]);
      assert.equal(degraded.length, 1);
      assert.match(degraded[0]!.reason, /^one Windows container runs .* only the compartment of the host is reported/);
      assert.equal(degraded[0]!.consequence, 'connections of Windows containers');
    }
    const { degraded } = findCompartments(() => [1], [container, String.raw`\container_89`]);
    assert.match(degraded[0]!.reason, /^2 Windows containers run/);
  });

  it('are not missing if another compartment is found, or no job is one of a container', () => {
    assert.deepEqual(
      findCompartments(() => [1, 4], [container]),
      { ids: [1, 4], degraded: [] },
    );
    // Jobs of host-process containers and of services: these use the network of the host.
    assert.deepEqual(
      findCompartments(() => [1], others),
      { ids: [1], degraded: [] },
    );
    assert.deepEqual(
      findCompartments(() => [1], []),
      { ids: [1], degraded: [] },
    );
  });

  it('are reported once if the list of compartments cannot be read', () => {
    const fail = () => {
      throw new Error('invalid data');
    };
    const { ids, degraded } = findCompartments(fail, [container]);
    assert.deepEqual([ids, degraded.map(({ part }) => part)], [[1], ['network compartments other than the host']]);
  });
});
