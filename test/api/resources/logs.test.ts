// GET /api/v1/logs: every field, each filter, paging with a cursor, and messages that are no longer kept.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { messageMatcher } from '../../../src/api/log-parameters.ts';
import type { LogsAnswer } from '../../../src/api/resources/logs.ts';
import { anApi } from '../../helpers/api.ts';
import { aFileMessage, aLogHost, RETRY_HASH, SOURCE, TIMEOUT_HASH, writeMessages } from '../../helpers/log-host.ts';
import { wall } from '../../helpers/model.ts';

const RUN = 1_767_225_600_000;
const { app } = anApi({ model: aLogHost(), startedAtMs: RUN });
const read = async (query = '', from = app) => (await from.inject(`/api/v1/logs${query}`)).json() as LogsAnswer;
const seqs = async (query: string) => (await read(query)).messages.map(({ seq }) => seq);

test('shows every field of the messages of containers and of the node, the newest last', async () => {
  const { messages, ...answer } = await read();
  assert.deepEqual(answer, {
    observedAtMs: wall(10),
    truncated: false,
    cursor: `${RUN}-4`,
    restarted: false,
    missed: 0,
    kept: 4,
    evicted: 0,
  });
  assert.deepEqual(messages[1], {
    seq: 2,
    atMs: wall(1500) + 0.25,
    level: 'error',
    containerId: '/win/web',
    containerName: 'web',
    source: SOURCE,
    body: 'ERROR timeout of payments\n  at pay.js:12',
    patternHash: TIMEOUT_HASH,
    channel: '',
    provider: '',
    eventId: 0,
    recordId: '',
    attributes: { order: '17' },
    traceId: '0af7651916cd43dd8448eb211c80319c',
    spanId: 'b7ad6b7169203331',
  });
  const { patternHash, ...event } = messages[3]!;
  assert.match(patternHash, /^[0-9a-f]{32}$/);
  assert.deepEqual(event, {
    seq: 4,
    atMs: wall(1700),
    level: 'critical',
    containerId: '',
    containerName: '',
    source: 'EventLog',
    body: 'The system has rebooted without cleanly shutting down first.',
    channel: 'System',
    provider: 'Microsoft-Windows-Kernel-Power',
    eventId: 41,
    recordId: '9007199254740993',
    attributes: {},
    traceId: '',
    spanId: '',
  });
});

const filters: [query: string, expected: number[]][] = [
  ['container=web', [1, 2, 3]],
  ['container=/WIN/w*', [1, 2, 3]],
  ['container=other', []],
  ['node=true', [4]],
  ['container=web&node=true', [1, 2, 3, 4]],
  ['container=*', [1, 2, 3]],
  ['node=false', [1, 2, 3, 4]],
  ['level=info', [1]],
  ['level=error&level=critical', [2, 4]],
  ['minLevel=error', [2, 4]],
  ['minLevel=warning&level=warning', [3]],
  ['minLevel=unknown', [1, 2, 3, 4]],
  ['source=EventLog', [4]],
  ['source=stdout*', [1, 2, 3]],
  ['text=TIMEOUT', [2]],
  ['text=timeout&text=ready', [1, 2]],
  ['text=retry ? of', [3]],
  ['text=pay*:12', [2]],
  ['text=nothing', []],
  [`pattern=${TIMEOUT_HASH.toUpperCase()}`, [2]],
  [`pattern=${TIMEOUT_HASH}&pattern=${RETRY_HASH}`, [2, 3]],
  [`since=${wall(1500)}`, [2, 3, 4]],
  [`since=${wall(1500) + 0.5}`, [3, 4]],
  ['channel=sys*', [4]],
  ['channel=Application', []],
  ['provider=*kernel-power', [4]],
  ['eventId=41', [4]],
  ['eventId=0', []],
  ['container=web&eventId=41', []],
];
for (const [query, expected] of filters)
  test(`selects messages by ${query.replace(/[ab]{32}/gi, 'HASH')}`, async () =>
    assert.deepEqual(await seqs(`?${encodeURI(query)}`), expected));

