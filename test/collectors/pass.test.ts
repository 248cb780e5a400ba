// Collection passes: the series of each collector, and the isolation of a collector that fails.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SelfMetrics } from '../../src/base/self-metrics.ts';
import { catalogue } from '../../src/collectors/catalogue.ts';
import type { Collector } from '../../src/collectors/collector.ts';
import { collectors } from '../../src/collectors/index.ts';
import { PassRunner } from '../../src/collectors/pass.ts';
import type { Snapshot } from '../../src/collectors/samples.ts';
import type { HostModel } from '../../src/model/host-model.ts';
import { parseExposition } from '../helpers/exposition.ts';
import { aModel, HOUR_MS, type Round, round, wall, web } from '../helpers/model.ts';
import { anAdapter, anIdentity, aService, observation, tcpTable } from '../helpers/observations.ts';
import { shown } from '../helpers/samples.ts';

function aRunner(list: readonly Collector[] = collectors, now: () => number = () => 0) {
  const selfMetrics = new SelfMetrics();
  const faults: [string, unknown][] = [];
  const passes = new PassRunner({
    collectors: list,
    agentVersion: '9.9.9',
    selfMetrics,
    now,
    verifyLabels: true,
    onFault: (name, error) => faults.push([name, error]),
  });
  return { selfMetrics, faults, passes };
}

/** `name{label="value",...} value` of every series; container series without the two ids of the machine. */
function lines(snapshot: Snapshot): string[] {
  return snapshot.families.flatMap((family) =>
    shown(family).map(({ name, labels, value }) => {
      const listed = Object.entries(labels).filter(
        ([label]) => family.definition.scope !== 'container' || !/^(machine_id|system_uuid)$/.test(label),
      );
      return `${name}{${listed.map(([label, text]) => `${label}="${text}"`).join(',')}} ${value}`;
    }),
  );
}

const processes = [
  {
    pid: 100,
    createdAtMs: wall(-HOUR_MS),
    userMs: 1000,
    workingSetBytes: 900,
    privateWorkingSetBytes: 400,
    threads: 5,
    handles: 70,
  },
  {
    pid: 101,
    parentPid: 100,
    createdAtMs: wall(-10),
    privateWorkingSetBytes: 100,
    threads: 2,
    handles: 8,
    pageFaults: 1000,
    hardFaults: 20,
  },
];
const everything: Round = {
  services: [web()],
  processes,
  adapters: [anAdapter()],
  tcp: [
    tcpTable(4, [
      { local: '0.0.0.0:80', pid: 100 },
      { local: '10.0.0.5:50000', remote: '10.0.0.9:5432', pid: 101 },
      { local: '10.0.0.5:50001', remote: '10.0.0.9:5432', pid: 101 },
    ]),
  ],
};

function aWebModel(): HostModel {
  const model = aModel();
  model.observe(
    observation('identity', anIdentity({ machineId: 'M', systemUuid: 'S', hostname: 'H', kernelVersion: 'Windows X' })),
  );
  model.observe(observation('system', { uptimeMs: 12_999 }));
  round(model, 0, everything);
  return model;
}

