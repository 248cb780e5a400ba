// Connections of clients that send too many requests, open too many connections or do not read their answers.
import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { Connections } from '../../src/api/connections.ts';
import { type RejectReason, SERVER_LIMITS, type ServerLimits } from '../../src/api/limits.ts';
import type { PacedConnection } from '../../src/api/paced-connection.ts';
import { FakeSocket } from '../helpers/fake-socket.ts';

const TURNS = 6;

async function turns(count = TURNS): Promise<void> {
  for (let i = 0; i < count; i++) await setImmediate();
}

/** Lets sockets hand over what they have received, within this turn of the event loop. */
async function tick(): Promise<void> {
  for (let i = 0; i < 3; i++) await new Promise<void>((resolve) => process.nextTick(resolve));
}

/** A server that counts the requests by the ends of their headers, and answers when the test says so. */
function aServer(limits: Partial<ServerLimits> = {}) {
  const seen = { nowMs: 0, rejected: [] as RejectReason[], refused: [] as unknown[], answered: [] as unknown[] };
  const connections = new Connections({
    limits: { ...SERVER_LIMITS, ...limits },
    now: () => seen.nowMs,
    isUrgent: (received) => received.includes(' /urgent '),
    answerUrgent: (socket) => void seen.answered.push(socket),
    refuse: (socket) => void seen.refused.push(socket),
    onReject: (reason) => seen.rejected.push(reason),
  });
  /** A client whose connection the server has accepted, but not opened. */
  const arrive = () => {
    const socket = new FakeSocket();
    const client = {
      socket,
      connection: undefined as PacedConnection | undefined,
      received: '',
      requests: [] as Request[],
    };
    connections.admit(socket.socket, (connection) => {
      client.connection = connection;
      connection.on('data', (bytes: Buffer) => receive(connection, bytes));
    });
    const receive = (connection: PacedConnection, bytes: Buffer) => {
      client.received += bytes;
      const complete = client.received.match(/[A-Z]+ .*\r\n(.+\r\n)*\r\n/g)?.length ?? 0;
      assert.ok(complete <= client.requests.length + 1, 'several requests at once');
      if (complete > client.requests.length) client.requests.push(new Request(connection));
    };
    return client;
  };
  const open = async () => {
    const client = arrive();
    await turns();
    return client;
  };
  return { connections, seen, open, arrive };
}

class Request extends EventEmitter {
  readonly req = { complete: true };
  readonly #connection: PacedConnection;

  constructor(connection: PacedConnection) {
    super();
    this.#connection = connection;
    connection.begin(this as unknown as ServerResponse);
  }

  /** Writes an answer; it is complete when the socket has accepted it. */
  answer(text = 'ok'): void {
    this.#connection.write(text, () => this.emit('close'));
  }
}

const request = (path = '/') => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`;

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

test('never replaces a connection whose first request waits for its turn', async () => {
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
