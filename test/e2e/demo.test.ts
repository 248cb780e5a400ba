// The agent as a user starts it on the demo tape: compares the output of the CLI with the tape.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { after, before, test } from 'node:test';
import type { ServiceRecord } from '../../src/sources/host.ts';
import { openTape } from '../../src/sources/tape/read-tape.ts';
import { type AgentProcess, runCli, startAgent, startCli } from '../helpers/agent-process.ts';
import { until } from '../helpers/poll.ts';
import { freePort } from '../helpers/ports.ts';

const demo = 'docs/demo/shop.tape.gz';
let agent: AgentProcess;
let services: readonly ServiceRecord[] = [];

before(async () => {
  agent = await startAgent(demo);
  await using tape = await openTape(demo);
  for await (const observation of tape.observations)
    if (observation.kind === 'services' && observation.data) services = observation.data;
});
after(() => agent.child.kill('SIGKILL'));

const ask = (...args: string[]) => runCli([...args, '--address', agent.address]);

test('prints that a recording is replayed, and commands to try next', () => {
  assert.match(agent.stdout(), /^Replaying a recorded host, not this machine: docs\/demo\/shop\.tape\.gz\.\n/);
  assert.match(agent.stdout(), /Try next/);
});

test('lists the running automatic services of the tape as containers', async () => {
  const { code, stdout } = await ask('containers', '-o', 'json');
  assert.equal(code, 0);
  const listed = (JSON.parse(stdout) as { id: string; pid: number; state: string }[]).filter(({ state }) =>
    /^(running|shared)$/.test(state),
  );
  const automatic = services.filter(
    ({ config, state, serviceType }) =>
      config?.startType === 2 && state === 4 && !config.triggers && serviceType < 0x40,
  );
  assert.deepEqual(
    listed.map(({ id, pid }) => `${id} ${pid}`).sort(),
    automatic.map(({ name, pid }) => `/win/${name.replace('$', '_')} ${pid}`).sort(),
  );
});

test('shows two restarts of billing, the new backup-agent, and the gone stock-reader', async () => {
  const { containers } = await agent.client.containers();
  const by = (id: string) => containers.find((container) => container.id === id)!;
  assert.equal(by('/win/billing').restarts, 2);
  assert.equal(by('/win/backup-agent').pid > 0, true);
  assert.equal(by('/win/stock-reader').state, 'stopped');
  assert.equal(by('/win/stock-reader').lastExit.meaning, 'stopped normally');
});

test('prints a line for each row, and filters by wildcards', async () => {
  const all = await ask('containers');
  const some = await ask('containers', 'stock-*', '/win/redis*');
  assert.equal(some.code, 0);
  assert.match(all.stdout, /^CONTAINER +STATE +PID/);
  const names = some.stdout
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(' ', 1)[0]);
  assert.deepEqual(names.sort(), ['/win/redis_6379', '/win/stock-reader', '/win/stock-writer']);
});

test('lists the connections of one service by name', async () => {
  const { stdout } = await ask('connections', 'orders-api', '-o', 'json');
  const rows = JSON.parse(stdout) as { containerId: string; active: number }[];
  // The services that billing connects to: redis_6379, MSSQL$REPORTING, kafka.broker.
  assert.deepEqual(
    rows.map(({ containerId, active }) => `${containerId} ${active}`),
    new Array(4).fill('/win/orders-api 1'),
  );
});

test('lists services with the discovery rule', async () => {
  const { stdout } = await ask('services', '-o', 'json');
  const rules = new Map((JSON.parse(stdout) as { name: string; rule: string }[]).map(({ name, rule }) => [name, rule]));
  assert.deepEqual(
    ['redis_6379', 'mail-relay', 'WinDefend', 'CDPUserSvc_3f1c2', 'W32Time', 'RemoteRegistry'].map((name) =>
      rules.get(name),
    ),
    ['selected', 'manual-start', 'unreadable', 'per-user', 'triggered', 'disabled'],
  );
  const { groups } = await agent.client.serviceGroups();
  assert.deepEqual(
    groups.map(({ group, services }) => [group, services.map(({ name }) => name).sort()]),
    [['LocalServiceNetworkRestricted', ['Dhcp', 'Eventlog', 'lmhosts']]],
  );
  assert.equal(rules.size, services.length);
});