test('emits exactly these series for a host with one service', () => {
  const model = aWebModel();
  const { passes } = aRunner();
  passes.run(model, 0);
  round(model, 15_000, {
    ...everything,
    processes: [
      { ...processes[0]!, userMs: 2500 },
      { ...processes[1]!, pageFaults: 1030, hardFaults: 25 },
    ],
  });
  assert.deepEqual(lines(passes.run(model, 0)), [
    'container_info{container_id="/win/web",image="",systemd_triggered_by="",systemd_type=""} 1',
    'container_net_tcp_active_connections{actual_destination="10.0.0.9:5432",container_id="/win/web",destination="10.0.0.9:5432"} 2',
    'container_net_tcp_listen_info{container_id="/win/web",listen_addr="10.0.0.5:80",proxy=""} 1',
    'container_resources_cpu_usage_seconds_total{container_id="/win/web"} 1.5',
    'container_resources_handles{container_id="/win/web"} 78',
    'container_resources_memory_rss_bytes{container_id="/win/web"} 500',
    'container_resources_page_faults_total{container_id="/win/web",kind="hard"} 5',
    'container_resources_page_faults_total{container_id="/win/web",kind="soft"} 25',
    'container_resources_threads{container_id="/win/web"} 7',
    'container_restarts_by_cause_total{cause="crash",container_id="/win/web"} 0',
    'container_restarts_by_cause_total{cause="planned",container_id="/win/web"} 0',
    'container_restarts_by_cause_total{cause="unknown",container_id="/win/web"} 0',
    'container_restarts_total{container_id="/win/web"} 0',
    'node_agent_info{machine_id="M",system_uuid="S",version="9.9.9"} 1',
    'node_cloud_info{account_id="",availability_zone="",availability_zone_id="",instance_id="",instance_life_cycle="",instance_type="",local_ipv4="",machine_id="M",provider="",public_ipv4="",region="",system_uuid="S"} 1',
    'node_info{hostname="H",kernel_version="Windows X",machine_id="M",system_uuid="S"} 1',
    'node_net_interface_ip{interface="Ethernet",ip="10.0.0.5",machine_id="M",system_uuid="S"} 1',
    'node_net_interface_up{interface="Ethernet",machine_id="M",system_uuid="S"} 1',
    'node_uptime_seconds{machine_id="M",system_uuid="S"} 12',
  ]);
});

test('emits exactly these series for a node with processors, memory, a disk and an adapter', () => {
  const model = aModel();
  model.observe(observation('identity', anIdentity({ machineId: 'M', systemUuid: 'S' })));
  model.observe(observation('cpu', { logicalProcessors: 96, userMs: 1500, systemMs: 250, idleMs: 10_000 }));
  const memory = {
    totalBytes: 800,
    availableBytes: 500,
    freeBytes: 100,
    cachedBytes: 400,
    source: 'page lists' as const,
  };
  model.observe(observation('memory', memory));
  const counters = {
    reads: 1,
    writes: 2,
    readBytes: 3,
    writtenBytes: 4,
    readMs: 1234.5,
    writeMs: 500,
    idleMs: 1000,
    queryMs: 5000,
  };
  const disk = { device: 'C:', mountPoint: 'C:\\', volume: 'v' };
  model.observe(
    observation('disks', [
      { ...disk, counters },
      { ...disk, device: 'D:' },
    ]),
  );
  model.observe(
    observation('disks', [
      { ...disk, counters: { ...counters, queryMs: 7000, idleMs: 1500 } },
      { ...disk, device: 'D:' },
    ]),
  );
  model.observe(observation('adapters', [anAdapter({ name: 'E', addresses: ['10.0.0.5', '10.0.0.5'] })]));
  const link = { index: 2, name: 'E', description: '', type: 6, hardware: true, filter: false, lowerIndexes: [] };
  const received = { receivedBytes: 10, receivedPackets: 11, receivedErrors: 12, receivedDrops: 13 };
  const transmitted = { transmittedBytes: 20, transmittedPackets: 21, transmittedErrors: 22, transmittedDrops: 23 };
  model.observe(observation('interfaces', [{ ...link, ...received, ...transmitted }]));
  const found = lines(aRunner().passes.run(model, 0)).filter((line) => /^node_(resources|net)/.test(line));
  assert.deepEqual(
    found.map((line) =>
      line
        .replace(',machine_id="M",system_uuid="S"', '')
        .replace('{machine_id="M",system_uuid="S"', '{')
        .replace('machine_id="M",', '')
        .replace(',system_uuid="S"', ''),
    ),
    [
      'node_net_interface_ip{interface="E",ip="10.0.0.5"} 1',
      'node_net_interface_up{interface="E"} 1',
      'node_net_received_bytes_total{interface="E"} 10',
      'node_net_received_dropped_total{interface="E"} 13',
      'node_net_received_errors_total{interface="E"} 12',
      'node_net_received_packets_total{interface="E"} 11',
      'node_net_transmitted_bytes_total{interface="E"} 20',
      'node_net_transmitted_dropped_total{interface="E"} 23',
      'node_net_transmitted_errors_total{interface="E"} 22',
      'node_net_transmitted_packets_total{interface="E"} 21',
      'node_resources_cpu_logical_cores{} 96',
      'node_resources_cpu_usage_seconds_total{mode="user"} 1.5',
      'node_resources_cpu_usage_seconds_total{mode="system"} 0.25',
      'node_resources_cpu_usage_seconds_total{mode="idle"} 10',
      'node_resources_disk_io_time_seconds_total{device="C:"} 1.5',
      'node_resources_disk_read_bytes_total{device="C:"} 3',
      'node_resources_disk_read_time_seconds_total{device="C:"} 1.2345',
      'node_resources_disk_reads_total{device="C:"} 1',
      'node_resources_disk_write_time_seconds_total{device="C:"} 0.5',
      'node_resources_disk_writes_total{device="C:"} 2',
      'node_resources_disk_written_bytes_total{device="C:"} 4',
      'node_resources_memory_available_bytes{} 500',
      'node_resources_memory_cached_bytes{} 400',
      'node_resources_memory_free_bytes{} 100',
      'node_resources_memory_total_bytes{} 800',
    ],
  );
});

