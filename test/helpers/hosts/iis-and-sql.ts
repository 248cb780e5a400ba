// A web and database server: IIS with a recycled worker, two instances of SQL Server, and a .NET application.

import { iisAndSqlEvents } from './iis-and-sql-events.ts';
import { iisAndSqlLogs } from './iis-and-sql-logs.ts';
import { GIB, MANUAL, Machine, MIB, OWN_PROCESS, SHARED_PROCESS } from './machine.ts';
import { type ExtraReading, quiet, type Scenario } from './scenario.ts';

const SQL = 'C:\\Program Files\\Microsoft SQL Server';

function machine(): Machine {
  const host = new Machine({
    hostname: 'WEB02',
    productName: 'Windows Server 2019 Datacenter',
    version: { major: 10, minor: 0, build: 17763 },
    machineGuid: 'c0ffee00-1234-4abc-8def-0123456789ab',
    uuidBytes: [0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x0e, 0x0f, 0x10],
    groups: [16],
    totalBytes: 64 * GIB,
    availableBytes: 14 * GIB,
    systemCachePages: 2_600_000,
    pageLists: {
      zeroed: 400_000,
      free: 90_000,
      modified: 60_000,
      standby: [0, 0, 0, 0, 0, 2_800_000, 250_000, 100_000],
    },
    elevated: true,
    privileges: ['SeDebugPrivilege', 'SeProfileSingleProcessPrivilege'],
    upForMs: 90 * 86_400_000,
  });
  host.volume({ guid: '77770000-0001-4000-8000-000000000001', mountPoints: ['C:\\'] });
  host.volume({
    guid: '77770000-0002-4000-8000-000000000002',
    mountPoints: ['E:\\', 'C:\\SQL\\Data\\'],
    sizeBytes: 1024 * GIB,
    readRate: 120,
    writeRate: 60,
  });
  host.adapter({ index: 1, alias: 'Loopback Pseudo-Interface 1', type: 24, flags: 0, addresses: ['127.0.0.1', '::1'] });
  host.adapter({
    index: 4,
    alias: 'Ethernet0',
    description: 'vmxnet3 Ethernet Adapter',
    addresses: ['10.30.1.20', '2001:db8:30:1::20', 'fe80::20'],
    packetRate: 900,
  });
  databases(host);
  web(host);
  return host;
}

function databases(host: Machine): void {
  host.service('MSSQLSERVER', {
    displayName: 'SQL Server (MSSQLSERVER)',
    binaryPath: `"${SQL}\\MSSQL15.MSSQLSERVER\\MSSQL\\Binn\\sqlservr.exe" -sMSSQLSERVER`,
    account: 'NT Service\\MSSQLSERVER',
  });
  host.process({
    pid: 4100,
    image: 'sqlservr.exe',
    // The volume has the mount points E: and C:\SQL\Data; its device is the drive letter.
    imagePath: '\\Device\\HarddiskVolume2\\MSSQL\\Binn\\sqlservr.exe',
    faultRate: 300,
    hardFaultRate: 4,
    workingSetBytes: 20 * GIB,
    userRate: 800,
    kernelRate: 200,
    userMs: 9e6,
    kernelMs: 2e6,
    readRate: 100,
    writeRate: 50,
    reads: 1e6,
    writes: 5e5,
    readBytes: 8e9,
    writtenBytes: 4e9,
    threads: 140,
    handles: 2800,
  });
  host.start('MSSQLSERVER', 4100);
  host.listen(4100, '0.0.0.0:1433', '[::]:1433', '127.0.0.1:1434');
  host.service('MSSQL$REPORTING', {
    displayName: 'SQL Server (REPORTING)',
    binaryPath: `"${SQL}\\MSSQL15.REPORTING\\MSSQL\\Binn\\sqlservr.exe" -sREPORTING`,
    account: 'CORP\\svc-sql',
  });
  host.process({
    pid: 4200,
    image: 'sqlservr.exe',
    workingSetBytes: 6 * GIB,
    userRate: 90,
    kernelRate: 30,
    threads: 90,
  });
  host.start('MSSQL$REPORTING', 4200);
  host.listen(4200, '10.30.1.20:1435');
  host.service('SQLSERVERAGENT', {
    displayName: 'SQL Server Agent (MSSQLSERVER)',
    binaryPath: `"${SQL}\\MSSQL15.MSSQLSERVER\\MSSQL\\Binn\\SQLAGENT.EXE" -i MSSQLSERVER`,
    account: 'NT Service\\SQLSERVERAGENT',
  });
  host.process({ pid: 4300, image: 'SQLAGENT.EXE', userRate: 4 });
  host.start('SQLSERVERAGENT', 4300);
  host.connect(4300, '127.0.0.1:51001', '127.0.0.1:1433');
  host.connect(4100, '127.0.0.1:1433', '127.0.0.1:51001');
  host.service('SQLBrowser', {
    displayName: 'SQL Server Browser',
    startType: MANUAL,
    binaryPath: '"C:\\Program Files (x86)\\Microsoft SQL Server\\90\\Shared\\sqlbrowser.exe"',
  });
  // The connection of a remote client is inbound and no destination.
  host.connect(4100, '10.30.1.20:1433', '10.30.1.77:50555');
}

