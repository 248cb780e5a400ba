// The output of `processes`, and --wide of commands whose rows have more columns, from a real control plane.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addConnectionsCommand } from '../../cli/commands/connections.ts';
import { addContainersCommand } from '../../cli/commands/containers.ts';
import { addDnsRequestsCommand } from '../../cli/commands/dns-requests.ts';
import { addProcessesCommand } from '../../cli/commands/processes.ts';
import { aDnsHost } from '../helpers/dns-host.ts';
import { aModel, HOUR_MS, round, wall } from '../helpers/model.ts';
import { aService } from '../helpers/observations.ts';
import { printedBy } from '../helpers/printed.ts';

/** A service with a child process of another name, and a process of no container. */
function aHost() {
  const model = aModel();
  const services = [aService({ name: 'MSSQL$X', displayName: 'SQL Server (X)', pid: 200 })];
  const processes = [
    { pid: 200, name: 'sqlservr.exe' },
    { pid: 201, name: 'fdhost.exe', parentPid: 200 },
    { pid: 300, name: 'explorer.exe' },
  ].map((process) => ({ createdAtMs: wall(-HOUR_MS + process.pid), ...process }));
  for (const atMs of [0, 15_000]) round(model, atMs, { services, processes });
  return model;
}

async function pids(...names: string[]): Promise<number[]> {
  const text = await printedBy([addProcessesCommand], ['processes', ...names, '-o', 'json'], aHost());
  return (JSON.parse(text) as { pid: number }[]).map(({ pid }) => pid);
}

test('processes selects by name or id of the container, name of the process, and pid', async () => {
  assert.deepEqual(await pids('MSSQL$X'), [200, 201]);
  assert.deepEqual(await pids('mssql*'), [200, 201]);
  assert.deepEqual(await pids('/win/MSSQL_X'), [200, 201]);
  assert.deepEqual(await pids('explorer*'), [300]);
  assert.deepEqual(await pids('201', 'MSSQL$X', 'explorer.exe'), [200, 201, 300]);
  assert.deepEqual(await pids('nothing*'), []);
  assert.deepEqual(await pids(), [200, 201, 300]);
});

test('every command with more columns accepts -w', async () => {
  for (const [add, name, title] of [
    [addContainersCommand, 'containers', /IMAGE/],
    [addProcessesCommand, 'processes', /IMAGE/],
    [addConnectionsCommand, 'connections', /LAST FAILURE|Nothing found/],
    [addDnsRequestsCommand, 'dns', /CODE TOTAL NAME/],
  ] as const) {
    assert.match(await printedBy([add], [name, '-w'], aDnsHost()), title, name);
    assert.equal(
      await printedBy([add], [name, '--wide'], aDnsHost()),
      await printedBy([add], [name, '-w'], aDnsHost()),
    );
  }
});

test('dns -w shows code, total time and name of each container', async () => {
  const text = await printedBy([addDnsRequestsCommand], ['dns', '-w'], aDnsHost());
  assert.match(text, /\/win\/MSSQL_X 0 0 .*TypeAAAA timeout .* 1460 0\.00 s MSSQL\$X\s*$/m);
});
