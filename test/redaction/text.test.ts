// Texts: what is replaced whatever stands around it, and what stays readable.
import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';
import { Scrubber } from '../../src/redaction/scrub.ts';

const scrub = (text: string, scrubber = new Scrubber()): string => scrubber.text(text);

describe('a text loses', () => {
  const cases: readonly [what: string, text: string, redacted: string][] = [
    ['the server of a network path', '\\\\zzfiles02\\share\\svc.exe', '\\\\host-1\\share\\svc.exe'],
    ['a server whose name is a listed word', 'open of \\\\backup\\data failed', 'open of \\\\host-1\\data failed'],
    ['the server of a long path', '\\\\?\\UNC\\zzfiles\\data', '\\\\?\\UNC\\host-1\\data'],
    ['the server of a device path', '\\Device\\Mup\\zzfiles\\data', '\\Device\\Mup\\host-1\\data'],
    [
      'the server of a redirected drive',
      '\\Device\\LanmanRedirector\\;Z:0\\zzf\\x',
      '\\Device\\LanmanRedirector\\;Z:0\\host-1\\x',
    ],
    ['the server of a file URL', 'file://zzfiles/share', 'file://host-1/*/'],
    ['a name with a private suffix', 'Mirror of zzSqlProd07.zzcorp.local.', 'Mirror of host-1.'],
    ['a name of listed words with a suffix', 'copy of sql.prod.local', 'copy of host-1'],
    ['credentials and parameters of a URL', 'Sync https://u:zzPw@host/path?key=zz', 'Sync https://********@host-1/*/'],
    ['credentials of an invalid URL', 'see https://u:zz/pw@host:8443/', 'see https://********@host-1:8443/'],
    ['values of a connection string', 'User Id=sa;Password=two words;', 'User Id=*;Password=*;'],
    ['a password of listed words', 'password: server', 'password: *'],
    ['a bearer token', 'Authorization: Bearer abcdefgh', 'Authorization: * name-1'],
    ['a mail address', 'mail zz.person@zzmail.example!', 'mail user-1@host-1!'],
    ['the owner of a profile', 'C:/Users/zzfwd/data', 'C:/Users/user-1/data'],
    ['an owner with a space in the name', 'D:\\Users\\Ann Zz\\data\\', 'D:\\Users\\user-1\\data\\'],
    [
      'the owner of a profile in a URL',
      'at run (file:///C:/Users/zed/main.js:1:2)',
      'at run (file:///C:/Users/user-1/main.js:1:2)',
    ],
    ['the domain of a well-known account', 'Runs as ZZCORP\\Administrator', 'Runs as domain-1\\Administrator'],
    ['domain and user', 'Runs as ZZCORP\\zzann, not .\\zzbob', 'Runs as domain-1\\user-1, not .\\user-2'],
    ['an address at the end of a sentence', 'It could not reach 10.77.66.55. It', 'It could not reach 10.213.0.1. It'],
    ['an address between underscores', 'replica_10.77.66.56_old', 'replica_10.213.0.1_old'],
    ['an address after letters', 'db10.77.66.57 v10.77.66.57', 'db10.213.0.1 v10.213.0.1'],
    ['an address with dashes', 'ip-10-177-66-58', 'name-1'],
    ['an IPv6 address in brackets', '[2a00:1450::7]:443', '[2001:db8::1]:443'],
    ['an IPv6 address with a zone', 'fe80::77%eth0.', 'fe80::d5d5:d5d5:0:1%0.'],
    ['an IPv6 address after letters', 'zz2a00:1450::7', 'name-12001:db8::1'],
    ['what is nearly an IPv6 address', 'x12345:6789::1', 'x*'],
    ['an IPv4 address in IPv6', '::ffff:10.77.66.55', '::ffff:10.213.0.1'],
    ['identifiers of accounts', 'S-1-5-21-1-2-3-500 S-1-12-1-4-5 S-1-5-18', 'sid-1 sid-2 S-1-5-18'],
    ['hardware addresses', '00-1a-22-33-44-55 001a.2233.4455 00:1A:22:33:44:55', 'mac-1 mac-1 mac-1'],
    ['a name with digits', 'sql-prod-07 and websrv01', 'name-1 and name-2'],
    ['a name in another alphabet', 'сервер and Müller', 'name-1 and name-2'],
    ['a long number', 'account 123456789', 'account name-1'],
    ['percent-encoded text', '%5C%5Czzfiles%5Cx', '*name-1'],
    ['escaped text', '\\u007a\\u007a \\x7a\\x7a &#122;&#122;', '*'],
    ['bytes in hexadecimal', '7a 7a 66 69 and 7a:7a:66:69', '* and *'],
    ['the number of a bank card', 'card 4111 1111 1111 1111', 'card *'],
    ['bytes in decimal', '122 122 102 105 108', '*'],
    ['UTF-16 read as bytes', 'z\0z\0f\0', 'name-1'],
    ['base64', 'enpTZWNyZXRWYWx1ZQ==', 'name-1=='],
  ];
  for (const [what, text, redacted] of cases) it(what, () => assert.equal(scrub(text), redacted));

  it('an id, and keeps its form', () => {
    const id = 'ca0123ca-feca-4fe0-8cab-ca01ca23ca45';
    const redacted = scrub(`job {${id.toUpperCase()}} of ${id.replaceAll('-', '')}`);
    assert.match(redacted, /^job \{[\dA-F]{8}-[\dA-F]{4}-[\dA-F]{4}-[\dA-F]{4}-[\dA-F]{12}\} of [\da-f]{32}$/);
    assert.doesNotMatch(redacted, /ca0123ca/i);
  });
});

