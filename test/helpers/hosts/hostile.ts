// A hostile host: missing rights, failing readings, names that break formats, decreasing counters and clock steps.
import { GIB, Machine, MIB, PAUSED, USER_INSTANCE } from './machine.ts';
import { quiet, type Scenario } from './scenario.ts';

const ACCESS_DENIED = 5;
const RPC_UNAVAILABLE = 1722;
const STATUS_PRIVILEGE_NOT_HELD = 0xc000_0061;
const STATUS_ACCESS_DENIED = 0xc000_0022;
const FVE_LOCKED_VOLUME = 0x8031_0000;

/** A right-to-left override, an emoji of two surrogates, a lone surrogate, a combining mark, a no-break space. */
const odd = 'x\u202egnp.\ud83d\udca5\ud83da\u0301\u00a0';

function machine(): Machine {
  const host = new Machine({
    hostname: 'KIOSK-"05"\\',
    productName: ' Windows 10 Pro\u0007 ',
    version: { major: 10, minor: 0, build: 22631 },
    machineGuid: '',
    // All ones: not present (DSP0134, 7.2.1).
    uuidBytes: new Array(16).fill(0xff),
    groups: [2],
    totalBytes: 4 * GIB,
    availableBytes: 100 * MIB,
    systemCachePages: 200_000,
    pageLists: { zeroed: 0, free: 0, modified: 0, standby: [] },
    elevated: false,
    privileges: ['SeChangeNotifyPrivilege'],
    upForMs: 600_000,
  });
  refusals(host);
  names(host);
  inconsistencies(host);
  return host;
}

/** All refusals of an account without rights at once. */
function refusals(host: Machine): void {
  host.refuse('productName', 'RegGetValueW ProductName', ACCESS_DENIED);
  host.refuse('machineId', 'RegGetValueW MachineGuid', ACCESS_DENIED);
  host.refuse('systemVersion', 'RtlGetVersion', STATUS_ACCESS_DENIED);
  host.refuse('hostName', 'GetComputerNameExW', ACCESS_DENIED);
  host.refuse('pageLists', 'NtQuerySystemInformation', STATUS_PRIVILEGE_NOT_HELD);
  host.refuse('interfaceStack', 'GetIfStackTable', 50);
  host.refuse('compartment 2', 'SetCurrentThreadCompartmentId', ACCESS_DENIED);
  host.refuse('tcpTable 6 1', 'GetExtendedTcpTable', 50);
  host.refuse('socketServices', 'GetOwnerModuleFromTcpEntry', ACCESS_DENIED);
  host.volume({ guid: '0badc0de-0001-4000-8000-000000000001', mountPoints: ['c:\\'], sizeBytes: 60 * GIB });
  host.volume({ guid: '0badc0de-0002-4000-8000-000000000002', mountPoints: ['D:\\'] });
  host.volume({ guid: '0badc0de-0003-4000-8000-000000000003', mountPoints: ['E:\\'] });
  host.volume({ guid: '0badc0de-0004-4000-8000-000000000004', mountPoints: [`C:\\${odd}"{}\\`] });
  host.refuse('diskSize C:', 'GetDiskFreeSpaceExW', ACCESS_DENIED);
  host.refuse('diskCounters D:', 'CreateFileW', ACCESS_DENIED);
  host.refuse('volume 0badc0de-0003-4000-8000-000000000003', 'GetVolumePathNamesForVolumeNameW', FVE_LOCKED_VOLUME);
}

/** Services with names that are difficult for formats, terminals and expressions. */
function names(host: Machine): void {
  const run = (name: string, pid: number, image: string, displayName = name): void => {
    host.service(name, { displayName });
    host.process({ pid, image, userRate: 10 });
    host.start(name, pid);
  };
  run('line\nbreak"quote\\back{}', 100, 'a"b\\c\n.exe', 'Two\r\nlines\u001b[31m');
  run(odd, 104, `${odd}.exe`);
  run('__proto__', 108, 'constructor');
  // Both map to the id /win/a_b.
  run('a$b', 112, 'postgres.exe');
  run('a_b', 116, 'postgres.exe');
  run('case', 120, 'CASE.EXE');
  run('CASE', 124, 'case.exe');
  run('x'.repeat(256), 128, `${'y'.repeat(200)}.exe`);
  host.service('Secure', { displayName: 'Protected' });
  host.process({ pid: 132, image: 'MsMpEng.exe', workingSetBytes: 200 * MIB });
  host.start('Secure', 132);
  host.refuse('service Secure', 'OpenServiceW', ACCESS_DENIED);
  host.service('Gone');
  // Deleted after the list and before the query of its configuration.
  host.refuse('service Gone', 'OpenServiceW', 1060);
  host.service('user_1a2b', { type: USER_INSTANCE });
  run('paused', 136, 'paused.exe');
  host.services.get('paused')!.state = PAUSED;
  // The SCM reports a process that does not exist.
  host.service('ghost');
  host.start('ghost', 140);
  host.listen(140, '10.66.0.2:9999');
}