const containerLines = (snapshot: Snapshot) =>
  lines(snapshot)
    .filter((line) => line.startsWith('container_'))
    .map((line) => line.split('{')[0]);

/** Families of a container without a process. */
const withoutProcess = [
  'container_info',
  ...new Array<string>(3).fill('container_restarts_by_cause_total'),
  'container_restarts_total',
];

test('keeps only info and restarts of a gone container', () => {
  const model = aWebModel();
  round(model, 15_000, { services: [] });
  assert.deepEqual(containerLines(aRunner().passes.run(model, 0)), withoutProcess);
});

test('emits no resources for a running service without a process', () => {
  const model = aModel();
  round(model, 0, { services: [web()], processes: [] });
  assert.deepEqual(containerLines(aRunner().passes.run(model, 0)), withoutProcess);
});

test('emits nothing for pending and shared containers', () => {
  const young = aModel({ minContainerAgeMs: 30_000 });
  round(young, 0, { ...everything, processes: [{ pid: 100, createdAtMs: wall(-1000) }] });
  assert.deepEqual(containerLines(aRunner().passes.run(young, 0)), []);
  const shared = aModel();
  round(shared, 0, { ...everything, services: [web(), aService({ name: 'other', pid: 100 })] });
  assert.deepEqual(containerLines(aRunner().passes.run(shared, 0)), []);
});

test('emits neither node_info nor uptime while they are unknown', () => {
  const snapshot = aRunner().passes.run(aModel(), 0);
  assert.deepEqual(lines(snapshot), [
    'node_agent_info{machine_id="",system_uuid="",version="9.9.9"} 1',
    'node_cloud_info{account_id="",availability_zone="",availability_zone_id="",instance_id="",instance_life_cycle="",instance_type="",local_ipv4="",machine_id="",provider="",public_ipv4="",region="",system_uuid=""} 1',
  ]);
});

test('adds an identity that arrives later to every label set', () => {
  const model = aModel();
  const { passes } = aRunner();
  round(model, 0, everything);
  passes.run(model, 0);
  model.observe(observation('identity', anIdentity({ machineId: 'M2' })));
  for (const family of passes.run(model, 0).families) {
    for (const { name, labels } of shown(family)) assert.equal(labels.machine_id, 'M2', name);
  }
});

