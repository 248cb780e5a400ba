// Installs the demo services in a Wine prefix, runs them, and returns what an agent should find.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { compileC } from '../../../scripts/lib/mingw.ts';
import type { Wine } from '../../../scripts/lib/wine.ts';
import { openScm, type Scm, type ServiceFacts, serviceRunning } from './scm.ts';
import { type DemoService, portCount, shop } from './shop.ts';

/** The current services, listeners and connections, from the SCM and the plan of the shop. */
export interface MeshFacts {
  services: ServiceFacts[];
  listeners: { service: string; address: string; port: number }[];
  /** Established connections from the side of the caller; `byChild` when a child process of the service has it. */
  connections: { service: string; peer: string; address: string; port: number; byChild: boolean }[];
}

/** Demo services that are installed in a prefix. */
export interface Mesh {
  readonly scm: Scm;
  readonly services: readonly DemoService[];
  /** The port on which others call a service. */
  portOf(name: string): number;
  /** Starts these services, by default all that should run, and waits until their connections are established. */
  start(names?: readonly string[]): Promise<void>;
  stop(names: readonly string[]): Promise<void>;
  restart(name: string): Promise<void>;
  /** What an agent should find. */
  expected(): Promise<MeshFacts>;
  /** Waits until Linux lists the connections of the running services as established; throws on timeout. */
  connected(): Promise<void>;
  /** Stops and deletes all services. */
  remove(): Promise<void>;
}

const loopback = '127.0.0.1';
const anywhere = '0.0.0.0';
const ownProcess = 0x10;
const startTypes = { auto: 2, manual: 3 };
const TIMEOUT_MS = 20_000;

/** Creates the services, none of them started. */
export async function createMesh(wine: Wine, services: readonly DemoService[] = shop): Promise<Mesh> {
  const program = await compileC({
    source: join(import.meta.dirname, 'demo-service.c'),
    kind: 'exe',
    libraries: ['ws2_32', 'advapi32'],
  });
  const scm = await openScm(wine);
  const base = await freePorts(portCount);
  const byName = new Map(services.map((service) => [service.name, service]));

  function portOf(name: string): number {
    const service = byName.get(name);
    return base + (service?.listens?.[0] ?? service?.listensAnywhere?.[0] ?? Number.NaN);
  }

  function commandLine(service: DemoService): string {
    const args = [wine.toWindowsPath(program), '-n', service.name];
    for (const offset of service.listens ?? []) args.push('-l', String(base + offset));
    for (const offset of service.listensAnywhere ?? []) args.push('-L', String(base + offset));
    args.push(...work(service));
    if (service.child) args.push('--child', ...work(service.child));
    return args.map((arg) => (arg.includes(' ') ? `"${arg}"` : arg)).join(' ');
  }

  function work({ calls = [], burnPercent }: { calls?: readonly string[]; burnPercent?: number }): string[] {
    const args = calls.flatMap((peer) => ['-c', String(portOf(peer))]);
    return burnPercent === undefined ? args : [...args, '-b', String(burnPercent)];
  }

  async function expected(): Promise<MeshFacts> {
    const facts = await scm.query(services.map(({ name }) => name));
    const running = new Set(facts.filter(({ state }) => state === serviceRunning).map(({ name }) => name));
    const alive = services.filter(({ name }) => running.has(name));
    const call = (service: string, peers: readonly string[] | undefined, byChild: boolean): MeshFacts['connections'] =>
      (peers ?? [])
        .filter((peer) => running.has(peer))
        .map((peer) => ({ service, peer, address: loopback, port: portOf(peer), byChild }));
    return {
      services: facts,
      listeners: alive.flatMap(({ name, listens = [], listensAnywhere = [] }) => [
        ...listens.map((offset) => ({ service: name, address: loopback, port: base + offset })),
        ...listensAnywhere.map((offset) => ({ service: name, address: anywhere, port: base + offset })),
      ]),
      connections: alive.flatMap(({ name, calls, child }) => [
        ...call(name, calls, false),
        ...call(name, child?.calls, true),
      ]),
    };
  }

  async function connected(): Promise<void> {
    const ports = (await expected()).connections.map(({ port }) => port).sort();
    for (const deadline = Date.now() + TIMEOUT_MS; ; await sleep(50)) {
      const found = establishedPorts(base).sort();
      if (found.join() === ports.join()) return;
      if (Date.now() > deadline) throw new Error(`connections to ports ${found} instead of ${ports}`);
    }
  }

  async function start(names = services.filter(({ runs }) => runs).map(({ name }) => name)): Promise<void> {
    await scm.start(names);
    await connected();
  }

  await scm.send(
    services.map((service) => {
      const { name, display = name, start: startType } = service;
      return ['create', name, ownProcess, startTypes[startType], commandLine(service), display];
    }),
  );
  return {
    scm,
    services,
    portOf,
    start,
    stop: (names) => scm.stop(names),
    restart: async (name) => {
      await scm.stop([name]);
      await start([name]);
    },
    expected,
    connected,
    remove: async () => {
      const facts = await scm.query(services.map(({ name }) => name));
      await scm.stop(facts.filter(({ state }) => state === serviceRunning).map(({ name }) => name));
      await scm.send(services.map(({ name }) => ['delete', name]));
    },
  };
}

/** The called port of each established connection from 127.0.0.1 to one of the mesh's ports, from Linux' own table. */
function establishedPorts(base: number): number[] {
  const established = '01';
  const rows = readFileSync('/proc/net/tcp', 'utf8').split('\n').slice(1, -1);
  return rows
    .map((row) => row.trim().split(/\s+/))
    .filter(([, , , state]) => state === established)
    .map(([, , remote = '']) => Number.parseInt(remote.split(':')[1] ?? '', 16))
    .filter((port) => port >= base && port < base + portCount);
}

/** The first of `count` consecutive free ports below the ephemeral ports of Linux. */
async function freePorts(count: number): Promise<number> {
  for (;;) {
    const base = 20_000 + Math.floor(Math.random() * 10_000);
    const free = await Promise.all(Array.from({ length: count }, (_, offset) => isFree(base + offset)));
    if (free.every(Boolean)) return base;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((settle) => {
    const server = createServer();
    server.once('error', () => settle(false));
    server.listen(port, anywhere, () => server.close(() => settle(true)));
  });
}
