// GET /api/v1/status: the agent, its host, and what it can and cannot read.
import type { Reading } from '../../model/readings.ts';
import type { ApiContext, SettingPatterns } from '../context.ts';
import { boolean, choice, facts, integer, list, number, numbers, record, type Static, text } from '../fields.ts';
import { resource } from '../resource.ts';
import { deliveriesSchema, deliveryView, outputsSchema, outputView, spoolSchema } from './deliveries.ts';
import { dockerSchema, dockerView } from './status-docker.ts';
import { eventsSchema, eventsView } from './status-events.ts';

const agentSchema = record(
  {
    version: text('text', 'Version of the agent.'),
    pid: integer('Process id.'),
    startedAtMs: number('Start of the agent, in milliseconds since 1970.'),
    nodeVersion: text('text', 'Version of Node.js.'),
    listen: text('endpoint', 'Address that the control plane listens on, as `host:port`.'),
    listenProblem: text(
      'text',
      'The process that listens on the same port and gets connections that are meant for the agent; empty without one.',
    ),
    consoleMode: boolean('True in the foreground, false as a service.'),
  },
  'The agent itself.',
);

const hostSchema = record(
  {
    kind: text('text', '`windows` or `tape`.'),
    hostname: text('hostname', 'Host name; empty while unknown.'),
    kernelVersion: text('text', 'Edition and build of Windows; empty while unknown.'),
    machineId: text('id', 'Machine id of Windows, 32 hexadecimal digits; empty while unknown.'),
    systemUuid: text('id', 'UUID of the hardware (SMBIOS); empty while unknown.'),
    platform: text('text', '`win32`, or Wine with its version.'),
    timeMs: number('Clock of the host, in milliseconds since 1970; the clock of the tape on a replay.'),
    uptimeSeconds: number('Time since Windows started, in seconds.'),
    elevated: boolean('Whether the agent runs elevated.'),
    detail: facts(['file'], 'For a tape: its file, the position in it, and whether it has ended.'),
    standIns: list(
      record({
        part: text('text', 'The replaced part.'),
        replacement: text('text', 'What replaces it.'),
      }),
      'Parts of the host that are not those of a real Windows machine, e.g. test doubles.',
    ),
    problem: text('text', 'Why no observations arrive; empty when they do.'),
  },
  'The observed host.',
);

const sourceSchema = record({
  kind: text('text', 'Kind of observation, e.g. `services`.'),
  available: boolean('Whether the last reading was good.'),
  lastReadAtMs: number('Time of the last good reading, in milliseconds since 1970; 0 when there was none.'),
  lastReadSeconds: number('Duration of the last reading, in seconds.'),
  readings: integer('Readings so far.'),
  failures: integer('Failed readings so far.'),
  problems: list(text('text', 'Part and reason.'), 'Why the source is unavailable, or which parts are missing.'),
});
export type SourceStatus = Static<typeof sourceSchema>;

const missingSchema = record({
  part: text('text', 'What cannot be read.'),
  reason: text('text', 'Why.'),
  requiredRight: text('text', 'The right that would permit it; empty when no right would.'),
  consequence: text('text', 'What the agent cannot report without it; empty when that is not known.'),
});

const statusSchema = record(
  {
    agent: agentSchema,
    host: hostSchema,
    passes: record(
      {
        count: integer('Finished passes.'),
        lastAtMs: number('Time of the last pass, in milliseconds since 1970; 0 before the first.'),
        lastDurationSeconds: number('Main-thread time of the last pass, in seconds.'),
        intervalSeconds: number('Time between two passes, in seconds.'),
        series: integer('Series of the last pass.'),
      },
      'Collection passes.',
    ),
    containers: integer('Number of containers.'),
    services: integer('Number of Windows services.'),
    connections: integer('Established outbound connections of all containers.'),
    connectDetection: record(
      {
        source: choice(
          ['events', 'tables'],
          '`events`: ETW reports each connect. `tables`: new rows in the TCP tables.',
        ),
        reason: text('text', 'Why connects are not detected by events; empty when they are.'),
      },
      'How connects are detected at the moment.',
    ),
    events: eventsSchema,
    docker: dockerSchema,
    sources: list(sourceSchema, 'The sources of observations.'),
    missing: list(missingSchema, 'Everything that cannot be read.'),
    unmatchedPatterns: list(
      record({
        setting: choice(['service-include', 'container-allowlist', 'container-denylist'], 'Name of the setting.'),
        pattern: text('removed', 'The pattern.'),
      }),
      'Patterns of settings that match no service or container of this host; empty while its services are unknown.',
    ),
    retrying: list(
      record({
        part: text('text', 'What does not work.'),
        reason: text('text', 'Why.'),
        sinceMs: number('Since when, in milliseconds since 1970.'),
        nextAttemptAtMs: number('Next attempt, in milliseconds since 1970.'),
      }),
      'Parts that do not work and are tried again with growing pauses.',
    ),
    collectors: list(
      record({
        name: text('text', 'Name of the collector.'),
        failures: integer('Failed runs.'),
        lastError: text('text', 'Error of the last run; empty when it was good.'),
      }),
      'The collectors of metrics.',
    ),
    deliveries: deliveriesSchema,
    spool: spoolSchema,
    outputs: outputsSchema,
    counters: numbers('text', "The agent's own counters, e.g. `coroot_agent_passes_total`.", 'number'),
  },
  'The status.',
);
export type StatusAnswer = Static<typeof statusSchema>;

