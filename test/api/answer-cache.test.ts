// Shared answers: one build per state, bounds of memory, and readers of outdated answers.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { AnswerCache } from '../../src/api/answer-cache.ts';
import { type RejectReason, SERVER_LIMITS, type ServerLimits } from '../../src/api/limits.ts';
import { AgentError } from '../../src/base/errors.ts';

function aCache(limits: Partial<ServerLimits> = {}) {
  const seen = {
    state: 'pass 1',
    nowMs: 0,
    /** Routes of the builds. */
    built: [] as string[],
    rejected: [] as RejectReason[],
  };
  const cache = new AnswerCache({
    limits: { ...SERVER_LIMITS, ...limits },
    state: () => seen.state,
    maxAgeMs: () => 30_000,
    now: () => seen.nowMs,
    onBuilt: (route) => seen.built.push(route),
    onReject: (reason) => seen.rejected.push(reason),
  });
  const get = (selection: string, bytes = 10, route = '/a') =>
    cache.get(route, selection, () => ({ type: 'text/plain', body: Buffer.alloc(bytes, selection || 'x') }));
  const read = async (selection: string, bytes = 10): Promise<void> => void (await get(selection, bytes).built);
  return { cache, seen, get, read };
}

class Reader {
  destroyed = false;
  destroy(): this {
    this.destroyed = true;
    return this;
  }
}

test('builds an answer once for the readers of a state, also while it is being built', async () => {
  const { get, seen } = aCache();
  const answers = await Promise.all(Array.from({ length: 100 }, () => get('').built));
  answers.push(await get('').built);
  assert.equal(new Set(answers.map(({ body }) => body)).size, 1);
  seen.state = 'pass 2';
  assert.notEqual(await get('').built, answers[0]);
  assert.deepEqual(seen.built, ['/a', '/a']);
});

test('keeps the answers of a state apart by route and selection', async () => {
  const { get, seen } = aCache();
  const answers = await Promise.all([get('').built, get('b').built, get('c').built, get('b', 10, '/b').built]);
  assert.equal(new Set(answers).size, 4);
  assert.deepEqual(seen.built.sort(), ['/a', '/a', '/a', '/b']);
});

test('builds an answer again at its maximum age, although the state has not changed', async () => {
  const { read, seen } = aCache();
  await read('');
  seen.nowMs = 29_999;
  await read('');
  assert.equal(seen.built.length, 1);
  seen.nowMs = 30_000;
  await read('');
  assert.equal(seen.built.length, 2);
});

test('drops the last answers when no reader comes any more', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { cache, get } = aCache();
  const answer = get('');
  await answer.built;
  t.mock.timers.tick(29_999);
  assert.equal(answer.kept, true);
  t.mock.timers.tick(1);
  assert.equal(answer.kept, false);
  assert.notEqual(
    cache.get('/a', '', () => ({ type: '', body: Buffer.of() })),
    answer,
  );
});

test('does not keep an answer that could not be built', async () => {
  const { cache, get, seen } = aCache();
  const fail = () => {
    throw new Error('no');
  };
  const failed = [cache.get('/a', '', fail).built, cache.get('/a', '', fail).built];
  for (const each of failed) await assert.rejects(each, /no/);
  assert.equal((await get('').built).body.length, 10);
  assert.deepEqual(seen.built, ['/a']);
});

test('begins one build in each turn of the event loop, whole routes first', async () => {
  const { get, seen } = aCache();
  for (const selection of ['a', 'b', 'c']) get(selection);
  get('', 10, '/whole');
  const perTurn: number[] = [];
  for (let turn = 0; turn < 5; turn++) {
    await setImmediate();
    perTurn.push(seen.built.length);
  }
  assert.ok(
    perTurn.every((count, turn) => count - (perTurn[turn - 1] ?? 0) <= 1),
    String(perTurn),
  );
  assert.equal(perTurn.at(-1), 4);
  assert.equal(seen.built[0], '/whole');
});

