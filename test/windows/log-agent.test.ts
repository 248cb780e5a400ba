// The Windows build of the agent under Wine reads a double of the Event Log and a log file, also after a restart.
import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { whyNoCompiler } from '../../scripts/lib/mingw.ts';
import { openWine, whyNoWine } from '../../scripts/lib/wine.ts';
import { numbers } from '../helpers/event-log-fixture.ts';
import { type EventParts, eventXml, serviceEventXml } from '../helpers/event-xml.ts';
import { until } from '../helpers/poll.ts';
import { startWineAgent, type WineAgent } from '../helpers/wine-agent.ts';
import { EventLogDouble, messageLine, recordLine } from './doubles/event-log.ts';
import { createMesh } from './mesh/mesh.ts';

const skip = (await whyNoWine()) || (await whyNoCompiler());
const WAIT_MS = 60_000;
/** Of the service MSSQL$REPORTING. */
const SERVICE = '/win/MSSQL_REPORTING';
const FILE_SERVICE = '/win/redis_6379';
const TERMINATED = 'The SQL Server (REPORTING) service terminated unexpectedly.';

/** Of the machine that the agent runs on, at this moment. */
const here = (): EventParts => ({ computer: hostname(), time: new Date().toISOString() });

/** As the SCM writes it, with the display name only. */
function terminated(id: number): string {
  const params = ['SQL Server (REPORTING)', '1', '60000', '1', 'Restart the service'];
  return recordLine('System', id, serviceEventXml(7031, params, { ...here(), level: 2, recordId: String(id) }));
}

function diskEvent(id: number): string {
  const parts = { ...here(), provider: 'disk', eventId: 7, level: 2, channel: 'System', recordId: String(id) };
  return recordLine('System', id, eventXml({ ...parts, data: [`bad block ${id}`] }));
}

const line = (number: number): string => `2026-11-28 05:00:00 ERROR order ${number} failed\r\n`;

