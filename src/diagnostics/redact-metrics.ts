// Redaction of Prometheus text: a rule for each label of the catalogue; a label without one does not compile.
import type { catalogue } from '../collectors/catalogue.ts';
import { dnsName, endpoint } from '../redaction/network-rules.ts';
import { hostname, id, type Rule, text } from '../redaction/rules.ts';
import type { Scrubber } from '../redaction/scrub.ts';

/** Labels of the catalogue, of scopes, and of Coroot's families that have host names. */
type Label =
  | (typeof catalogue)[keyof typeof catalogue]['labels'][number]
  | 'machine_id'
  | 'system_uuid'
  | 'container_id'
  | 'request_type'
  | 'domain'
  | 'status'
  | 'fqdn'
  | 'destination_ip'
  | 'le';

const rules: Readonly<Record<Label, Rule<string>>> = {
  machine_id: id,
  system_uuid: id,
  container_id: text,
  hostname,
  kernel_version: text,
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
  destination: endpoint,
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
};

/** Redacts samples. HELP and TYPE lines have no data of the host and stay. */
export function redactMetrics(exposition: string, scrubber: Scrubber): string {
  return exposition
    .split('\n')
    .map((line) => (line.startsWith('#') ? line : redactSample(line, scrubber)))
    .join('\n');
}

function redactSample(line: string, scrubber: Scrubber): string {
  return line.replace(/([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"/g, (_, label: string, value: string) => {
    const rule = Object.hasOwn(rules, label) ? rules[label as Label] : domainOrText;
    return `${label}="${escaped(rule(unescaped(value), scrubber))}"`;
  });
}

/** For a label that this version does not define: the agent may be newer. */
const domainOrText: Rule<string> = (value, scrubber) =>
  /^[\w-]+(\.[\w-]+)*\.[a-z][\w-]*$/i.test(value) ? dnsName(value, scrubber) : text(value, scrubber);

function unescaped(value: string): string {
  return value.replace(/\\(.)/gs, (_, character: string) => (character === 'n' ? '\n' : character));
}

/** https://prometheus.io/docs/instrumenting/exposition_formats/#comments-help-text-and-type-information */
function escaped(value: string): string {
  return value.replace(/[\\"\n]/g, (character) => (character === '\n' ? '\\n' : `\\${character}`));
}