test('refuses a further selection while too many wait to be built, but no whole route', async () => {
  const { get, seen } = aCache({ waitingBuilds: 3 });
  const waiting = ['a', 'b', 'c'].map((selection) => get(selection));
  assert.throws(
    () => get('d'),
    (error) => error instanceof AgentError && error.code === 'BUSY',
  );
  assert.equal(get('a'), waiting[0]);
  await get('').built;
  await Promise.all(waiting.map(({ built }) => built));
  await get('d').built;
  assert.deepEqual(seen.rejected, ['waiting_builds']);
});

test('keeps the selections that were used last, within a number and a size', async () => {
  const { read, seen } = aCache({ keptSelections: 3 });
  for (const selection of ['a', 'b', 'c', 'a', 'd']) await read(selection);
  seen.built.length = 0;
  for (const selection of ['a', 'c', 'd']) await read(selection);
  assert.equal(seen.built.length, 0);
  await read('b');
  assert.equal(seen.built.length, 1);

  const sized = aCache({ keptSelectionBytes: 2500 });
  for (const selection of ['a', 'b', 'c']) await sized.read(selection, 1000);
  sized.seen.built.length = 0;
  for (const selection of ['c', 'b']) await sized.read(selection, 1000);
  assert.equal(sized.seen.built.length, 0);
  await sized.read('a', 1000);
  assert.equal(sized.seen.built.length, 1);
});

test('counts the text of a selection as memory', async () => {
  const { read, seen } = aCache({ keptSelectionBytes: 10_000 });
  for (const letter of ['a', 'b', 'c']) await read(letter.repeat(3000), 1);
  seen.built.length = 0;
  await read('c'.repeat(3000), 1);
  assert.equal(seen.built.length, 0);
  await read('a'.repeat(3000), 1);
  assert.equal(seen.built.length, 1);
});

test('keeps whole routes although readers ask for many selections', async () => {
  const { read, seen } = aCache({ keptSelections: 2 });
  await read('');
  for (let i = 0; i < 50; i++) await read(`${i}`);
  seen.built.length = 0;
  await read('');
  assert.equal(seen.built.length, 0);
});

test('disconnects the readers of the oldest outdated answers above the limit of unsent bytes', async () => {
  const { cache, get, seen } = aCache({ unsentBytes: 2500 });
  const readers: Reader[] = [];
  for (let pass = 1; pass <= 4; pass++) {
    seen.state = `pass ${pass}`;
    const answer = get('', 1000);
    await answer.built;
    readers.push(new Reader(), new Reader());
    for (const reader of readers.slice(-2)) cache.read(answer, reader as never);
  }
  // Three are outdated: 3,000 bytes. The current one is kept for everybody and does not count.
  assert.deepEqual(
    readers.map(({ destroyed }) => destroyed),
    [true, true, false, false, false, false, false, false],
  );
  assert.deepEqual(seen.rejected, ['unsent_bytes', 'unsent_bytes']);
});

test('forgets an answer when its last reader has it', async () => {
  const { cache, get, seen } = aCache({ unsentBytes: 1500 });
  const first = get('', 1000);
  await first.built;
  cache.read(first, new Reader() as never)();
  for (let pass = 2; pass <= 3; pass++) {
    seen.state = `pass ${pass}`;
    const answer = get('', 1000);
    await answer.built;
    cache.read(answer, new Reader() as never);
  }
  assert.deepEqual(seen.rejected, []);
});

test('lets a single answer be larger than the limit of unsent bytes', async () => {
  const { cache, get, seen } = aCache({ unsentBytes: 10, keptSelectionBytes: 10 });
  const answer = get('a', 1000);
  await answer.built;
  const reader = new Reader();
  cache.read(answer, reader as never);
  assert.deepEqual([reader.destroyed, seen.rejected], [false, []]);
});
