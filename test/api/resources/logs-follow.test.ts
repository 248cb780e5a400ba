// GET /api/v1/logs/follow: events, filters, positions, limits and the end of the stream, over real connections.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { test } from 'node:test';
import { type RejectReason, SERVER_LIMITS, type ServerLimits } from '../../../src/api/limits.ts';
import type { HostModel } from '../../../src/model/host-model.ts';
import { anApi } from '../../helpers/api.ts';
import { EventStream } from '../../helpers/event-stream.ts';
import { aFileMessage, aLogHost, writeMessages } from '../../helpers/log-host.ts';
import { until } from '../../helpers/poll.ts';

const RUN = 1_767_225_600_000;

async function aServer(limits: Partial<ServerLimits> = {}, model: HostModel = aLogHost()) {
  let followed = false;
  const subscribe = model.logs.recent.subscribe.bind(model.logs.recent);
  model.logs.recent.subscribe = (listener) => {
    followed = true;
    return subscribe(listener);
  };
  const rejected: RejectReason[] = [];
  const missed: number[] = [];
  const { app } = anApi({
    model,
    startedAtMs: RUN,
    limits: { ...SERVER_LIMITS, ...limits },
    onReject: (reason) => void rejected.push(reason),
    onMissedMessages: (count) => void missed.push(count),
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/api/v1/logs/follow`;
  return {
    app,
    model,
    rejected,
    missed,
    port,
    followed: () => followed,
    open: (query = '', headers: Record<string, string> = {}) => EventStream.open(`${url}${query}`, headers),
    write: (...bodies: string[]) =>
      writeMessages(
        model,
        bodies.map((body) => aFileMessage(body)),
      ),
    [Symbol.asyncDispose]: async () => void (await app.close()),
  };
}

const bodyOf = (event: Awaited<ReturnType<EventStream['next']>>) => event?.data.body;

test('sends each new message once as one event with its position as id', async () => {
  await using server = await aServer();
  const stream = await server.open();
  assert.equal(stream.response.statusCode, 200);
  assert.equal(stream.response.headers['content-type'], 'text/event-stream');
  assert.equal(stream.response.headers['cache-control'], 'no-store');
  server.write('first', 'second\r\nline\n\nafter an empty line');
  const [first, second] = [await stream.next(), await stream.next()];
  assert.deepEqual([first!.name, first!.id, first!.data.seq, bodyOf(first)], ['', `${RUN}-5`, 5, 'first']);
  assert.equal(bodyOf(second), 'second\r\nline\n\nafter an empty line');
  const listed = await server.app.inject('/api/v1/logs?limit=1');
  assert.deepEqual(second!.data, listed.json().messages[0]);
  stream.close();
});

test('sends the last selected messages of before the request without a gap for older ones', async () => {
  await using server = await aServer();
  const stream = await server.open('?last=2&container=web');
  server.write('new');
  const events = [await stream.next(), await stream.next(), await stream.next()];
  assert.deepEqual(
    events.map((event) => event!.data.seq),
    [2, 3, 5],
  );
  stream.close();
});

test('moves the position of a client whose filter selects nothing', async () => {
  await using server = await aServer({ heartbeatMs: 20 });
  const stream = await server.open('?text=nothing');
  await until('the first position', 10_000, () => (stream.position === `${RUN}-4` ? true : undefined));
  server.write('a', 'b');
  await until('the next position', 10_000, () => (stream.position === `${RUN}-6` ? true : undefined));
  stream.close();
});

test('resumes after Last-Event-ID', async () => {
  await using server = await aServer();
  const stream = await server.open('?last=4', { 'last-event-id': `${RUN}-2` });
  assert.deepEqual([(await stream.next())!.data.seq, (await stream.next())!.data.seq], [3, 4]);
  stream.close();
});

test('reports what was removed after Last-Event-ID as a gap, and counts it', async () => {
  await using server = await aServer();
  for (let i = 0; i < 3; i++) server.write(...Array.from({ length: 1000 }, (_, at) => `line ${i} ${at}`));
  const { evicted, kept } = (await server.app.inject('/api/v1/logs?limit=1')).json();
  assert.equal(evicted + kept, 3004);
  const resumed = await server.open('', { 'last-event-id': '4' });
  const gap = await resumed.next();
  assert.deepEqual([gap!.name, gap!.data.restarted], ['gap', false]);
  let seen = Number(gap!.data.missed);
  assert.ok(seen > 0);
  for (let seq = 0; seq < 3004; seen++) seq = Number((await resumed.next())!.data.seq);
  assert.equal(seen, 3000);
  assert.deepEqual(server.missed, [gap!.data.missed]);
  resumed.close();
});

test('reports a position of another run of the agent as a restart and sends what it has', async () => {
  await using server = await aServer();
  for (const id of [`${RUN - 5}-3`, '400']) {
    const stream = await server.open('', { 'last-event-id': id });
    assert.deepEqual(await stream.next(), { name: 'gap', id: `${RUN}-0`, data: { missed: 0, restarted: true } });
    assert.equal((await stream.next())!.data.seq, 1);
    stream.close();
  }
});

test('sends only what the filters select', async () => {
  await using server = await aServer();
  const stream = await server.open('?text=b*d&minLevel=info&container=web');
  server.write('nothing', 'abcd', 'bd', 'db');
  assert.deepEqual([bodyOf(await stream.next()), bodyOf(await stream.next())], ['abcd', 'bd']);
  stream.close();
});

test('refuses an invalid selection, another Host header and a position of another form', async () => {
  await using server = await aServer();
  const refused = async (query: string, headers: Record<string, string> = {}) => {
    const { response } = await server.open(query, headers);
    response.resume();
    return response.statusCode;
  };
  assert.equal(await refused('?level=x'), 400);
  assert.equal(await refused('?last=-1'), 400);
  assert.equal(await refused('?limit=5'), 400);
  assert.equal(await refused('', { 'last-event-id': 'x' }), 400);
  assert.equal(await refused('', { host: 'evil.example' }), 403);
  const head = await server.app.inject({ method: 'HEAD', url: '/api/v1/logs/follow' });
  assert.deepEqual([head.statusCode, head.headers['content-type'], head.body], [200, 'text/event-stream', '']);
  assert.equal((await anApi().app.inject('/api/v1/logs/follow')).statusCode, 503);
});

test('refuses followers above the limit with 503, and counts them', async () => {
  await using server = await aServer({ followers: 2 });
  const streams = [await server.open(), await server.open()];
  const { response } = await server.open();
  response.resume();
  assert.deepEqual([response.statusCode, response.headers['retry-after']], [503, '1']);
  assert.deepEqual(server.rejected, ['followers']);
  streams[0]!.close();
  const reopened = await until('a place for a follower', 10_000, async () => {
    const stream = await server.open();
    if (stream.response.statusCode === 200) return stream;
    stream.close();
    return undefined;
  });
  server.write('to both');
  assert.equal(bodyOf(await reopened.next()), 'to both');
  assert.equal(bodyOf(await streams[1]!.next()), 'to both');
  for (const stream of [...streams, reopened]) stream.close();
});

test('keeps the connection in use with comments', async () => {
  await using server = await aServer({ heartbeatMs: 20 });
  const stream = await server.open();
  await until('comments', 10_000, () => (stream.comments > 3 ? true : undefined));
  stream.close();
});

test('ends the stream with an event when the agent stops', async () => {
  const server = await aServer();
  const stream = await server.open();
  server.write('last words');
  assert.equal(bodyOf(await stream.next()), 'last words');
  await server.app.close();
  assert.equal((await stream.next())?.name, 'end');
  assert.equal(await stream.next(), undefined);
});

test('skips and counts messages for a client that does not read, in bounded memory', async () => {
  const mib = 1024 * 1024;
  await using server = await aServer({ sendMs: 600_000 });
  const socket = connect(server.port, '127.0.0.1');
  socket.pause();
  socket.write('GET /api/v1/logs/follow HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await once(socket, 'connect');
  await until('a follower', 10_000, () => (server.followed() ? true : undefined));
  const before = process.memoryUsage().rss;
  let written = 0;
  // 200 MB pass through the ring while the client reads nothing.
  for (let i = 0; i < 200; i++) {
    server.write(...Array.from({ length: 20 }, () => `${written++} ${'x'.repeat(50_000)}`));
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.ok(process.memoryUsage().rss - before < 120 * mib, `${(process.memoryUsage().rss - before) / mib}`);
  let text = '';
  socket.setEncoding('latin1');
  socket.on('data', (data: string) => {
    text += data;
  });
  socket.resume();
  await until('the newest message', 30_000, () => (text.includes(`"body":"${written - 1} `) ? true : undefined));
  socket.destroy();
  const missed = [...text.matchAll(/"missed":(\d+)/g)].reduce((sum, [, count]) => sum + Number(count), 0);
  const received = text.match(/"body":"\d+ x/g)!.length;
  assert.equal(missed + received, written);
  assert.ok(missed > 1000);
  assert.equal(
    server.missed.reduce((sum, count) => sum + count, 0),
    missed,
  );
});
