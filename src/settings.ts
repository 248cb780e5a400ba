// Every setting once: name, default, what is allowed, what it means. docs/configuration.md is printed from here.
import { isIPv6 } from 'node:net';
import { RE2JS } from 're2js';
import { parseByteSize } from './base/byte-size.ts';
import { isCidr } from './base/cidr.ts';
import { parseDurationMs } from './base/duration.ts';
import { parsePortRanges } from './base/port-range.ts';

/** One setting. The flag is `--name`, the variable `COROOT_NAME` with underscores, the key in the settings file `name`. */
export interface Setting<T> {
  readonly name: string;
  readonly kind: 'text' | 'flag' | 'list';
  readonly help: string;
  /** What is allowed, in words. */
  readonly allowed: string;
  /** As a person would write it; undefined for "not set", one text an entry for lists. */
  readonly fallback: string | readonly string[] | undefined;
  /** Undefined when the value is not allowed. Gets undefined for "not set". */
  readonly parse: (value: readonly string[]) => T | undefined;
  readonly secret?: boolean;
  /** It is read and checked, but this version does not act on it yet. */
  readonly pending?: boolean;
  readonly placeholder: string;
}

type Extra = Partial<Pick<Setting<unknown>, 'secret' | 'pending'>>;

function text<T>(
  name: string,
  placeholder: string,
  fallback: string | undefined,
  allowed: string,
  help: string,
  parse: (value: string) => T | undefined,
  extra: Extra = {},
): Setting<T> {
  return { name, kind: 'text', placeholder, fallback, allowed, help, parse: ([value]) => parse(value!), ...extra };
}

function flag(name: string, help: string, extra: Extra = {}): Setting<boolean> {
  const parse = ([value]: readonly string[]) => parseBoolean(value!);
  return { name, kind: 'flag', placeholder: '', fallback: 'false', allowed: 'true or false', help, parse, ...extra };
}

function list<T>(
  name: string,
  placeholder: string,
  fallback: readonly string[],
  allowed: string,
  help: string,
  parse: (values: readonly string[]) => T | undefined,
  extra: Extra = {},
): Setting<T> {
  return { name, kind: 'list', placeholder, fallback, allowed, help, parse, ...extra };
}

const pending = { pending: true } as const;

/** Longest delay of a timer in Node is 2^31 ms; a day is more than anybody wants. */
const MAX_INTERVAL_MS = 86_400_000;

/** With less the agent does not get through its start. */
const MIN_MEMORY_BYTES = 128 * 1024 * 1024;

const httpUrl = 'an http or https URL';
const re2 = 'RE2 regular expressions';