export const status = resource({
  path: '/api/v1/status',
  summary: 'The agent, its host, its sources with what cannot be read, and its own counters.',
  answer: statusSchema,
  availableAtStart: true,
  view: statusView,
});

export async function statusView(context: ApiContext): Promise<StatusAnswer> {
  const { model, passes } = context;
  const containers = model.containers.all();
  const { by, reason } = model.connections.coverage.source;
  return {
    agent: {
      version: context.version,
      pid: process.pid,
      startedAtMs: context.startedAtMs,
      nodeVersion: process.version,
      listen: context.listen(),
      listenProblem: context.listenProblem(),
      consoleMode: context.consoleMode,
    },
    host: hostView(context),
    passes: {
      count: passes.count,
      lastAtMs: passes.lastAtMs,
      lastDurationSeconds: passes.lastSeconds,
      intervalSeconds: model.intervalMs / 1000,
      series: passes.snapshot?.series ?? 0,
    },
    containers: containers.length,
    services: model.decisions.length,
    connections: containers.reduce((sum, container) => sum + container.network.activeConnections, 0),
    connectDetection: { source: by, reason },
    events: eventsView(model.eventSession),
    sources: model.readings.all().map(sourceView),
    missing: model.readings.all().flatMap(missingParts),
    unmatchedPatterns: unmatchedPatterns(context),
    docker: dockerView(model.docker),
    retrying: [model.gpus.retry, model.docker.retry].filter((retry) => retry !== undefined),
    collectors: passes.states.map(({ name, failures, lastError }) => ({ name, failures, lastError })),
    deliveries: context.delivery.statuses().map(deliveryView),
    spool: { ...context.delivery.spool() },
    outputs: context.outputs().map(outputView),
    counters: await context.counters(),
  };
}

function hostView(context: ApiContext): StatusAnswer['host'] {
  const { model } = context;
  const header = context.header();
  const { kind, detail, problem = '' } = context.hostStatus();
  const { identity, uptimeMs = 0 } = model.node;
  return {
    kind,
    hostname: identity?.hostname ?? '',
    kernelVersion: identity?.kernelVersion ?? '',
    machineId: identity?.machineId ?? '',
    systemUuid: identity?.systemUuid ?? '',
    platform: header?.os.platform ?? '',
    timeMs: model.nowMs,
    uptimeSeconds: Math.floor(uptimeMs / 1000),
    elevated: header?.rights.elevated ?? false,
    detail: { ...detail },
    standIns: [...(header?.standIns ?? [])],
    problem,
  };
}

function unmatchedPatterns({ model, namePatterns }: ApiContext): StatusAnswer['unmatchedPatterns'] {
  if (model.decisions.length === 0) return [];
  const names = model.decisions.map(({ service }) => service.name);
  const ids = [...model.decisions, ...model.containers.all().map(({ id }) => ({ containerId: id }))].map(
    ({ containerId }) => containerId,
  );
  const unmatched = (setting: keyof SettingPatterns, texts: readonly string[]) =>
    (namePatterns[setting]?.unmatched(texts) ?? []).map((pattern) => ({ setting, pattern }));
  return [
    ...unmatched('service-include', names),
    ...unmatched('container-allowlist', ids),
    ...unmatched('container-denylist', ids),
  ];
}

function sourceView(reading: Reading): SourceStatus {
  return {
    kind: reading.kind,
    available: !reading.stale,
    lastReadAtMs: reading.lastGoodAtMs,
    lastReadSeconds: reading.seconds,
    readings: reading.readings,
    failures: reading.failures,
    problems: reading.problems.map(({ part, reason }) => `${part}: ${reason}`),
  };
}

function missingParts({ problems }: Reading): StatusAnswer['missing'] {
  return problems.map(({ part, reason, requiredRight = '', consequence = '' }) => {
    return { part, reason, requiredRight, consequence };
  });
}
