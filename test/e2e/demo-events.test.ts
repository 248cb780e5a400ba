// Connections and DNS requests that the CLI shows for the demo tape, compared with the events on the tape.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { openTape } from '../../src/sources/tape/read-tape.ts';
import { type AgentProcess, runCli, startAgent } from '../helpers/agent-process.ts';

const demo = 'docs/demo/shop.tape.gz';
let agent: AgentProcess;

before(async () => {
  agent = await startAgent(demo);
});
after(() => agent.child.kill('SIGKILL'));

const ask = (...args: string[]) => runCli([...args, '--address', agent.address]);

test('shows the failed connects and DNS requests that the events on the tape report', async () => {
  const names = new Map<number, string>();
  const [failures, queries] = [new Map<string, number>(), new Map<string, number>()];
  const count = (map: Map<string, number>, pid: number, text: string): void => {
    const key = `/win/${names.get(pid)?.replace('$', '_')} ${text}`;
    map.set(key, (map.get(key) ?? 0) + 1);
  };
  await using tape = await openTape(demo);
  for await (const { kind, data } of tape.observations) {
    if (kind === 'services' && data) for (const { pid, name } of data) if (pid !== 0) names.set(pid, name);
    // A short-lived process belongs to the service of its parent.
    if (kind === 'processEvents' && data)
      for (const { pid, parentPid } of data) if (parentPid) names.set(pid, names.get(parentPid)!);
    // Type 3 is a failed connect.
    if (kind === 'tcpEvents' && data)
      for (let i = 0; i < data.count; i++) if (data.type[i] === 3) count(failures, data.pid[i]!, `${data.status[i]}`);
    if (kind === 'dnsEvents' && data) {
      // All are dual lookups, which count as A without an IPv6 address; status 87 is no lookup.
      for (const { type, pid, name, status, results } of data)
        if (type === 'completed' && status !== 87)
          count(queries, pid, `${name} ${results?.includes('2001:db8') ? 28 : 1} ${status}`);
    }
  }
  // https://learn.microsoft.com/openspecs/windows_protocols/ms-erref/596a1078-e883-4972-9bbc-49e60bebca55
  const statuses: Record<string, number> = {
    refused: 0xc000_0236,
    timeout: 0xc000_00b5,
    'host unreachable': 0xc000_023d,
  };
  interface Failed {
    containerId: string;
    destination: string;
    lastFailureAtMs: number;
    failures: Record<string, number>;
  }
  const failed = JSON.parse((await ask('connections', '--failed', '-o', 'json')).stdout) as Failed[];
  assert.deepEqual(
    new Map(
      failed.flatMap((each) =>
        Object.entries(each.failures).map(([why, times]) => [`${each.containerId} ${statuses[why]}`, times]),
      ),
    ),
    failures,
  );
  assert.deepEqual(
    [...new Set(failed.map(({ failures: reasons }) => Object.keys(reasons)[0]))].sort(),
    Object.keys(statuses).sort(),
  );
  assert.match(
    (await ask('connections', '--failed')).stdout,
    /REASONS +LAST\n[\s\S]*warehouse-db\.shop\.example +\d+ +refused \d+ +\d{4}-/,
  );

  const numbers: Record<string, number> = {
    TypeA: 1,
    TypeAAAA: 28,
    ok: 0,
    nxdomain: 9003,
    servfail: 9002,
    timeout: 1460,
  };
  const { containers } = await agent.client.dnsRequests();
  const shown = containers.flatMap(({ containerId, requests }) =>
    requests.map(({ domain, type, status, count: times }): [string, number] => [
      `${containerId} ${domain} ${numbers[type]} ${numbers[status]}`,
      times,
    ]),
  );
  assert.deepEqual(new Map(shown), queries);
  assert.ok(shown.length >= 8 && containers.length >= 5);
  assert.match((await ask('dns', '--failed')).stdout, /telemetry\.legacy\.example +TypeA +nxdomain +\d+/);
  assert.deepEqual((await agent.client.status()).connectDetection, { source: 'events', reason: '' });
});

test('has only example names and private addresses on the tape', async () => {
  const text = gunzipSync(readFileSync(demo)).toString();
  const events = text.split('\n').filter((line) => /"kind":"(dns|tcp|process)Events"/.test(line));
  assert.ok(events.length > 50);
  const names = events.flatMap((line) => [...line.matchAll(/"name":"([^"]+)"/g)].map(([, name]) => name!));
  assert.ok(names.length > 100);
  assert.deepEqual(
    names.filter((name) => !name.endsWith('.example')),
    [],
  );
  const { connections } = await agent.client.connections();
  const example =
    /^(127\.0\.0\.1|10\.20\.\d+\.\d+|203\.0\.113\.\d+|198\.51\.100\.\d+|\[2001:db8:[\da-f:]+\]|[a-z.]+\.example):\d+$/;
  assert.deepEqual(
    connections.map(({ destination }) => destination).filter((destination) => !example.test(destination)),
    [],
  );
  // Only the drive of Wine, without a path.
  assert.doesNotMatch(text, /Z:\\\\\w/);
});
