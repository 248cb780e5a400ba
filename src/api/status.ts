// The agent and its host at a glance, for GET /api/v1/status.
import type { EventSession } from '../model/event-session.ts';
import type { Reading } from '../model/readings.ts';
import type { ApiContext } from './context.ts';
import type { SourceStatus, StatusAnswer } from './schemas.ts';

export async function statusView(context: ApiContext): Promise<StatusAnswer> {
  const { model, passes } = context;
  const header = context.header();
  const host = context.hostStatus();
  const identity = model.node.identity;
  const containers = model.containers.all();
  return {
    agent: {
      version: context.version,
      pid: process.pid,
      startedAtMs: context.startedAtMs,
      nodeVersion: process.version,
      listen: context.listen(),
      consoleMode: context.consoleMode,
    },
    host: {
      kind: host.kind,
      hostname: identity?.hostname ?? '',
      kernelVersion: identity?.kernelVersion ?? '',
      machineId: identity?.machineId ?? '',
      systemUuid: identity?.systemUuid ?? '',
      platform: header?.os.platform ?? '',
      timeMs: model.nowMs,
      uptimeSeconds: Math.floor((model.node.uptimeMs ?? 0) / 1000),
      elevated: header?.rights.elevated ?? false,
      detail: { ...host.detail },
      standIns: (header?.standIns ?? []).map(({ part, by }) => ({ part, replacement: by })),
      problem: host.problem ?? '',
    },
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
    connectDetection: {
      source: model.connections.coverage.source.by,
      reason: model.connections.coverage.source.reason,
    },
    events: eventsView(model.eventSession),
    sources: model.readings.all().map(sourceStatus),
    missing: model.readings.all().flatMap(({ problems }) =>
      problems.map(({ part, reason, right: requiredRight = '', lost: consequence = '' }) => ({
        part,
        reason,
        requiredRight,
        consequence,
      })),
    ),
    collectors: passes.states.map(({ name, failures, lastError }) => ({ name, failures, lastError })),
    counters: await context.counters(),
  };
}

function eventsView({ record }: EventSession): StatusAnswer['events'] {
  if (record) return { ...record, providers: [...record.providers], dropped: { ...record.dropped } };
  const nothing = { restarts: 0, events: 0, eventsLost: 0, buffersLost: 0, realTimeBuffersLost: 0 };
  return { state: 'off', reason: '', providers: [], ...nothing, dropped: {} };
}

function sourceStatus(reading: Reading): SourceStatus {
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
