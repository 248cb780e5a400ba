// The event session under Wine: the real worker and koffi callbacks, with a double of the ETW functions.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { whyNoCompiler } from '../../scripts/lib/mingw.ts';
import { windowsBuild } from '../../scripts/lib/windows-build.ts';
import { openWine, type Wine, whyNoWine } from '../../scripts/lib/wine.ts';
import type { StatusAnswer } from '../../src/api/resources/status.ts';
import { openTape } from '../../src/sources/tape/read-tape.ts';
import {
  connectionResult,
  DNS_CLIENT,
  dnsAnswered,
  event,
  KERNEL_PROCESS,
  processStop,
  summary,
  TCPIP,
  tcbAndAddresses,
} from '../helpers/etw-builder.ts';
import { allLayouts, tcpLayouts } from '../helpers/etw-layouts.ts';
import { until } from '../helpers/poll.ts';
import { startWineAgent, type WineAgent } from '../helpers/wine-agent.ts';
import { type EtwDouble, eventLine, guidInMemory, useEtwDouble } from './doubles/etw.ts';

const skip = (await whyNoWine()) || (await whyNoCompiler());
const SOON_MS = 30_000;
const SESSION = 'CorootAgentNet';

type Events = StatusAnswer['events'];

async function withAgent(
  wine: Wine,
  lines: readonly string[],
  act: (agent: WineAgent, double: EtwDouble) => Promise<void>,
  leftover: readonly string[] = [],
): Promise<void> {
  const double = await useEtwDouble(wine, lines, { leftover });
  try {
    const agent = await startWineAgent(wine, double);
    await act(agent, double);
    const { code } = await agent.stop();
    assert.equal(code, 0, agent.printed());
    assert.deepEqual(double.sessions(), [], 'no session remains');
  } finally {
    double.remove();
  }
}

/** Polls the status until `condition` holds; `subject` names what was expected when it does not. */
async function eventually(
  agent: WineAgent,
  subject: string,
  condition: (events: Events) => boolean,
  limitMs = SOON_MS,
): Promise<Events> {
  let last: Events | undefined;
  try {
    return await until(subject, limitMs, async () => {
      last = (await agent.client.status()).events;
      return condition(last) ? last : undefined;
    });
  } catch (error) {
    throw new Error(`${JSON.stringify(last)}\n${agent.printed()}`, { cause: error });
  }
}

async function metric(agent: WineAgent, series: string): Promise<number> {
  const text = await (await fetch(`http://${agent.address}/metrics`)).text();
  return Number(
    text
      .split('\n')
      .find((line) => line.startsWith(`${series} `))
      ?.split(' ')
      .at(-1),
  );
}

