// GET /api/v1/containers: the containers of the host with their processes and resource use.
import type { Now } from '../../model/clock.ts';
import type { Container } from '../../model/containers/container.ts';
import type { HostModel } from '../../model/host-model.ts';
import type { LogCounts } from '../../model/owner/log-counts.ts';
import {
  address,
  boolean,
  choice,
  containerId,
  integer,
  list,
  number,
  observedAtMs,
  proxy,
  record,
  type Static,
  text,
} from '../fields.ts';
import { resource } from '../resource.ts';
import { dockerSchema, dockerView } from './container-docker.ts';

const listenerSchema = record({
  address,
  proxy,
  inMetrics: boolean('False for a port in `ephemeral-port-range`: no metric reports it.'),
});

const lastExitSchema = record(
  {
    atMs: number('When the exit was observed, in milliseconds since 1970; 0 when no exit was.'),
    code: integer(
      "The service's own exit code; otherwise the exit code of its process, if an event reported it; otherwise the Win32 " +
        'error that the SCM reports.',
    ),
    meaning: text('text', 'The code in words.'),
  },
  'The last exit of the container.',
);

const limitsSchema = record(
  {
    memoryBytes: number('Limit of committed memory in bytes; 0 when none is known.'),
    cpuCores: number('CPU limit in cores; 0 when none is known.'),
    jobs: list(text('text', 'Full name of a job object.'), 'Names of the jobs, e.g. `\\Container_0123abcd`.'),
    hasUnnamedJob: boolean('The root process is in a job without a name, so its limits cannot be read.'),
  },
  'Limits by Docker, or by the job objects of the root process.',
);

const logMessagesSchema = record(
  {
    critical: integer('Messages of critical level.'),
    error: integer('Messages of error level.'),
    warning: integer('Messages of warning level.'),
    info: integer('Messages of info level.'),
    debug: integer('Messages of debug level.'),
    unknown: integer('Messages without a level.'),
  },
  'Log messages since the container was first observed.',
);

const ioSchema = record(
  {
    source: choice(
      ['disk', 'all requests'],
      '`disk`: requests that reached a disk. `all requests`: also file cache, network and pipe requests, where Windows ' +
        'does not count disk requests of processes; only then is the I/O between the last process list and an exit included.',
    ),
    device: text('text', 'Volume of the program, e.g. `C:`; empty while unknown.'),
    reads: number('Read requests.'),
    writes: number('Write requests.'),
    readBytes: number('Bytes read.'),
    writtenBytes: number('Bytes written.'),
  },
  'I/O of the processes since the container was first observed.',
);

export const containerSchema = record({
  id: containerId('Id of the container, e.g. `/win/orders-api`.'),
  name: text('service', 'Name of the service or Docker container.'),
  kind: choice(['service', 'docker'], 'What the container is.'),
  displayName: text('text', 'Display name of the service.'),
  image: text('text', 'Image of a Docker container; empty for a service.'),
  state: choice(
    ['running', 'pending', 'shared', 'restarting', 'failed', 'stopped', 'gone'],
    '`running`; `pending`: younger than `min-container-age`, in no metric yet; `shared`: several services in one process; ' +
      '`restarting`: stopped with an error and restarted within the last five minutes before; `failed`: stopped with an ' +
      'error; `stopped`: stopped in order; `gone`: no longer listed.',
  ),
  pid: integer('Root process; 0 when there is none.'),
  pids: list(integer('Process id.'), 'The process tree, root first.'),
  applicationTypes: list(text('text', 'Application type.'), 'Applications among the processes, e.g. `mssql`.'),
  startedAtMs: number('Start of the root process, in milliseconds since 1970; 0 when unknown.'),
  uptimeSeconds: number(
    'Time since the start of the root process, in seconds, whatever the clock of the host was set to; 0 when unknown or without one.',
  ),
  firstSeenAtMs: number('When the agent first observed the container, in milliseconds since 1970.'),
  restarts: integer('Restarts since the container was first observed.'),
  restartsByCause: record(
    {
      crash: integer('Restarts after an unexpected exit or an error.'),
      planned: integer('Restarts after an orderly stop.'),
      unknown: integer('Restarts between two scans, without an event that reports the exit code.'),
    },
    'The restarts by how the previous process ended.',
  ),
  lastExit: lastExitSchema,
  cpuSeconds: number('CPU time of the processes since the container was first observed, in seconds.'),
  rssBytes: number('Physical memory of the processes, in bytes.'),
  rssSource: choice(
    ['private working set', 'working set'],
    'What `rssBytes` is: the private working set, or the whole working set where Windows does not report the former.',
  ),
  limits: limitsSchema,
  threads: integer('Threads of the processes.'),
  handles: integer('Open handles of the processes.'),
  pageFaults: record(
    {
      hard: number('Page faults that read from a disk.'),
      soft: number('All other page faults, without those between the last process list and an exit.'),
    },
    'Page faults since the container was first observed; 0 where the process list has no counter.',
  ),
  imagePath: text('text', "Full path of the root process's image; empty while unknown."),
  io: ioSchema,
  listeners: list(listenerSchema, 'Addresses that the processes listen on.'),
  activeConnections: integer('Established outbound connections.'),
  logMessages: logMessagesSchema,
  docker: dockerSchema,
});
export type ContainerView = Static<typeof containerSchema>;

