// The process at the other end of a connection must be the agent, judged by built TCP tables.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it, test } from 'node:test';
import { AgentClient } from '../src/api/client.ts';
import { AgentError } from '../src/base/errors.ts';
import { checkPeer, peerPid } from '../src/peer-check.ts';
import { tcpTable } from './helpers/observations.ts';

const AGENT = 100;
const OTHER = 666;
const local = { localAddress: '127.0.0.1', localPort: 50_000, remoteAddress: '127.0.0.1', remotePort: 10_300 };
const accepted = (pid: number) => ({ local: '127.0.0.1:10300', remote: '127.0.0.1:50000', pid });
const own = { local: '127.0.0.1:50000', remote: '127.0.0.1:10300', pid: 7 };
const listening = (endpoint: string, pid: number) => ({ local: endpoint, pid });

describe('the process at the other end', () => {
  it('is the owner of the accepted connection, not of another one with the same ports', () => {
    const elsewhere = { local: '127.0.0.2:10300', remote: '127.0.0.1:50000', pid: AGENT };
    assert.equal(peerPid(local, [tcpTable(4, [elsewhere, own, accepted(OTHER)])]), OTHER);
  });
  it('is the more specific listener while the connection is not accepted', () => {
    const rows = [listening('0.0.0.0:10300', AGENT), listening('127.0.0.1:10300', OTHER), accepted(0)];
    assert.equal(peerPid(local, [tcpTable(4, rows)]), OTHER);
    assert.equal(peerPid(local, [tcpTable(4, rows.toReversed())]), OTHER);
  });
  it('is the listener on every address if there is no other', () =>
    assert.equal(peerPid(local, [tcpTable(4, [listening('0.0.0.0:10300', AGENT), own])]), AGENT));
  it('is found for IPv6', () => {
    const connection = { ...local, localAddress: '::1', remoteAddress: '::1' };
    const rows = [{ local: '[::1]:10300', remote: '[::1]:50000', pid: OTHER }];
    assert.equal(peerPid(connection, [tcpTable(6, rows)]), OTHER);
  });
  it('is the listener of the same family while the connection is not accepted', () => {
    const tables = (v4: number, v6: number) => [
      tcpTable(4, [listening('0.0.0.0:10300', v4)]),
      tcpTable(6, [listening('[::]:10300', v6)]),
    ];
    const ipv6 = { ...local, localAddress: '::1', remoteAddress: '::1' };
    for (const order of [tables(AGENT, OTHER), tables(AGENT, OTHER).toReversed()]) {
      assert.equal(peerPid(local, order), AGENT);
      assert.equal(peerPid(ipv6, order), OTHER);
    }
    assert.equal(peerPid(local, [tcpTable(6, [listening('[::]:10300', OTHER)])]), OTHER);
    assert.equal(peerPid(ipv6, [tcpTable(4, [listening('0.0.0.0:10300', AGENT)])]), 0);
  });
  it('is unknown when two processes listen on the same address', () => {
    const both = [listening('127.0.0.1:10300', AGENT), listening('127.0.0.1:10300', OTHER)];
    for (const rows of [both, both.toReversed()]) assert.equal(peerPid(local, [tcpTable(4, rows)]), 0);
    const twice = [listening('127.0.0.1:10300', AGENT), listening('127.0.0.1:10300', AGENT)];
    assert.equal(peerPid(local, [tcpTable(4, twice)]), AGENT);
  });
  it('is on this machine behind every loopback address, also before a table has the connection', () => {
    for (const remoteAddress of ['127.0.0.2', '127.255.0.1', '::ffff:127.0.0.9'])
      assert.equal(peerPid({ ...local, remoteAddress }, []), 0, remoteAddress);
  });
  it('is unknown on this machine, and absent on another one', () => {
    assert.equal(peerPid(local, []), 0);
    assert.equal(peerPid({ ...local, localAddress: '10.0.0.5', remoteAddress: '10.0.0.9' }, []), undefined);
  });
});

describe('the check of the process that answers', () => {
  const check = (pid: number, servicePid: number | undefined, isOwn: boolean, named = false) => {
    try {
      checkPeer(local, { tables: [tcpTable(4, [accepted(pid)])], servicePid, isOwn: () => isOwn }, named);
    } catch (error) {
      assert.ok(error instanceof AgentError && error.code === 'AGENT_FOREIGN' && error.exitCode === 15);
      return error.message;
    }
    return 'accepted';
  };

  it('accepts the service', () => assert.equal(check(AGENT, AGENT, false), 'accepted'));
  it('refuses any other process while the service runs', () => {
    const expected = `process ${OTHER} answers on 127.0.0.1:10300, which is not the agent: the service is process 100`;
    for (const isOwn of [true, false]) assert.equal(check(OTHER, AGENT, isOwn), expected);
    assert.match(check(0, AGENT, true), /^an unknown process answers/);
  });
  it('accepts an agent of the own account that --address names, beside the service', () => {
    assert.equal(check(OTHER, AGENT, true, true), 'accepted');
    assert.match(check(OTHER, AGENT, false, true), /not the agent/);
  });
  it('accepts only the own account while the service is stopped', () => {
    assert.equal(check(OTHER, 0, true), 'accepted');
    assert.match(check(OTHER, 0, false, true), /the service does not run/);
  });
  it('accepts another account without a service only at the address that --address names', () => {
    assert.match(check(OTHER, undefined, false), /the service is not installed/);
    assert.equal(check(OTHER, undefined, false, true), 'accepted');
  });
});

test('the client sends nothing to a process that the check refuses', async () => {
  let requests = 0;
  const server = createServer((_request, response) => {
    requests++;
    response.end('{"agent": {}}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const seen: number[] = [];
  const client = (refused: boolean) =>
    new AgentClient({
      address: `127.0.0.1:${port}`,
      timeoutMs: 5000,
      verifyPeer: async ({ remotePort, localPort }) => {
        seen.push(remotePort);
        assert.ok(localPort > 0);
        if (refused) throw new AgentError('AGENT_FOREIGN', { address: 'a', owner: 'o', service: 's' });
      },
    });
  await assert.rejects(client(true).status(), { code: 'AGENT_FOREIGN' });
  assert.deepEqual([requests, seen], [0, [port]]);
  await client(false).status();
  assert.equal(requests, 1);
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await assert.rejects(client(false).status(), { code: 'AGENT_NOT_RUNNING' });
});
