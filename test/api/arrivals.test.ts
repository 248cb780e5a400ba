// The order in which new connections are opened, and which of them are closed.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aServer, request, tick, turns } from '../helpers/paced-server.ts';

test('opens connections with a request first, of these the newest, a limited number in a turn', async () => {
  const { arrive, seen } = aServer({ requestsPerTurn: 2 });
  const clients = Array.from({ length: 8 }, arrive);
  for (const { socket } of clients.slice(0, 4)) socket.receive(request());
  const opened = new Set<string>();
  for (let turn = 0; turn < 8; turn++) {
    await turns(1);
    opened.add(clients.map(({ connection }) => (connection ? 1 : 0)).join(''));
  }
  opened.delete('00000000');
  assert.deepEqual([...opened], ['00110000', '11110000', '11111100', '11111111']);
  assert.deepEqual(seen.rejected, []);
});

test('begins the request of a new connection in the turn in which it opens', async () => {
  const { arrive } = aServer({ requestsPerTurn: 2 });
  const clients = Array.from({ length: 40 }, arrive);
  for (const { socket } of clients) socket.receive(request());
  for (let turn = 0; turn < 10; turn++) {
    await turns(1);
    for (const { connection, requests } of clients) assert.equal(requests.length, connection ? 1 : 0);
  }
});

test('shares a turn between new connections and requests that wait on open ones', async () => {
  const { open, arrive } = aServer({ requestsPerTurn: 4 });
  const early = [await open(), await open(), await open(), await open(), await open(), await open()];
  for (const { socket } of early) socket.receive(request());
  const late = Array.from({ length: 6 }, arrive);
  for (const { socket } of late) socket.receive(request());
  const begun = (clients: typeof early) => clients.filter(({ requests }) => requests.length > 0).length;
  const seen = new Set<string>();
  for (let turn = 0; turn < 8; turn++) {
    await turns(1);
    seen.add(`${begun(early)} ${begun(late)}`);
  }
  seen.delete('0 0');
  assert.deepEqual([...seen].slice(-3), ['2 2', '4 4', '6 6']);
});

test('never replaces a connection with a waiting first request', async () => {
  const { open, arrive, seen } = aServer({ connections: 2, requestsPerTurn: 1 });
  const early = [await open(), await open()];
  for (const { socket } of early) socket.receive(request());
  const late = arrive();
  late.socket.receive(request());
  for (let turn = 0; turn < 4; turn++) {
    await turns(1);
    if (early.some(({ requests }) => requests.length === 0)) assert.equal(late.connection, undefined);
  }
  assert.deepEqual(
    early.map(({ socket, requests }) => [socket.destroyed, requests.length]),
    [
      [false, 1],
      [false, 1],
    ],
  );
  assert.deepEqual([seen.rejected, seen.refused], [['connections'], [late.socket]]);
});

test('replaces an idle connection before one that was answered and has its next request waiting', async () => {
  const { open, seen } = aServer({ connections: 2, requestsPerTurn: 1 });
  const [pipelining, idle] = [await open(), await open()];
  for (const { socket, requests } of [pipelining, idle]) {
    socket.receive(request());
    await turns();
    requests[0]!.answer();
    await turns();
  }
  const busy = await open();
  assert.deepEqual([pipelining.socket.destroyed, idle.socket.destroyed], [true, false]);
  busy.socket.receive(request());
  idle.socket.receive(request());
  await turns();
  assert.deepEqual([idle.requests.length, busy.requests.length, seen.rejected.length], [2, 1, 1]);
});

test('opens an urgent connection before all others, and begins its request at once', async () => {
  const { arrive } = aServer();
  const urgent = arrive();
  urgent.socket.receive(request('/urgent'));
  const others = Array.from({ length: 10 }, arrive);
  for (const { socket } of others) socket.receive(request());
  while (!urgent.connection) {
    assert.ok(others.every(({ connection }) => connection === undefined));
    await turns(1);
  }
  assert.equal(urgent.requests.length, 1);
});

test('answers urgent requests on the socket while connections are accepted without end', async () => {
  const { arrive, seen } = aServer();
  for (let turn = 0; turn < 100; turn++) {
    arrive();
    await turns(1);
  }
  const urgent = arrive();
  urgent.socket.receive(request('/urgent'));
  for (let turn = 0; turn < 3; turn++) {
    arrive();
    await turns(1);
  }
  assert.deepEqual([seen.answered, urgent.connection], [[urgent.socket], undefined]);
});

test('answers urgent requests on the socket when all places are taken, and closes no other', async () => {
  const { open, arrive, seen } = aServer({ connections: 2 });
  const [busy, idle] = [await open(), await open()];
  busy.socket.receive(request());
  const urgent = arrive();
  urgent.socket.receive(request('/urgent'));
  await turns();
  assert.deepEqual(seen.answered, [urgent.socket]);
  assert.deepEqual([busy.socket.destroyed, idle.socket.destroyed, seen.rejected], [false, false, []]);
});

test('answers every one of many urgent requests that arrive at once', async () => {
  const { arrive, seen } = aServer({ requestsPerTurn: 2 });
  const clients = Array.from({ length: 50 }, arrive);
  for (const { socket } of clients) socket.receive(request('/urgent'));
  await turns();
  const begun = clients.filter(({ requests }) => requests.length > 0).length;
  assert.deepEqual([begun + seen.answered.length, seen.rejected], [50, []]);
});

test('closes the oldest of too many connections that are not open yet, and counts it', async () => {
  const { arrive, seen } = aServer({ connections: 2 });
  const clients = Array.from({ length: 3 }, arrive);
  assert.deepEqual(
    clients.map(({ socket }) => socket.destroyed),
    [true, false, false],
  );
  assert.deepEqual(seen.rejected, ['connections']);
});

test('counts the bytes of connections that are not open yet, and closes those above the limit', async () => {
  const { arrive, seen, connections } = aServer({ waitingBytes: 10_000 });
  const clients = [arrive(), arrive(), arrive()];
  for (const { socket } of clients) socket.receive(Buffer.alloc(4000, request()));
  await tick();
  assert.deepEqual(
    clients.map(({ socket }) => socket.destroyed),
    [false, false, true],
  );
  assert.deepEqual(seen.rejected, ['waiting_bytes']);
  connections.closeArrived();
  const next = arrive();
  next.socket.receive(Buffer.alloc(8000, request()));
  await tick();
  assert.equal(next.socket.destroyed, false);
});

test('reads a connection that is not open yet once', async () => {
  const { arrive } = aServer();
  const client = arrive();
  client.socket.receive(request());
  await tick();
  assert.ok(client.socket.isPaused());
});

test('closes the oldest of too many connections that have sent a request and are not open yet', async () => {
  const { arrive, seen } = aServer({ connections: 2 });
  const clients = [];
  for (let i = 0; i < 3; i++) {
    const client = arrive();
    client.socket.receive(request());
    await tick();
    clients.push(client);
  }
  assert.deepEqual(
    clients.map(({ socket }) => socket.destroyed),
    [true, false, false],
  );
  assert.deepEqual(seen.rejected, ['connections']);
});

test('hands on the end of a connection that the client has ended before it is open', async () => {
  for (const bytes of ['', request()]) {
    const { arrive } = aServer();
    const client = arrive();
    if (bytes) client.socket.receive(bytes);
    client.socket.receiveEnd();
    await turns();
    client.requests[0]?.answer();
    await turns();
    assert.ok(client.connection!.readableEnded);
  }
});
