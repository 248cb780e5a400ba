// A machine with 96 processors in two groups, a team of two ports, volumes in folders, and counters beyond 32 bits.
import { GIB, Machine, MIB } from './machine.ts';
import { quiet, type Scenario } from './scenario.ts';

function machine(): Machine {
  const host = new Machine({
    hostname: 'BIG04',
    productName: 'Windows Server 2025 Datacenter',
    version: { major: 10, minor: 0, build: 26100 },
    machineGuid: 'b1600000-0004-4000-8000-0000000000b4',
    uuidBytes: [0x78, 0x56, 0x34, 0x12, 0xbc, 0x9a, 0xf0, 0xde, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88],
    groups: [64, 32],
    totalBytes: 2048 * GIB,
    availableBytes: 900 * GIB,
    systemCachePages: 30_000_000,
    pageLists: {
      zeroed: 200_000_000,
      free: 1_000_000,
      modified: 500_000,
      standby: [0, 0, 0, 0, 0, 30_000_000, 4_000_000, 500_000],
    },
    elevated: true,
    privileges: ['SeProfileSingleProcessPrivilege'],
    upForMs: 400 * 86_400_000,
  });
  host.volume({ guid: 'b1600000-0001-4000-8000-000000000001', mountPoints: ['C:\\'] });
  // Its 32-bit counters are close to their wrap.
  host.volume({
    guid: 'b1600000-0002-4000-8000-000000000002',
    mountPoints: ['C:\\Mount\\Data\\'],
    sizeBytes: 400_000 * GIB,
    freeBytes: 150_000 * GIB,
    counters: {
      reads: 4_294_967_000,
      writes: 4_294_950_000,
      readBytes: 9_000_000_000_000_000n,
      writtenBytes: 5_000_000_000_000_000n,
      readMs: 3e10,
      writeMs: 2e10,
      idleMs: 1e9,
      queryMs: 3.5e10,
    },
    readRate: 20,
    writeRate: 1000,
  });
  host.adapter({ index: 1, alias: 'Loopback Pseudo-Interface 1', type: 24, flags: 0, addresses: ['127.0.0.1', '::1'] });
  // A team has the address, and the ports below it count its frames.
  host.adapter({
    index: 7,
    alias: 'Port 1',
    description: 'Mellanox ConnectX-6 Adapter',
    addresses: [],
    packetRate: 100_000,
    inOctets: 7e15,
    outOctets: 6e15,
  });
  host.adapter({
    index: 8,
    alias: 'Port 2',
    description: 'Mellanox ConnectX-6 Adapter #2',
    addresses: [],
    packetRate: 100_000,
    inOctets: 5e15,
    outOctets: 4e15,
  });
  host.adapter({
    index: 15,
    alias: 'Team',
    description: 'Microsoft Network Adapter Multiplexor Driver',
    flags: 0,
    addresses: ['10.50.0.4', 'fd50::4'],
    lowerIndexes: [7, 8],
    packetRate: 200_000,
    inOctets: 12e15,
    outOctets: 10e15,
  });
  host.adapter({ index: 18, alias: 'Wi-Fi', type: 71, status: 2 });

  host.service('postgresql-x64-17', {
    displayName: 'postgresql-x64-17 - PostgreSQL Server 17',
    binaryPath:
      '"C:\\Program Files\\PostgreSQL\\17\\bin\\pg_ctl.exe" runservice -N "postgresql-x64-17" -D "C:\\Mount\\Data\\pg"',
    account: 'NT AUTHORITY\\NetworkService',
  });
  host.process({
    pid: 5000,
    image: 'pg_ctl.exe',
    imagePath: '\\Device\\HarddiskVolume2\\pg\\bin\\pg_ctl.exe',
    threads: 4,
    handles: 90,
  });
  host.process({
    pid: 5004,
    parentPid: 5000,
    image: 'postgres.exe',
    workingSetBytes: 500 * GIB,
    userMs: 4e9,
    kernelMs: 1e9,
    userRate: 20_000,
    kernelRate: 4000,
    reads: 5e9,
    readBytes: 3e14,
    writes: 2e9,
    writtenBytes: 1e14,
    readRate: 5000,
    writeRate: 2000,
    // Close to the wrap of 32 bits.
    pageFaults: 4_294_960_000,
    hardFaults: 10,
    faultRate: 1000,
    hardFaultRate: 1,
  });
  for (let i = 0; i < 3; i++) {
    host.process({
      pid: 5100 + 4 * i,
      parentPid: 5004,
      image: 'postgres.exe',
      workingSetBytes: 40 * GIB,
      userMs: 1e8,
      userRate: 900,
    });
    host.connect(5100 + 4 * i, '10.50.0.4:5432', `10.50.0.${60 + i}:50000`);
  }
  host.start('postgresql-x64-17', 5000);
  host.listen(5004, '0.0.0.0:5432', '[::]:5432');
  host.service('batch', { displayName: 'Batch', binaryPath: 'C:\\Batch\\batch.exe' });
  host.process({
    pid: 6000,
    image: 'batch.exe',
    userRate: 64_000,
    workingSetBytes: 900 * MIB,
    threads: 96,
    handles: 12_000,
  });
  host.start('batch', 6000);
  // Two hundred connections to one endpoint are one destination.
  for (let i = 0; i < 200; i++) host.connect(6000, `10.50.0.4:${52_000 + i}`, '10.50.0.4:5432');
  return host;
}

export const largeMachine: Scenario = {
  name: 'large-machine',
  about: '96 processors in two groups; the counts of a disk wrap, a backend of the database comes and goes',
  machine,
  rounds: [
    quiet,
    (host) =>
      host.process({
        pid: 5200,
        parentPid: 5004,
        image: 'postgres.exe',
        createdAtMs: host.wallMs,
        userRate: 1000,
        workingSetBytes: 30 * GIB,
      }),
    (host) => host.end(5104),
    (host) => host.connect(5200, '[fd50::4]:54000', '[fd50::9]:9000'),
  ],
};