test('event session under Wine, with a double of ETW', { skip, timeout: 600_000 }, async (t) => {
  await using wine = await openWine();

  await t.test('decodes each layout, and calls the session functions as documented', async () => {
    let calls: string[] = [];
    await withAgent(wine, ['cpu 2500', ...allLayouts.map((each) => eventLine(each))], async (agent, double) => {
      const { events, dropped, providers } = await eventually(
        agent,
        'all events',
        ({ events }) => events >= allLayouts.length,
      );
      assert.deepEqual([events, dropped], [allLayouts.length, {}]);
      assert.deepEqual(providers, [
        'Microsoft-Windows-TCPIP',
        'Microsoft-Windows-DNS-Client',
        'Microsoft-Windows-Kernel-Process',
      ]);
      await agent.passes(1);
      assert.equal(await metric(agent, 'coroot_agent_etw_up'), 1);
      assert.equal(await metric(agent, 'coroot_agent_etw_events_total{kind="tcp"}'), tcpLayouts.length);
      assert.equal(await metric(agent, 'coroot_agent_etw_events_total{kind="dns"}'), 2);
      assert.equal(await metric(agent, 'coroot_agent_etw_events_total{kind="process"}'), 9);
      calls = double.calls();
      await agent.stop();
      calls = double.calls();
    });
    // EVENT_TRACE_PROPERTIES: size with names, GUID flag, 64 KB, 64 to 96 buffers, no file, real time and independent,
    // flush after one second.
    const [, name, code, properties] = calls[0]!.split(' ');
    assert.deepEqual([name, code], [SESSION, '0']);
    const bytes = Buffer.from(properties!, 'hex');
    const at = (offset: number) => bytes.readUInt32LE(offset);
    assert.deepEqual([at(0) >= 120 + 4096, at(40), at(44)], [true, 1, 0x20000]);
    assert.deepEqual(
      [at(48), at(52) >= 64, at(56) > at(52), at(60), at(64), at(68)],
      [64, true, true, 0, 0x0800_0100, 1],
    );
    assert.deepEqual([at(112), at(116)], [0, 120]);
    // EVENT_FILTER_EVENT_ID: include, count, ids.
    const filter = (ids: readonly number[]) => {
      const bytes = Buffer.alloc(4 + ids.length * 2);
      bytes.writeUInt16LE(1, 0);
      bytes.writeUInt16LE(ids.length, 2);
      for (const [index, id] of ids.entries()) bytes.writeUInt16LE(id, 4 + index * 2);
      return bytes.toString('hex');
    };
    const tcpIds = [1002, 1017, 1033, 1034, 1038, 1039, 1043, 1045, 1046, 1183, 1184, 1186, 1187, 1300, 1382, 1477];
    const enable = (guid: string, control: number, any: string, property: string, ids: readonly number[]) =>
      [
        `EnableTraceEx2 ${guidInMemory(guid)} ${control} 4 ${any} 0000000000000000 0 version=2 property=${property}`,
        `flags=0 filters=1 type=80000200 ${filter(ids)} -> 0`,
      ].join(' ');
    assert.deepEqual(
      calls.filter((call) => call.startsWith('EnableTraceEx2')),
      [
        enable(TCPIP, 1, '0000201400000000', '0', tcpIds),
        enable(TCPIP, 2, '0000201400000000', '0', tcpIds),
        enable(DNS_CLIENT, 1, '0000000000000000', 'c00', [3006, 3008]),
        enable(KERNEL_PROCESS, 1, '0000000000000010', '0', [1, 2]),
      ],
    );
    assert.ok(calls.includes(`OpenTraceW ${SESSION} mode=10000100`), calls.join('\n'));
    assert.ok(calls.includes(`ControlTraceW ${SESSION} 1 0`), 'the session is stopped at the end');
    assert.deepEqual(
      calls.filter((call) => call.startsWith('ProcessTrace')),
      ['ProcessTrace begins', 'ProcessTrace ends'],
    );
    // While ProcessTrace ran or after it returned: ERROR_CTX_CLOSE_PENDING or success.
    assert.match(calls.filter((call) => call.startsWith('CloseTrace')).join(), /^CloseTrace (7007|0)$/);
  });

  await t.test('delivers events appended while the session runs, next to another double of the same DLL', async () => {
    const double = await useEtwDouble(wine, ['follow', eventLine(dnsAnswered({ name: 'a.example' }))], {
      others: ['services'],
    });
    const folder = mkdtempSync('/tmp/coroot-agent-follow-');
    try {
      const script = join(folder, 'services.txt');
      writeFileSync(script, 'name=coroot-test-scripted|start=2|state=1|type=0x10');
      const agent = await startWineAgent(wine, {
        ...double,
        env: { ...double.env, COROOT_TEST_SERVICES: wine.toWindowsPath(script) },
      });
      await eventually(agent, 'the event of the script', ({ events }) => events === 1);
      double.append([
        eventLine(connectionResult(1033, 1, {})),
        'wait 20',
        eventLine(dnsAnswered({ name: 'b.example' })),
      ]);
      await eventually(agent, 'two more', ({ events }) => events === 3);
      double.append([eventLine(summary(1, {}))]);
      await eventually(agent, 'another one', ({ events }) => events === 4);
      const { services } = await agent.client.services();
      assert.ok(services.some(({ name }) => name === 'coroot-test-scripted'));
      assert.equal((await agent.stop()).code, 0);
    } finally {
      double.remove();
      rmSync(folder, { recursive: true, force: true });
    }
  });

  await t.test(
    'stops a leftover session first, and enables DNS without container flags if they are refused',
    async () => {
      const act = async (agent: WineAgent, double: EtwDouble): Promise<void> => {
        await eventually(agent, 'the event', ({ events }) => events === 1);
        const calls = double.calls();
        assert.match(calls[0]!, /^StartTraceW CorootAgentNet 183 /);
        assert.equal(calls[1], 'ControlTraceW CorootAgentNet 1 0');
        assert.match(calls[2]!, /^StartTraceW CorootAgentNet 0 /);
        const dns = calls.filter((call) => call.includes(guidInMemory(DNS_CLIENT)));
        assert.match(dns[0]!, /property=c00 .* -> 87$/);
        assert.match(dns[1]!, /property=0 .* -> 0$/);
        const { missing } = await agent.client.status();
        assert.match(
          missing.find(({ part }) => part.includes('in Windows containers'))?.consequence ?? '',
          /requests to DNS.*of Windows containers/,
        );
      };
      await withAgent(wine, ['refuse-properties', eventLine(dnsAnswered({ name: 'a.example' }))], act, [SESSION]);
    },
  );

  await t.test('reports the missing right of a refused session and its effect, and retries', async () => {
    await withAgent(wine, ['start-error 5'], async (agent, double) => {
      const refused = await eventually(agent, 'the refusal', ({ state }) => state === 'retrying');
      assert.match(refused.reason, /StartTraceW: access denied \(5\)/);
      assert.equal(await metric(agent, 'coroot_agent_etw_up'), 0);
      const { missing } = await agent.client.status();
      const session = missing.find(({ part }) => part === 'the event session');
      assert.match(session?.requiredRight ?? '', /Performance Log Users/);
      assert.match(session?.consequence ?? '', /DNS requests/);
      double.write([eventLine(connectionResult(1033, 1, {}))]);
      const { reason, restarts } = await eventually(
        agent,
        'the session',
        ({ state, events }) => state === 'running' && events === 1,
      );
      assert.deepEqual([reason, restarts], ['', 0]);
      assert.equal(
        (await agent.client.status()).missing.some(({ part }) => part === 'the event session'),
        false,
      );
    });
  });

  await t.test('restarts a session that another program stopped, and sums the losses of both', async () => {
    await withAgent(wine, ['end-after 2500', 'lost 11 22 33'], async (agent, double) => {
      await eventually(agent, 'the losses', ({ eventsLost }) => eventsLost === 11);
      double.write(['lost 1 0 2', eventLine(connectionResult(1033, 1, {}))]);
      const { restarts } = await eventually(
        agent,
        'the next session',
        ({ state, events }) => state === 'running' && events === 1,
      );
      assert.equal(restarts, 1);
      const { eventsLost, buffersLost, realTimeBuffersLost } = await eventually(
        agent,
        'more losses',
        ({ eventsLost }) => eventsLost === 12,
      );
      assert.deepEqual([eventsLost, buffersLost, realTimeBuffersLost], [12, 22, 35]);
      await agent.passes(1);
      assert.equal(await metric(agent, 'coroot_agent_etw_lost_total{cause="events"}'), 12);
      assert.equal(await metric(agent, 'coroot_agent_etw_restarts_total'), 1);
    });
  });

  await t.test(
    'counts loss events, unknown versions and providers, and truncated events, and decodes the rest',
    async () => {
      const rtLost = event('6a399ae0-4bc6-4de9-870b-3657f8947e7e', 0, 0, Buffer.alloc(0));
      const whole = summary(1, {});
      const lines = [
        eventLine(rtLost, 32),
        eventLine(rtLost, 32),
        eventLine(rtLost, 33),
        // EventTraceGuid: the header of the session is not an event.
        eventLine(event('68fdd900-4a3e-11d1-84f4-0000f80464e3', 0, 0, Buffer.alloc(300))),
        eventLine({ ...tcbAndAddresses(1187, {}), version: 7 }),
        eventLine(event('11111111-2222-3333-4444-555555555555', 1033, 0, Buffer.alloc(80))),
        eventLine({ ...whole, payload: whole.payload.subarray(0, 100) }),
        eventLine(event(TCPIP, 1051, 0, Buffer.alloc(20))),
        eventLine(event(TCPIP, 1033, 0, Buffer.alloc(65_000, 0xff))),
        eventLine(processStop(2, { processId: 900, createdAtMs: 1_767_225_600_000, image: 'x.exe' })),
      ];
      await withAgent(wine, ['query-error 5', ...lines], async (agent) => {
        const { eventsLost, buffersLost, dropped } = await eventually(
          agent,
          'the events',
          ({ events }) => events === 5,
        );
        assert.deepEqual([eventsLost, buffersLost], [2, 1]);
        assert.deepEqual(dropped, {
          'unknown provider': 1,
          'unknown version: tcpip 1187 v7': 1,
          'malformed: tcpip 1477 v1': 1,
          'not requested: tcpip 1051 v0': 1,
          'malformed: tcpip 1033 v0': 1,
        });
        await agent.passes(1);
        assert.equal(await metric(agent, 'coroot_agent_etw_dropped_total{reason="malformed"}'), 2);
        assert.equal(await metric(agent, 'coroot_agent_etw_events_total{kind="process"}'), 1);
        const { missing } = await agent.client.status();
        assert.match(missing.find(({ part }) => part === 'losses of the event session')?.reason ?? '', /access denied/);
      });
    },
  );

  await t.test('a provider that cannot be enabled does not affect the others', async () => {
    const refused = `enable-error ${guidInMemory(KERNEL_PROCESS)} 1450`;
    await withAgent(wine, [refused, eventLine(connectionResult(1033, 1, {}))], async (agent) => {
      const { state, providers } = await eventually(agent, 'the event', ({ events }) => events === 1);
      assert.deepEqual([state, providers], ['running', ['Microsoft-Windows-TCPIP', 'Microsoft-Windows-DNS-Client']]);
      const { missing } = await agent.client.status();
      const process = missing.find(({ part }) => part === 'events of Microsoft-Windows-Kernel-Process');
      assert.match(process?.reason ?? '', /1450/);
      assert.match(process?.consequence ?? '', /processes that start and exit between two scans/);
    });
  });

  await t.test('a recording uses a session of its own, and contains raw events with --raw-events', async () => {
    const double = await useEtwDouble(
      wine,
      allLayouts.map((each) => eventLine(each)),
    );
    const folder = mkdtempSync('/tmp/coroot-agent-raw-');
    try {
      const { node, main } = await windowsBuild();
      const file = join(folder, 'raw.tape');
      const args = ['record', wine.toWindowsPath(file), '--for', '3s', '--scrape-interval', '1s', '--raw-events'];
      const { code } = await wine.run(node, [...double.nodeArgs, wine.toWindowsPath(main), ...args], {
        env: double.env,
      });
      assert.equal(code, 0);
      assert.match(double.calls()[0]!, /^StartTraceW CorootAgentRecording 0 /);
      assert.ok(double.calls().includes('ControlTraceW CorootAgentRecording 1 0'));
      const counts = { tcpEvents: 0, dnsEvents: 0, processEvents: 0, rawEvents: 0 };
      const order = new Set<string>();
      await using tape = await openTape(file);
      for await (const { kind, data } of tape.observations) {
        if (/Events$/.test(kind)) order.add(kind);
        if (kind === 'tcpEvents' || kind === 'rawEvents') counts[kind] += data!.count;
        if (kind === 'dnsEvents' || kind === 'processEvents') counts[kind] += data!.length;
      }
      assert.deepEqual(counts, {
        tcpEvents: tcpLayouts.length,
        dnsEvents: 2,
        processEvents: 9,
        rawEvents: allLayouts.length,
      });
      // Process events come before the DNS and TCP events of the same process.
      assert.deepEqual([...order], ['rawEvents', 'processEvents', 'dnsEvents', 'tcpEvents']);
    } finally {
      double.remove();
      rmSync(folder, { recursive: true, force: true });
    }
  });

  await t.test('loses no event at 20,000 events a second for a minute', { timeout: 300_000 }, async (subtest) => {
    const [rate, seconds] = [20_000, 60];
    await withAgent(
      wine,
      [`rate ${rate} ${seconds}`, ...tcpLayouts.map((layout) => eventLine(layout))],
      async (agent, double) => {
        const { events, dropped } = await eventually(
          agent,
          'all events',
          ({ events }) => events >= rate * seconds,
          200_000,
        );
        assert.deepEqual([events, dropped], [rate * seconds, {}]);
        await agent.passes(1);
        assert.equal(await metric(agent, 'coroot_agent_etw_events_total{kind="tcp"}'), rate * seconds);
        subtest.diagnostic(double.calls().find((call) => call.startsWith('delivered')) ?? '');
      },
    );
  });
});
