// The reader of the Event Log under Wine: Node for Windows, koffi and event objects, with a double of wevtapi.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { whyNoCompiler } from '../../scripts/lib/mingw.ts';
import { openWine, type Wine, whyNoWine } from '../../scripts/lib/wine.ts';
import { numbers } from '../helpers/event-log-fixture.ts';
import {
  EventLogDouble,
  type EventLogRun,
  hex,
  messageLine,
  type RunOptions,
  recordLine,
} from './doubles/event-log.ts';

const skip = (await whyNoWine()) || (await whyNoCompiler());
const ALL = '*';
const SYSTEM = [{ channel: 'System', xpath: ALL }];
/** The watchdog and the backoff of the reader in seconds instead of minutes. */
const SPEED = 20;

function eventXml(channel: string, id: number, { provider = 'Demo', data = `data ${id}`, rendered = '' } = {}): string {
  const system =
    `<System><Provider Name='${provider}'/><EventID Qualifiers='0'>7</EventID><Version>0</Version><Level>2</Level>` +
    `<Task>0</Task><Opcode>0</Opcode><Keywords>0x80000000000000</Keywords>` +
    `<TimeCreated SystemTime='2026-11-28T04:05:06.7890123Z'/><EventRecordID>${id}</EventRecordID><Correlation/>` +
    `<Execution ProcessID='0' ThreadID='0'/><Channel>${channel}</Channel><Computer>host.corp.test</Computer>` +
    `<Security/></System>`;
  const message = rendered && `<RenderingInfo Culture='en-US'><Message>${rendered}</Message></RenderingInfo>`;
  const namespace = `xmlns='http://schemas.microsoft.com/win/2004/08/events/event'`;
  return `<Event ${namespace}>${system}<EventData><Data>${data}</Data></EventData>${message}</Event>`;
}

const records = (channel: string, first: number, last: number): string[] =>
  numbers(first, last).map((id) => recordLine(channel, id, eventXml(channel, id)));

const GENERATED = hex(eventXml('System', 1));

interface Session {
  readonly double: EventLogDouble;
  readonly run: EventLogRun;
}

/** Runs the reader on a script until `act` is done, and checks that it closes what it opens, each once. */
async function withReader(
  wine: Wine,
  lines: readonly string[],
  options: RunOptions,
  act: (session: Session) => Promise<void>,
): Promise<void> {
  using double = new EventLogDouble(wine, lines);
  const run = await double.run({ speed: SPEED, ...options });
  await act({ double, run });
  const { openHandles } = await run.stop();
  assert.equal(openHandles, 0);
  assert.deepEqual(
    double.calls().filter((call) => call.startsWith('closed twice')),
    [],
  );
}

