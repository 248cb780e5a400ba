// Canaries: an observation of each kind with a secret in every field, and patterns that find a leaked secret.
import type { Observation } from '../../src/sources/host.ts';
import { tcpEvents, tcpStatistics } from './event-tables.ts';
import { anAdapter, anIdentity, aService, observation, processTable, tcpTable, unavailable } from './observations.ts';

export const HOST = 'CANARYHOST';
export const USER = 'canaryuser';
export const DOMAIN = 'CANARYDOM';
export const SECRET = 'canarysecret';
/** Text as people and programs write it, with everything that redaction must replace. */
export const canary =
  `of ${USER} on ${HOST}.corp.canary.example (${DOMAIN}) at 203.0.113.77, 10.11.12.13, ` +
  `[2001:db8:ca:fe::1] and fe80::ca:1 in C:\\Users\\${USER}\\x`;
/** Patterns that find parts of the canary in a line of a tape, where addresses in columns are base64. */
export const traces = [
  /canary/i,
  /203\.0\.113\.77/,
  /10\.11\.12\.13/,
  /db8:ca:fe/i,
  /fe80::ca:1/i,
  new RegExp(Buffer.from([203, 0, 113, 77]).toString('base64').slice(0, 5)),
  /ca0123ca-?feca-?4fe0-?8cab-?ca01ca23ca45/i,
  /ca0123cafeca4fe0/i,
];

