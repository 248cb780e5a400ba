// Listeners of one container, and which connections are inbound by them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ipBytes } from '../../../src/base/ip.ts';
import { NameCache } from '../../../src/model/dns/name-cache.ts';
import { OwnerNetwork } from '../../../src/model/owner/owner-network.ts';

const bytes = (ip: string): Uint8Array => ipBytes(ip)!;
/** Whether a connection with this local endpoint is inbound; the address is at offset 16. */
const isInbound = (network: OwnerNetwork, port: number, ip: string) =>
  network.listensOn(port, Uint8Array.from([...bytes('::9'), ...bytes(ip)]), 16);

test('treats a connection as inbound if a listener has its address and port, or all addresses', () => {
  const network = new OwnerNetwork();
  network.begin();
  network.listen(80, undefined);
  network.listen(81, bytes('10.0.0.5'));
  network.listen(81, bytes('fe80::1'));
  network.listen(82, bytes('10.0.0.5'));
  network.listen(82, undefined);
  network.listen(83, undefined);
  network.listen(83, bytes('10.0.0.5'));
  const cases: [port: number, ip: string, expected: boolean][] = [
    [80, '10.0.0.7', true],
    [80, '::1', true],
    [81, '10.0.0.5', true],
    [81, '10.0.0.6', false],
    [81, 'fe80::1', true],
    [81, 'fe80::2', false],
    [82, '10.0.0.7', true],
    [83, '10.0.0.7', true],
    [84, '10.0.0.5', false],
  ];
  for (const [port, ip, expected] of cases) assert.equal(isInbound(network, port, ip), expected, `${ip}:${port}`);
  network.begin();
  assert.equal(isInbound(network, 80, '10.0.0.7'), false);
});

test('replaces the listeners with each scan, and keeps the objects of those that stay', () => {
  const network = new OwnerNetwork();
  const shown = () =>
    [...network.listeners.values()].map(({ address, proxy, reported }) => `${address} ${proxy || '-'} ${reported}`);
  network.begin();
  network.addListener('10.0.0.5:80', '');
  network.addListener('10.0.0.5:80', '', false);
  network.addListener('10.0.0.5:80', 'dockerd');
  network.addListener('10.0.0.5:49664', '', false);
  assert.deepEqual(shown(), []);
  network.end(1);
  assert.deepEqual(shown(), ['10.0.0.5:80 - true', '10.0.0.5:80 dockerd true', '10.0.0.5:49664 - false']);
  const [first] = network.listeners.values();
  network.begin();
  assert.equal(network.listeners.size, 3);
  network.addListener('[::1]:80', '');
  network.addListener('10.0.0.5:80', '');
  network.end(2);
  assert.deepEqual(shown(), ['[::1]:80 - true', '10.0.0.5:80 - true']);
  assert.equal([...network.listeners.values()][1], first);
});

test('clears listeners and active connections, and keeps counts', () => {
  const network = new OwnerNetwork();
  const rules = { names: new NameCache(), maxDestinations: 500 };
  network.begin();
  network.listen(80, undefined);
  network.addListener('10.0.0.5:80', '');
  for (const port of [1, 1, 2]) network.destinations.countActive(bytes('10.0.0.9'), 0, port, rules, 5).successful++;
  network.end(5);
  assert.deepEqual(
    [network.activeConnections, network.listeners.size, isInbound(network, 80, '10.0.0.5')],
    [3, 1, true],
  );
  network.clear();
  assert.deepEqual(
    [network.activeConnections, network.listeners.size, isInbound(network, 80, '10.0.0.5')],
    [0, 0, false],
  );
  assert.deepEqual(
    network.destinations.values().map(({ successful }) => successful),
    [2, 1],
  );
});
