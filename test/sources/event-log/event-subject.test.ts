// Tests of what events say about services and processes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventRecordOf } from '../../../src/sources/event-log/event-record.ts';
import type { EventSubject } from '../../../src/sources/host.ts';
import { EVENT_COMPUTER, eventXml, serviceEventXml, utf16Hex } from '../../helpers/event-xml.ts';

function subject(xml: string, message?: string): EventSubject | undefined {
  const record = eventRecordOf(xml, message, EVENT_COMPUTER);
  assert.notEqual(typeof record, 'string', `${record}`);
  return (record as Exclude<typeof record, string>).subject;
}

/** Events of the Service Control Manager: id, texts, binary data, and the names that they have. */
const scmEvents: readonly [
  id: number,
  params: readonly string[],
  binary: string | undefined,
  expected: EventSubject,
][] = [
  [7036, ['Bestelldienst', '正在运行'], utf16Hex('orders/4'), { service: 'orders', displayName: 'Bestelldienst' }],
  [7036, ['Shop', 'stopped'], utf16Hex('MSSQL$SHOP/1'), { service: 'MSSQL$SHOP', displayName: 'Shop' }],
  [
    7031,
    ['Shop Orders', '1', '60000', '1', 'x'],
    utf16Hex('orders'),
    { service: 'orders', displayName: 'Shop Orders' },
  ],
  [7034, ['Shop Orders', '1'], undefined, { displayName: 'Shop Orders' }],
  [7000, ['Shop Orders', '%%1053'], utf16Hex('orders'), { service: 'orders', displayName: 'Shop Orders' }],
  [7001, ['Shop Orders', 'Shop Stock', '%%31'], utf16Hex('stock'), { displayName: 'Shop Orders' }],
  [7009, ['30000', 'Shop Orders'], utf16Hex('orders'), { service: 'orders', displayName: 'Shop Orders' }],
  [7011, ['30000', 'orders'], undefined, { service: 'orders' }],
  [7022, ['Shop Orders'], utf16Hex('orders'), { service: 'orders', displayName: 'Shop Orders' }],
  [7023, ['Shop Orders', '%%1792'], undefined, { displayName: 'Shop Orders' }],
  [7024, ['Shop Orders', '%%2147942414'], utf16Hex('orders'), { service: 'orders', displayName: 'Shop Orders' }],
  [7032, ['1', 'Restart the service', 'Shop Orders', '%%1056'], undefined, { displayName: 'Shop Orders' }],
  [7040, ['Shop Orders', 'alt', 'neu', 'orders'], undefined, { service: 'orders', displayName: 'Shop Orders' }],
  [7043, ['Shop Orders'], utf16Hex('orders'), { service: 'orders', displayName: 'Shop Orders' }],
];
for (const [id, params, binary, expected] of scmEvents)
  test(`event ${id} of the Service Control Manager with ${params[0]} names its service`, () => {
    for (const form of ['render', 'viewer'] as const)
      assert.deepEqual(subject(serviceEventXml(id, params, binary === undefined ? {} : { binary }, form)), expected);
    const otherCase = { provider: 'SERVICE CONTROL manager', ...(binary !== undefined && { binary }) };
    assert.deepEqual(subject(serviceEventXml(id, params, otherCase)), expected);
  });

test('the event about a new service has the display name, the one about drivers has no service', () => {
  const named = [
    ['ServiceName', 'Shop Orders'],
    ['ImagePath', 'C:\\shop\\orders.exe'],
  ] as const;
  assert.deepEqual(subject(serviceEventXml(7045, [], { data: named })), { displayName: 'Shop Orders' });
  assert.equal(subject(serviceEventXml(7026, ['\r\ncdrom\r\ndam'])), undefined);
});

test('binary data that is cut, odd or no hexadecimal number has what it has of the key name', () => {
  const service = (binary: string) => subject(serviceEventXml(7034, ['Shop Orders', '1'], { binary }))?.service;
  const whole = utf16Hex('orders');
  assert.equal(service(whole.slice(0, -4)), 'orders');
  assert.equal(service(whole.slice(0, 12)), 'ord');
  assert.equal(service(whole.slice(0, 15)), 'ord');
  assert.equal(service(whole.toLowerCase()), 'orders');
  assert.equal(service(`\r\n  ${whole.slice(0, 8)}\r\n  ${whole.slice(8)}\r\n`), 'orders');
  assert.equal(service(`${whole}58005800`), 'orders');
  for (const none of ['', '0000', 'zz', '4']) assert.equal(service(none), undefined, none);
});

const APP_GUID = '{a0e9b465-b939-57d7-b27d-95d8e925ff57}';
/** 2026-03-04T05:06:06.987Z and 6543 ticks of 100 ns. */
const CREATED_HEX = (BigInt(Date.UTC(2026, 2, 4, 5, 6, 6, 987) + 11_644_473_600_000) * 10_000n + 6543n).toString(16);
const CREATED_MS = Date.UTC(2026, 2, 4, 5, 6, 6, 987) + 0.6543;
const REPORT = '0a1b2c3d-0000-1111-2222-333344445555';