test('logs of the agent under Wine', { skip, timeout: 600_000 }, async (t) => {
  await using wine = await openWine();
  const folder = mkdtempSync('/tmp/coroot-agent-logs-');
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'orders.log');
  writeFileSync(file, line(0));
  const mesh = await createMesh(wine);
  await mesh.scm.start(['redis_6379', 'MSSQL$REPORTING']);
  using double = new EventLogDouble(wine, [
    messageLine('Service Control Manager', 1033, TERMINATED),
    'channel\tApplication',
    terminated(1),
  ]);
  const doubles = await double.start();
  const state = join(folder, 'state');
  const args = [
    ...['--log-files', `redis_6379=${wine.toWindowsPath(file)}`],
    ...['--wal-dir', wine.toWindowsPath(state)],
  ];
  const start = () => startWineAgent(wine, { ...doubles, args });
  const metrics = async ({ address }: WineAgent) => await (await fetch(`http://${address}/metrics`)).text();
  const reading = (agent: WineAgent) =>
    until('the channels and the file are read', WAIT_MS, async () => {
      const text = await metrics(agent);
      const isReading = /^coroot_agent_log_channel_up\{channel="System"\} 1$/m.test(text);
      return (isReading && /^coroot_agent_log_files\{state="reading"\} 1$/m.test(text)) || undefined;
    });
  const messages = async (agent: WineAgent, count: number) => {
    const all = await until(`${count} messages`, WAIT_MS, async () => {
      const { messages } = await agent.client.logs({ limit: 1000 });
      return messages.length >= count ? messages : undefined;
    });
    return all.map(({ containerId, source, level, body }) => [containerId, source, level, body.trim()].join(' | '));
  };
  const fileMessage = (number: number) => `${FILE_SERVICE} | orders.log | error | ${line(number).trim()}`;
  const diskMessage = (id: number) => ` | EventLog | error | bad block ${id}`;
  const stop = async (agent: WineAgent) => {
    const { code } = await agent.stop();
    assert.equal(code, 0, agent.printed());
    assert.match(agent.printed(), /stopped\r?\n$/);
    assert.doesNotMatch(agent.printed(), /has not returned|crash report|hangs/);
  };

  let agent = await start();
  await reading(agent);

  await t.test(
    'events are at the service that they name or at the node, lines of the file at its service',
    async () => {
      double.append([terminated(2), diskEvent(3)]);
      appendFileSync(file, line(1) + line(2));
      assert.deepEqual((await messages(agent, 4)).sort(), [
        diskMessage(3),
        `${SERVICE} | EventLog | error | ${TERMINATED}`,
        fileMessage(1),
        fileMessage(2),
      ]);
      const { patterns } = await agent.client.logPatterns();
      assert.deepEqual(
        patterns.map(({ containerId, source, level, count }) => [containerId, source, level, count].join(' | ')).sort(),
        [' | EventLog | error | 1', `${SERVICE} | EventLog | error | 1`, `${FILE_SERVICE} | orders.log | error | 2`],
      );
    },
  );

  await t.test('the exposition has the messages, the events and the lag', async () => {
    await agent.passes(1);
    const text = await metrics(agent);
    const value = (name: string, labels: readonly string[]) => {
      const lines = text.split('\n').filter((each) => each.startsWith(`${name}{`));
      const found = lines.filter((each) => labels.every((label) => each.includes(label)));
      return found.map((each) => Number(each.slice(each.lastIndexOf(' '))));
    };
    const event = ['source="EventLog"', 'level="error"'];
    assert.deepEqual(value('container_log_messages_total', [...event, `container_id="${SERVICE}"`]), [1]);
    const ofFile = ['source="orders.log"', `container_id="${FILE_SERVICE}"`];
    assert.deepEqual(value('container_log_messages_total', [...ofFile, 'level="error"']), [2]);
    assert.deepEqual(value('node_log_messages_total', [...event, 'sample="bad block 3"']), [1]);
    const system = 'channel="System"';
    const scm = [system, 'provider="Service Control Manager"', 'event_id="7031"', 'level="error"'];
    assert.deepEqual(value('windows_event_log_messages_total', scm), [1]);
    assert.deepEqual(value('windows_event_log_messages_total', [system, 'provider="disk"', 'event_id="7"']), [1]);
    assert.deepEqual(value('coroot_agent_log_channel_lag_records', []), [0, 0]);
    assert.deepEqual(value('coroot_agent_log_channel_read_records_total', [system]), [2]);
    assert.deepEqual(value('coroot_agent_log_file_lag_bytes', ['source="orders.log"']), [0]);
    assert.deepEqual(value('coroot_agent_log_file_read_bytes_total', []), [(line(1) + line(2)).length]);
  });

  await t.test('after a stop and a restart nothing is lost or read twice', async () => {
    await stop(agent);
    double.append(numbers(4, 20).map(diskEvent));
    appendFileSync(file, numbers(3, 20).map(line).join(''));
    agent = await start();
    await reading(agent);
    double.append([diskEvent(21)]);
    appendFileSync(file, line(21));
    const expected = [...numbers(4, 21).map(diskMessage), ...numbers(3, 21).map(fileMessage)];
    await messages(agent, expected.length);
    await agent.passes(1);
    assert.deepEqual((await messages(agent, expected.length)).sort(), expected.sort());
  });

  await t.test('after a crash nothing is lost', async () => {
    double.append([diskEvent(22)]);
    appendFileSync(file, line(22));
    await until('both are read', WAIT_MS, async () => {
      const { messages } = await agent.client.logs({ text: ['bad block 22', 'order 22 failed'] });
      return messages.length === 2 || undefined;
    });
    await agent.process.kill();
    double.append([diskEvent(23), terminated(24)]);
    appendFileSync(file, line(23));
    agent = await start();
    const expected = [diskMessage(23), `${SERVICE} | EventLog | error | ${TERMINATED}`, fileMessage(23)];
    await until('all are read', WAIT_MS, async () => {
      const found = new Set(await messages(agent, expected.length));
      return expected.every((each) => found.has(each)) || undefined;
    });
  });

  await stop(agent);
  assert.deepEqual(
    double.calls().filter((call) => call.startsWith('closed twice')),
    [],
  );
});