test('refuses an empty or invalid selection instead of answering everything', async () => {
  const invalid = [
    'container=',
    'level=',
    'level=warn',
    'minLevel=x',
    'source=',
    'text=',
    `text=${'x'.repeat(129)}`,
    'pattern=',
    'pattern=abc',
    'since=yesterday',
    'since=',
    'channel=',
    'provider=',
    'eventId=-1',
    'eventId=x',
    'after=',
    'after=-1',
    'after=1-2-3',
    'limit=0',
    'limit=10001',
    'levels=error',
    `${'text=a&'.repeat(9)}`,
  ];
  for (const query of invalid) assert.equal((await app.inject(`/api/v1/logs?${query}`)).statusCode, 400, query);
});

test('answers the newest messages up to the limit, and with a cursor the oldest after it', async () => {
  const newest = await read('?limit=2');
  assert.deepEqual([newest.messages.map(({ seq }) => seq), newest.truncated], [[3, 4], true]);
  assert.equal(newest.cursor, `${RUN}-4`);
  const pages = [];
  for (let cursor = '0', more = true; more; ) {
    const page = await read(`?limit=2&container=web&after=${cursor}`);
    pages.push(page.messages.map(({ seq }) => seq));
    ({ cursor, truncated: more } = page);
    assert.deepEqual([page.missed, page.restarted], [0, false]);
  }
  assert.deepEqual(pages, [[1, 2], [3]]);
  assert.deepEqual((await read(`?after=${RUN}-4`)).messages, []);
});

test('starts over with a cursor of another run of the agent, and says so', async () => {
  for (const cursor of [`${RUN - 1}-2`, `${RUN - 1}-99`, `${RUN}-5`, '5']) {
    const { messages, restarted } = await read(`?after=${cursor}`);
    assert.deepEqual([messages.length, restarted], [4, true], cursor);
  }
});

test('counts the messages after the cursor that are no longer kept', async () => {
  const model = aLogHost();
  const api = anApi({ model, startedAtMs: RUN });
  writeMessages(
    model,
    Array.from({ length: 1000 }, (_, at) => aFileMessage(`first ${at}`)),
  );
  for (let round = 0; round < 3; round++)
    writeMessages(
      model,
      Array.from({ length: 1000 }, (_, at) => aFileMessage(`line ${at}`)),
    );
  const { kept, evicted, cursor, messages, missed, truncated } = await read('?after=4&limit=10000', api.app);
  assert.equal(evicted + kept, 4004);
  assert.ok(evicted > 0);
  assert.deepEqual([messages.length + missed, truncated, cursor], [4000, false, `${RUN}-4004`]);
  // Page by page each message is either answered or counted as missed.
  let seen = 0;
  for (let after = '4', more = true; more; ) {
    const page = await read(`?limit=700&after=${after}`, api.app);
    seen += page.messages.length + page.missed;
    ({ cursor: after, truncated: more } = page);
  }
  assert.equal(seen, 4000);
});

test('shows a message that arrived after the last pass, and shares the answer until the next one', async () => {
  const built: string[] = [];
  const model = aLogHost();
  const { app: fresh, passes } = anApi({ model, onBuilt: (route) => void built.push(route) });
  passes.run(model, 0);
  for (const query of ['', '?limit=5'])
    for (let i = 0; i < 3; i++) assert.equal((await read(query, fresh)).messages.length, 4);
  assert.equal(built.length, 2);
  writeMessages(model, [aFileMessage('late')]);
  for (const query of ['', '?limit=5'])
    for (let i = 0; i < 3; i++) assert.equal((await read(query, fresh)).messages.at(-1)!.body, 'late');
  assert.equal(built.length, 4);
});

test('searches a hostile text in a long message within a bounded time', () => {
  const matches = messageMatcher({ text: Array.from({ length: 8 }, () => `*${'a'.repeat(60)}?${'a'.repeat(60)}b*`) });
  const message = {
    body: 'a'.repeat(65_536),
    level: 'info',
    containerId: '',
    containerName: '',
    source: '',
    atMs: 0,
    nanoseconds: 0,
    seq: 1,
    hash: '',
    attributes: {},
    event: undefined,
    traceId: undefined,
    spanId: undefined,
  } as const;
  const beganAt = process.cpuUsage().user;
  assert.equal(matches(message), false);
  assert.ok(process.cpuUsage().user - beganAt < 1_000_000);
});

test('answers 503 before the first tick', async () => {
  assert.equal((await anApi().app.inject('/api/v1/logs')).statusCode, 503);
});