function web(host: Machine): void {
  const iis = 'C:\\Windows\\system32\\svchost.exe -k iissvcs';
  host.service('W3SVC', { displayName: 'World Wide Web Publishing Service', type: SHARED_PROCESS, binaryPath: iis });
  host.service('WAS', {
    displayName: 'Windows Process Activation Service',
    type: SHARED_PROCESS,
    startType: MANUAL,
    binaryPath: iis,
  });
  host.process({ pid: 2800, image: 'svchost.exe', workingSetBytes: 20 * MIB });
  host.start('W3SVC', 2800);
  host.start('WAS', 2800);
  host.process({
    pid: 2900,
    parentPid: 2800,
    image: 'w3wp.exe',
    workingSetBytes: 300 * MIB,
    userRate: 200,
    userMs: 500_000,
    kernelMs: 90_000,
    threads: 40,
    handles: 900,
  });
  host.connect(2900, '10.30.1.20:51500', '10.30.1.20:1433');
  host.connect(4100, '10.30.1.20:1433', '10.30.1.20:51500');
  host.connect(2900, '[2001:db8:30:1::20]:51501', '[2001:db8:30:9::9]:6379');
  // http.sys listens for the sites in the System process.
  host.listen(
    4,
    '0.0.0.0:80',
    '[::]:80',
    '0.0.0.0:443',
    '[::]:443',
    '0.0.0.0:5985',
    '[::]:5985',
    '0.0.0.0:445',
    '[::]:445',
  );
  host.connect(4, '10.30.1.20:443', '10.30.1.77:50600');
  host.service('WinRM', {
    displayName: 'Windows Remote Management (WS-Management)',
    type: SHARED_PROCESS,
    binaryPath: 'C:\\Windows\\System32\\svchost.exe -k NetworkService -p',
  });
  host.service('Dnscache', {
    displayName: 'DNS Client',
    type: SHARED_PROCESS,
    binaryPath: 'C:\\Windows\\System32\\svchost.exe -k NetworkService -p',
  });
  host.process({ pid: 3300, image: 'svchost.exe' });
  host.start('WinRM', 3300);
  host.start('Dnscache', 3300);
  host.connect(3300, '10.30.1.20:51700', '10.30.0.2:53');
  host.tag('Dnscache', '10.30.1.20:51700');
  host.service('orders-api', {
    displayName: 'Orders API',
    type: OWN_PROCESS,
    binaryPath: '"C:\\Apps\\orders\\dotnet.exe" Orders.dll --urls http://*:5000',
    account: '.\\svc-orders',
    delayed: true,
  });
  host.process({
    pid: 3500,
    image: 'dotnet.exe',
    workingSetBytes: 180 * MIB,
    userRate: 60,
    kernelRate: 15,
    threads: 33,
    handles: 700,
  });
  host.start('orders-api', 3500);
  host.listen(3500, '[::]:5000', '0.0.0.0:5000');
  // A dual-stack socket has IPv4 peers in its IPv6 table: ::ffff:10.30.1.20.
  host.connect(3500, '[::ffff:a1e:114]:51800', '[::ffff:a1e:114]:1433');
  host.connect(4100, '10.30.1.20:1433', '10.30.1.20:51800');
}

/** The bindings of sites and the reservations of http.sys, read at the start. */
const urls: ExtraReading = {
  kind: 'urlReservations',
  data: [
    { service: 'W3SVC', scheme: 'http', port: 80, path: '/', detectedBy: 'iis binding' },
    { service: 'W3SVC', scheme: 'https', port: 443, host: 'shop.example', path: '/', detectedBy: 'iis binding' },
    { service: 'WinRM', scheme: 'http', port: 5985, path: '/wsman/', detectedBy: 'url reservation' },
  ],
};

export const iisAndSql: Scenario = {
  name: 'iis-and-sql',
  about:
    'a web and database server whose worker process is recycled and whose second instance of SQL Server is restarted',
  machine,
  rounds: [
    quiet,
    // Recycling: the new worker starts before the old one exits.
    (host) => {
      host.process({
        pid: 6100,
        parentPid: 2800,
        image: 'w3wp.exe',
        createdAtMs: host.wallMs,
        workingSetBytes: 120 * MIB,
        userRate: 500,
        threads: 30,
      });
      host.connect(6100, '10.30.1.20:52000', '10.30.1.20:1433');
      host.connect(4100, '10.30.1.20:1433', '10.30.1.20:52000');
    },
    (host) => host.end(2900),
    // A restart within one interval: the SCM never reports the service as stopped, but its pid changes.
    (host) => {
      host.stop('MSSQL$REPORTING');
      host.start('MSSQL$REPORTING', 6300, 'sqlservr.exe', { workingSetBytes: 2 * GIB, userRate: 600 });
      host.listen(6300, '10.30.1.20:1435');
      host.connect(3500, '10.30.1.20:52100', '10.30.1.20:1435');
    },
    quiet,
  ],
  extra: (round, host) => [
    ...(round === 0 ? [urls] : []),
    ...iisAndSqlEvents(round, host),
    ...iisAndSqlLogs(round, host),
  ],
};
