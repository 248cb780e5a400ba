// A host with Windows containers, which have processes in the process list and sockets in own network compartments.
import { parseContainer } from '../../../src/sources/docker/parse-container.ts';
import { parseStats } from '../../../src/sources/docker/parse-stats.ts';
import type { DockerContainer, DockerDaemon } from '../../../src/sources/host.ts';
import { type FakeContainer, fakeContainer, inspectOf, windowsStats } from '../fake-docker.ts';
import { WALL_AT_ZERO_MS } from '../observations.ts';
import { GIB, Machine, MIB } from './machine.ts';
import { type ExtraReading, quiet, type Scenario } from './scenario.ts';

function machine(): Machine {
  const host = new Machine({
    hostname: 'DOCK03',
    productName: 'Windows Server 2022 Datacenter',
    version: { major: 10, minor: 0, build: 20348 },
    machineGuid: 'd0c4e2e0-0000-4000-8000-00000000d0c4',
    uuidBytes: [0xec, 0x2a, 0x4d, 0x31, 0x6b, 0x2f, 0x4c, 0x8e, 0x9d, 0x07, 0x52, 0xe1, 0xf0, 0xb3, 0xa6, 0xc4],
    groups: [8],
    totalBytes: 32 * GIB,
    availableBytes: 20 * GIB,
    systemCachePages: 1_000_000,
    pageLists: { zeroed: 3_000_000, free: 100_000, modified: 20_000, standby: [0, 0, 0, 0, 0, 2_000_000, 100_000, 0] },
    elevated: true,
    privileges: ['SeDebugPrivilege', 'SeProfileSingleProcessPrivilege'],
    upForMs: 3 * 86_400_000,
  });
  host.volume({
    guid: 'dddd0000-0001-4000-8000-000000000001',
    mountPoints: ['C:\\'],
    sizeBytes: 500 * GIB,
    writeRate: 30,
  });
  host.adapter({ index: 1, alias: 'Loopback Pseudo-Interface 1', type: 24, flags: 0, addresses: ['127.0.0.1', '::1'] });
  // An external switch: the addresses of the physical port are on the vEthernet adapter.
  host.adapter({ index: 5, alias: 'Ethernet', addresses: [], packetRate: 400 });
  host.adapter({
    index: 12,
    alias: 'Hyper-V Virtual Switch Extension Adapter',
    type: 6,
    flags: 0,
    lowerIndexes: [5],
    packetRate: 400,
    countersOnly: true,
  });
  host.adapter({
    index: 14,
    alias: 'vEthernet (Ethernet)',
    description: 'Hyper-V Virtual Ethernet Adapter',
    flags: 0,
    addresses: ['10.40.0.8'],
    lowerIndexes: [12],
    packetRate: 400,
  });
  // The switch of the containers is internal: no adapter below it counts its frames.
  host.adapter({
    index: 20,
    alias: 'vEthernet (nat)',
    description: 'Hyper-V Virtual Ethernet Adapter #2',
    flags: 0,
    addresses: ['172.25.0.1', 'fe80::25:1'],
    packetRate: 50,
  });
  host.adapter({
    index: 31,
    alias: 'vEthernet (Ethernet 31)',
    compartment: 2,
    addresses: ['172.25.0.11'],
    packetRate: 30,
    flags: 0,
  });
  host.adapter({
    index: 36,
    alias: 'vEthernet (Ethernet 36)',
    compartment: 3,
    addresses: ['172.25.0.12'],
    packetRate: 20,
    flags: 0,
  });

  host.service('docker', {
    displayName: 'Docker Engine',
    binaryPath: '"C:\\Program Files\\Docker\\dockerd.exe" --run-service',
  });
  host.process({
    pid: 1800,
    image: 'dockerd.exe',
    workingSetBytes: 70 * MIB,
    userRate: 15,
    kernelRate: 10,
    threads: 30,
    handles: 500,
    writeRate: 5,
  });
  host.start('docker', 1800);
  host.listen(1800, '127.0.0.1:2375');
  host.service('hns', {
    displayName: 'Host Network Service',
    type: 0x20,
    binaryPath: 'C:\\Windows\\system32\\svchost.exe -k NetSvcs -p',
  });
  host.process({ pid: 1900, image: 'svchost.exe', workingSetBytes: 15 * MIB });
  host.start('hns', 1900);
  host.service('vmcompute', {
    displayName: 'Hyper-V Host Compute Service',
    binaryPath: 'C:\\Windows\\system32\\vmcompute.exe',
  });
  host.process({ pid: 2000, image: 'vmcompute.exe', workingSetBytes: 8 * MIB });
  host.start('vmcompute', 2000);
  // The container `web`: a session with its own services.exe and program; the creator of the session has exited.
  host.process({ pid: 7000, parentPid: 6990, image: 'smss.exe', sessionId: 2 });
  host.process({ pid: 7010, parentPid: 7000, image: 'wininit.exe', sessionId: 2 });
  host.process({ pid: 7020, parentPid: 7010, image: 'services.exe', sessionId: 2 });
  host.process({ pid: 7030, parentPid: 7020, image: 'CExecSvc.exe', sessionId: 2 });
  host.process({
    pid: 7040,
    parentPid: 7030,
    image: 'node.exe',
    sessionId: 2,
    userRate: 80,
    workingSetBytes: 90 * MIB,
  });
  host.jobs.push({ name: '\\Container_5e1f0c7a', roots: [7000], memoryLimitBytes: 512 * MIB, cpuRate: 2500 });
  // The engine has a memory limit.
  host.jobs.push({
    name: '\\BaseNamedObjects\\docker-engine',
    roots: [1800, 8200],
    memoryLimitBytes: 2 * GIB,
    cpuRate: 5000,
  });
  host.sockets.push({ pid: 7040, local: '0.0.0.0:3000', compartment: 2 });
  host.connect(7040, '172.25.0.11:49800', '10.40.0.30:5432', 2);
  return host;
}