/** Inconsistent processes, sockets and adapters. */
function inconsistencies(host: Machine): void {
  // Two processes are each other's parent, one is its own parent, and one is older than its parent.
  host.process({ pid: 200, parentPid: 204, image: 'ring.exe' });
  host.process({ pid: 204, parentPid: 200, image: 'ring.exe', createdAtMs: host.wallMs - 1000 });
  host.process({ pid: 208, parentPid: 208, image: 'self.exe' });
  host.process({ pid: 212, parentPid: 120, image: 'older.exe', createdAtMs: host.wallMs - 86_400_000, userMs: 1e6 });
  // Created tomorrow, because the clock was set back since.
  host.process({ pid: 216, parentPid: 124, image: 'tomorrow.exe', createdAtMs: host.wallMs + 86_400_000, userRate: 5 });
  host.adapter({
    index: 2,
    alias: `Ethernet ${odd}`,
    addresses: ['10.66.0.2', 'fe80::2'],
    packetRate: 100,
    inOctets: 5e9,
  });
  host.adapter({ index: 3, alias: 'Twin', addresses: ['10.66.0.3', '10.66.0.3'], packetRate: 10 });
  host.adapter({ index: 4, alias: 'Twin', addresses: ['10.66.0.4'], packetRate: 20 });
  host.adapter({ index: 5, alias: '', addresses: [] });
  host.adapter({ index: 30, alias: 'vEthernet', compartment: 2, addresses: ['172.30.0.2'] });
  host.listen(112, '0.0.0.0:5432', '0.0.0.0:5432', '10.66.0.2:5432', '[::]:5432');
  host.connect(112, '10.66.0.2:5432', '10.66.0.9:50000');
  host.connect(116, '10.66.0.2:50001', '0.0.0.0:0');
  // One socket in every other state of MIB_TCP_STATE and one in an unknown state; none of them is a connection.
  for (const state of [1, 3, 4, 6, 7, 8, 9, 10, 11, 12, 100]) {
    host.sockets.push({
      pid: 116,
      local: `10.66.0.2:${51_000 + state}`,
      remote: '10.66.0.8:80',
      compartment: 1,
      state,
    });
  }
  host.connect(120, '10.66.0.2:52000', '10.66.0.8:80');
  host.connect(999_999, '10.66.0.2:52001', '10.66.0.8:80');
}

export const hostile: Scenario = {
  name: 'hostile',
  about: 'a kiosk seen without rights, whose readings fail, names are odd, and counters and clocks go back',
  machine,
  rounds: [
    quiet,
    // All readings fail, and the previous values remain.
    (host) => {
      for (const kind of [
        'identity',
        'system',
        'services',
        'processes',
        'cpu',
        'memory',
        'disks',
        'adapters',
        'interfaces',
        'tcp',
      ])
        host.refuse(kind, 'Call', kind === 'services' ? RPC_UNAVAILABLE : STATUS_ACCESS_DENIED);
      host.stepClock(-3_600_000);
    },
    // All readings work again, an hour earlier by the clock; a driver was reset, a disk replaced, a pid reused.
    (host) => {
      for (const kind of [
        'identity',
        'system',
        'services',
        'processes',
        'cpu',
        'memory',
        'disks',
        'adapters',
        'interfaces',
        'tcp',
      ])
        host.grant(kind);
      Object.assign(host.adapters[0]!, {
        inOctets: 0,
        inUnicast: 0,
        inOther: 0,
        outOctets: 0,
        outUnicast: 0,
        outOther: 0,
      });
      host.volumes[0]!.counters = {
        reads: 1,
        writes: 2,
        readBytes: 3n,
        writtenBytes: 4n,
        readMs: 5,
        writeMs: 6,
        idleMs: 7,
        queryMs: 18,
      };
      host.stop('case', 0);
      host.start('case', 120, 'CASE.EXE', { userRate: 10 });
    },
    // The processor time of a process decreases, which does not occur on Windows.
    (host) => {
      for (const process of host.processes) if (process.pid === 112) process.userMs = 0;
      host.stepClock(3_600_000);
    },
    // One reading fails at the end, which the status must report.
    (host) => host.refuse('cpu', 'NtQuerySystemInformation', STATUS_ACCESS_DENIED),
  ],
};
