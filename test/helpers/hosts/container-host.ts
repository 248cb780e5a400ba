// A host with Windows containers, which have processes in the process list and sockets in own network compartments.
import { GIB, Machine, MIB } from './machine.ts';
import { quiet, type Scenario } from './scenario.ts';

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
};
