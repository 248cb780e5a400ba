// References to the disk counters: one for each volume while the agent runs, none after it.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DiskCounting } from '../../../src/sources/poll/disk-counting.ts';

/** Volumes whose driver counts references as Windows documents it. */
class FakeDisks {
  readonly references = new Map<string, number>();
  failing = new Set<string>();
  readonly counting = new DiskCounting();

  of(volume: string): number {
    return this.references.get(volume) ?? 0;
  }

  #turnOff(volume: string): void {
    if (this.failing.has(volume)) throw new Error('refused');
    this.references.set(volume, this.of(volume) - 1);
  }

  /** One round: reads the counters of each volume. */
  round(...volumes: string[]): void {
    for (const volume of volumes) {
      this.references.set(volume, this.of(volume) + 1);
      this.counting.afterRead(volume, () => this.#turnOff(volume));
    }
    this.counting.retain(new Set(volumes));
  }

  end(): void {
    this.counting.end((volume) => this.#turnOff(volume));
  }
}

describe('references to the counters of a volume', () => {
  it('stay at one over a thousand rounds, and are zero at the end', () => {
    const disks = new FakeDisks();
    for (let i = 0; i < 1000; i++) {
      disks.round('c', 'd');
      assert.deepEqual([disks.of('c'), disks.of('d')], [1, 1]);
    }
    disks.end();
    assert.deepEqual([disks.of('c'), disks.of('d')], [0, 0]);
  });

  it('leave those of other programs alone', () => {
    const disks = new FakeDisks();
    disks.references.set('c', 3);
    for (let i = 0; i < 5; i++) disks.round('c');
    disks.end();
    assert.equal(disks.of('c'), 3);
  });

  it('that could not be given back are given back later', () => {
    const disks = new FakeDisks();
    disks.round('c');
    disks.failing.add('c');
    for (let i = 0; i < 3; i++) assert.throws(() => disks.round('c'), /refused/);
    assert.equal(disks.of('c'), 4);
    disks.failing.clear();
    disks.round('c');
    assert.equal(disks.of('c'), 1);
    disks.end();
    assert.equal(disks.of('c'), 0);
  });

  it('of one volume that fails at the end do not keep those of the others', () => {
    const disks = new FakeDisks();
    disks.round('c', 'd', 'e');
    disks.failing.add('c');
    disks.end();
    assert.deepEqual([disks.of('c'), disks.of('d'), disks.of('e')], [1, 0, 0]);
  });

  it('of a removed volume are forgotten, and begin again when it returns', () => {
    const disks = new FakeDisks();
    disks.round('c', 'usb');
    disks.round('c');
    disks.references.delete('usb');
    disks.round('c', 'usb');
    assert.equal(disks.of('usb'), 1);
    disks.end();
    assert.deepEqual([disks.of('c'), disks.of('usb')], [0, 0]);
  });
});