test('shows stand-ins, the tape and its end in status', async () => {
  const { stdout, code } = await ask('status');
  assert.equal(code, 0);
  assert.match(stdout, /Source +tape docs\/demo\/shop\.tape\.gz, recorded on wine 10\.0, at its end/);
  assert.match(stdout, /a double of advapi32/);
  assert.match(stdout, /services +ok +24 +0/);
});

test('exits with code 3 and the owner of the port if the port is in use', async () => {
  const { code, stderr } = await runCli(['run', '--host', `tape:${demo}`, '--listen', agent.address]);
  assert.equal(code, 3);
  assert.match(stderr, new RegExp(`${agent.address} is already in use by process ${agent.child.pid} \\(`));
});

test('exits with code 6 without an agent, and 7 if another program answers', async () => {
  const none = await runCli(['status', '--address', `127.0.0.1:${await freePort()}`]);
  assert.equal(none.code, 6);
  assert.match(none.stderr, /no agent is listening on .*\nStart it with/);
  const unknown = await runCli(['status', '--address', 'no-such-host.invalid:1']);
  assert.equal(unknown.code, 7);
});

test('exits with code 5 and the position or reason for an invalid or missing tape', async () => {
  const foreign = await runCli(['run', '--host', 'tape:package.json', '--listen', '127.0.0.1:0']);
  assert.equal(foreign.code, 5);
  assert.match(foreign.stderr, /package\.json is not a CorootAgent tape: .* at line 1, byte 0/);
  const missing = await runCli(['run', '--host', 'tape:none.tape', '--listen', '127.0.0.1:0']);
  assert.equal(missing.code, 5);
  assert.match(missing.stderr, /none\.tape cannot be opened/);
});

test('exits with code 4 for the live host outside of Windows', { skip: process.platform === 'win32' }, async () => {
  const { code, stderr } = await runCli(['run', '--listen', '127.0.0.1:0']);
  assert.equal(code, 4);
  assert.match(stderr, /can only be read on Windows/);
});

test('exits with code 2 and the allowed values for an invalid setting', async () => {
  const { code, stderr } = await runCli(['run'], { COROOT_SCRAPE_INTERVAL: 'soon' });
  assert.equal(code, 2);
  assert.equal(
    stderr,
    'coroot-agent: scrape-interval: "soon" is not allowed: must be a duration above 0 and up to 24h, e.g. 15s or 1m30s (from environment COROOT_SCRAPE_INTERVAL)\n',
  );
  assert.equal((await runCli(['run', '--no-such-flag'])).code, 2);
});

test('stops gracefully on Ctrl-C', async () => {
  const address = `127.0.0.1:${await freePort()}`;
  const running = startCli(['run', '--host', `tape:${demo}`, '--loop', '--listen', address]);
  await until('the agent', 20_000, async () => ((await fetch(`http://${address}/health`)).ok ? true : undefined));
  running.child.kill('SIGINT');
  const { code, stderr } = await running.ended;
  assert.equal(code, 0);
  assert.match(stderr, /SIGINT received, stopping[\s\S]*stopped/);
});

test('copies a tape with record, and refuses to overwrite a file', async (t) => {
  const folder = mkdtempSync('/tmp/coroot-agent-record-');
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = `${folder}/copy.tape.gz`;
  const args = ['record', file, '--host', `tape:${demo}`, '--speed', 'max', '--scrape-interval', '5s', '--for', '20s'];
  const first = await runCli(args);
  assert.equal(first.code, 0, first.stderr);
  await using tape = await openTape(file);
  let ticks = 0;
  for await (const { kind } of tape.observations) if (kind === 'tick') ticks++;
  assert.equal(ticks, 5);
  const again = await runCli(args);
  assert.equal(again.code, 5);
  assert.match(again.stderr, /exists already/);
});

