// Compares the catalogue with Coroot's own metrics, and checks rules for every family.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { catalogue, type MetricDefinition } from '../../src/collectors/catalogue.ts';

interface Reference {
  name: string;
  type: string;
  help: string;
  labels: string[];
  constLabels: string[];
  optionalConstLabels: string[];
  /** Labels that only Linux has. */
  windowsOmits?: string[];
  buckets?: number[];
}

const read = (name: string): Reference[] =>
  JSON.parse(readFileSync(new URL(`../fixtures/reference/${name}`, import.meta.url), 'utf8')) as Reference[];
/** Families of Coroot's agent for Windows, and those of its Linux agent that the former lacks. */
const reference: Reference[] = [...read('metrics.json'), ...read('linux-only-metrics.json')];
const families: MetricDefinition[] = Object.values<MetricDefinition>(catalogue);
/** Families about the host that Coroot does not have; each needs a reason. */
const ownFamilies: readonly string[] = [
  // Errors and drops are the first sign of a failing network card or switch port.
  'node_net_received_errors_total',
  'node_net_transmitted_errors_total',
  'node_net_received_dropped_total',
  'node_net_transmitted_dropped_total',
  // Coroot counts all restarts alike; a crash needs attention, a planned restart does not.
  'container_restarts_by_cause_total',
  // Leaks of threads and handles make services on Windows fail, and show in no other family.
  'container_resources_threads',
  'container_resources_handles',
  // Hard faults show that a container waits for the page file; Windows has no pressure metrics like Linux.
  'container_resources_page_faults_total',
  // Most events of Windows itself belong to no container, and Coroot drops them.
  'node_log_messages_total',
  // An alert on an event needs its provider and id; Coroot has its text only.
  'windows_event_log_messages_total',
];
const isSelf = ({ name }: { name: string }): boolean => name.startsWith('coroot_agent_');
const isOurs = ({ name }: { name: string }): boolean => isSelf({ name }) || ownFamilies.includes(name);

/** Labels that a scope adds, by the reference (az and region come with the cloud metadata, and are optional there). */
const scopeLabels = {
  node: ['machine_id', 'system_uuid'],
  agent: ['machine_id', 'system_uuid'],
  container: ['machine_id', 'system_uuid', 'container_id'],
};

for (const family of families.filter((each) => !isOurs(each))) {
  test(`${family.name} is equal to Coroot's family`, () => {
    const theirs = reference.find(({ name }) => name === family.name);
    assert.ok(theirs, 'Coroot has no such family');
    const { type, help, labels, buckets } = family;
    assert.deepEqual(
      { type, help, labels: labels.toSorted(), buckets },
      { type: theirs.type, help: theirs.help, labels: theirs.labels.toSorted(), buckets: theirs.buckets },
    );
    assert.ok(family.scope !== 'self');
    assert.deepEqual(
      scopeLabels[family.scope].toSorted(),
      theirs.constLabels
        .filter((label) => ![...theirs.optionalConstLabels, ...(theirs.windowsOmits ?? [])].includes(label))
        .toSorted(),
    );
  });
}

test('lists exactly the families that Coroot does not have as our own', () => {
  for (const family of families) {
    assert.equal(isSelf(family), family.scope === 'self', family.name);
    assert.equal(isOurs(family), !reference.some(({ name }) => name === family.name), family.name);
  }
});

test('has the families that the Coroot server requires', () => {
  const names = new Set(families.map(({ name }) => name));
  for (const name of [
    'node_info',
    'node_uptime_seconds',
    'container_info',
    'container_net_tcp_listen_info',
    'container_net_tcp_active_connections',
  ]) {
    assert.ok(names.has(name), name);
  }
});

test('has each family once, with a unit and a condition', () => {
  assert.equal(new Set(families.map(({ name }) => name)).size, families.length);
  for (const { name, unit, emittedWhen } of families) {
    assert.match(name, /^[a-z][a-z0-9_]*$/);
    assert.ok(unit.length > 0 && emittedWhen.length > 0, name);
  }
});

test('ends names of our counters only in _total, and gives our families help texts', () => {
  for (const { name, type, help } of families.filter(isOurs)) {
    assert.equal(name.endsWith('_total'), type === 'counter', name);
    assert.match(help, /^[A-Z].*[^.]$/);
  }
});

test('has valid labels, none of which its scope adds again', () => {
  for (const { name, labels, scope } of families) {
    for (const label of labels) assert.match(label, /^[a-z][a-z0-9_]*$/, name);
    const all = [...labels, ...(scope === 'self' ? [] : scopeLabels[scope])];
    assert.equal(new Set(all).size, all.length, name);
  }
});
