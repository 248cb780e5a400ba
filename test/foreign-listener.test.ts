// Another process that listens on the port of the control plane, judged by built TCP tables.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foreignListener } from '../src/foreign-listener.ts';
import { tcpTable } from './helpers/observations.ts';

const AGENT = 100;
const OTHER = 666;
const listener = (endpoint: string, pid: number): { local: string; remote?: string; pid: number } => {
  return { local: endpoint, pid };
};
const found = (address: string, rows4: ReturnType<typeof listener>[], rows6: ReturnType<typeof listener>[] = []) =>
  foreignListener([tcpTable(4, rows4), tcpTable(6, rows6)], { address, port: 10_300, pid: AGENT });

test('a more specific listener of another process beside an agent on every address', () => {
  assert.equal(
    found('0.0.0.0', [listener('0.0.0.0:10300', AGENT), listener('127.0.0.1:10300', OTHER)]),
    'process 666 listens on 127.0.0.1:10300 as well and gets connections that are meant for the agent; ' +
      'end it, or set `listen` to another port',
  );
  assert.match(found('::', [listener('10.0.0.5:10300', OTHER)], [listener('[::]:10300', AGENT)]) ?? '', /10\.0\.0\.5/);
});

test('another process on every address beside an agent on one address', () => {
  const own = listener('127.0.0.1:10300', AGENT);
  assert.match(found('127.0.0.1', [own, listener('0.0.0.0:10300', OTHER)]) ?? '', /process 666 listens on 0\.0\.0\.0/);
  assert.match(found('127.0.0.1', [own], [listener('[::]:10300', OTHER)]) ?? '', /listens on \[::\]:10300/);
});

test('the process System, which cannot be ended, with the command that names its URL', () => {
  const rows = [listener('127.0.0.1:10300', AGENT), listener('0.0.0.0:10300', 4)];
  assert.match(found('127.0.0.1', rows) ?? '', /^process 4 .*netsh http show servicestate/);
  assert.doesNotMatch(found('127.0.0.1', rows) ?? '', /end it/);
});

test('the other loopback address, because localhost means both', () => {
  const own = listener('127.0.0.1:10300', AGENT);
  assert.match(found('127.0.0.1', [own], [listener('[::1]:10300', OTHER)]) ?? '', /listens on \[::1\]:10300/);
});

test('the same address, which a socket option allows', () => {
  const rows = [listener('10.0.0.5:10300', AGENT), listener('10.0.0.5:10300', OTHER)];
  assert.match(found('10.0.0.5', rows) ?? '', /process 666/);
});

test('none for own sockets, other ports, other addresses, other states and other compartments', () => {
  const own = listener('127.0.0.1:10300', AGENT);
  assert.equal(found('127.0.0.1', [own, listener('127.0.0.1:10301', OTHER)]), undefined);
  assert.equal(found('127.0.0.1', [own, listener('10.0.0.5:10300', OTHER)]), undefined);
  assert.equal(found('127.0.0.1', [own, listener('127.0.0.2:10300', OTHER)]), undefined);
  assert.equal(found('127.0.0.1', [own], [listener('[::1]:10300', AGENT)]), undefined);
  assert.equal(found('127.0.0.1', [{ local: '127.0.0.1:10300', remote: '127.0.0.1:50000', pid: OTHER }]), undefined);
  const container = { ...tcpTable(4, [listener('0.0.0.0:10300', OTHER)]), compartmentId: 2 };
  assert.equal(foreignListener([container], { address: '127.0.0.1', port: 10_300, pid: AGENT }), undefined);
});