test('emits only the new name of a renamed node', () => {
  const model = aModel();
  const { passes } = aRunner();
  for (const hostname of ['OLD', 'NEW']) {
    model.observe(observation('identity', anIdentity({ hostname })));
    const names = lines(passes.run(model, 0)).filter((line) => line.startsWith('node_info'));
    assert.equal(names.length, 1);
    assert.match(names[0]!, new RegExp(`hostname="${hostname}"`));
  }
});

test('emits only the new image of a container after a change', () => {
  const model = aModel();
  const { passes } = aRunner();
  round(model, 0, everything);
  const container = model.containers.all()[0]!;
  const images = ['web:1', 'web:1', 'web:2'].map((image) => {
    const { id, kind, name, displayName, pid, startedAtMs, startedMonoMs } = container;
    const found = { id, kind, name, displayName, pid, image };
    container.applyDiscovered(found, startedAtMs, startedMonoMs, model.clock);
    return lines(passes.run(model, 0)).filter((line) => line.startsWith('container_info'));
  });
  assert.deepEqual(
    images.map((found) => found.map((line) => /image="([^"]*)"/.exec(line)![1])),
    [['web:1'], ['web:1'], ['web:2']],
  );
  assert.ok(passes.states.every(({ failures }) => failures === 0));
});

test('fails a collector that changes the labels of an owner, when labels are verified', () => {
  const owner = { version: '1' };
  const changing: Collector = {
    name: 'changing',
    collect: (_context, sink) => sink.add(catalogue.agentInfo, owner, ({ version }) => ({ version }), 1),
  };
  const { passes } = aRunner([changing]);
  passes.run(aModel(), 0);
  owner.version = '2';
  passes.run(aModel(), 0);
  assert.match(passes.states[0]!.lastError, /label version changed from "1" to "2"/);
});

test('keeps label sets from pass to pass', () => {
  const model = aWebModel();
  const { passes } = aRunner();
  const sets = () =>
    passes.run(model, 0).families.flatMap((family) => [...family.samples()].map(({ labels }) => labels));
  const before = sets();
  round(model, 15_000, everything);
  const after = sets();
  assert.equal(after.length, before.length);
  for (const [i, labels] of after.entries()) assert.equal(labels, before[i]);
});

function good(name: string): Collector {
  const owner = { version: name };
  return {
    name,
    collect: (_context, sink) =>
      sink.add({ ...catalogue.agentInfo, name: `${name}_info` }, owner, ({ version }) => ({ version }), 1),
  };
}

test('counts and names a collector that throws, and runs the others', async () => {
  let failing = true;
  const bad: Collector = {
    name: 'bad',
    collect() {
      if (failing) throw new Error('it broke');
    },
  };
  const { selfMetrics, faults, passes } = aRunner([good('first'), bad, good('last')]);
  const model = aModel();
  const snapshot = passes.run(model, 0);
  assert.deepEqual(
    lines(snapshot).map((line) => line.split('{')[0]),
    ['first_info', 'last_info'],
  );
  assert.equal((await selfMetrics.counterValues())['coroot_agent_collector_failures_total{collector="bad"}'], 1);
  assert.deepEqual(passes.states, [
    { name: 'first', failures: 0, lastError: '' },
    { name: 'bad', failures: 1, lastError: 'it broke' },
    { name: 'last', failures: 0, lastError: '' },
  ]);
  passes.run(model, 0);
  assert.deepEqual([passes.states[1]!.failures, faults.length], [2, 1]);
  failing = false;
  passes.run(model, 0);
  assert.equal(passes.states[1]!.failures, 2);
});

test('reports a collector again when its error text changes', () => {
  let n = 0;
  const bad: Collector = {
    name: 'bad',
    collect() {
      throw new Error(`fault ${Math.floor(n++ / 2)}`);
    },
  };
  const { faults, passes } = aRunner([bad]);
  for (let i = 0; i < 4; i++) passes.run(aModel(), 0);
  assert.deepEqual(
    faults.map(([name, error]) => [name, (error as Error).message]),
    [
      ['bad', 'fault 0'],
      ['bad', 'fault 1'],
    ],
  );
});