/** The keys are the names in `Config`. The first group is Coroot's own, the second ours. */
export const settings = {
  listen: text(
    'listen',
    'host:port',
    '127.0.0.1:10300',
    'HOST:PORT, e.g. 127.0.0.1:10300',
    'where the control plane and /metrics listen',
    parseListen,
  ),
  collectorEndpoint: text(
    'collector-endpoint',
    'url',
    undefined,
    httpUrl,
    'base address of Coroot; gives the two endpoints below where they are not set',
    parseUrl,
    pending,
  ),
  metricsEndpoint: text(
    'metrics-endpoint',
    'url',
    undefined,
    httpUrl,
    'where metrics are sent by Prometheus remote write',
    parseUrl,
    pending,
  ),
  logsEndpoint: text(
    'logs-endpoint',
    'url',
    undefined,
    httpUrl,
    'where logs are sent by OTLP over HTTP',
    parseUrl,
    pending,
  ),
  apiKey: text('api-key', 'key', undefined, 'any text', 'sent as X-Api-Key', anyText, { secret: true, pending: true }),
  insecureSkipVerify: flag('insecure-skip-verify', 'do not check certificates of the endpoints', pending),
  caFile: text(
    'ca-file',
    'path',
    undefined,
    'a path',
    'PEM file with authorities to trust besides the system’s',
    anyText,
    pending,
  ),
  scrapeIntervalMs: text(
    'scrape-interval',
    'duration',
    '15s',
    'a duration above 0 and up to 24h, e.g. 15s or 1m30s',
    'time between two collection passes',
    positiveDuration,
  ),
  walDir: text(
    'wal-dir',
    'path',
    undefined,
    'a path',
    'folder of the spool; by default CorootAgent below ProgramData',
    anyText,
    pending,
  ),
  maxSpoolBytes: text(
    'max-spool-size',
    'size',
    '500MB',
    'a size with its unit, 1024-based, e.g. 500MB',
    'how large the spool may grow',
    parseByteSize,
    pending,
  ),
  disableLogParsing: flag('disable-log-parsing', 'read neither the Event Log nor container logs', pending),
  disableJsonLogParsing: flag('disable-json-log-parsing', 'take JSON log lines as plain text', pending),
  logPatternsPerContainer: text(
    'log-patterns-per-container',
    'count',
    '256',
    'a whole number from 0',
    'patterns kept per level, container and source',
    wholeNumber,
    pending,
  ),
  maxLabelLength: text(
    'max-label-length',
    'bytes',
    '4096',
    'a whole number from 0',
    'longest sample label of a log pattern',
    wholeNumber,
    pending,
  ),
  disableGpuMonitoring: flag('disable-gpu-monitoring', 'do not look for GPUs', pending),
  containerAllowlist: list(
    'container-allowlist',
    'pattern',
    [],
    re2,
    'only containers whose id matches one of these; may be repeated',
    (patterns) => matchesAny(patterns, true),
  ),
  containerDenylist: list(
    'container-denylist',
    'pattern',
    [],
    re2,
    'no containers whose id matches one of these; wins over the allowlist; may be repeated',
    (patterns) => matchesAny(patterns, false),
  ),
  minContainerAgeMs: text(
    'min-container-age',
    'duration',
    '30s',
    'a duration from 0, e.g. 30s',
    'younger containers are not reported yet; 0 reports all',
    durationFromZero,
  ),
  maxFqdnsPerContainer: text(
    'max-fqdns-per-container',
    'count',
    '50',
    'a whole number from 0',
    'domains of one container that its DNS metrics keep apart; all others are ~other',
    wholeNumber,
  ),
  ephemeralPortRange: text(
    'ephemeral-port-range',
    'ranges',
    '49152-65535',
    'ranges such as 49152-65535, separated by spaces or commas; empty for none',
    'ports that Windows gives to clients: destinations and listeners there are left out of the metrics, but for 50051',
    parsePortRanges,
  ),
  trackPublicNetwork: list(
    'track-public-network',
    'cidr',
    ['0.0.0.0/0'],
    'networks such as 10.0.0.0/8',
    'connections to public addresses are counted in these networks only, those to private ones always; 0.0.0.0/0 is every address, of IPv6 too; may be repeated',
    (values) => (values.every(isCidr) ? values : undefined),
  ),
  excludeHttpRequestsByPath: list(
    'exclude-http-requests-by-path',
    'glob',
    [],
    'path patterns such as /health*',
    'HTTP requests that are not counted; may be repeated',
    (values) => (values.every(isGlob) ? values : undefined),
    pending,
  ),
  provider: text(
    'provider',
    'name',
    undefined,
    'any text',
    'cloud provider, instead of what the metadata service says',
    anyText,
    pending,
  ),
  region: text('region', 'name', undefined, 'any text', 'region, likewise', anyText, pending),
  availabilityZone: text(
    'availability-zone',
    'name',
    undefined,
    'any text',
    'availability zone, likewise',
    anyText,
    pending,
  ),
  instanceType: text('instance-type', 'name', undefined, 'any text', 'instance type, likewise', anyText, pending),
  instanceLifeCycle: text(
    'instance-life-cycle',
    'name',
    undefined,
    'any text',
    'instance life cycle, likewise',
    anyText,
    pending,
  ),

  serviceInclude: list(
    'service-include',
    'pattern',
    [],
    re2,
    'services whose name matches one of these count also when they are started by hand or by triggers; may be repeated',
    (patterns) => matchesAny(patterns, false),
  ),
  disableConnectionStatistics: flag(
    'disable-connection-statistics',
    'do not turn the counters of connections that stay open on: no bytes and round-trip times of them before they end',
  ),
  disableEtw: flag(
    'disable-etw',
    'do not trace events: no connects between two looks, no failed ones, no DNS, no bytes and round-trip times',
  ),
  maxDestinationsPerContainer: text(
    'max-destinations-per-container',
    'count',
    '500',
    'a whole number from 0',
    'destinations of one container that its connection metrics keep apart; all others are ~other:0',
    wholeNumber,
  ),
  host: text(
    'host',
    'host',
    'windows',
    'windows or tape:FILE',
    'what to look at: this machine or a recorded one',
    parseHost,
  ),
  speed: text('speed', 'speed', '1', '1 or max', 'pace of a tape: as recorded, or as fast as possible', (value) =>
    value === '1' ? 1 : value === 'max' ? value : undefined,
  ),
  loop: flag('loop', 'begin a tape again at its end'),
  cpuLimitPercent: text(
    'cpu-limit',
    'percent',
    undefined,
    'a percentage of all processors together, from 1% to 100%, e.g. 10%',
    'most processor time that Windows gives the agent; no limit where it is not set',
    parsePercent,
  ),
  memoryLimitBytes: text(
    'memory-limit',
    'size',
    undefined,
    'a size from 128MB, e.g. 512MB',
    'most memory that Windows lets the agent commit: beyond it the agent ends and the service starts again; no limit where it is not set',
    (value) => {
      const bytes = parseByteSize(value);
      return bytes !== undefined && bytes >= MIN_MEMORY_BYTES ? bytes : undefined;
    },
  ),
  logLevel: text(
    'log-level',
    'level',
    'info',
    'trace, debug, info, warn, error or fatal',
    'least severity of the agent’s own messages',
    (value) => (/^(trace|debug|info|warn|error|fatal)$/.test(value) ? value : undefined),
  ),
} as const satisfies Record<string, Setting<unknown>>;