const containersSchema = record(
  { observedAtMs, containers: list(containerSchema, 'All containers, those of the last five minutes included.') },
  'The containers.',
);
export type ContainersAnswer = Static<typeof containersSchema>;

export const containers = resource({
  path: '/api/v1/containers',
  summary: 'Containers with their processes, restarts, resource use and listeners.',
  answer: containersSchema,
  view: ({ model }) => ({ observedAtMs: model.nowMs, containers: containerViews(model) }),
});

function containerViews({ containers: registry, clock }: HostModel): ContainerView[] {
  return registry.all().map((container) => containerView(container, clock));
}

function logMessages(logs: LogCounts | undefined): ContainerView['logMessages'] {
  const totals = { critical: 0, error: 0, warning: 0, info: 0, debug: 0, unknown: 0 };
  // Once over all patterns, not once for each level.
  for (const { level, count } of logs?.values() ?? []) totals[level] += count;
  return totals;
}

export function containerView(container: Container, now: Now): ContainerView {
  const { usage, io, history, limits, network } = container;
  return {
    id: container.id,
    name: container.name,
    kind: container.kind,
    displayName: container.displayName,
    image: container.image,
    state: container.state,
    pid: container.pid,
    pids: container.pids,
    applicationTypes: [...container.applicationTypes.keys()],
    startedAtMs: container.startedAtMs,
    uptimeSeconds: container.ageMs(now) / 1000,
    firstSeenAtMs: container.firstSeenAtMs,
    restarts: history.total,
    restartsByCause: {
      crash: history.count('crash'),
      planned: history.count('planned'),
      unknown: history.count('unknown'),
    },
    lastExit: history.lastExit ?? { atMs: 0, code: 0, meaning: '' },
    cpuSeconds: container.cpuSeconds,
    rssBytes: container.rssBytes,
    rssSource: usage.rssSource,
    limits: {
      memoryBytes: limits.memoryBytes ?? 0,
      cpuCores: limits.cpuCores ?? 0,
      jobs: [...limits.jobs],
      hasUnnamedJob: limits.hasUnnamedJob,
    },
    threads: usage.threads,
    handles: usage.handles,
    pageFaults: usage.faults ?? { hard: 0, soft: 0 },
    imagePath: container.imagePath,
    io: {
      source: container.docker?.hasIo ? 'disk' : usage.ioSource,
      device: container.disk?.device ?? '',
      reads: io.reads,
      writes: io.writes,
      readBytes: io.readBytes,
      writtenBytes: io.writtenBytes,
    },
    listeners: container.listeners.map(({ address: listened, proxy: by, reported }) => ({
      address: listened,
      proxy: by,
      inMetrics: reported,
    })),
    activeConnections: network.activeConnections,
    logMessages: logMessages(container.logs),
    docker: dockerView(container, now),
  };
}
