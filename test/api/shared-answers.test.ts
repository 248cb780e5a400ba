// Answers as clients receive them: built once per pass, compressed, validated, and refused above limits.
import assert from 'node:assert/strict';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import type { FastifyInstance } from 'fastify';
import { type RejectReason, SERVER_LIMITS, type ServerLimits } from '../../src/api/limits.ts';
import type { ErrorAnswer } from '../../src/api/resources/error.ts';
import { anApi } from '../helpers/api.ts';
import { exchange } from '../helpers/raw-http.ts';
import { shopHost } from '../helpers/shop-host.ts';

function aShop(limits: Partial<ServerLimits> = {}) {
  const built = new Map<string, number>();
  const rejected: RejectReason[] = [];
  const api = anApi({
    model: shopHost(),
    limits: { ...SERVER_LIMITS, ...limits },
    onBuilt: (route) => void built.set(route, (built.get(route) ?? 0) + 1),
    onReject: (reason) => void rejected.push(reason),
  });
  api.passes.run(api.model, 0);
  return { ...api, built, rejected };
}

async function listening(app: FastifyInstance): Promise<() => Socket> {
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  return () => connect(port, '127.0.0.1');
}

const routes = [
  '/health',
  '/metrics',
  '/api/v1/status',
  '/api/v1/containers',
  '/api/v1/connections',
  '/api/v1/dns-requests',
  '/api/v1/listeners',
  '/api/v1/services',
  '/api/v1/service-groups',
  '/api/v1/processes',
  '/api/v1/node',
  '/api/v1/openapi.json',
];

test('builds the answer of each route once per pass, for any number of readers', async () => {
  const { app, model, passes, built } = aShop();
  for (const pass of [1, 2]) {
    for (const url of routes) {
      const bodies = await Promise.all(Array.from({ length: 20 }, () => app.inject({ url, method: 'GET' })));
      assert.equal(new Set(bodies.map(({ body }) => body)).size, 1, url);
      assert.equal((await app.inject({ url, method: 'HEAD' })).statusCode, 200, url);
      assert.equal(built.get(url), pass, url);
    }
    passes.run(model, 0);
  }
});

test('builds one answer for the queries that a route without parameters ignores', async () => {
  const { app, built } = aShop();
  for (let i = 0; i < 10; i++) assert.equal((await app.inject(`/metrics?i=${i}`)).statusCode, 200);
  for (let i = 0; i < 10; i++) assert.equal((await app.inject(`/api/v1/node?i=${i}`)).statusCode, 200);
  assert.deepEqual(Object.fromEntries(built), { '/metrics': 1, '/api/v1/node': 1 });
});

test('builds one answer for each selection of rows, and shares it', async () => {
  const { app, built } = aShop();
  const counts = [];
  for (const query of ['', '?', '?container=a*', '?container=b*', '?container=a*'])
    counts.push((await app.inject(`/api/v1/processes${query}`)).json().processes.length);
  assert.ok(counts[0] > counts[2], String(counts));
  assert.equal(built.get('/api/v1/processes'), 3);
});

test('compresses once where the client accepts gzip', async () => {
  const { app } = aShop();
  const get = (encoding?: string) =>
    app.inject({ url: '/metrics', headers: encoding === undefined ? {} : { 'accept-encoding': encoding } });
  const plain = await get();
  assert.equal(plain.headers['content-encoding'], undefined);
  assert.equal(plain.headers.vary, 'accept-encoding');
  for (const encoding of ['gzip', 'deflate, gzip;q=0.5', 'br, *', 'X-GZIP', 'GZIP ; Q=1']) {
    const { headers, rawPayload } = await get(encoding);
    assert.equal(headers['content-encoding'], 'gzip', encoding);
    assert.equal(headers['content-length'], String(rawPayload.length));
    assert.equal(gunzipSync(rawPayload).toString(), plain.body);
  }
  for (const encoding of ['', 'br', 'identity', 'gzip;q=0', 'gzip;q=0.000, *', '*;q=0', 'gzip;q=x'])
    assert.equal((await get(encoding)).body, plain.body, encoding);
});

