// Tables of TCP events are valid only during the push: overwriting them afterwards must not change any answer.
import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import type { Observation } from '../../src/sources/host.ts';
import { decodeTape, openTape, type Tape } from '../../src/sources/tape/read-tape.ts';
import { play } from '../helpers/golden.ts';
import { hosts } from '../helpers/hosts/index.ts';
import { tapeOf } from '../helpers/hosts/scenario.ts';

type TcpEvents = Extract<Observation, { kind: 'tcpEvents' }>;

/** Splits a table into one table for each event, so that several tables report one connection. */
function* rowByRow(observation: TcpEvents): Generator<TcpEvents> {
  const { data } = observation;
  for (let row = 0; row < (data?.count ?? 0); row++) {
    const columns = Object.entries(data!).map(([name, column]) => {
      const width = name.endsWith('Address') ? 16 : 1;
      return [name, name === 'count' ? 1 : column.slice(row * width, (row + 1) * width)];
    });
    yield { ...observation, data: Object.fromEntries(columns) } as TcpEvents;
  }
}

/** The same observations; with `overwrite` each table is overwritten after its push. */
async function* lent(
  observations: AsyncIterable<Observation>,
  overwrite: boolean,
  tables: { count: number },
): AsyncGenerator<Observation> {
  for await (const observation of observations) {
    if (observation.kind !== 'tcpEvents') yield observation;
    else
      for (const single of rowByRow(observation)) {
        yield single;
        tables.count++;
        if (overwrite)
          for (const column of Object.values(single.data!))
            if (ArrayBuffer.isView(column)) (column as Uint8Array).fill(0xa5);
      }
  }
}

const tapes: readonly (readonly [name: string, open: () => Promise<Tape>])[] = [
  ['shop', () => openTape('docs/demo/shop.tape.gz')],
  ...hosts.map((host) => [host.name, async () => decodeTape(Readable.from([await tapeOf(host)]), host.name)] as const),
];

test('does not keep memory of a table after the push', async () => {
  const tables = { count: 0 };
  for (const [name, open] of tapes) {
    const answers = async (overwrite: boolean) => {
      await using tape = await open();
      return await play({ ...tape, observations: lent(tape.observations, overwrite, tables) });
    };
    assert.deepEqual(await answers(true), await answers(false), name);
  }
  assert.ok(tables.count > 20, `${tables.count} tables`);
});