const identity = anIdentity({
  hostname: HOST,
  machineId: 'ca0123cafeca4fe08cabca01ca23ca45',
  systemUuid: 'CA0123CA-FECA-4FE0-8CAB-CA01CA23CA45',
});
export const unreadable = { part: canary, reason: canary, code: 5 };
export const everything: Observation[] = [
  observation('identity', { ...identity, kernelVersion: `Windows ${canary}` }, { seq: 1, degraded: [unreadable] }),
  observation('system', { uptimeMs: 1 }, { seq: 2 }),
  observation(
    'services',
    [
      aService({
        name: `svc ${canary}`,
        displayName: canary,
        configUnavailable: unreadable,
        config: {
          startType: 2,
          account: `${DOMAIN}\\${USER}`,
          binaryPath: `"C:\\Users\\${USER}\\a b.exe" -p ${SECRET} --password=${SECRET} /key:${SECRET} ${HOST}`,
        },
      }),
      aService({
        name: 'two',
        config: {
          startType: 2,
          account: `${USER}@${DOMAIN}.example`,
          binaryPath: `C:\\Program Files\\x\\y.exe ${SECRET}`,
        },
      }),
    ],
    { seq: 3 },
  ),
  observation('processes', processTable([{ pid: 1, name: `${canary}.exe`, imagePath: canary }]), { seq: 4 }),
  observation(
    'jobs',
    [{ name: `\\Container_ca0123ca-feca-4fe0-8cab-ca01ca23ca45 ${canary}`, pids: [1], memoryLimitBytes: 1 }],
    { seq: 4 },
  ),
  observation(
    'adapters',
    [anAdapter({ name: canary, addresses: ['203.0.113.77', '10.11.12.13', '2001:db8:ca:fe::1', 'fe80::ca:1'] })],
    {
      seq: 5,
    },
  ),
  observation('cpu', { logicalProcessors: 1, userMs: 1, systemMs: 1, idleMs: 1 }, { seq: 6 }),
  observation(
    'memory',
    { totalBytes: 1, availableBytes: 1, freeBytes: 1, cachedBytes: 0, source: 'page lists' },
    { seq: 7 },
  ),
  observation(
    'cloud',
    {
      provider: 'AWS',
      accountId: `ca0123cafeca ${canary}`,
      instanceId: canary,
      instanceType: canary,
      instanceLifeCycle: canary,
      region: canary,
      availabilityZone: canary,
      availabilityZoneId: canary,
      localIpv4: '10.11.12.13',
      publicIpv4: '203.0.113.77',
    },
    { seq: 7 },
  ),
  observation(
    'disks',
    [
      {
        device: `D:\\Users\\${USER}\\m`,
        mountPoint: `D:\\Users\\${USER}\\m\\`,
        volume: '\\\\?\\Volume{ca0123ca-feca-4fe0-8cab-ca01ca23ca45}\\',
      },
    ],
    { seq: 8 },
  ),
  observation(
    'interfaces',
    [
      {
        index: 1,
        name: canary,
        description: canary,
        type: 6,
        hardware: true,
        filter: false,
        lowerIndexes: [],
        receivedBytes: 0,
        receivedPackets: 0,
        receivedErrors: 0,
        receivedDrops: 0,
        transmittedBytes: 0,
        transmittedPackets: 0,
        transmittedErrors: 0,
        transmittedDrops: 0,
      },
    ],
    { seq: 9 },
  ),
  observation(
    'tcp',
    [
      tcpTable(4, [{ local: '10.11.12.13:5000', remote: '203.0.113.77:443', pid: 1, service: `svc ${canary}` }]),
      tcpTable(6, [{ local: '[fe80::ca:1]:1', remote: '[2001:db8:ca:fe::1]:2', pid: 1 }]),
    ],
    { seq: 10 },
  ),
  observation(
    'tcpEvents',
    tcpEvents([{ local: '10.11.12.13:5000', remote: '203.0.113.77:443', pid: 1, name: 'db.canary.example' }]),
    {
      seq: 11,
    },
  ),
  observation(
    'dnsEvents',
    [
      {
        type: 'completed',
        atMs: 1,
        pid: 1,
        name: 'DB.Canary.Example.',
        queryType: 1,
        options: 0,
        status: 0,
        results: `::ffff:203.0.113.77;type:  5 www.canary.example;2001:db8:ca:fe::1;${HOST}`,
        containerId: 'ca0123ca-feca-4fe0-8cab-ca01ca23ca45',
      },
    ],
    { seq: 12 },
  ),
  observation('processEvents', [{ type: 'started', atMs: 1, pid: 1, createdAtMs: 1, imageName: `${USER}.exe` }], {
    seq: 13,
  }),
  observation(
    'etw',
    {
      state: 'retrying',
      reason: canary,
      providers: [canary],
      restarts: 0,
      events: 0,
      eventsLost: 0,
      buffersLost: 0,
      realTimeBuffersLost: 0,
      dropped: { [canary]: 1 },
    },
    { seq: 14 },
  ),
  observation('tcpStatistics', tcpStatistics([{ local: '[fe80::ca:1]:1', remote: '203.0.113.77:2', pid: 1 }]), {
    seq: 15,
  }),
  observation('rawEvents', { count: 1, bytes: Uint8Array.from([203, 0, 113, 77, ...Buffer.from(HOST)]) }, { seq: 16 }),
  observation(
    'urlReservations',
    [
      {
        service: `svc ${canary}`,
        scheme: 'http',
        port: 80,
        ip: '203.0.113.77',
        host: 'www.canary.example',
        path: '/canary/',
        detectedBy: 'iis binding',
      },
    ],
    { seq: 17 },
  ),
  observation(
    'gpus',
    {
      state: 'partial',
      reason: canary,
      sinceMs: 1,
      nextAttemptAtMs: 2,
      driverVersion: '580.1',
      gpus: [{ uuid: 'GPU-ca0123ca-feca-4fe0-8cab-ca01ca23ca45', index: 0, name: 'NVIDIA X' }],
      processes: [{ pid: 1, gpu: 'GPU-ca0123ca-feca-4fe0-8cab-ca01ca23ca45' }],
      callFailures: [{ call: 'nvmlDeviceGetPowerUsage', error: 'NVML_ERROR_UNKNOWN', count: 1 }],
      otherAdapters: [{ luid: '0x00000000_0x0000D1F4', reason: canary, processes: 1 }],
    },
    { seq: 18 },
  ),
  observation(
    'dockerContainers',
    {
      state: 'retrying',
      reason: canary,
      sinceMs: 1,
      nextAttemptAtMs: 2,
      endpoint: 'tcp://docker.canary.example:2376',
      version: canary,
      apiVersion: canary,
      containers: [
        {
          id: 'ca0123cafeca4fe08cabca01ca23ca45ca0123cafeca4fe08cabca01ca23ca45',
          name: `web ${canary}`,
          image: `registry.canary.example/${SECRET}/web:1`,
          isolation: 'process',
          state: 'running',
          pid: 1,
          startedAtMs: 1,
          restartCount: 1,
          lastExit: { code: 1, atMs: 1 },
          health: 'healthy',
          networks: [{ name: canary, endpoint: 'ca0123ca-feca-4fe0-8cab-ca01ca23ca45', addresses: ['10.11.12.13'] }],
          ports: [{ protocol: 'tcp', hostIp: '203.0.113.77', hostPort: 80, containerPort: 80 }],
          limits: { memoryBytes: 1, nanoCpus: 1, cpuCount: 1, cpuPercent: 1 },
          logDriver: canary,
          logPath: `C:\\Users\\${USER}\\docker\\x-json.log`,
          logMonitoring: true,
        },
      ],
      dropped: { [canary]: 1 },
    },
    { seq: 19 },
  ),
  observation(
    'dockerStats',
    [
      {
        id: 'ca0123cafeca4fe08cabca01ca23ca45ca0123cafeca4fe08cabca01ca23ca45',
        ageMs: 1,
        networks: [
          {
            endpoint: 'ca0123ca-feca-4fe0-8cab-ca01ca23ca45',
            receivedBytes: 1,
            receivedPackets: 1,
            receivedDrops: 1,
            transmittedBytes: 1,
            transmittedPackets: 1,
            transmittedDrops: 1,
          },
        ],
      },
    ],
    { seq: 20 },
  ),
  observation(
    'eventRecords',
    [
      {
        channel: `Microsoft-${canary}/Operational`,
        provider: `svc ${canary}`,
        eventId: 1000,
        recordId: '1',
        level: 'error',
        atMs: 1,
        nanoseconds: 100,
        computer: `forwarder-${HOST}.corp.canary.example`,
        pid: 1,
        message: `Login failed ${canary} --password=${SECRET}`,
        subject: {
          service: `svc ${canary}`,
          displayName: canary,
          pid: 1,
          createdAtMs: 1,
          program: `${USER}.exe`,
          reportId: 'ca0123ca-feca-4fe0-8cab-ca01ca23ca45',
          pool: canary,
        },
      },
    ],
    { seq: 21 },
  ),
  observation(
    'eventChannels',
    [
      {
        channel: `Microsoft-${canary}/Operational`,
        read: 1,
        lag: 0,
        skipped: 0,
        dropped: { [canary]: 1 },
        resubscribed: 0,
        invalidPositions: 0,
        problem: canary,
        code: 5,
      },
    ],
    { seq: 22 },
  ),
  observation(
    'fileMessages',
    [
      {
        service: `svc ${canary}`,
        source: `C:\\Users\\${USER}\\logs\\*.log`,
        counted: [{ level: 'error', hash: '0'.repeat(32), sample: canary, count: 1, firstAtMs: 1, lastAtMs: 1 }],
        records: [
          {
            atMs: 1,
            nanoseconds: 0,
            level: 'error',
            body: canary,
            attributes: { 'pattern.hash': '0'.repeat(32), [canary]: canary },
            traceId: 'ca0123cafeca4fe08cabca01ca23ca45',
            spanId: 'ca0123cafeca4fe0',
          },
        ],
        dropped: { [canary]: 1 },
      },
    ],
    { seq: 23 },
  ),
  observation(
    'logFiles',
    [
      {
        docker: 'ca0123cafeca4fe08cabca01ca23ca45ca0123cafeca4fe08cabca01ca23ca45',
        source: 'stdout/stderr',
        path: `C:\\Users\\${USER}\\logs\\${HOST}.log`,
        state: 'failed',
        readBytes: 1,
        lagBytes: 1,
        lostBytes: 1,
        dropped: { [canary]: 1 },
        problem: canary,
      },
    ],
    { seq: 24 },
  ),
  observation('tick', { intervalMs: 1 }, { seq: 25 }),
  unavailable('tcp', unreadable),
];