export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

/** The live machine, or a tape. */
export type HostChoice = { readonly kind: 'windows' } | { readonly kind: 'tape'; readonly file: string };

/** Undefined when it is not HOST:PORT. */
export function parseListen(value: string): ListenAddress | undefined {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([\w.-]*)):(\d{1,5})$/.exec(value);
  if (!match || Number(match[3]) > 65_535 || (match[1] && !isIPv6(match[1]))) return undefined;
  // As in Go: nothing before the colon is every address.
  return { host: match[1] ?? (match[2] || '0.0.0.0'), port: Number(match[3]) };
}

function parseUrl(value: string): URL | undefined {
  // URL.parse alone also takes `http:host`, `https:///host` and line breaks.
  return /^https?:\/\/[^/\\\s][^\s]*$/i.test(value) ? (URL.parse(value) ?? undefined) : undefined;
}

function parseHost(value: string): HostChoice | undefined {
  if (value === 'windows') return { kind: 'windows' };
  return value.startsWith('tape:') && value.length > 5 ? { kind: 'tape', file: value.slice(5) } : undefined;
}

/** The forms that Go's strconv.ParseBool takes: https://pkg.go.dev/strconv#ParseBool */
function parseBoolean(value: string): boolean | undefined {
  if (/^(1|t|T|true|TRUE|True)$/.test(value)) return true;
  return /^(0|f|F|false|FALSE|False)$/.test(value) ? false : undefined;
}

function parsePercent(value: string): number | undefined {
  const match = /^(\d{1,3}(?:\.\d{1,2})?)%$/.exec(value);
  const percent = Number(match?.[1]);
  return percent >= 1 && percent <= 100 ? percent : undefined;
}

function anyText(value: string): string {
  return value;
}

function wholeNumber(value: string): number | undefined {
  return /^\d{1,9}$/.test(value) ? Number(value) : undefined;
}

function positiveDuration(value: string): number | undefined {
  const ms = parseDurationMs(value);
  // Timers and tapes count whole milliseconds.
  return ms !== undefined && ms >= 1 && ms <= MAX_INTERVAL_MS ? Math.round(ms) : undefined;
}

function durationFromZero(value: string): number | undefined {
  const ms = parseDurationMs(value);
  return ms !== undefined && ms >= 0 ? ms : undefined;
}

/** One RE2 engine for patterns by users: no backtracking, as in Coroot's agent. An empty list gives `whenEmpty`. */
function matchesAny(patterns: readonly string[], whenEmpty: boolean): ((id: string) => boolean) | undefined {
  try {
    const compiled = patterns.map((pattern) => RE2JS.compile(pattern));
    return (id) => (compiled.length === 0 ? whenEmpty : compiled.some((pattern) => pattern.matcher(id).find()));
  } catch {
    return undefined;
  }
}

/** Brackets must close: the only way that a glob can be malformed. */
function isGlob(pattern: string): boolean {
  const plain = pattern.replace(/\\./gs, '');
  return pattern !== '' && !/\[[^\]]*$/.test(plain) && !/\{[^}]*$/.test(plain);
}