const started = (ms: number): string => new Date(WALL_AT_ZERO_MS + ms).toISOString();
const HOUR_MS = 3_600_000;
const [webId, blueId, reportsId] = ['5e1f0c7a', '7b20d4e9', '91c8a3f0'].map((start) => start.padEnd(64, '0'));

const shopWeb = fakeContainer({
  id: webId!,
  name: 'shop-web',
  image: 'registry.example/shop/web:1.4',
  pid: 7040,
  startedAt: started(-HOUR_MS),
  hostConfig: { Memory: 512 * MIB, NanoCpus: 2_000_000_000 },
  ports: { '3000/tcp': [{ HostIp: '0.0.0.0', HostPort: '8080' }] },
  networks: { nat: { EndpointID: 'df8bfb10-dbdb-6022-17e1-9bcce2f93b29', IPAddress: '172.25.0.11' } },
});
const blue: FakeContainer = {
  ...shopWeb,
  id: blueId!,
  name: 'shop-blue',
  image: 'registry.example/shop/web:1.5',
  pid: 7140,
  startedAt: started(25_000),
  ports: {},
  networks: { nat: { EndpointID: 'a0b1c2d3-0000-4000-8000-000000000012', IPAddress: '172.25.0.12' } },
};
/** The pid is one inside its virtual machine; on the host it is another container's. */
const reports = fakeContainer({
  id: reportsId!,
  name: 'shop-reports',
  image: 'registry.example/shop/reports:9',
  isolation: 'hyperv',
  pid: 7140,
  startedAt: started(-2 * HOUR_MS),
  logDriver: 'etwlogs',
  networks: { nat: { EndpointID: 'b0b1c2d3-0000-4000-8000-000000000013', IPAddress: '172.25.0.13' } },
});
const reportsAgain = { ...reports, startedAt: started(50_000), restartCount: 1 };

const recordOf = (container: FakeContainer): DockerContainer => parseContainer(inspectOf(container), 'process')!;

function daemon(containers: readonly FakeContainer[], values: Partial<DockerDaemon> = {}): ExtraReading {
  const data: DockerDaemon = {
    state: 'running',
    reason: '',
    sinceMs: WALL_AT_ZERO_MS,
    endpoint: 'npipe:////./pipe/docker_engine',
    version: '27.3.1',
    apiVersion: '1.47',
    containers: containers.map(recordOf),
    dropped: {},
    ...values,
  };
  return { kind: 'dockerContainers', data };
}

/** Statistics that were read half a round ago; each container has used so many milliseconds of processor time. */
function statistics(...used: readonly (readonly [FakeContainer, number])[]): ExtraReading {
  const data = used.map(([{ id }, cpuMs]) => {
    const answer = windowsStats({ cpu: cpuMs * 10_000, read: 300_000_000 + cpuMs * 100 });
    return { ...parseStats(id, answer, 'windows')!, ageMs: 7500 };
  });
  return { kind: 'dockerStats', data };
}

const away = {
  state: 'retrying',
  reason: 'Docker has ended its stream of events',
  sinceMs: WALL_AT_ZERO_MS + 40_000,
  nextAttemptAtMs: WALL_AT_ZERO_MS + 47_000,
} as const;
const back = { sinceMs: WALL_AT_ZERO_MS + 55_000 };

/** By round. */
const docker: readonly (readonly ExtraReading[])[] = [
  [daemon([shopWeb, reports]), statistics([shopWeb, 60_000], [reports, 200_000])],
  [statistics([shopWeb, 61_000], [reports, 203_000])],
  [daemon([shopWeb, reports, blue]), statistics([shopWeb, 62_500], [reports, 206_000], [blue, 400])],
  [daemon([shopWeb, reports, blue], away)],
  [daemon([reportsAgain, blue], back), statistics([reportsAgain, 500], [blue, 9000])],
  [statistics([reportsAgain, 3000], [blue, 12_000])],
];

export const containerHost: Scenario = {
  name: 'container-host',
  about: 'a host of Windows containers, one of which is replaced; the engine is updated in between',
  machine,
  rounds: [
    quiet,
    // A second container with the same port in its own compartment.
    (host) => {
      host.process({ pid: 7100, parentPid: 6990, image: 'smss.exe', sessionId: 3, createdAtMs: host.wallMs });
      host.process({
        pid: 7140,
        parentPid: 7100,
        image: 'node.exe',
        sessionId: 3,
        createdAtMs: host.wallMs,
        userRate: 300,
        workingSetBytes: 60 * MIB,
      });
      host.sockets.push({ pid: 7140, local: '0.0.0.0:3000', compartment: 3 });
      host.connect(1800, '10.40.0.8:50900', '10.40.0.5:443');
    },
    // The engine is stopped for an update and absent in this round; the containers keep running.
    (host) => host.stop('docker'),
    (host) => {
      host.start('docker', 8200, 'dockerd.exe', { workingSetBytes: 64 * MIB, userRate: 200, threads: 28 });
      host.listen(8200, '127.0.0.1:2375', '10.40.0.8:2376');
      host.end(7000);
    },
    quiet,
  ],
  extra: (round) => docker[round] ?? [],
};