test('shows listeners, processes and node as of the end of the tape', async () => {
  const kinds = new Map<string, unknown>();
  await using tape = await openTape(demo);
  for await (const { kind, data } of tape.observations) kinds.set(kind, data);
  const rows = JSON.parse((await ask('listeners', 'MSSQL*', '-o', 'json')).stdout) as {
    containerId: string;
    address: string;
  }[];
  assert.deepEqual(
    rows.map(({ containerId }) => containerId),
    ['/win/MSSQL_REPORTING', '/win/MSSQL_REPORTING'],
  );
  const table = kinds.get('processes') as { count: number; name: readonly string[] };
  const processes = JSON.parse((await ask('processes', '-o', 'json')).stdout) as {
    name: string;
    containerIds: string[];
  }[];
  assert.deepEqual(
    processes.map(({ name }) => name),
    [...table.name],
  );
  assert.ok(processes.filter(({ containerIds }) => containerIds.includes('/win/payments')).length >= 2);
  const node = JSON.parse((await ask('node', '-o', 'json')).stdout) as {
    memory: object;
    disks: { device: string; reads: number }[];
  };
  assert.deepEqual(node.memory, kinds.get('memory'));
  const disks = kinds.get('disks') as { device: string; counters: { reads: number } }[];
  assert.deepEqual(
    node.disks.map(({ device, reads }) => [device, reads]),
    disks.map(({ device, counters }) => [device, counters.reads]),
  );
  for (const command of ['listeners', 'processes', 'node']) assert.equal((await ask(command)).code, 0, command);
  assert.match(
    (await ask('services', 'redis_6379', '--explain')).stdout,
    /TYPE +ACCOUNT +PATH[\s\S]* 0x10 +LocalSystem +C:\\Shop\\demo-service\.exe/,
  );
});

test('records a redacted tape, which replays to the same containers', async (t) => {
  const folder = mkdtempSync('/tmp/coroot-agent-redact-');
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = `${folder}/redacted.tape.gz`;
  const recorded = await runCli([
    'record',
    file,
    '--redact',
    '--host',
    `tape:${demo}`,
    '--speed',
    'max',
    '--scrape-interval',
    '5s',
    '--for',
    '10m',
  ]);
  assert.equal(recorded.code, 0, recorded.stderr);
  await using source = await openTape(demo);
  await using copy = await openTape(file);
  assert.equal(copy.header.standIns.at(-1)!.replacement, 'redaction');
  let hostname = '';
  for await (const { kind, data } of source.observations) if (kind === 'identity' && data) hostname = data.hostname;
  for await (const { kind, data } of copy.observations) {
    if (kind === 'identity' && data) assert.deepEqual([hostname, data.hostname], ['vm', 'host-1']);
    if (kind === 'adapters' && data) assert.ok(!data.flatMap(({ addresses }) => addresses).includes('192.0.2.2'));
  }
  const replayed = await startAgent(file);
  t.after(() => replayed.child.kill('SIGKILL'));
  const ids = async ({ client }: AgentProcess) =>
    (await client.containers()).containers.map(
      ({ id, restarts, activeConnections }) => `${id} ${restarts} ${activeConnections}`,
    );
  const withoutNames = (listed: string[]): string[] =>
    listed.map((each) => each.replace(/^.* (?=\d+ \d+$)/, '')).sort();
  const [before, now] = [await ids(agent), await ids(replayed)];
  assert.deepEqual(withoutNames(now), withoutNames(before));
  assert.equal(new Set(now).size, before.length);
  assert.ok(now.includes('/win/Eventlog 0 0') && now.some((each) => /^\/win\/MSSQL_service-\d+ /.test(each)));
  assert.doesNotMatch(now.join('\n'), /orders|billing|payments|shop|stock|REPORTING/);
});
