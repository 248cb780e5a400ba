// Connections of clients that send too many requests, open too many connections or do not read their answers.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aServer, request, turns } from '../helpers/paced-server.ts';

test('hands on the next pipelined request when the answer to the last one is accepted', async () => {
  const { open } = aServer();
  const { socket, ...client } = await open();
  const { requests } = client;
  socket.receive(request().repeat(1000));
  await turns();
  assert.equal(requests.length, 1);
  socket.stopReading();
  requests[0]!.answer();
  await turns();
  assert.equal(requests.length, 1);
  socket.readOn();
  await turns();
  assert.equal(requests.length, 2);
});

test('hands on every byte once, wherever the reads of the socket are cut', async () => {
  const text = `${request('/1')}${request('/2')}\r\n${request('/3')}`;
  for (let cut = 1; cut < text.length; cut++) {
    const { open } = aServer();
    const client = await open();
    client.socket.receive(text.slice(0, cut));
    client.socket.receive(text.slice(cut));
    for (let answered = 0; answered < 3; answered++) {
      await turns();
      assert.equal(client.requests.length, answered + 1, `cut at ${cut}`);
      client.requests[answered]!.answer();
    }
    assert.equal(client.received, text, `cut at ${cut}`);
  }
});

test('hands on the body of a request before its answer', async () => {
  const { open } = aServer();
  const client = await open();
  client.socket.receive('POST / HTTP/1.1\r\nContent-Length: 4\r\n\r\n');
  await turns();
  client.requests[0]!.req.complete = false;
  client.socket.receive('body');
  await turns();
  assert.ok(client.received.endsWith('body'));
});

test('stops reading a socket whose request is in progress', async () => {
  const { open } = aServer();
  const { socket } = await open();
  for (let i = 0; i < 10; i++) socket.receive(request().repeat(1000));
  await turns();
  assert.ok(socket.isPaused());
});

test('ends after the last answer when the client has ended its side', async () => {
  const { open } = aServer();
  const client = await open();
  let ended = false;
  client.connection!.on('end', () => {
    ended = true;
  });
  client.socket.receive(request());
  client.socket.receiveEnd();
  await turns();
  assert.equal(ended, false);
  client.requests[0]!.answer();
  await turns();
  assert.equal(ended, true);
});

test('lets a limited number of requests begin in a turn, every connection in its order', async () => {
  const { open } = aServer({ requestsPerTurn: 2 });
  const clients = [await open(), await open(), await open(), await open(), await open(), await open()];
  for (const { socket } of clients) socket.receive(request().repeat(5));
  const begun = new Set<string>();
  for (let turn = 0; turn < 6; turn++) {
    await turns(1);
    begun.add(clients.map(({ requests }) => requests.length).join(''));
  }
  begun.delete('000000');
  assert.deepEqual([...begun], ['110000', '111100', '111111']);
});

test('accepts several connections before the next requests begin, but not without end', async () => {
  const { open, arrive } = aServer();
  const early = await open();
  early.socket.receive(request());
  const begun: number[] = [];
  for (let turn = 0; turn < 300; turn++) {
    arrive();
    await turns(1);
    begun.push(early.requests.length);
  }
  assert.deepEqual([begun[19], begun[299]], [0, 1]);
});

test('closes a connection when the bytes of waiting requests exceed their limit, and counts it', async () => {
  const { open, seen } = aServer({ waitingBytes: 10_000 });
  const clients = [await open(), await open(), await open()];
  for (const { socket } of clients) socket.receive(Buffer.alloc(4000, request()));
  await turns();
  assert.deepEqual(
    clients.map(({ connection }) => connection!.destroyed),
    [false, false, true],
  );
  assert.deepEqual(seen.rejected, ['waiting_bytes']);
  // The bytes of closed connections do not count.
  clients[0]!.socket.destroy();
  await turns();
  const next = await open();
  next.socket.receive(Buffer.alloc(4000, request()));
  await turns();
  assert.equal(next.connection!.destroyed, false);
});

test('refuses a connection above the limit while all others are being answered', async () => {
  const { open, seen } = aServer({ connections: 2 });
  for (const { socket } of [await open(), await open()]) socket.receive(request());
  await turns();
  const { socket, connection } = await open();
  assert.equal(connection, undefined);
  assert.deepEqual([seen.refused, seen.rejected], [[socket], ['connections']]);
});

test('replaces an answered connection, then one that does not read, then one without a request', async () => {
  const { open, seen, connections } = aServer({ connections: 3, graceMs: 1000 });
  const silent = await open();
  const deaf = await open();
  deaf.socket.receive(request());
  const answered = await open();
  answered.socket.receive(request());
  await turns();
  deaf.socket.stopReading();
  deaf.requests[0]!.answer();
  answered.requests[0]!.answer();
  await turns();
  seen.nowMs = 1000;
  const closed = () => [answered, deaf, silent].map(({ connection }) => connection!.destroyed);
  await open();
  assert.deepEqual(closed(), [true, false, false]);
  await open();
  assert.deepEqual(closed(), [true, true, false]);
  await open();
  assert.deepEqual(closed(), [true, true, true]);
  assert.deepEqual(seen.rejected, ['replaced', 'replaced', 'replaced']);
  assert.equal(connections.size, 3);
});

test('replaces the connection that has been idle for the longest time', async () => {
  const { open, seen } = aServer({ connections: 2 });
  const [first, second] = [await open(), await open()];
  for (const client of [second, first]) {
    client.socket.receive(request());
    await turns();
    client.requests[0]!.answer();
    await turns();
    seen.nowMs += 10;
  }
  await open();
  assert.deepEqual([first.connection!.destroyed, second.connection!.destroyed], [false, true]);
});

test('closes a connection that has not read its answer in time, and counts it', async () => {
  const { open, seen, connections } = aServer({ sendMs: 30_000 });
  const [slow, fast, idle] = [await open(), await open(), await open()];
  for (const { socket } of [slow, fast]) socket.receive(request());
  await turns();
  slow.socket.stopReading();
  for (const { requests } of [slow, fast]) requests[0]!.answer();
  await turns();
  seen.nowMs = 29_999;
  connections.closeSlow();
  assert.equal(slow.connection!.destroyed, false);
  seen.nowMs = 30_000;
  connections.closeSlow();
  assert.deepEqual(
    [slow, fast, idle].map(({ connection }) => connection!.destroyed),
    [true, false, false],
  );
  assert.deepEqual([seen.rejected, connections.size], [['slow_reader'], 2]);
});

test('gives the time since the last accepted byte to a reader that reads now and then', async () => {
  const { open, seen, connections } = aServer({ sendMs: 30_000 });
  const client = await open();
  client.socket.receive(request());
  await turns();
  for (let part = 0; part < 5; part++) {
    client.socket.stopReading();
    client.connection!.write('part');
    seen.nowMs += 20_000;
    connections.closeSlow();
    client.socket.readOn();
    await turns();
  }
  assert.equal(client.connection!.destroyed, false);
});

test('forgets a connection that the client closes', async () => {
  const { open, connections } = aServer();
  const { socket } = await open();
  socket.destroy();
  await turns();
  assert.equal(connections.size, 0);
});
