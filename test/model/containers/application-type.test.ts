// Application types by image name: the table of section 8 of the reference, and names that its endings mislabel.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { applicationType } from '../../../src/model/containers/application-type.ts';
import { aModel, containerOf, HOUR_MS, round, wall, web } from '../../helpers/model.ts';

/** Types in the reference by image name. */
const reference: Record<string, string> = {
  'sqlservr.exe': 'mssql',
  'mysqld.exe': 'mysql',
  'mariadbd.exe': 'mysql',
  'postgres.exe': 'postgres',
  'redis-server.exe': 'redis',
  'redis-sentinel.exe': 'redis-sentinel',
  'mongod.exe': 'mongodb',
  'mongos.exe': 'mongos',
  'memcached.exe': 'memcached',
  'nginx.exe': 'nginx',
  'httpd.exe': 'httpd',
  'w3wp.exe': 'dotnet',
  'java.exe': 'java',
  'dockerd.exe': 'dockerd',
  'consul.exe': 'consul',
  'vault.exe': 'vault',
  'prometheus.exe': 'prometheus',
  'traefik.exe': 'traefik',
  'etcd.exe': 'etcd',
  'kubelet.exe': 'kubelet',
  'influxd.exe': 'influxdb',
  'nats-server.exe': 'nats',
  'ollama.exe': 'ollama',
  'cockroach.exe': 'cockroach',
  'clickhouse-server': 'clickhouse',
  'coroot-node-agent.exe': 'coroot-node-agent',
  'coroot-ee': 'coroot-enterprise-edition',
  'victoria-metrics-windows-amd64-prod.exe': 'victoria-metrics',
  'victoria-logs-prod.exe': 'victoria-logs',
  'php-cgi.exe': 'php',
  'php8.2': 'php',
  'python3.12': 'python',
  'PYTHON.EXE': 'python',
  'node.exe': 'nodejs',
  nodejs18: 'nodejs',
  'ruby3.3': 'ruby',
};

test('returns the types of the reference for its names', () => {
  for (const [name, type] of Object.entries(reference)) assert.equal(applicationType(name), type, name);
});

test('returns only types that Coroot has', () => {
  const families = JSON.parse(
    readFileSync(new URL('../../fixtures/reference/metrics.json', import.meta.url), 'utf8'),
  ) as {
    name: string;
    labelValues?: { application_type?: string[] };
  }[];
  const allowed = new Set(
    families.find(({ name }) => name === 'container_application_type')!.labelValues!.application_type,
  );
  for (const name of [...Object.keys(reference), 'javaw.exe', 'dotnet.exe'])
    assert.ok(allowed.has(applicationType(name)!), name);
});

test('ignores an ending inside a word, which the reference mislabels', () => {
  for (const name of ['lsasd.exe', 'mynode.exe', 'keyvault.exe', 'ourapache.exe', 'notpython.exe', 'demojava.exe']) {
    assert.equal(applicationType(name), undefined, name);
  }
  assert.equal(applicationType('my-postgres.exe'), 'postgres');
});

test('ignores what follows a space, and a colon at the end', () => {
  assert.equal(applicationType('postgres: writer process'), 'postgres');
  assert.equal(applicationType('svchost.exe'), undefined);
  assert.equal(applicationType(''), undefined);
});

test('lists each type among the processes once, as the same object in every tick', () => {
  const model = aModel();
  const processes = [
    { pid: 100, createdAtMs: wall(-HOUR_MS), name: 'launcher.exe' },
    { pid: 101, parentPid: 100, createdAtMs: wall(-10), name: 'node.exe' },
    { pid: 102, parentPid: 100, createdAtMs: wall(-10), name: 'node.exe' },
    { pid: 103, parentPid: 100, createdAtMs: wall(-10), name: 'redis-server.exe' },
  ];
  round(model, 0, { services: [web()], processes });
  const before = containerOf(model).applicationTypes;
  assert.deepEqual([...before.keys()], ['nodejs', 'redis']);
  round(model, 15_000, { processes: processes.slice(0, 3) });
  assert.deepEqual([...containerOf(model).applicationTypes.values()], [before.get('nodejs')]);
  assert.equal(containerOf(model).applicationTypes.get('nodejs'), before.get('nodejs'));
});
