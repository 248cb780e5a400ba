// Settings of the agent itself: what it observes, how often, with which resource limits and messages.
import { parseByteSize } from '../base/byte-size.ts';
import { parseDurationMs } from '../base/duration.ts';
import { parseBoolean } from './parsers.ts';
import type { Setting } from './setting.ts';

/** Timers in Node accept up to 2^31 ms; a longer interval than a day is a mistake. */
const MAX_INTERVAL_MS = 86_400_000;

/** The agent does not finish its start with less. */
const MIN_MEMORY_BYTES = 128 * 1024 * 1024;

/** The live machine, or a tape. */
export type HostChoice = { readonly kind: 'windows' } | { readonly kind: 'tape'; readonly file: string };

export const agentSettings = {
  scrapeIntervalMs: {
    name: 'scrape-interval',
    kind: 'text',
    placeholder: 'duration',
    default: '15s',
    allowed: 'a duration above 0 and up to 24h, e.g. 15s or 1m30s',
    help: 'time between two collection passes',
    parse: parseInterval,
  },
  host: {
    name: 'host',
    kind: 'text',
    placeholder: 'host',
    default: 'windows',
    allowed: 'windows or tape:FILE',
    help: 'the host to observe: this machine or a recorded one',
    parse: parseHost,
  },
  speed: {
    name: 'speed',
    kind: 'text',
    placeholder: 'speed',
    default: '1',
    allowed: '1 or max',
    help:
      'replay speed of a tape: as recorded, or as fast as possible; with `loop` and `tape-time` present, later passes ' +
      'of a fast replay follow as recorded, because they would be in the future',
    parse: (value) => (value === '1' ? 1 : value === 'max' ? value : undefined),
  },
  tapeTime: {
    name: 'tape-time',
    kind: 'text',
    placeholder: 'time',
    default: 'present',
    allowed: 'present or recorded',
    help:
      'times of a replayed tape: shifted to the present (the first one is now at speed 1, the latest one at speed ' +
      'max), or as recorded',
    parse: (value) => (value === 'present' || value === 'recorded' ? value : undefined),
  },
  loop: {
    name: 'loop',
    kind: 'switch',
    default: 'false',
    allowed: 'true or false',
    help: 'restart a tape when it ends',
    parse: parseBoolean,
  },
  cpuLimitPercent: {
    name: 'cpu-limit',
    kind: 'text',
    placeholder: 'percent',
    default: undefined,
    allowed: 'a percentage of all processors together, from 1% to 100%, e.g. 10%',
    help: 'maximum processor time of the agent, enforced by Windows; unlimited if not set',
    parse: parsePercent,
  },
  memoryLimitBytes: {
    name: 'memory-limit',
    kind: 'text',
    placeholder: 'size',
    default: undefined,
    allowed: 'a size from 128MB, e.g. 512MB',
    help:
      'maximum committed memory of the agent, enforced by Windows: beyond it the agent exits and the service ' +
      'restarts it; unlimited if not set',
    parse: parseMemoryLimit,
  },
  logLevel: {
    name: 'log-level',
    kind: 'text',
    placeholder: 'level',
    default: 'info',
    allowed: 'trace, debug, info, warn, error or fatal',
    help: 'minimum severity of the agent’s own messages',
    parse: (value) => (/^(trace|debug|info|warn|error|fatal)$/.test(value) ? value : undefined),
  },
} as const satisfies Record<string, Setting>;

function parseInterval(value: string): number | undefined {
  const ms = parseDurationMs(value);
  // Timers and tapes count whole milliseconds.
  return ms !== undefined && ms >= 1 && ms <= MAX_INTERVAL_MS ? Math.round(ms) : undefined;
}

function parseHost(value: string): HostChoice | undefined {
  if (value === 'windows') return { kind: 'windows' };
  return value.startsWith('tape:') && value.length > 5 ? { kind: 'tape', file: value.slice(5) } : undefined;
}

function parsePercent(value: string): number | undefined {
  const match = /^(\d{1,3}(?:\.\d{1,2})?)%$/.exec(value);
  const percent = Number(match?.[1]);
  return percent >= 1 && percent <= 100 ? percent : undefined;
}

function parseMemoryLimit(value: string): number | undefined {
  const bytes = parseByteSize(value);
  return bytes !== undefined && bytes >= MIN_MEMORY_BYTES ? bytes : undefined;
}
