// A plain file and print server: the services of every Windows Server, and one that crashes.
import {
  DISABLED,
  GIB,
  MANUAL,
  Machine,
  MIB,
  OWN_PROCESS,
  SHARED_PROCESS,
  USER_INSTANCE,
  USER_TEMPLATE,
} from './machine.ts';
import { quiet, type Scenario } from './scenario.ts';

const svchost = (group: string): string => `C:\\Windows\\system32\\svchost.exe -k ${group} -p`;
const NETWORK_SERVICE = 'NT AUTHORITY\\NetworkService';
const LOCAL_SERVICE = 'NT AUTHORITY\\LocalService';

function machine(): Machine {
  const host = new Machine({
    hostname: 'FILE01',
    productName: 'Windows Server 2016 Standard',
    version: { major: 10, minor: 0, build: 14393 },
    machineGuid: '5f6c7d8e-1a2b-4c3d-9e0f-112233445566',
    uuidBytes: [0x44, 0x33, 0x22, 0x11, 0x66, 0x55, 0x88, 0x77, 0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff, 0x01],
    groups: [4],
    totalBytes: 16 * GIB,
    availableBytes: 11 * GIB,
    systemCachePages: 700_000,
    pageLists: {
      zeroed: 500_000,
      free: 12_000,
      modified: 9000,
      standby: [10_000, 0, 0, 0, 0, 2_000_000, 300_000, 50_000],
    },
    elevated: true,
    privileges: ['SeDebugPrivilege', 'SeProfileSingleProcessPrivilege'],
    upForMs: 21 * 86_400_000,
  });
  host.volume({
    guid: '3a1b2c4d-0001-4e5f-8a9b-0c1d2e3f4a5b',
    mountPoints: ['C:\\'],
    sizeBytes: 127 * GIB,
    freeBytes: 80 * GIB,
  });
  host.volume({
    guid: '3a1b2c4d-0002-4e5f-8a9b-0c1d2e3f4a5b',
    mountPoints: ['D:\\'],
    sizeBytes: 2048 * GIB,
    readRate: 40,
    writeRate: 20,
  });
  // The recovery partition has no mount point.
  host.volume({ guid: '3a1b2c4d-0003-4e5f-8a9b-0c1d2e3f4a5b', mountPoints: [], sizeBytes: GIB });
  host.adapter({
    index: 1,
    alias: 'Loopback Pseudo-Interface 1',
    description: 'Software Loopback Interface 1',
    type: 24,
    flags: 0,
    addresses: ['127.0.0.1', '::1'],
  });
  host.adapter({
    index: 6,
    alias: 'Ethernet',
    addresses: ['10.20.0.5', 'fe80::5efe:a14:5'],
    packetRate: 200,
    inDiscards: 3,
    outErrors: 1,
  });
  host.adapter({ index: 9, alias: 'Ethernet 2', description: 'Intel(R) Ethernet Connection #2', status: 2 });
  host.adapter({
    index: 10,
    alias: 'Ethernet-WFP Native MAC Layer LightWeight Filter-0000',
    flags: 0b010,
    lowerIndexes: [6],
    packetRate: 200,
    countersOnly: true,
  });

  // DcomLaunch and Power share a process, as do RpcSs and RpcEptMapper.
  host.service('DcomLaunch', {
    displayName: 'DCOM Server Process Launcher',
    type: SHARED_PROCESS,
    binaryPath: svchost('DcomLaunch'),
  });
  host.service('Power', { type: SHARED_PROCESS, binaryPath: svchost('DcomLaunch') });
  host.process({ pid: 860, image: 'svchost.exe', userRate: 2, kernelRate: 2 });
  host.start('DcomLaunch', 860);
  host.start('Power', 860);
  host.service('RpcSs', {
    displayName: 'Remote Procedure Call (RPC)',
    type: SHARED_PROCESS,
    binaryPath: svchost('rpcss'),
    account: NETWORK_SERVICE,
  });
  host.service('RpcEptMapper', {
    displayName: 'RPC Endpoint Mapper',
    type: SHARED_PROCESS,
    binaryPath: svchost('RPCSS'),
    account: NETWORK_SERVICE,
  });
  host.process({ pid: 932, image: 'svchost.exe', workingSetBytes: 14 * MIB });
  host.start('RpcSs', 932);
  host.start('RpcEptMapper', 932);
  host.listen(932, '0.0.0.0:135', '[::]:135');
  // The only service of its process.
  host.service('EventLog', {
    displayName: 'Windows Event Log',
    type: SHARED_PROCESS,
    binaryPath: svchost('LocalServiceNetworkRestricted'),
    account: LOCAL_SERVICE,
  });
  host.process({
    pid: 1100,
    image: 'svchost.exe',
    workingSetBytes: 21 * MIB,
    userRate: 3,
    kernelRate: 1,
    writeRate: 2,
    writes: 5000,
    faultRate: 20,
    hardFaultRate: 2,
    pageFaults: 90_000,
    hardFaults: 800,
    writtenBytes: 20_480_000,
  });
  host.start('EventLog', 1100);
  host.listen(1100, '0.0.0.0:49665', '[::]:49665');
  host.service('LanmanServer', { displayName: 'Server', type: SHARED_PROCESS, binaryPath: svchost('netsvcs') });
  host.process({ pid: 2200, image: 'svchost.exe', workingSetBytes: 9 * MIB });
  host.start('LanmanServer', 2200);
  host.service('Spooler', {
    displayName: 'Print Spooler',
    type: 0x110,
    binaryPath: 'C:\\Windows\\System32\\spoolsv.exe',
  });
  host.process({
    pid: 2300,
    image: 'spoolsv.exe',
    workingSetBytes: 18 * MIB,
    userRate: 1,
    userMs: 4000,
    kernelMs: 2500,
  });
  host.start('Spooler', 2300);
  host.listen(2300, '0.0.0.0:49668', '[::]:49668');
  host.service('WinRM', {
    displayName: 'Windows Remote Management (WS-Management)',
    type: SHARED_PROCESS,
    binaryPath: svchost('NetworkService'),
    account: NETWORK_SERVICE,
  });
  host.process({ pid: 2400, image: 'svchost.exe', workingSetBytes: 16 * MIB });
  host.start('WinRM', 2400);
  // Services with triggers, manual, delayed and disabled start, and a per-user service.
  host.service('W32Time', {
    displayName: 'Windows Time',
    type: SHARED_PROCESS,
    binaryPath: svchost('LocalService'),
    account: LOCAL_SERVICE,
    triggers: 2,
  });
  host.process({ pid: 2500, image: 'svchost.exe' });
  host.start('W32Time', 2500);
  host.service('TermService', {
    displayName: 'Remote Desktop Services',
    startType: MANUAL,
    type: SHARED_PROCESS,
    binaryPath: svchost('NetworkService'),
    account: NETWORK_SERVICE,
  });
  host.process({ pid: 2600, image: 'svchost.exe', workingSetBytes: 40 * MIB });
  host.start('TermService', 2600);
  host.listen(2600, '0.0.0.0:3389', '[::]:3389');
  host.service('BITS', {
    displayName: 'Background Intelligent Transfer Service',
    type: SHARED_PROCESS,
    binaryPath: svchost('netsvcs'),
    delayed: true,
  });
  host.service('RemoteRegistry', {
    displayName: 'Remote Registry',
    startType: DISABLED,
    type: SHARED_PROCESS,
    binaryPath: svchost('localService'),
    account: LOCAL_SERVICE,
  });
  host.service('CDPUserSvc', {
    displayName: 'Connected Devices Platform User Service',
    type: USER_TEMPLATE,
    binaryPath: svchost('UnistackSvcGroup'),
  });
  host.service('CDPUserSvc_3f1c2', {
    displayName: 'Connected Devices Platform User Service_3f1c2',
    type: USER_INSTANCE,
    binaryPath: svchost('UnistackSvcGroup'),
  });
  host.process({ pid: 2700, image: 'svchost.exe', sessionId: 1 });
  host.start('CDPUserSvc_3f1c2', 2700);
  // An in-house service with a worker process.
  host.service('inventory-agent', {
    displayName: 'Inventory Agent',
    type: OWN_PROCESS,
    binaryPath: '"C:\\Program Files\\Inventory\\inventory-agent.exe" --server inventory.corp.example',
    account: 'CORP\\svc-inventory',
    delayed: true,
  });
  host.process({
    pid: 3000,
    image: 'inventory-agent.exe',
    imagePath: '\\Device\\HarddiskVolume2\\Inventory\\inventory-agent.exe',
    writeRate: 100,
    userRate: 20,
    kernelRate: 10,
    userMs: 60_000,
    kernelMs: 30_000,
    readRate: 10,
  });
  host.process({
    pid: 3004,
    parentPid: 3000,
    image: 'python3.12.exe',
    userRate: 50,
    workingSetBytes: 55 * MIB,
    userMs: 90_000,
  });
  host.start('inventory-agent', 3000);
  host.connect(3000, '10.20.0.5:50100', '10.20.0.30:8443');
  host.connect(3004, '10.20.0.5:50101', '10.20.0.30:8443');
  // The file server listens in the System process.
  host.listen(4, '10.20.0.5:139', '[::]:445');
  host.connect(4, '10.20.0.5:445', '10.20.0.61:50744');
  return host;
}

export const plainServer: Scenario = {
  name: 'plain-server',
  about: 'a file and print server whose spooler crashes and comes back',
  machine,
  rounds: [
    quiet,
    // 1067: the process terminated unexpectedly.
    (host) => host.stop('Spooler', 1067),
    // The SCM restarts it in the next round; a real SCM waits a minute.
    (host) => {
      host.start('Spooler', 4120, 'spoolsv.exe', { workingSetBytes: 17 * MIB, userRate: 40 });
      host.listen(4120, '0.0.0.0:49712', '[::]:49712');
    },
    // A worker starts and exits after one round; the in-house agent connects to another server.
    (host) => {
      host.process({
        pid: 5000,
        parentPid: 3000,
        image: 'python3.12.exe',
        createdAtMs: host.wallMs,
        userRate: 400,
        workingSetBytes: 30 * MIB,
      });
      host.close('10.20.0.5:50100');
      host.connect(3000, '10.20.0.5:50230', '10.20.0.31:8443');
    },
    (host) => {
      host.end(5000);
      host.volumes[1]!.freeBytes -= 512 * MIB;
    },
  ],
};
