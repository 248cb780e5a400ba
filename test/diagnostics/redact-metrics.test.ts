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
    const all = [...labels, 'machine_id', 'system_uuid', 'container_id', 'a_label_of_tomorrow'].sort();
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

test('keeps values without host data unchanged, with their escapes', () => {
  const text = '# HELP x y\n# TYPE x gauge\nx{container_id="/win/a\\"b\\\\c\\nd",destination="127.0.0.1:80"} 1\n';
  const bounds = ['0.005', '2.5', '10', '+Inf'].map(
    (le) => `x_bucket{version="1.2.3",new="4.5",le="${le}",domain="IP.in-addr.arpa"} 1\n`,
  );
  assert.equal(redactMetrics(text + bounds.join(''), scrubber()), text + bounds.join(''));
});