/** The texts of Application Error 1000 in their order. */
const crash = (app: string, pid: string, createdAt: string) =>
  [
    ['AppName', app],
    ['AppVersion', '1.0.0.0'],
    ['AppTimeStamp', '5f000000'],
    ['ModuleName', 'ntdll.dll'],
    ['ModuleVersion', '10.0'],
    ['ModuleTimeStamp', '5f000001'],
    ['ExceptionCode', 'c0000005'],
    ['FaultingOffset', '0000000000001234'],
    ['ProcessId', pid],
    ['ProcessCreationTime', createdAt],
    ['AppPath', 'c:\\shop\\orders.exe'],
    ['ModulePath', 'C:\\Windows\\SYSTEM32\\ntdll.dll'],
    ['IntegratorReportId', REPORT],
    ['PackageFullName', ''],
    ['PackageRelativeAppId', ''],
  ] as const;
const crashed = { pid: 0x3560, createdAtMs: CREATED_MS, program: 'orders.exe', reportId: REPORT };
const positional = (data: readonly (readonly [string, string])[], count: number) =>
  data.slice(0, count).map(([, text]) => text);

test('Application Error 1000 has program, process, creation time and report in each of its forms', () => {
  const error = { provider: 'Application Error', eventId: 1000, level: 2 };
  const old = crash('orders.exe', '3560', CREATED_HEX);
  for (const form of ['render', 'viewer'] as const)
    for (const count of [13, 15])
      assert.deepEqual(subject(eventXml({ ...error, qualifiers: 0, data: positional(old, count) }, form)), crashed);
  // The process that wrote it is the reporter.
  const data = crash('orders.exe', '0x3560', `0x${CREATED_HEX}`);
  assert.deepEqual(subject(eventXml({ ...error, guid: APP_GUID, pid: 8404, data })), crashed);
});

test('the program of a crash is without suffix, or names the service of svchost.exe', () => {
  const of = (app: string) => {
    const data = crash(app, '3560', CREATED_HEX);
    const { program, service } = subject(eventXml({ provider: 'application error', eventId: 1000, data })) ?? {};
    return [program, service];
  };
  assert.deepEqual(of('svchost.exe_mail'), ['svchost.exe', 'mail']);
  assert.deepEqual(of('SVCHOST.EXE_MSSQL$SHOP'), ['SVCHOST.EXE', 'MSSQL$SHOP']);
  assert.deepEqual(of('svchost.exe_unknown'), ['svchost.exe', undefined]);
  assert.deepEqual(of('svchost.exe'), ['svchost.exe', undefined]);
  assert.deepEqual(of('launcher.exe_unknown'), ['launcher.exe', undefined]);
  assert.deepEqual(of('C:\\shop\\x_y.exe'), ['x_y.exe', undefined]);
  assert.deepEqual(of(''), ['orders.exe', undefined]);
});

test('pids and creation times of crashes that are none are left out', () => {
  const of = (pid: string, createdAt: string) => {
    const data = positional(crash('orders.exe', pid, createdAt), 15);
    return subject(eventXml({ provider: 'Application Error', eventId: 1000, data }));
  };
  const bare = { program: 'orders.exe', reportId: REPORT };
  for (const pid of ['', '0', '0x0', 'x', '123456789']) assert.deepEqual(of(pid, '0'), bare, pid);
  for (const time of ['', '0', 'ffffffffffffffff', 'x', '12345678901234567'])
    assert.deepEqual(of('10', time), { ...bare, pid: 16 }, time);
});

test('Application Hang 1002 has program, process, creation time and report', () => {
  const data = ['orders.exe', '1.0', '3560', CREATED_HEX, '4', 'C:\\shop\\orders.exe', REPORT, '', '', 'Unknown'];
  assert.deepEqual(subject(eventXml({ provider: 'Application Hang', eventId: 1002, data, binary: '55' })), crashed);
});

/** The texts of Windows Error Reporting 1001 in their order. */
const report = (eventName: string, first: string) =>
  [
    ['Bucket', '123'],
    ['BucketType', '5'],
    ['EventName', eventName],
    ['Response', 'Not available'],
    ['CabId', '0'],
    ['P1', first],
    ...Array.from({ length: 9 }, (_, i) => [`P${i + 2}`, 'x'] as const),
    ['AttachedFiles', ''],
    ['StorePath', 'C:\\x'],
    ['AnalysisSymbol', ''],
    ['Rechecking', '0'],
    ['ReportId', REPORT],
    ['ReportStatus', '4'],
    ['HashedBucket', ''],
    ['CabGuid', '0'],
  ] as const;

