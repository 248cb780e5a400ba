// Clients of a control plane on the loopback that send requests and never read; a child of http-load.
import { connect, type Socket } from 'node:net';
import { ROUTES } from './http-routes.ts';

export interface ClientsTask {
  readonly port: number;
  readonly connections: number;
  /** Requests that each connection sends at once. */
  readonly requests: number;
}

/** Each connection is closed and opened again: a socket that is not read does not show that the agent has closed it. */
const LIFE_MS = 5000;
const PAUSE_MS = 50;
/**
 * Time in which all are opened first. Faster clients fill the backlog of the operating system before the agent runs at
 * all, and handshakes are repeated after seconds.
 */
const OPENING_MS = 1000;

const { port, connections, requests } = JSON.parse(process.argv[2]!) as ClientsTask;

function open(i: number): Socket {
  const socket = connect(port, '127.0.0.1').pause();
  socket.on('error', () => {});
  socket.write(`GET ${ROUTES[i % ROUTES.length]} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`.repeat(requests));
  return socket;
}

const sockets: Socket[] = [];
let opened = 0;

function openDue(): void {
  const lifeMs = sockets.length < connections ? OPENING_MS : LIFE_MS;
  for (let due = Math.ceil((connections * PAUSE_MS) / lifeMs); due > 0; due--) {
    sockets[opened % connections]?.destroy();
    sockets[opened % connections] = open(opened);
    opened++;
  }
}

setInterval(openDue, PAUSE_MS);
process.on('message', () => process.send!(opened));
process.on('disconnect', () => process.exit(0));