test('does not compress what fits into a packet', async () => {
  const { headers, body } = await aShop().app.inject({ url: '/health', headers: { 'accept-encoding': 'gzip' } });
  assert.deepEqual([headers['content-encoding'], body], [undefined, '{"status":"ok"}']);
});

test('answers 304 to a client that has the answer, until the next pass', async () => {
  const { app, model, passes } = aShop();
  const url = '/api/v1/containers';
  const etag = String((await app.inject(url)).headers.etag);
  for (const tag of [etag, `"x", ${etag}`, '*']) {
    const { statusCode, body, headers } = await app.inject({ url, headers: { 'if-none-match': tag } });
    assert.deepEqual([statusCode, body, headers.etag], [304, '', etag], tag);
  }
  assert.equal((await app.inject({ url, headers: { 'if-none-match': '"x"' } })).statusCode, 200);
  passes.run(model, 0);
  assert.equal((await app.inject({ url, headers: { 'if-none-match': etag } })).statusCode, 200);
});

test('answers 503 with Retry-After in the form of errors while too many selections wait', async () => {
  const { app, rejected } = aShop({ waitingBuilds: 2 });
  const answers = await Promise.all(
    Array.from({ length: 10 }, (_, i) => app.inject(`/api/v1/processes?container=${i}`)),
  );
  const refused = answers.filter(({ statusCode }) => statusCode === 503);
  assert.ok(refused.length > 0 && refused.length < 10);
  for (const answer of refused) {
    assert.equal(answer.headers['retry-after'], '1');
    assert.equal(answer.json<ErrorAnswer>().error.code, 'BUSY');
  }
  assert.deepEqual(
    rejected,
    refused.map(() => 'waiting_builds'),
  );
});

test('answers pipelined requests of a client that reads, in their order', async () => {
  const { app, built } = aShop();
  const open = await listening(app);
  try {
    const socket = open();
    const paths = Array.from({ length: 300 }, (_, i) => (i % 3 === 2 ? `/none${i}` : routes[i % routes.length]!));
    const requests = paths.map((path) => `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`);
    socket.end(requests.join(''));
    const text = Buffer.concat(await socket.toArray()).toString('latin1');
    const statuses = text.match(/HTTP\/1\.1 \d+/g)!.map((line) => Number(line.slice(9)));
    assert.deepEqual(
      statuses,
      paths.map((path) => (path.startsWith('/none') ? 404 : 200)),
    );
    assert.ok([...built.values()].every((count) => count === 1));
  } finally {
    await app.close();
  }
});

test('answers 503 in the form of errors to a connection above the limit', async () => {
  const rejected: RejectReason[] = [];
  const asked = Promise.withResolvers<void>();
  const { app } = anApi({
    limits: { ...SERVER_LIMITS, connections: 1 },
    onReject: (reason) => void rejected.push(reason),
    counters: () => {
      asked.resolve();
      return new Promise(() => {});
    },
  });
  const open = await listening(app);
  try {
    const busy = open();
    busy.write('GET /api/v1/status HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
    await asked.promise;
    const { status, headers, body } = await exchange(app, '');
    assert.deepEqual([status, headers['retry-after']], [503, '1']);
    assert.equal((JSON.parse(body) as ErrorAnswer).error.code, 'BUSY');
    assert.deepEqual(rejected, ['connections']);
    busy.destroy();
  } finally {
    await app.close();
  }
});

test('answers others while clients pipeline and read nothing, and builds no more for them', async () => {
  const { app, built } = aShop({ connections: 64 });
  const open = await listening(app);
  const sockets: Socket[] = [];
  try {
    for (let i = 0; i < 100; i++) {
      const socket = open().pause();
      socket.on('error', () => {});
      socket.write(`GET ${routes[i % routes.length]} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`.repeat(1000));
      sockets.push(socket);
    }
    for (let i = 0; i < 20; i++) {
      const { status } = await exchange(app, 'GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
      assert.equal(status, 200);
    }
    assert.ok([...built.values()].every((count) => count === 1));
  } finally {
    for (const socket of sockets) socket.destroy();
    await app.close();
  }
});
