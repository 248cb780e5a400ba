// Redaction of a recording: removes canaries from every field of every kind, with consistent stand-ins.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Observation } from '../../../src/sources/host.ts';
import { encodeHeader, encodeObservation } from '../../../src/sources/tape/format.ts';
import { openTape } from '../../../src/sources/tape/read-tape.ts';
import { Redactor } from '../../../src/sources/tape/redact.ts';
import { canary, everything, HOST, traces } from '../../helpers/canaries.ts';
import { aHeader, anAdapter, aService, observation } from '../../helpers/observations.ts';

const redactAll = (redactor: Redactor, observations: readonly Observation[]): Observation[] => {
  for (const each of observations) redactor.collectNames(each);
  return observations.map((each) => redactor.redact(each));
};
const redactOne = (redactor: Redactor, each: Observation): Observation => redactAll(redactor, [each])[0]!;

test('the canaries cover every kind of observation', async () => {
  const { KINDS } = await import('../../../src/sources/records/kinds.ts');
  assert.deepEqual([...new Set(everything.map(({ kind }) => kind))].sort(), Object.keys(KINDS).sort());
});

test('removes the canaries from every field of every kind, and from the header', () => {
  const redactor = new Redactor();
  const done = redactAll(redactor, everything);
  assert.equal(done.length, everything.length);
  for (const each of done) {
    const line = encodeObservation(each);
    for (const trace of traces) assert.doesNotMatch(line, trace, each.kind);
  }
  const settings = {
    'collector-endpoint': `https://${HOST}/`,
    'container-denylist': canary,
    listen: '127.0.0.1:10300',
  };
  const dropped = { [`rights: ${canary}`]: 1 };
  const header = redactor.header(aHeader({ settings, dropped, standIns: [{ part: canary, replacement: canary }] }), {
    listen: '127.0.0.1:10300',
  });
  const line = encodeHeader(header);
  for (const trace of traces) assert.doesNotMatch(line, trace);
  assert.equal(header.settings.listen, '127.0.0.1:10300');
});

test('finds the canaries when nothing is redacted', () => {
  const lines = everything.map((each) => encodeObservation(each)).join('\n');
  for (const trace of traces) assert.match(lines, trace);
});

test('uses one stand-in for a value in all fields and kinds', () => {
  const redactor = new Redactor();
  const done = redactAll(redactor, everything);
  const of = <K extends Observation['kind']>(kind: K) => done.find((each) => each.kind === kind)!.data as never;
  const [first, second] = of('services') as { name: string; config: { account: string; binaryPath: string } }[];
  assert.equal(first!.config.account, 'domain-1\\user-1');
  assert.match(second!.config.account, /^user-1@domain-\d$/);
  assert.match(first!.name, /^svc of user-1 on host-1 \(domain-1\) at /);
  const [adapter] = of('adapters') as { addresses: string[] }[];
  assert.ok(first!.name.includes(adapter!.addresses[0]!), 'the public address of the adapter is that of the text');
  assert.equal(new Set(adapter!.addresses).size, 4);
  const [v4] = of('tcp') as { localAddress: Uint8Array; remoteAddress: Uint8Array }[];
  assert.equal(v4!.remoteAddress.join('.'), adapter!.addresses[0]);
  assert.equal(v4!.localAddress.join('.'), adapter!.addresses[1]);
});

test('keeps program and option names of a command line, and removes values', () => {
  const redactor = new Redactor();
  const line = (binaryPath: string): string => {
    const config = { startType: 2, account: 'LocalSystem', binaryPath };
    const [service] = redactOne(redactor, observation('services', [aService({ config })])).data as unknown as {
      config: { binaryPath: string };
    }[];
    return service!.config.binaryPath;
  };
  assert.equal(
    line('C:\\Windows\\system32\\svchost.exe -k netsvcs -p'),
    'C:\\Windows\\system32\\svchost.exe -k netsvcs -p',
  );
  assert.equal(
    line('"C:\\Program Files\\data backup\\java.exe" --listen=1.2.3.4 "quoted value" /s'),
    '"C:\\Program Files\\data backup\\java.exe" --listen=* * /s',
  );
  assert.equal(line('C:\\Program Files\\data backup\\java.exe secret'), 'C:\\Program Files\\data backup\\java.exe *');
  assert.equal(line(''), '');
});

