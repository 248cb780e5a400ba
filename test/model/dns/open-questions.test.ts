// Which question an answer belongs to, by process, type, name and options.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OpenQuestions } from '../../../src/model/dns/open-questions.ts';

const request = { pid: 100, queryType: 1, name: 'shop.example.com', options: 0x4000_6000 };
const bit = (n: number): number => 2 ** n;

type Request = typeof request;

/** The times of the questions that the answers remove; the n-th question was sent at n. */
function removed(questions: readonly Partial<Request>[], answers: readonly Partial<Request>[]) {
  const open = new OpenQuestions();
  for (const [i, question] of questions.entries()) open.add({ ...request, ...question, atMs: i }, undefined, i);
  return {
    times: answers.map((answer) => open.remove({ ...request, ...answer }, 100)?.atMs),
    open: open.size,
  };
}

test('finds the question whichever of the high 32 option bits Windows changes', () => {
  for (let n = 32; n < 53; n++) {
    const changed = { options: request.options + bit(n) };
    assert.deepEqual(removed([{}], [changed]), { times: [0], open: 0 }, `bit ${n} set`);
    assert.deepEqual(removed([changed], [{}]), { times: [0], open: 0 }, `bit ${n} cleared`);
  }
  const topmost = request.options + bit(51) + bit(52) + bit(40);
  assert.deepEqual(removed([{ options: request.options + bit(51) }], [{ options: topmost }]).times, [0]);
});

test('leaves a question whose program, type, name or low 32 option bits differ', () => {
  const others: Partial<Request>[] = [{ pid: 101 }, { queryType: 28 }, { name: 'shop.example.net' }];
  for (let n = 0; n < 32; n++) {
    const low = Math.floor(request.options / bit(n)) % 2;
    others.push({ options: request.options + (low === 1 ? -bit(n) : bit(n)) });
  }
  for (const other of others) {
    assert.deepEqual(removed([other], [{}]), { times: [undefined], open: 1 }, JSON.stringify(other));
    // Both are open: each answer gets its own question, whichever comes first.
    assert.deepEqual(removed([other, {}], [other, {}]), { times: [0, 1], open: 0 });
    assert.deepEqual(removed([{}, other], [other, {}]), { times: [1, 0], open: 0 });
  }
});

test('prefers the question with the same high bits, apart from bit 51, and then the last one', () => {
  const internal = { options: request.options + bit(40) };
  const done = { options: request.options + bit(51) };
  const internalDone = { options: request.options + bit(40) + bit(51) };
  assert.deepEqual(removed([internal, {}], [internalDone, done]).times, [0, 1]);
  assert.deepEqual(removed([{}, internal], [done, internalDone]).times, [0, 1]);
  assert.deepEqual(removed([{}, {}, {}], [done, done, done, done]).times, [2, 1, 0, undefined]);
});

test('ignores letter case and trailing dots of a name', () => {
  assert.deepEqual(removed([{ name: 'Shop.Example.COM.' }], [{}]), { times: [0], open: 0 });
});

test('finds a question without a name only if no question has the name of the answer', () => {
  const unnamed = { name: '' };
  assert.deepEqual(removed([unnamed], [{}]), { times: [0], open: 0 });
  assert.deepEqual(removed([{}, unnamed], [{}, {}]), { times: [0, 1], open: 0 });
  assert.deepEqual(removed([unnamed], [unnamed]), { times: [0], open: 0 });
  for (const other of [{ pid: 101 }, { queryType: 28 }, { options: 0 }])
    assert.deepEqual(removed([{ ...unnamed, ...other }], [{}]), { times: [undefined], open: 1 });
});

test('takes a name of dots for the root zone, not for an absent name', () => {
  assert.deepEqual(removed([{ name: '.' }], [{}, { name: '.' }]), { times: [undefined, 0], open: 0 });
  assert.deepEqual(removed([{}], [{ name: '' }]), { times: [undefined], open: 1 });
});

test('removes the oldest question, and those that have expired', () => {
  const open = new OpenQuestions();
  open.removeOldest();
  for (let i = 0; i < 4; i++) open.add({ ...request, name: i < 2 ? 'a' : 'b', atMs: i * 1000 }, undefined, i * 1000);
  open.removeOldest();
  assert.deepEqual(
    [...open.all()].map(({ atMs }) => atMs),
    [1000, 2000, 3000],
  );
  const expired: number[] = [];
  open.expire(12_000, 10_000, ({ atMs }) => expired.push(atMs));
  assert.deepEqual([expired, open.size], [[1000], 2]);
  open.expire(12_001, 10_000, ({ atMs }) => expired.push(atMs));
  assert.deepEqual([expired, open.size], [[1000, 2000], 1]);
  assert.equal(open.remove({ ...request, name: 'b' }, 500_000)?.atMs, 3000);
});

test('leaves a question that is too old for the answer', () => {
  const open = new OpenQuestions();
  open.add({ ...request, atMs: 1000 }, undefined, 1000);
  open.add({ ...request, name: '', atMs: 1000 }, undefined, 1000);
  assert.equal(open.remove(request, 2001, 1000), undefined);
  assert.equal(open.size, 2);
  assert.equal(open.remove(request, 2000, 1000)?.atMs, 1000);
});
