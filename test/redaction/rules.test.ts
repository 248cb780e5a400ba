// Redaction rules: what each one keeps and what it replaces.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addresses, dnsName, domain, endpoint } from '../../src/redaction/network-rules.ts';
import { each, patternHash, settingValue, text } from '../../src/redaction/rules.ts';
import { Scrubber } from '../../src/redaction/scrub.ts';
import { KINDS } from '../../src/sources/records/kinds.ts';
import { aDaemon, aDockerContainer } from '../helpers/docker-records.ts';

test('each applies a rule to every entry', () => {
  assert.deepEqual(each(domain)(['a.example', 'b.example', 'A.example.'], new Scrubber()), [
    'host-1',
    'host-2',
    'host-1',
  ]);
});

test('settingValue keeps a default and an empty value', () => {
  assert.deepEqual(
    [settingValue('a', 'a'), settingValue('', 'a'), settingValue('b', 'a'), settingValue('b', undefined)],
    ['a', '', '*', '*'],
  );
});

test('a text keeps the form of the ids in names of kernel objects', () => {
  const name = text('\\Container_0123abcd-4567-89ab', new Scrubber());
  assert.match(name, /^\\Container_[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}$/);
  assert.doesNotMatch(name, /0123abcd/);
});

test('an IPv4 address has one stand-in as IPv4, as IPv4-mapped IPv6 and in a text', () => {
  const scrubber = new Scrubber();
  const plain = addresses(Uint8Array.of(8, 8, 8, 8, 9, 9, 9, 9), 4, scrubber);
  const mapped = new Uint8Array(16).fill(0xff, 10, 12);
  mapped.set([8, 8, 8, 8], 12);
  assert.deepEqual(addresses(mapped, 16, scrubber).subarray(12), plain.subarray(0, 4));
  assert.equal(text('to 8.8.8.8', scrubber), `to ${plain.subarray(0, 4).join('.')}`);
  assert.notDeepEqual(plain.subarray(0, 4), plain.subarray(4));
});

test('dnsName keeps placeholders that stand for many names', () => {
  const scrubber = new Scrubber();
  assert.deepEqual(
    ['~other', 'IP.in-addr.arpa', 'db.example.'].map((name) => dnsName(name, scrubber)),
    ['~other', 'IP.in-addr.arpa', 'host-1'],
  );
});

test('endpoint replaces the host and keeps the port', () => {
  const scrubber = new Scrubber();
  assert.equal(endpoint('db.example:5432', scrubber), 'host-1:5432');
  assert.match(endpoint('8.8.8.8:53', scrubber), /^198\.1[89]\.\d+\.\d+:53$/);
  assert.match(endpoint('[2a00::1]:53', scrubber), /^\[2001:db8:.*\]:53$/);
  assert.equal(endpoint('127.0.0.1:80', scrubber), '127.0.0.1:80');
});

test('a text keeps scheme, port and wildcard hosts, and removes paths of URLs', () => {
  const scrubber = new Scrubber();
  assert.equal(
    text('http://shop.example:80/secret/ https://+:443/ http://*/secret', scrubber),
    'http://host-1:80/*/ https://+:443/ http://*/*/',
  );
});

test('the hash of a log pattern has the stand-in that it has in a text', () => {
  const scrubber = new Scrubber();
  const hash = 'c459d8ec1309eb9201373acecc954363';
  const standIn = patternHash(hash, scrubber);
  assert.match(standIn, /^[0-9a-f]{32}$/);
  assert.notEqual(standIn, hash);
  assert.equal(text(hash, scrubber), standIn);
  assert.deepEqual([patternHash('', scrubber), patternHash('0'.repeat(32), scrubber)], ['', '0'.repeat(32)]);
});

test("Docker's versions and log drivers are kept, an address or a name in their place is not", () => {
  const redacted = (version: string, logDriver: string): unknown => {
    const daemon = aDaemon([{ ...aDockerContainer({ name: 'web' }), logDriver }], { version });
    const { version: kept, containers } = KINDS.dockerContainers.redact(daemon, new Scrubber());
    return [kept, containers[0]!.logDriver];
  };
  for (const [version, driver] of [
    ['24.0.7', 'json-file'],
    ['19.03.12-ee', 'etwlogs'],
  ] as const)
    assert.deepEqual(redacted(version, driver), [version, driver]);
  assert.doesNotMatch(JSON.stringify(redacted('203.0.113.77', 'frodo-baggins')), /203\.0\.113\.77|frodo|baggins/);
});