test('the Event Log under Wine, with a double of wevtapi', { skip, timeout: 600_000 }, async (t) => {
  await using wine = await openWine();

  await t.test('reads ten channels, each from its newest record at the first start', async () => {
    const names = numbers(1, 10).map((at) => `Demo-Channel ${at}/Operational`);
    const channels = names.map((channel) => ({ channel, xpath: ALL }));
    const lines = names.flatMap((name) => records(name, 1, 3));
    await withReader(wine, lines, { channels }, async ({ double, run }) => {
      await run.eventually('the first positions', () => Object.keys(run.positions()).length === 10);
      double.append(names.flatMap((name) => records(name, 4, 203)));
      await run.eventually('2,000 records', () => run.records().length === 2000);
      for (const name of names) {
        assert.deepEqual(run.ids(name), numbers(4, 203), name);
        assert.match(run.positions()[`event-log/${name}`]!, /RecordId='203'/);
      }
      // Flags: after the bookmark (3), strict.
      assert.deepEqual(
        double.calls().filter((call) => call.startsWith('EvtSubscribe')),
        names.map((name) => `EvtSubscribe ${name} * 10003 3 -> 0`),
      );
    });
  });

  await t.test('renders messages by the publisher, in the locale of the system, or from the event', async () => {
    const lines = [
      messageLine('English', 1033, 'Ärger: “%1” 日本\r\n'),
      messageLine('German', 1033, '', 15033),
      messageLine('German', 0, 'Dienst beendet'),
      messageLine('Unresolved', 1033, 'left as %1', 15029),
      'channel\tSystem',
    ];
    await withReader(wine, lines, { channels: SYSTEM }, async ({ double, run }) => {
      await run.eventually('the first position', () => run.positions()['event-log/System'] !== undefined);
      double.append([
        recordLine('System', 1, eventXml('System', 1, { provider: 'English' })),
        recordLine('System', 2, eventXml('System', 2, { provider: 'German' })),
        recordLine('System', 3, eventXml('System', 3, { provider: 'Unresolved' })),
        recordLine('System', 4, eventXml('System', 4, { provider: 'Missing', rendered: 'own text' })),
        recordLine('System', 5, eventXml('System', 5, { provider: 'Missing', data: 'x'.repeat(40_000) })),
      ]);
      await run.eventually('five records', () => run.records().length === 5);
      assert.deepEqual(
        run.records().map(({ message }) => message),
        ['Ärger: “%1” 日本', 'Dienst beendet', 'left as %1', 'own text', 'x'.repeat(40_000)],
      );
      const [first] = run.records();
      const { channel, provider, eventId, recordId } = first!;
      assert.deepEqual(
        { channel, provider, eventId, recordId },
        {
          channel: 'System',
          provider: 'English',
          eventId: 7,
          recordId: '1',
        },
      );
      const opened = double.calls().filter((call) => call.includes('Missing'));
      assert.deepEqual(opened, [
        'EvtOpenPublisherMetadata Missing 1033 -> 0',
        'EvtOpenPublisherMetadata Missing 0 -> 0',
      ]);
    });
  });

  await t.test('continues behind its position after a crash, and counts what was overwritten meanwhile', async () => {
    using double = new EventLogDouble(wine, records('System', 1, 5));
    const first = await double.run({ channels: SYSTEM });
    await first.eventually('the first position', () => first.positions()['event-log/System'] !== undefined);
    await first.crash();
    double.append(records('System', 6, 40));
    const second = await double.run({ channels: SYSTEM, positions: first.positions() });
    await second.eventually('35 records', () => second.records().length === 35);
    assert.deepEqual(second.ids('System'), numbers(6, 40));
    await second.stop();
    double.append([...records('System', 41, 100), 'overwrite\tSystem\t60']);
    const third = await double.run({ channels: SYSTEM, positions: second.positions() });
    await third.eventually('the records that are left', () => third.records().length === 40);
    assert.deepEqual(third.ids('System'), numbers(61, 100));
    assert.equal(third.state('System')?.skipped, 20);
    await third.stop();
    double.append(['clear\tSystem', ...records('System', 1, 3)]);
    const fourth = await double.run({ channels: SYSTEM, positions: third.positions() });
    await fourth.eventually('the records of the cleared channel', () => fourth.records().length === 3);
    assert.deepEqual(fourth.ids('System'), [1, 2, 3]);
    assert.equal(fourth.state('System')?.skipped, 0);
    await fourth.stop();
  });

  await t.test('reads everything once when the service restarts', async () => {
    await withReader(wine, records('System', 1, 1), { channels: SYSTEM }, async ({ double, run }) => {
      await run.eventually('the first position', () => run.positions()['event-log/System'] !== undefined);
      double.append(['down\t1722', ...records('System', 2, 10)]);
      await run.eventually('a problem', () => /1722/.test(run.state('System')?.problem ?? ''));
      double.append(['up', ...records('System', 11, 20)]);
      await run.eventually('all records', () => run.ids('System').length === 19);
      assert.deepEqual(run.ids('System'), numbers(2, 20));
      const { problem, resubscribed, skipped } = run.state('System')!;
      assert.deepEqual({ problem, resubscribed, skipped }, { problem: undefined, resubscribed: 1, skipped: 0 });
    });
  });

  await t.test('finds records of a subscription that is stuck, and of one whose signal is lost', async () => {
    await withReader(wine, records('System', 1, 1), { channels: SYSTEM }, async ({ double, run }) => {
      await run.eventually('the first position', () => run.positions()['event-log/System'] !== undefined);
      double.append(['stuck', ...records('System', 2, 4)]);
      await run.eventually('the lag', () => run.state('System')?.lag === 3);
      await run.eventually('three records', () => run.ids('System').length === 3);
      assert.equal(run.state('System')?.resubscribed, 1);
      double.append(['silent', ...records('System', 5, 6)]);
      await run.eventually('two more records', () => run.ids('System').length === 5);
      assert.deepEqual(run.ids('System'), numbers(2, 6));
      await run.eventually('no lag', () => run.state('System')?.lag === 0);
    });
  });

  await t.test('asks for fewer events when a batch is too large, and leaves out one that always is', async () => {
    const lines = ['most\t10', ...records('System', 1, 1)];
    await withReader(wine, lines, { channels: SYSTEM }, async ({ double, run }) => {
      await run.eventually('the first position', () => run.positions()['event-log/System'] !== undefined);
      double.append([...records('System', 2, 100), 'oversized\tSystem\t50']);
      await run.eventually('the last record', () => run.ids('System').at(-1) === 100);
      assert.deepEqual(
        run.ids('System'),
        numbers(2, 100).filter((id) => id !== 50),
      );
      await run.eventually('the state', () => run.state('System')?.read === 98);
      const { dropped, skipped, resubscribed } = run.state('System')!;
      assert.deepEqual(
        { dropped, skipped, resubscribed },
        {
          dropped: { 'larger than EvtNext returns': 1 },
          skipped: 0,
          resubscribed: 0,
        },
      );
    });
  });

  await t.test('drops and counts records that cannot be rendered or parsed', async () => {
    await withReader(wine, records('System', 1, 1), { channels: SYSTEM }, async ({ double, run }) => {
      await run.eventually('the first position', () => run.positions()['event-log/System'] !== undefined);
      double.append([
        ...records('System', 2, 4),
        recordLine('System', 5, `<Event garbage \ud800 <<`),
        recordLine('System', 6, ''),
        ...records('System', 7, 8),
        'render-size\tSystem\t2\t4294967294',
        'render-size\tSystem\t3\t200000000',
        'render-error\tSystem\t4\t13',
      ]);
      await run.eventually('seven records', () => run.state('System')?.read === 7);
      assert.deepEqual(run.ids('System'), [7, 8]);
      assert.deepEqual(run.state('System')?.dropped, {
        'text too large': 2,
        'refused by the Event Log service': 1,
        malformed: 2,
      });
    });
  });

  await t.test('a refused channel and an unknown one cost no other channel, and are retried', async () => {
    const channels = [{ channel: 'Security', xpath: ALL }, { channel: 'Nowhere', xpath: ALL }, ...SYSTEM];
    const lines = ['channel\tSecurity', `subscribe-error\tSecurity\t5\t${hex('')}`, ...records('System', 1, 1)];
    await withReader(wine, lines, { channels }, async ({ double, run }) => {
      await run.eventually('the first position', () => run.positions()['event-log/System'] !== undefined);
      double.append(records('System', 2, 3));
      await run.eventually('two records', () => run.ids('System').length === 2);
      assert.match(run.state('Security')?.problem ?? '', /access denied \(5\)$/);
      assert.equal(run.state('Security')?.code, 5);
      assert.match(run.state('Nowhere')?.problem ?? '', /no such channel \(15007\)$/);
      double.append([`subscribe-error\tSecurity\t0\t${hex('')}`, ...records('Security', 1, 1)]);
      await run.eventually('Security', () => run.state('Security')?.problem === undefined);
    });
  });

  await t.test('names what is wrong with a query', async () => {
    const channels = [{ channel: 'System', xpath: '*[System[' }];
    const lines = ['channel\tSystem', `subscribe-error\tSystem\t15001\t${hex('unexpected end\r\nat position 10')}`];
    await withReader(wine, lines, { channels }, async ({ run }) => {
      await run.eventually('the problem', () =>
        /invalid query \(15001\): unexpected end at position 10$/.test(run.state('System')?.problem ?? ''),
      );
    });
  });

  await t.test('reads 20,000 records, and reports the CPU time of each', async (t) => {
    using double = new EventLogDouble(wine, ['channel\tSystem']);
    const positions = { 'event-log/System': JSON.stringify({ xpath: ALL, bookmark: '' }) };
    double.append([messageLine('Demo', 1033, 'a message of usual length'), `generate\tSystem\t20000\t${GENERATED}`]);
    const run = await double.run({ channels: SYSTEM, positions, measured: 20_000 });
    const { channels, cpuUs } = await run.end();
    assert.equal(channels[0]?.read, 20_000);
    // The second half; the limit of our share is 60 us.
    t.diagnostic(`${(cpuUs! / 10_000).toFixed(1)} us of CPU time per record, with the double and Wine`);
  });

  await t.test('the wevtapi of Wine, which has no subscriptions, is a problem of the channel', async () => {
    using double = new EventLogDouble(wine, []);
    const run = await double.run({ channels: SYSTEM, isWithoutDouble: true, speed: SPEED });
    await run.eventually('the problem', () => run.state('System')?.problem !== undefined);
    assert.match(run.state('System')!.problem!, /^Evt(Query|Subscribe): /);
    const { channels } = await run.stop();
    assert.equal(channels[0]?.read, 0);
  });
});