test('Windows Error Reporting 1001 names a program only if it is about a crash or a hang', () => {
  const wer = { provider: 'Windows Error Reporting', eventId: 1001, level: 4, pid: 8404 };
  const expected = { program: 'orders.exe', reportId: REPORT };
  for (const name of ['APPCRASH', 'BEX', 'BEX64', 'CLR20r3', 'MoAppCrash', 'AppHangB1', 'InPageError']) {
    const data = report(name, 'orders.exe');
    assert.deepEqual(subject(eventXml({ ...wer, data })), expected, name);
    assert.deepEqual(subject(eventXml({ ...wer, data: positional(data, 22) })), expected, name);
  }
  for (const name of [
    'StoreAgentScanForUpdatesFailure0',
    'WindowsWcpOtherFailure3',
    'LiveKernelEvent',
    'PowerShell',
    '',
  ])
    assert.equal(subject(eventXml({ ...wer, data: report(name, 'Update;') })), undefined, name);
});

test('event 1001 of BugCheck names nothing', () => {
  const provider = 'Microsoft-Windows-WER-SystemErrorReporting';
  const data = [['param1', '0x1e'] as const];
  assert.equal(subject(eventXml({ provider, sourceName: 'BugCheck', guid: '{1}', eventId: 1001, data })), undefined);
});

const clr = { provider: '.NET Runtime', qualifiers: 0, level: 2 };
test('a crash of .NET has its program in every language, and its process where the event has one', () => {
  const english = 'Application: Orders Api.exe\nCoreCLR Version: 8.0\nDescription: The process was terminated.\n';
  const russian = 'Приложение: orders.exe\nВерсия платформы: v4.0.30319\nОписание. Процесс был завершен.\n';
  for (const eventId of [1023, 1025, 1026]) {
    assert.deepEqual(subject(eventXml({ ...clr, eventId, data: [english] })), { program: 'Orders Api.exe' });
    assert.deepEqual(subject(eventXml({ ...clr, eventId, data: [russian] })), { program: 'orders.exe' });
    const recorded = eventXml({ ...clr, eventId, pid: 10620, threadId: 0, data: [english] });
    assert.deepEqual(subject(recorded), { program: 'Orders Api.exe', pid: 10620 });
  }
});

test('event 1000 of .NET Runtime is a message of any program', () => {
  const data = ['Category: Shop\nEventId: 7\n\nApplication: x.exe\n'];
  assert.equal(subject(eventXml({ ...clr, level: 4, eventId: 1000, data })), undefined);
});

const was = { provider: 'Microsoft-Windows-WAS', sourceName: 'WAS', guid: '{1}', channel: 'System', pid: 0 };
test('events of the process activation service have pool and worker process', () => {
  const data = [
    ['AppPoolID', 'Shop Pool'],
    ['ProcessID', '4242'],
  ] as const;
  assert.deepEqual(subject(eventXml({ ...was, eventId: 5011, data })), { pool: 'Shop Pool', pid: 4242 });
  assert.deepEqual(subject(eventXml({ ...was, provider: 'was', eventId: 5009, data: ['Shop', '4242', 'ff'] })), {
    pool: 'Shop',
    pid: 4242,
  });
  assert.deepEqual(subject(eventXml({ ...was, eventId: 5076, data: ['4242', 'Shop'] })), { pool: 'Shop', pid: 4242 });
  assert.deepEqual(subject(eventXml({ ...was, eventId: 5002, data: ['Shop'] })), { pool: 'Shop' });
  assert.equal(
    subject(
      eventXml({
        ...was,
        eventId: 5189,
        data: [
          ['AppPoolID', '*'],
          ['ErrorType', '1'],
        ],
      }),
    ),
    undefined,
  );
  assert.equal(subject(eventXml({ ...was, eventId: 5005, data: [] })), undefined);
});

test('events of a worker process have its pool by name or text, and the writing process', () => {
  const worker = { provider: 'Microsoft-Windows-IIS-W3SVC-WP', sourceName: 'W3SVC-WP', guid: '{2}' };
  const text = "The worker process for application pool 'Shop Pool' failed.";
  assert.deepEqual(subject(eventXml({ ...worker, eventId: 2303, data: [text] })), { pool: 'Shop Pool' });
  assert.deepEqual(subject(eventXml({ ...worker, eventId: 2280, pid: 77, data: ['x.dll'] })), { pid: 77 });
});

test('only providers of SQL Server are names of services', () => {
  const of = (provider: string) => subject(eventXml({ provider, eventId: 18456, binary: '00' }));
  for (const service of ['MSSQLSERVER', 'MSSQL$SHOP', 'mssql$shop', 'SQLAgent$SHOP'])
    assert.deepEqual(of(service), { service });
  for (const provider of ['EventLog', 'NETLOGON', 'VSS', 'ShopApi', 'MSSQL$', 'XMSSQL$A'])
    assert.equal(of(provider), undefined);
});

test('a lookup that failed and a shutdown name no process', () => {
  const dns = { provider: 'Microsoft-Windows-DNS-Client', guid: '{3}', eventId: 1014, pid: 1444 };
  assert.equal(subject(eventXml({ ...dns, data: [['QueryName', 'shop.example']] })), undefined);
  for (const provider of ['USER32', 'User32'])
    assert.equal(subject(eventXml({ provider, eventId: 1074, data: ['C:\\x.exe (SHOP-01)', 'SHOP-01'] })), undefined);
});
