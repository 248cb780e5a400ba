// Servers on loopback for tests of the transport: a receiver over HTTP or HTTPS, raw TCP, and a proxy with CONNECT.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer, type ServerOptions } from 'node:https';
import {
  type AddressInfo,
  connect,
  createServer as createTcpServer,
  type Socket,
  type Server as TcpServer,
} from 'node:net';
import type { HttpTransportOptions } from '../../src/exporters/transport/http-transport.ts';
import { HttpTransport } from '../../src/exporters/transport/http-transport.ts';
import { Trust, type TrustOptions } from '../../src/exporters/transport/trust.ts';

/** A listening server that is closed with all its connections. */
export interface Listening extends AsyncDisposable {
  readonly port: number;
}

async function listen(server: TcpServer | Server): Promise<Listening> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  };
  return { port: (server.address() as AddressInfo).port, [Symbol.asyncDispose]: close };
}

export interface Received {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** Answers each request with `answer`, after the body. */
export async function openReceiver(
  answer: (response: ServerResponse, received: Received) => void,
  tls?: ServerOptions,
): Promise<Listening & { readonly received: Received[] }> {
  const received: Received[] = [];
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method, url, headers } = request;
    const one = { method, path: url, headers, body: Buffer.concat(chunks).toString() };
    received.push(one);
    answer(response, one);
  };
  const server = tls ? createSecureServer(tls, handle) : createServer(handle);
  return { ...(await listen(server)), received };
}

export async function openTcp(onConnection: (socket: Socket) => void): Promise<Listening> {
  return await listen(createTcpServer(onConnection));
}

/** A proxy that demands a password if there is one. It connects every tunnel to loopback, whatever the name. */
export async function openProxy(
  credentials?: string,
): Promise<Listening & { readonly tunnels: string[]; readonly plain: string[] }> {
  const tunnels: string[] = [];
  const plain: string[] = [];
  const isAllowed = (header: string | undefined): boolean =>
    credentials === undefined || header === `Basic ${Buffer.from(credentials).toString('base64')}`;
  const server = createServer((request, response) => {
    plain.push(request.url!);
    request.resume();
    response.writeHead(isAllowed(request.headers['proxy-authorization']) ? 204 : 407).end();
  });
  server.on('connect', (request, socket: Socket) => {
    socket.on('error', () => {});
    if (!isAllowed(request.headers['proxy-authorization'])) {
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="test"\r\n\r\n');
      return;
    }
    tunnels.push(request.url!);
    const target = connect(Number(request.url!.split(':').at(-1)), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      socket.pipe(target).pipe(socket);
    });
    target.on('error', () => socket.destroy());
    socket.on('close', () => target.destroy());
  });
  return { ...(await listen(server)), tunnels, plain };
}

/** A transport whose deadline passes when the test says so. */
export function createTransport(options: Partial<HttpTransportOptions> = {}, trust: Partial<TrustOptions> = {}) {
  let pass = (): void => {};
  const deadline = new Promise<void>((resolve) => (pass = resolve));
  const transport = new HttpTransport({
    apiKey: undefined,
    userAgent: 'coroot-node-agent',
    trust: new Trust({
      caFile: undefined,
      clientCertificateFile: undefined,
      clientKeyFile: undefined,
      insecureSkipVerify: false,
      ...trust,
    }),
    proxyFor: () => ({ proxy: undefined, origin: 'test', problem: '' }),
    wallMs: () => Date.UTC(2026, 10, 28),
    schedule: (run) => {
      let isCancelled = false;
      void deadline.then(() => !isCancelled && run());
      return () => {
        isCancelled = true;
      };
    },
    ...options,
  });
  const signal = new AbortController().signal;
  const post = (url: string, body = 'body', headers: Record<string, string> = {}, abort = signal) =>
    transport.post(new URL(url), { headers, body: Buffer.from(body) }, abort);
  return { transport, post, passDeadline: () => pass() };
}
