// The client with the real control plane, and with other programs at its address.
import assert from 'node:assert/strict';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { test } from 'node:test';
import { AgentClient } from '../../src/api/client.ts';
import type { ErrorCode } from '../../src/base/error-table.ts';
import { AgentError } from '../../src/base/errors.ts';
import { anApi } from '../helpers/api.ts';
import { aModel, round, web } from '../helpers/model.ts';
import { tcpTable } from '../helpers/observations.ts';

async function withServer<T>(server: Server, use: (address: string) => Promise<T>): Promise<T> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await use(`127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  }
}

const client = (address: string, timeoutMs = 5000) => new AgentClient({ address, timeoutMs });

async function failure(promise: Promise<unknown>, code: ErrorCode, message?: RegExp): Promise<AgentError> {
  const error = await promise.then(
    () => assert.fail('it worked'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof AgentError, String(error));
  assert.equal(error.code, code, error.message);
  if (message) assert.match(error.message, message);
  return error;
}

const answering = (listener: RequestListener) => createHttpServer(listener);
const saying = (status: number, body: string, headers: Record<string, string> = {}) =>
  answering((_request, response) => response.writeHead(status, headers).end(body));

test('reads every resource of the real control plane', async () => {
  const model = aModel();
  const tcp = [
    tcpTable(
      4,
      ['10.0.0.9:1', '10.0.0.9:2'].map((remote) => ({ local: '10.0.0.5:50000', remote, pid: 100 })),
    ),
  ];
  round(model, 0, { services: [web()], processes: [{ pid: 100 }], tcp });
  const { app } = anApi({ model });
  await app.listen({ host: '127.0.0.1', port: 0 });
  try {
    const agent = client(`localhost:${(app.server.address() as AddressInfo).port}`);
    assert.equal((await agent.status()).agent.pid, process.pid);
    assert.equal((await agent.containers()).containers[0]!.id, '/win/web');
    assert.equal((await agent.services()).services[0]!.name, 'web');
    assert.deepEqual((await agent.serviceGroups()).groups, []);
    assert.deepEqual((await agent.listeners()).listeners, []);
    assert.equal((await agent.connections()).connections.length, 2);
    assert.equal((await agent.connections({ limit: 1 })).truncated, true);
    assert.equal((await agent.connections({ container: ['/win/a&limit=1'] })).connections.length, 0);
    assert.deepEqual(await agent.dnsRequests({ container: ['/win/web'], limit: 1 }), {
      observedAtMs: model.nowMs,
      containers: [],
      truncated: false,
    });
    await failure(agent.connections({ limit: 0 }), 'AGENT_ANSWER', /limit.*HTTP 400/);
  } finally {
    await app.close();
  }
});

test('rejects with AGENT_NOT_RUNNING if no program listens', async () => {
  const address = await withServer(createServer(), async (taken) => taken);
  const error = await failure(client(address).status(), 'AGENT_NOT_RUNNING');
  assert.ok(error.message.includes(address));
});

test('rejects after the timeout if a server does not answer', { timeout: 10_000 }, async () => {
  await withServer(createServer(), async (address) => {
    await failure(client(address, 200).status(), 'AGENT_NOT_REACHABLE', /no answer in time/);
  });
});

test('rejects after the timeout if a server stops in the middle of its answer', { timeout: 10_000 }, async () => {
  const half = answering((_request, response) =>
    response.writeHead(200, { 'content-type': 'application/json' }).write('{"agent":'),
  );
  await withServer(half, (address) =>
    failure(client(address, 200).status(), 'AGENT_NOT_REACHABLE', /no answer in time/),
  );
});

test('rejects with AGENT_ANSWER if a server closes the connection', async () => {
  await withServer(
    createServer((socket) => socket.destroy()),
    (address) => failure(client(address).status(), 'AGENT_ANSWER'),
  );
});

test('rejects with AGENT_ANSWER if a program does not speak HTTP', async () => {
  const ssh = createServer((socket) => {
    // The client closes the connection during the write.
    socket.on('error', () => {});
    socket.end('SSH-2.0-OpenSSH_9.9\r\n');
  });
  await withServer(ssh, (address) => failure(client(address).status(), 'AGENT_ANSWER'));
});

test('rejects with AGENT_ANSWER for pages, other JSON, empty answers and errors of other servers', async () => {
  for (const body of ['<html>hello</html>', '{}', '[]', 'null', '"agent"', '1', '', '{"containers":[]}']) {
    await withServer(saying(200, body), (address) => failure(client(address).status(), 'AGENT_ANSWER', /"agent"/));
  }
  await withServer(saying(404, '<html>not here</html>'), (address) =>
    failure(client(address).status(), 'AGENT_ANSWER', /404/),
  );
  await withServer(saying(500, '{"error":"text"}'), (address) =>
    failure(client(address).status(), 'AGENT_ANSWER', /500/),
  );
  await withServer(saying(500, 'null'), (address) => failure(client(address).status(), 'AGENT_ANSWER', /500/));
});

test('does not follow a redirection', async () => {
  let requests = 0;
  const other = answering((_request, response) => {
    requests++;
    response.end('{"agent":{}}');
  });
  await withServer(other, (target) =>
    withServer(saying(302, '', { location: `http://${target}/` }), async (address) => {
      await failure(client(address).status(), 'AGENT_ANSWER', /302/);
    }),
  );
  assert.equal(requests, 0);
});

test('rejects with NOT_READY while the agent is not ready', async () => {
  const body = JSON.stringify({ error: { code: 'NOT_READY', message: 'x', hint: 'y' } });
  await withServer(saying(503, body), (address) => failure(client(address).containers(), 'NOT_READY'));
});

test('rejects with AGENT_NOT_REACHABLE for an invalid address', async () => {
  await failure(client('not an address').status(), 'AGENT_NOT_REACHABLE');
  await failure(client('host.invalid:1').status(), 'AGENT_NOT_REACHABLE');
});
