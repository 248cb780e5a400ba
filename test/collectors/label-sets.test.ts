// Label sets of owners: shared where the values are the same, forgotten after a pass without them, with their ids used again.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LabelShape } from '../../src/collectors/label-sets.ts';

const shape = () => new LabelShape(['apple', 'machine_id']);
const labels = (apple: string, machine_id = 'M') => ({ apple, machine_id });

/** One pass in which these owners are asked for, each with its labels. */
function pass(sets: LabelShape, number: number, ...owners: (readonly [owner: object, apple: string])[]) {
  const used = owners.map(([owner, apple]) => sets.setFor(owner, () => labels(apple), number));
  sets.expire(number);
  return used;
}

test('a set that is used in each pass stays the same, with its id; one that is not dies, and its id goes to the next', () => {
  const sets = shape();
  const [a, b, c] = [{}, {}, {}];
  const [first, second] = pass(sets, 1, [a, 'a'], [b, 'b']);
  assert.deepEqual([first!.id, second!.id], [0, 1]);
  assert.equal(pass(sets, 2, [a, 'a'])[0], first);
  assert.deepEqual([first!.id, second!.id], [0, -1]);
  assert.equal(pass(sets, 3, [a, 'a'], [c, 'c'])[1]!.id, 1);
  assert.deepEqual([first!.id, first!.pass], [0, 3]);
  // All that there is was used: nothing dies.
  assert.deepEqual(
    pass(sets, 4, [a, 'a'], [c, 'c']).map(({ id }) => id),
    [0, 1],
  );
});

test('an owner that comes back has its set again, or that of another one with the same labels', () => {
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
  // It holds the living one from now on.
  assert.equal(pass(sets, 7, [a, 'x'])[0], others);
});

test('what is the same on the whole host tells no set from another', () => {
  const sets = new LabelShape(['apple', 'machine_id', 'system_uuid']);
  const made = (machine_id: string, system_uuid: string) =>
    sets.setFor({}, () => ({ apple: 'a', machine_id, system_uuid }), 1);
  assert.equal(made('M', 'S'), made('N', 'S'));
  assert.equal(made('M', 'S'), made('M', 'T'));
});

test('300,000 sets stay apart, although some of that many share any hash of 32 bits', () => {
  const sets = shape();
  const found = new Set(Array.from({ length: 300_000 }, (_, i) => sets.setFor({}, () => labels(i.toString(36)), 1)));
  assert.equal(found.size, 300_000);
  assert.equal(new Set([...found].map(({ id }) => id)).size, 300_000);
});

test('an owner has one set of each shape, and drops those of shapes that are retired', () => {
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
  // The retired set is gone: whoever asks for it makes it anew.
  ask(one, 'apple');
  assert.equal(made.length, 5);
});

test('labels that are exact are kept as they came; others are copied, without foreign ones and whole', () => {
  const exact = labels('a');
  assert.equal(shape().setFor({}, () => exact, 1).labels, exact);
  const foreign = { ...labels('a'), zebra: 'z' };
  assert.deepEqual(shape().setFor({}, () => foreign, 1).labels, labels('a'));
  assert.deepEqual(shape().setFor({}, () => ({ apple: 'a', zebra: 'z' }), 1).labels, labels('a', ''));
  assert.deepEqual(shape().setFor({}, () => labels('\ud800'), 1).labels, labels('\ufffd'));
});

test('in the verifying mode, labels that change while their owner stays the same are an error', () => {
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

test('without the verifying mode, the labels of an owner are built once', () => {
  const sets = shape();
  const owner = {};
  let built = 0;
  for (let number = 1; number < 4; number++) sets.setFor(owner, () => labels(String(++built)), number);
  assert.equal(built, 1);
});
