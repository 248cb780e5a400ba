// Clients that pipeline and never read, against the agent as a user starts it.
import assert from 'node:assert/strict';
import { connect, type Socket } from 'node:net';
import { after, before, test } from 'node:test';
import { type AgentProcess, startAgent } from '../helpers/agent-process.ts';

const routes = ['/metrics', '/api/v1/status', '/api/v1/processes', '/api/v1/processes?container=*', '/nothing'];
const CONNECTIONS = 100;
const REQUESTS = 1000;
const PROBES = 50;

let agent: AgentProcess;
before(async () => {
  agent = await startAgent('docs/demo/shop.tape.gz');
});
after(() => agent.child.kill('SIGKILL'));

function load(address: string): Socket[] {
  const [host, port] = address.split(':');
  return Array.from({ length: CONNECTIONS }, (_, i) => {
    const socket = connect(Number(port), host!).pause();
    socket.on('error', () => {});
    socket.write(`GET ${routes[i % routes.length]} HTTP/1.1\r\nHost: ${address}\r\n\r\n`.repeat(REQUESTS));
    return socket;
  });
}

test('answers and builds no more than once per pass while clients pipeline and read nothing', async () => {
  const sockets = load(agent.address);
  for (let probe = 0; probe < PROBES; probe++) {
    for (const path of ['/health', '/metrics', '/api/v1/processes']) {
      const answer = await fetch(`http://${agent.address}${path}`, { headers: { connection: 'close' } });
      assert.equal(answer.status, 200, path);
      await answer.arrayBuffer();
    }
  }
  const { passes } = await agent.client.status();
  const text = await agent.client.metrics();
  const built = [...text.matchAll(/^coroot_agent_http_answers_built_total\{route="(.*)"\} (\d+)$/gm)];
  assert.ok(built.length > 0);
  // The end of the tape makes answers outdated once more; selections of rows are answers of their own.
  for (const [, route, count] of built) assert.ok(Number(count) <= 2 * (passes.count + 1), `${route} ${count}`);
  for (const socket of sockets) socket.destroy();
  assert.equal(agent.child.exitCode, null);
});