test('replaces security identifiers of a domain and keeps well-known ones', () => {
  const redactor = new Redactor();
  const name =
    'of S-1-5-21-1004336348-1177238915-682003330-512 and S-1-5-21-1004336348-1177238915-682003330-512 in S-1-5-32-544 by S-1-5-18';
  const [service] = redactOne(redactor, observation('services', [aService({ name })])).data as unknown as {
    name: string;
  }[];
  assert.equal(service!.name, 'of sid-1 and sid-1 in S-1-5-32-544 by S-1-5-18');
});

test('keeps system accounts, loopback, wildcards, shared profiles and version numbers', () => {
  const redactor = new Redactor();
  const services = ['LocalSystem', 'NT AUTHORITY\\NetworkService', 'NT SERVICE\\MSSQL$X', '.\\Administrator'].map(
    (account) =>
      aService({ name: 'FontCache3.0.0.0', config: { startType: 2, account, binaryPath: 'C:\\Users\\Public\\x.exe' } }),
  );
  const redacted = redactOne(redactor, observation('services', services)).data as unknown as typeof services;
  assert.deepEqual(
    redacted.map(({ config }) => config!.account),
    services.map(({ config }) => config!.account),
  );
  assert.deepEqual(
    [redacted[0]!.name, redacted[0]!.config!.binaryPath],
    ['FontCache3.0.0.0', 'C:\\Users\\Public\\x.exe'],
  );
  const addresses = ['127.0.0.1', '0.0.0.0', '::', '::1'];
  const adapters = redactOne(redactor, observation('adapters', [anAdapter({ addresses })])).data as unknown as {
    addresses: string[];
  }[];
  assert.deepEqual(adapters[0]!.addresses, addresses);
});

test('replaces an address by one of the same scope', () => {
  const redactor = new Redactor();
  const addresses = [
    '192.168.1.5',
    '172.16.9.9',
    '8.8.8.8',
    '169.254.7.7',
    '100.64.0.9',
    'fd12::9',
    'fe80::1:2',
    '2a00:1450::1',
  ];
  const [adapter] = redactOne(redactor, observation('adapters', [anAdapter({ addresses })])).data as unknown as {
    addresses: string[];
  }[];
  const scopes = [/^10\./, /^10\./, /^198\.1[89]\./, /^169\.254\./, /^10\./, /^fd00:/, /^fe80:/, /^2001:db8:/];
  for (const [i, address] of adapter!.addresses.entries()) assert.match(address, scopes[i]!);
});

test('keeps the number of distinct remote addresses of the demo tape', async () => {
  const redactor = new Redactor();
  await using tape = await openTape('docs/demo/shop.tape.gz');
  let rows = 0;
  for await (const each of tape.observations) {
    const done = redactOne(redactor, each);
    if (each.kind !== 'tcp' || !each.data) continue;
    const remotes = (tables: NonNullable<typeof each.data>) =>
      tables.flatMap(({ remoteAddress, family }) =>
        Array.from({ length: remoteAddress.length / (family === 4 ? 4 : 16) }, (_, i) =>
          remoteAddress.slice(i * (family === 4 ? 4 : 16), (i + 1) * (family === 4 ? 4 : 16)).join('.'),
        ),
      );
    const [before, now] = [remotes(each.data), remotes(done.data as typeof each.data)];
    assert.equal(new Set(now).size, new Set(before).size);
    rows += now.length;
  }
  assert.ok(rows > 1000);
});
