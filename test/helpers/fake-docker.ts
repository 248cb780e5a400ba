// A Docker daemon for tests: answers in the shapes of a Windows daemon, on a Unix socket, a pipe or a TCP port.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer, type ServerOptions } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';

/** One container; the defaults are those of a running container with process isolation. */
export interface FakeContainer {
  id: string;
  name: string;
  image: string;
  isolation: string;
  pid: number;
  startedAt: string;
  running: boolean;
  restartCount: number;
  exitCode: number;
  finishedAt: string;
  logDriver: string;
  env: string[];
  /** `HostConfig`, besides the isolation and the log driver. */
  hostConfig: Record<string, unknown>;
  networks: Record<string, unknown>;
  ports: Record<string, unknown>;
  /** The whole answer to `stats`. */
  stats: Record<string, unknown>;
}

let created = 0;

export function fakeContainer(values: Partial<FakeContainer> & { name: string }): FakeContainer {
  const id = (++created).toString(16).padStart(64, '0');
  return {
    id,
    image: 'registry.example/shop/web:1',
    isolation: 'process',
    pid: 5620,
    startedAt: '2026-11-20T10:00:00.1234567Z',
    running: true,
    restartCount: 0,
    exitCode: 0,
    finishedAt: '0001-01-01T00:00:00Z',
    logDriver: 'json-file',
    env: ['PORT=8080'],
    hostConfig: {},
    networks: {
      nat: { IPAMConfig: null, EndpointID: `${id.slice(0, 60)}abcd`, IPAddress: '172.25.0.11', Gateway: '' },
    },
    ports: {},
    stats: windowsStats({}),
    ...values,
  };
}

/** What a Windows daemon answers to `stats`. */
export function windowsStats(values: { cpu?: number; memory?: number; read?: number }): Record<string, unknown> {
  const { cpu = 536_718_750, memory = 59_961_344, read = 320_026_112 } = values;
  return {
    read: '2026-11-20T10:05:00.0000001Z',
    preread: '0001-01-01T00:00:00Z',
    pids_stats: {},
    blkio_stats: { io_service_bytes_recursive: null, io_serviced_recursive: null },
    num_procs: 8,
    storage_stats: {
      read_count_normalized: 46_167,
      read_size_bytes: read,
      write_count_normalized: 2982,
      write_size_bytes: 22_934_016,
    },
    cpu_stats: { cpu_usage: { total_usage: cpu, usage_in_kernelmode: 1, usage_in_usermode: 2 }, throttling_data: {} },
    memory_stats: { commitbytes: 77_160_448, commitpeakbytes: 105_000_960, privateworkingset: memory },
    networks: {
      'df8bfb10-dbdb-6022-17e1-9bcce2f93b29': { rx_bytes: 202_000, rx_packets: 310, rx_dropped: 1, tx_bytes: 29_100 },
    },
  };
}

/** The answer to an inspect. */
export function inspectOf(container: FakeContainer): Record<string, unknown> {
  return {
    Id: container.id,
    Name: `/${container.name}`,
    RestartCount: container.restartCount,
    Platform: 'windows',
    State: {
      Status: container.running ? 'running' : 'exited',
      Running: container.running,
      Paused: false,
      Restarting: false,
      Pid: container.running ? container.pid : 0,
      ExitCode: container.exitCode,
      Error: '',
      StartedAt: container.startedAt,
      FinishedAt: container.finishedAt,
    },
    LogPath:
      container.logDriver === 'json-file'
        ? `C:\\ProgramData\\Docker\\containers\\${container.id}\\${container.id}-json.log`
        : '',
    HostConfig: {
      Isolation: container.isolation,
      LogConfig: { Type: container.logDriver, Config: {} },
      ...container.hostConfig,
    },
    Config: { Image: container.image, Env: container.env },
    NetworkSettings: { IPAddress: '', Networks: container.networks, Ports: container.ports },
  };
}

/** What the daemon does instead of its normal answer. */
export type Misbehaviour = (request: IncomingMessage, response: ServerResponse) => void;

export class FakeDocker {
  readonly containers = new Map<string, FakeContainer>();
  /** The part of the path that it is for, and what happens then. */
  readonly misbehaviours = new Map<string, Misbehaviour>();
  version: Record<string, unknown> = { Version: '27.3.1', ApiVersion: '1.47', MinAPIVersion: '1.24', Os: 'windows' };
  info: Record<string, unknown> = { Name: 'DOCK03', OSType: 'windows', Isolation: 'process' };
  /** Paths that were requested. */
  readonly requests: string[] = [];
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #streams = new Set<ServerResponse>();

  constructor(tls?: ServerOptions) {
    const handle = (request: IncomingMessage, response: ServerResponse) => this.#handle(request, response);
    this.#server = tls ? createTlsServer(tls, handle) : createServer(handle);
    this.#server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
      socket.on('error', () => {});
    });
  }

  /** Listens on a socket or pipe, or on a free port of the loopback address; returns the port. */
  async listen(path?: string): Promise<number> {
    await new Promise<void>((resolve) => {
      if (path === undefined) this.#server.listen(0, '127.0.0.1', resolve);
      else this.#server.listen(path, resolve);
    });
    return path === undefined ? (this.#server.address() as AddressInfo).port : 0;
  }

  /** Ends all connections, as a daemon that is restarted. */
  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  add(...containers: FakeContainer[]): void {
    for (const each of containers) this.containers.set(each.id, each);
  }

  /** Sends an event to all streams. */
  event(id: string, action: string, attributes: Record<string, string> = {}): void {
    this.sendEvents(
      `${JSON.stringify({ Type: 'container', Action: action, Actor: { ID: id, Attributes: attributes }, time: 1_700_000_000 })}\n`,
    );
  }

  sendEvents(text: string | Uint8Array): void {
    for (const stream of this.#streams) stream.write(text);
  }

  get streams(): number {
    return this.#streams.size;
  }

  /** Cuts the event streams off. */
  cutStreams(): void {
    for (const stream of this.#streams) stream.socket?.destroy();
  }

  /** Number of requests whose path contains the text. */
  count(part: string): number {
    return this.requests.filter((path) => path.includes(part)).length;
  }

  #handle(request: IncomingMessage, response: ServerResponse): void {
    const url = request.url ?? '';
    this.requests.push(url);
    for (const [part, act] of this.misbehaviours) {
      if (!url.includes(part)) continue;
      act(request, response);
      return;
    }
    const path = url.replace(/^\/v\d+\.\d+/, '').replace(/\?.*$/, '');
    const [, id = '', what = ''] = /^\/containers\/([0-9a-f]{64})\/(json|stats)$/.exec(path) ?? [];
    const container = this.containers.get(id);
    if (path === '/version') answer(response, 200, this.version);
    else if (path === '/info') answer(response, 200, this.info);
    else if (path === '/containers/json') answer(response, 200, this.#list());
    else if (path === '/events') this.#stream(response);
    else if (!container) answer(response, 404, { message: `No such container: ${id}` });
    else answer(response, 200, what === 'json' ? inspectOf(container) : container.stats);
  }

  /** Without isolation, as a daemon of Windows. */
  #list(): unknown[] {
    return [...this.containers.values()]
      .filter(({ running }) => running)
      .map(({ id, name, image }) => ({ Id: id, Names: [`/${name}`], Image: image, State: 'running' }));
  }

  #stream(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.flushHeaders();
    this.#streams.add(response);
    response.on('close', () => this.#streams.delete(response));
  }
}

export function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