describe('a text keeps', () => {
  const kept: readonly string[] = [
    'Access is denied.',
    'The system cannot find the file specified.',
    'The service did not respond to the start or control request in a timely fashion.',
    'tcp tables of compartment 3: error 5 (0xC0000022)',
    'unknown version: tcpip 1033 v7',
    'Windows Server 2022 Datacenter (Build 20348)',
    '10.0.20348.2227 and 10.0.20348',
    'C:\\Windows\\System32\\svchost.exe',
    'C:\\Program Files\\Microsoft SQL Server\\data\\sqlservr.exe',
    '\\SystemRoot\\System32\\drivers\\tcpip.sys',
    'NT AUTHORITY\\NetworkService',
    'HKLM\\SOFTWARE\\Microsoft',
    '\\\\.\\pipe\\docker',
    'Local Area Connection* 12, Ethernet 2, vEthernet (nat)',
    'Intel(R) Gigabit Network Connection',
    'Windows Presentation Foundation Font Cache 3.0.0.0',
    '/win/W3SVC http://+:443/ 127.0.0.1:10300 [::1]:80 0.0.0.0:80',
    'at 2026-11-27T12:30:45.123Z after 3.5 s, 15% of 500MB',
    'agent’s isn’t "quoted" e.g. node.js',
    'coroot_agent_passes_total requiredRight SeDebugPrivilege',
    '',
  ];
  for (const text of kept) it(JSON.stringify(text), () => assert.equal(scrub(text), text));
});

test('a learned name is replaced even when it is a listed word or part of a name', () => {
  const scrubber = new Scrubber();
  scrubber.addHost('SERVER');
  scrubber.addAccount('PROD\\backup');
  scrubber.addHost('sql-prod');
  assert.equal(scrub('the Server, server.zz.example and sql-prod', scrubber), 'the host-1, host-1 and host-2');
  assert.equal(scrub('run by backup of PROD', scrubber), 'run by user-1 of domain-1');
  assert.equal(scrub('sql-prod-old sqlProdOld backup-server', scrubber), 'name-1 name-2 name-3');
});

test('a name has one stand-in as host, user, domain, service, file name and word', () => {
  const scrubber = new Scrubber();
  scrubber.addService('ZzOrders');
  scrubber.addService('MSSQL$ZZPAY');
  scrubber.addProgram('zzorders.exe');
  assert.equal(
    scrub('ZzOrders C:\\data\\zzorders.exe /win/zzorders MSSQL$ZZPAY /win/MSSQL_ZZPAY', scrubber),
    'service-1 C:\\data\\service-1.exe /win/service-1 MSSQL$service-2 /win/MSSQL_service-2',
  );
});

test('a name of several words has one stand-in', () => {
  const scrubber = new Scrubber();
  scrubber.addService('Zz Order Service');
  assert.equal(
    scrub('start of zz order service, /win/Zz Order Service', scrubber),
    'start of service-1, /win/service-1',
  );
});

test('the domain is replaced beside a well-known user, and kept when it is one of Windows', () => {
  const scrubber = new Scrubber();
  const accounts = ['ZZA\\Administrator', 'zza\\GUEST', 'ZZA\\SYSTEM', 'guest@zzb.example', 'NT SERVICE\\zzjob', 'ann'];
  assert.deepEqual(
    accounts.map((account) => scrubber.account(account)),
    [
      'domain-1\\Administrator',
      'domain-1\\GUEST',
      'domain-1\\SYSTEM',
      'guest@domain-2',
      'NT SERVICE\\name-1',
      'user-1',
    ],
  );
});

test('an id of another form gets a number', () => {
  const { standIns } = new Scrubber();
  assert.deepEqual(
    ['zzmachine-abc', 'VMware-ZZSERIAL', 'ZZMACHINE-ABC', ''].map((id) => standIns.id(id)),
    ['id-1', 'id-2', 'id-1', ''],
  );
});

test('no address is its own stand-in, and stand-ins are not in common networks', () => {
  const scrubber = new Scrubber();
  const common = [
    '10.0.0.1',
    '10.213.0.2',
    '192.168.1.1',
    'fd00::1',
    'fe80::1',
    '169.254.0.1',
    '2001:db8::1',
    '198.18.0.1',
  ];
  const standIns = common.map((address) => scrubber.text(address));
  assert.deepEqual(
    standIns.filter((standIn, i) => standIn === common[i] || /^(?:10\.0\.|192\.168|fd00::|fe80::1$)/.test(standIn)),
    [],
  );
  assert.equal(new Set(standIns).size, common.length);
});
