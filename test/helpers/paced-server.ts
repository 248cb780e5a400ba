// Connections of the control plane without a network, and a server that counts the requests they hand on.
import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import { Connections } from '../../src/api/connections.ts';
import { type RejectReason, SERVER_LIMITS, type ServerLimits } from '../../src/api/limits.ts';
import type { PacedConnection } from '../../src/api/paced-connection.ts';
import { FakeSocket } from './fake-socket.ts';

const TURNS = 6;

export async function turns(count = TURNS): Promise<void> {
  for (let i = 0; i < count; i++) await setImmediate();
}

/** Lets sockets hand over what they have received, within this turn of the event loop. */
export async function tick(): Promise<void> {
  for (let i = 0; i < 3; i++) await new Promise<void>((resolve) => process.nextTick(resolve));
}

/** A server that counts the requests by the ends of their headers, and answers when the test says so. */
export function aServer(limits: Partial<ServerLimits> = {}) {
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

export const request = (path = '/') => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`;