test('drops and counts duplicate series', async () => {
  const twice: Collector = {
    name: 'twice',
    collect(_context, sink) {
      for (let i = 0; i < 3; i++) sink.add(catalogue.containerRestarts, {}, () => ({ container_id: '/win/a' }), i);
    },
  };
  const { selfMetrics, passes } = aRunner([twice]);
  const snapshot = passes.run(aModel(), 0);
  assert.equal(lines(snapshot).length, 1);
  assert.equal((await selfMetrics.counterValues())['coroot_agent_series_dropped_total{reason="duplicate"}'], 2);
});

test('counts a run of a collector that takes more than 100 ms', async () => {
  let time = 0;
  const slow = (name: string, ms: number): Collector => ({
    name,
    collect() {
      time += ms;
    },
  });
  const { selfMetrics, passes } = aRunner([slow('quick', 100), slow('slow', 101)], () => time);
  passes.run(aModel(), 0);
  assert.deepEqual(await selfMetrics.counterValues(), {
    'coroot_agent_collector_overruns_total{collector="slow"}': 1,
    coroot_agent_passes_total: 1,
  });
});

test('records count, duration and series of a pass as self-metrics, and the time of the host', async () => {
  let time = 1000;
  const slow: Collector = {
    name: 'slow',
    collect({ model }, sink) {
      time += 50;
      sink.add(catalogue.agentInfo, model, () => ({ version: '1' }), 1);
    },
  };
  const { passes, selfMetrics } = aRunner([slow], () => time);
  const model = aWebModel();
  passes.run(model, 900);
  assert.deepEqual([passes.count, passes.lastSeconds, passes.lastAtMs], [1, 0.15, wall(10)]);
  passes.run(model, 1050);
  assert.deepEqual([passes.count, passes.lastSeconds, passes.snapshot?.atMs], [2, 0.05, wall(10)]);
  const samples = parseExposition(await selfMetrics.text()).flatMap((family) => family.samples);
  const values = new Map(samples.map(({ name, labels: { le = '' }, value }) => [`${name} ${le}`.trim(), value]));
  assert.equal(values.get('coroot_agent_passes_total'), 2);
  assert.equal(values.get('coroot_agent_series'), 1);
  assert.equal(values.get('coroot_agent_pass_duration_seconds_bucket 0.05'), 1);
  assert.equal(values.get('coroot_agent_pass_duration_seconds_bucket 0.1'), 1);
  assert.equal(values.get('coroot_agent_pass_duration_seconds_bucket 0.25'), 2);
  assert.equal(values.get('coroot_agent_pass_duration_seconds_count'), 2);
});

test('drops the samples of a collector that fails midway, and clears its error after a good run', async () => {
  let broken = true;
  const half: Collector = {
    name: 'half',
    collect({ model: { node }, nodeLabels }, sink) {
      sink.add(catalogue.nodeCores, node, () => nodeLabels, 4);
      if (broken) throw new Error('in the middle');
      sink.add(catalogue.nodeMemoryTotal, node, () => nodeLabels, 5);
    },
  };
  const model = aModel();
  const { passes, selfMetrics } = aRunner([half]);
  assert.deepEqual(lines(passes.run(model, 0)), []);
  assert.equal(passes.states[0]!.lastError, 'in the middle');
  broken = false;
  const ids = 'machine_id="",system_uuid=""';
  assert.deepEqual(lines(passes.run(model, 0)), [
    `node_resources_cpu_logical_cores{${ids}} 4`,
    `node_resources_memory_total_bytes{${ids}} 5`,
  ]);
  assert.deepEqual([passes.states[0]!.failures, passes.states[0]!.lastError], [1, '']);
  assert.equal((await selfMetrics.counterValues())['coroot_agent_series_dropped_total{reason="duplicate"}'], undefined);
});
