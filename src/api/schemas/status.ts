// Answers about the agent itself: health, readiness, status, errors.
import { boolean, integer, list, map, number, object, string } from './json.ts';

/** GET /health */
export interface HealthAnswer {
  status: 'ok';
}

/** GET /ready */
export interface ReadyAnswer {
  ready: boolean;
  /** Why not, or nothing. */
  reason: string;
}

/** What one kind of observation is worth at the moment. */
export interface SourceStatus {
  kind: string;
  available: boolean;
  /** Milliseconds since 1970 of the last good reading, 0 when there was none. */
  lastReadAtMs: number;
  /** Seconds that the last reading took. */
  lastReadSeconds: number;
  readings: number;
  failures: number;
  /** Why it is unavailable, or what is missing of it. */
  problems: string[];
}

/** GET /api/v1/status */
export interface StatusAnswer {
  agent: {
    version: string;
    pid: number;
    startedAtMs: number;
    nodeVersion: string;
    listen: string;
    consoleMode: boolean;
  };
  host: {
    /** `windows` or `tape`. */
    kind: string;
    hostname: string;
    kernelVersion: string;
    machineId: string;
    systemUuid: string;
    platform: string;
    /** Clock of the host, which is the tape's on a replay. */
    timeMs: number;
    uptimeSeconds: number;
    elevated: boolean;
    /** e.g. a tape's file, position and whether it has ended. */
    detail: Record<string, string | number | boolean>;
    /** Parts that something stood in for when the tape was recorded. */
    standIns: { part: string; replacement: string }[];
    problem: string;
  };
  passes: { count: number; lastAtMs: number; lastDurationSeconds: number; intervalSeconds: number; series: number };
  containers: number;
  services: number;
  connections: number;
  /** How connects are known: `events` or `tables`; `reason` says why not by events. */
  connectDetection: { source: 'events' | 'tables'; reason: string };
  /** The event session; `state` is `off` where there is none, `reason` is empty while it runs. */
  events: {
    state: string;
    reason: string;
    providers: string[];
    restarts: number;
    events: number;
    /** Lost by Windows. */
    eventsLost: number;
    buffersLost: number;
    realTimeBuffersLost: number;
    /** Left out by the agent, by reason and event. */
    dropped: Record<string, number>;
  };
  sources: SourceStatus[];
  /** Every part of the host that cannot be read; `requiredRight` and `consequence` are empty where no right would help. */
  missing: { part: string; reason: string; requiredRight: string; consequence: string }[];
  /** `lastError` is empty when the last run was good. */
  collectors: { name: string; failures: number; lastError: string }[];
  /** The agent's own counters, e.g. `coroot_agent_series_dropped_total{reason="duplicate"}`. */
  counters: Record<string, number>;
}

/** Every answer with a status of 400 or above. */
export interface ErrorAnswer {
  error: { code: string; message: string; hint: string };
}

export const healthSchema = object({ status: string });

export const readySchema = object({ ready: boolean, reason: string });

export const statusSchema = object({
  agent: object({
    version: string,
    pid: integer,
    startedAtMs: number,
    nodeVersion: string,
    listen: string,
    consoleMode: boolean,
  }),
  host: object({
    kind: string,
    hostname: string,
    kernelVersion: string,
    machineId: string,
    systemUuid: string,
    platform: string,
    timeMs: number,
    uptimeSeconds: number,
    elevated: boolean,
    detail: map({ type: ['string', 'number', 'boolean'] }),
    standIns: list(object({ part: string, replacement: string })),
    problem: string,
  }),
  passes: object({
    count: integer,
    lastAtMs: number,
    lastDurationSeconds: number,
    intervalSeconds: number,
    series: integer,
  }),
  containers: integer,
  services: integer,
  connections: integer,
  connectDetection: object({ source: string, reason: string }),
  events: object({
    state: string,
    reason: string,
    providers: list(string),
    restarts: integer,
    events: integer,
    eventsLost: integer,
    buffersLost: integer,
    realTimeBuffersLost: integer,
    dropped: map(integer),
  }),
  sources: list(
    object({
      kind: string,
      available: boolean,
      lastReadAtMs: number,
      lastReadSeconds: number,
      readings: integer,
      failures: integer,
      problems: list(string),
    }),
  ),
  missing: list(object({ part: string, reason: string, requiredRight: string, consequence: string })),
  collectors: list(object({ name: string, failures: integer, lastError: string })),
  counters: map(number),
});
