// Redaction of Prometheus text with a canary in every label: none is left, and nothing else changes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catalogue, type MetricDefinition } from '../../src/collectors/catalogue.ts';
import { redactMetrics } from '../../src/diagnostics/redact-metrics.ts';
import { Scrubber } from '../../src/redaction/scrub.ts';
import { canary, DOMAIN, HOST, traces, USER } from '../helpers/canaries.ts';
import { parseExposition } from '../helpers/exposition.ts';

const formed: Readonly<Record<string, string>> = {
  machine_id: 'ca0123cafeca4fe08cabca01ca23ca45',
  system_uuid: 'CA0123CA-FECA-4FE0-8CAB-CA01CA23CA45',
  hostname: HOST,
  destination: 'db.canary.example:5432',
  actual_destination: '203.0.113.77:443',
  listen_addr: '[2001:db8:ca:fe::1]:80',
  ip: 'fe80::ca:1',
  domain: 'db.canary.example',
};
const families = Object.values<MetricDefinition>(catalogue).filter(({ type }) => type !== 'histogram');

function scrubber(): Scrubber {
  const made = new Scrubber();
  made.addHost(HOST);
  made.addAccount(`${DOMAIN}\\${USER}`);
  return made;
}

const escaped = (text: string): string => text.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n');
const exposition = families
  .map(({ name, type, help, labels }) => {
    const all = [...labels, 'machine_id', 'system_uuid', 'container_id', 'next_version_label'].sort();
    const pairs = all.map((label) => `${label}="${escaped(formed[label] ?? `"${canary}"\n\\`)}"`);
    return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${name}{${pairs.join(',')}} 12.5\n`;
  })
  .join('');

test('leaves no canary in any label, including unknown ones', () => {
  const redacted = redactMetrics(exposition, scrubber());
  for (const trace of traces) assert.doesNotMatch(redacted, trace);
  const [before, after] = [parseExposition(exposition), parseExposition(redacted)];
  assert.deepEqual(
    after.map(({ name, type, help, samples }) => [
      name,
      type,
      help,
      samples.map(({ value, labels }) => [value, Object.keys(labels)]),
    ]),
    before.map(({ name, type, help, samples }) => [
      name,
      type,
      help,
      samples.map(({ value, labels }) => [value, Object.keys(labels)]),
    ]),
  );
  assert.ok(after.length > 40);
});

test('keeps values of listed words unchanged, with their escapes', () => {
  const text =
    '# HELP node_info Size of a disk.\n# TYPE node_info gauge\n' +
    'node_info{container_id="/win/a\\"Windows\\\\System32\\ndriver",destination="127.0.0.1:80"} 1\n';
  const bounds = ['0.005', '2.5', '10', '+Inf'].map(
    (le) => `request_bucket{version="1.2.3",new="4.5",le="${le}",domain="IP.in-addr.arpa"} 1\n`,
  );
  assert.equal(redactMetrics(text + bounds.join(''), scrubber()), text + bounds.join(''));
});

test('removes lines that are no samples, and replaces unknown names of metrics and labels', () => {
  const foreign = [
    'acme_orders_total{acme_site="acme"} 1',
    '# acme was here',
    'acme',
    'up{x="acme} 1',
    'up acme',
    '# HELP acme_up of acme',
    'node_load{device="C:"} +Inf 1700000000000',
    '',
  ];
  assert.equal(
    redactMetrics(foreign.join('\n'), scrubber()),
    'name_1_name_2_total{name_1_site="name-1"} 1\n# HELP name_1_up of name-1\nnode_load{device="C:"} +Inf 1700000000000\n',
  );
});

test('replaces names that begin like a placeholder', () => {
  const sample = (domain: string) => `container_dns_requests_total{domain="${domain}"} 1\n`;
  for (const name of ['~zzTilde.example.com', 'IP.zz.example.com', '~other.zz.example'])
    assert.equal(redactMetrics(sample(name), scrubber()), sample('host-1'), name);
  for (const kept of ['~other', '~invalid', 'IP.in-addr.arpa', 'IP.ec2.internal'])
    assert.equal(redactMetrics(sample(kept), scrubber()), sample(kept));
});

test('keeps destinations, reasons and results of the delivery, and no similar host', () => {
  const sample = (labels: string) => `coroot_agent_delivery_dropped_items_total{${labels}} 3\n`;
  const reasons =
    'out_of_order too_old duplicate too_large invalid spool_full disk_full disk_error disk_slow locked missing';
  for (const reason of reasons.split(' ')) {
    const kept = sample(`destination="metrics",reason="${reason}"`) + sample(`destination="logs",reason="${reason}"`);
    assert.equal(redactMetrics(kept, scrubber()), kept);
  }
  for (const reason of 'body attribute_name attribute_value attribute time trace_id span_id'.split(' ')) {
    const kept = `coroot_agent_delivery_changes_total{destination="logs",reason="${reason}"} 3\n`;
    assert.equal(redactMetrics(kept, scrubber()), kept);
  }
  for (const result of ['success', 'retryable', 'refused', 'too-large', 'rejected', 'redirected']) {
    const kept = `coroot_agent_delivery_requests_total{destination="logs",result="${result}"} 1\n`;
    assert.equal(redactMetrics(kept, scrubber()), kept);
  }
  assert.equal(redactMetrics(sample('destination="logs.acme:443"'), scrubber()), sample('destination="host-1:443"'));
});
