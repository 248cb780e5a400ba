// Redaction of Prometheus text: a rule for each label of the catalogue; a label without one does not compile.
import { catalogue, type MetricDefinition } from '../collectors/catalogue.ts';
import type { DestinationName } from '../exporters/delivery/delivery-status.ts';
import { dnsName, endpoint } from '../redaction/network-rules.ts';
import { hostname, id, patternHash, type Rule, text } from '../redaction/rules.ts';
import type { Scrubber } from '../redaction/scrub.ts';

/** Labels of the catalogue, of scopes, and of Coroot's families that have host names. */
type Label =
  | (typeof catalogue)[keyof typeof catalogue]['labels'][number]
  | 'machine_id'
  | 'system_uuid'
  | 'container_id'
  | 'az'
  | 'request_type'
  | 'domain'
  | 'status'
  | 'fqdn'
  | 'destination_ip'
  | 'le';

/** Values of `destination` in the families about delivery. The destination of a connection has a port or no name. */
const deliveries: ReadonlySet<string> = new Set(['metrics', 'logs'] satisfies DestinationName[]);

const rules: Readonly<Record<Label, Rule<string>>> = {
  machine_id: id,
  system_uuid: id,
  container_id: text,
  az: text,
  hostname,
  kernel_version: text,
  provider: text,
  account_id: id,
  instance_id: id,
  instance_type: text,
  instance_life_cycle: text,
  region: text,
  availability_zone: text,
  availability_zone_id: text,
  local_ipv4: text,
  public_ipv4: text,
  mode: text,
  kind: text,
  le: text,
  device: text,
  mount_point: text,
  volume: text,
  interface: text,
  ip: text,
  image: text,
  systemd_triggered_by: text,
  systemd_type: text,
  application_type: text,
  cause: text,
  listen_addr: endpoint,
  proxy: text,
  destination: (value, scrubber) => (deliveries.has(value) ? value : endpoint(value, scrubber)),
  actual_destination: endpoint,
  destination_ip: text,
  domain: dnsName,
  fqdn: dnsName,
  request_type: text,
  status: text,
  version: text,
  reason: text,
  collector: text,
  output: text,
  route: text,
  result: text,
  gpu_uuid: id,
  name: text,
  driver_version: text,
  call: text,
  error: text,
  source: text,
  level: text,
  pattern_hash: patternHash,
  sample: text,
  channel: text,
  event_id: text,
  state: text,
};

const label = '([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\\]|\\\\.)*)"';
const labels = new RegExp(label, 'g');
const sample = new RegExp(`^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{((?:${label},?)*)\\})?( [-+.0-9a-zA-Z]+(?: -?\\d+)?)$`);

/** Redacts samples and HELP lines. A line of another form is removed: another program may have answered. */
export function redactMetrics(exposition: string, scrubber: Scrubber): string {
  return exposition
    .split('\n')
    .map((line) => redactLine(line, scrubber))
    .filter((line) => line !== undefined)
    .join('\n');
}

function redactLine(line: string, scrubber: Scrubber): string | undefined {
  if (line === '') return line;
  const [, type, name = '', help = ''] = /^# (HELP|TYPE) ([a-zA-Z0-9_:]+) (.*)$/s.exec(line) ?? [];
  if (type !== undefined && families.get(name)?.has(help)) return line;
  if (type !== undefined) return `# ${type} ${metricName(name, scrubber)} ${text(help, scrubber)}`;
  const [, metric = '', all, , , value = ''] = sample.exec(line) ?? [];
  if (metric === '' || !/^[-+]?(?:\d+(?:\.\d+)?(?:e[-+]?\d+)?|Inf|NaN)(?: -?\d+)?$/i.test(value.trim()))
    return undefined;
  return `${metricName(metric, scrubber)}${all === undefined ? '' : `{${redactLabels(all, scrubber)}}`}${value}`;
}

/** The texts of HELP and TYPE lines that this agent itself writes, by the name of the family. */
const families = new Map(
  Object.values<MetricDefinition>(catalogue).map(({ name, help, type }) => [name, new Set([escapedHelp(help), type])]),
);

/** https://prometheus.io/docs/instrumenting/exposition_formats/#comments-help-text-and-type-information */
function escapedHelp(help: string): string {
  return help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}

/** The name of a metric or label, word by word; percentiles have digits. */
function metricName(name: string, scrubber: Scrubber): string {
  if (families.has(name.replace(/_(?:bucket|sum|count)$/, ''))) return name;
  const words = name.split('_').map((word) => (/^p\d{1,3}$/.test(word) ? word : text(word, scrubber)));
  return words.join('_').replace(/[^a-zA-Z0-9_:]/g, '_');
}

function redactLabels(all: string, scrubber: Scrubber): string {
  return all.replace(labels, (_, name: string, value: string) => {
    const known = Object.hasOwn(rules, name);
    const rule = known ? rules[name as Label] : text;
    return `${known ? name : metricName(name, scrubber)}="${escaped(rule(unescaped(value), scrubber))}"`;
  });
}

function unescaped(value: string): string {
  return value.replace(/\\(.)/gs, (_, character: string) => (character === 'n' ? '\n' : character));
}

/** https://prometheus.io/docs/instrumenting/exposition_formats/#comments-help-text-and-type-information */
function escaped(value: string): string {
  return value.replace(/[\\"\n]/g, (character) => (character === '\n' ? '\\n' : `\\${character}`));
}
