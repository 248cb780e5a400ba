// Statistics of a long-lived connection: a real connection under Wine, with a double of the statistics functions.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { whyNoCompiler } from '../../scripts/lib/mingw.ts';
import { windowsBuild } from '../../scripts/lib/windows-build.ts';
import { openWine, type Wine, whyNoWine } from '../../scripts/lib/wine.ts';
import type { Observation } from '../../src/sources/host.ts';
import { openTape } from '../../src/sources/tape/read-tape.ts';
import { useDoubles } from './doubles/doubles.ts';

const skip = (await whyNoWine()) || (await whyNoCompiler());

type Statistics = Extract<Observation, { kind: 'tcpStatistics' }>;

/** Statistics of long-lived connections in five rounds of a second, while calls fail with `refusal`. */
async function record(wine: Wine, refusal: number): Promise<Statistics[]> {
  const folder = mkdtempSync('/tmp/coroot-agent-statistics-');
  try {
    const { node, main } = await windowsBuild();
    const { nodeArgs, env } = await useDoubles(wine, ['tcpStatistics']);
    const file = join(folder, 'a.tape');
    const args = ['record', wine.toWindowsPath(file), '--for', '4s', '--scrape-interval', '1s', '--disable-etw'];
    const variables = { ...env, COROOT_TEST_STATISTICS: String(refusal) };
    const { code } = await wine.run(node, [...nodeArgs, wine.toWindowsPath(main), ...args], { env: variables });
    assert.equal(code, 0);
    await using tape = await openTape(file);
    const found: Statistics[] = [];
    for await (const each of tape.observations) if (each.kind === 'tcpStatistics') found.push(each);
    return found;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test('statistics of long-lived connections under Wine, from a double', { skip, timeout: 120_000 }, async (t) => {
  await using wine = await openWine();
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  const { node } = await windowsBuild();
  const client = wine.spawn(node, ['-e', `require('node:net').connect(${port}, '127.0.0.1')`]);
  const [socket] = await once(server, 'connection');
  t.after(() => socket.destroy());

  await t.test('enables counters in the second round, and reads them from the third on', async () => {
    const found = await record(wine, 0);
    const rows = found.flatMap(({ data }) => {
      const row = data ? data.remotePort.indexOf(port) : -1;
      return row < 0 ? [] : [{ data: data!, row }];
    });
    assert.ok(found.length >= 3 && rows.length === found.length - 1, `${rows.length} of ${found.length}`);
    for (const [scan, { data, row }] of rows.entries()) {
      assert.deepEqual(
        [...data.remoteAddress.subarray(row * 16, row * 16 + 16)],
        [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 127, 0, 0, 1],
      );
      assert.deepEqual([data.sentBytes[row], data.receivedBytes[row]], [1000 * (scan + 1), 77]);
      assert.deepEqual(
        [data.retransmittedPackets[row], data.retransmittedBytes[row], data.rttUs[row]],
        [3, 4000, 12_000],
      );
    }
  });

  await t.test('reports a refusal once with right and loss, and does not retry in each round', async () => {
    const found = await record(wine, 5);
    assert.equal(found.length, 1);
    const { unavailable } = found[0]!;
    assert.equal(unavailable?.code, 5);
    assert.match(unavailable?.requiredRight ?? '', /administrator/);
    assert.match(unavailable?.consequence ?? '', /round-trip times/);
  });

  socket.destroy();
  client.interrupt();
  await client.wait();
});
