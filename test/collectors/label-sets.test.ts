// Label sets: owners with equal labels share one, and the id of a set is free after a pass that did not use it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LabelShape } from '../../src/collectors/label-sets.ts';

const shape = () => new LabelShape(['apple', 'machine_id']);
const labels = (apple: string, machine_id = 'M') => ({ apple, machine_id });

/** Runs one pass that uses the sets of these owners. */
function pass(sets: LabelShape, number: number, ...owners: (readonly [owner: object, apple: string])[]) {
  const used = owners.map(([owner, apple]) => sets.setFor(owner, () => labels(apple), number));
  sets.expire(number);
  return used;
}

test('keeps a set that each pass uses, and reuses the id of one that a pass does not use', () => {
  const sets = shape();
  const [a, b, c] = [{}, {}, {}];
  const [first, second] = pass(sets, 1, [a, 'a'], [b, 'b']);
  assert.deepEqual([first!.id, second!.id], [0, 1]);
  assert.equal(pass(sets, 2, [a, 'a'])[0], first);
  assert.deepEqual([first!.id, second!.id], [0, -1]);
  assert.equal(pass(sets, 3, [a, 'a'], [c, 'c'])[1]!.id, 1);
  assert.deepEqual([first!.id, first!.pass], [0, 3]);
  // This pass used every set, so that none is removed.
  assert.deepEqual(
    pass(sets, 4, [a, 'a'], [c, 'c']).map(({ id }) => id),
    [0, 1],
  );
});

test('returns the old set to an owner that reappears, or that of another owner with equal labels', () => {
  const sets = shape();
  const [a, b] = [{}, {}];
  const [old] = pass(sets, 1, [a, 'x']);
  pass(sets, 2);
  assert.equal(pass(sets, 3, [a, 'never asked'])[0], old);
  assert.equal(old!.id, 0);
  pass(sets, 4);
  const [others] = pass(sets, 5, [b, 'x']);
  assert.notEqual(others, old);
  assert.deepEqual(pass(sets, 6, [a, 'x'], [b, 'x']), [others, others]);
  // The owner refers to the set in use from now on.
  assert.equal(pass(sets, 7, [a, 'x'])[0], others);
});

test('ignores labels of the host when it compares sets', () => {
  const sets = new LabelShape(['apple', 'machine_id', 'system_uuid']);
  const made = (machine_id: string, system_uuid: string) =>
    sets.setFor({}, () => ({ apple: 'a', machine_id, system_uuid }), 1);
  assert.equal(made('M', 'S'), made('N', 'S'));
  assert.equal(made('M', 'S'), made('M', 'T'));
});

test('keeps 300,000 sets apart, some of which share a 32-bit hash', () => {
  const sets = shape();
  const found = new Set(Array.from({ length: 300_000 }, (_, i) => sets.setFor({}, () => labels(i.toString(36)), 1)));
  assert.equal(found.size, 300_000);
  assert.equal(new Set([...found].map(({ id }) => id)).size, 300_000);
});

test('keeps one set of each shape for an owner, and drops those of retired shapes', () => {
  const [one, two, three] = [shape(), new LabelShape(['banana']), new LabelShape(['cherry'])];
  const owner = {};
  const made: string[] = [];
  const ask = (sets: LabelShape, name: string) =>
    sets.setFor(
      owner,
      () => {
        made.push(name);
        return { [name]: '1', machine_id: 'M' };
      },
      1,
    );
  const before = [ask(one, 'apple'), ask(two, 'banana'), ask(three, 'cherry')];
  assert.deepEqual([ask(one, 'apple'), ask(two, 'banana'), ask(three, 'cherry')], before);
  assert.deepEqual(made, ['apple', 'banana', 'cherry']);
  one.retired = true;
  const again = shape();
  ask(again, 'apple');
  assert.deepEqual(made, ['apple', 'banana', 'cherry', 'apple']);
  // The set of the retired shape is dropped, so that its labels are built again.
  ask(one, 'apple');
  assert.equal(made.length, 5);
});

test('keeps exact labels, and copies others without additional, missing or ill-formed ones', () => {
  const exact = labels('a');
  assert.equal(shape().setFor({}, () => exact, 1).labels, exact);
  const foreign = { ...labels('a'), zebra: 'z' };
  assert.deepEqual(shape().setFor({}, () => foreign, 1).labels, labels('a'));
  assert.deepEqual(shape().setFor({}, () => ({ apple: 'a', zebra: 'z' }), 1).labels, labels('a', ''));
  assert.deepEqual(shape().setFor({}, () => labels('\ud800'), 1).labels, labels('\ufffd'));
});

test('throws if the labels of an owner change, when labels are verified', () => {
  const sets = new LabelShape(['apple', 'machine_id'], true);
  const owner = { apple: 'web:1' };
  const ask = (each: { apple: string }, pass: number) => sets.setFor(each, ({ apple }) => labels(apple), pass);
  const first = ask(owner, 1);
  assert.equal(ask(owner, 2), first);
  owner.apple = 'web:2';
  assert.throws(() => ask(owner, 3), /label apple changed from "web:1" to "web:2" while its owner stayed the same/);
  assert.equal(ask({ apple: 'web:2' }, 4).labels.apple, 'web:2');
  // Labels that all series share are verified as well.
  const node = {};
  sets.setFor(node, () => labels('a', 'M'), 5);
  assert.throws(() => sets.setFor(node, () => labels('a', 'N'), 6), /label machine_id changed/);
});

test('builds the labels of an owner once, when labels are not verified', () => {
  const sets = shape();
  const owner = {};
  let built = 0;
  for (let number = 1; number < 4; number++) sets.setFor(owner, () => labels(String(++built)), number);
  assert.equal(built, 1);
});
