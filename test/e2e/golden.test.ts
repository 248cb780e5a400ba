// Tape in, answers out: the whole exposition and the API against golden files, which `npm run golden` rewrites.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import pino from 'pino';
import { Agent } from '../../src/agent.ts';
import { Counters } from '../../src/base/counters.ts';
import { renderExposition } from '../../src/exporters/exposition.ts';
import type { Host, HostHeader } from '../../src/sources/host.ts';
import { openTape } from '../../src/sources/tape/read-tape.ts';

const folder = 'test/fixtures/golden';

/** Times of this run are not part of what is compared. */
function stable(exposition: string): string {
  return exposition.replace(/^(coroot_agent_pass_seconds) .*$/m, '$1 0');
}

async function play(file: string): Promise<{ exposition: string; containers: string; connections: string; services: string }> {
  await using tape = await openTape(file);
  const host: Host = {
    start: async (): Promise<HostHeader> => tape.header,
    stop: async () => true,
    status: () => ({ kind: 'tape', detail: {} }),
  };
  const agent = new Agent(
    {
      listen: { host: '127.0.0.1', port: 0 },
      minContainerAgeMs: 30_000,
      filter: () => 'selected',
      consoleMode: true,
      logger: pino({ level: 'silent' }),
    },
    host,
    new Counters(),
  );
  await agent.start();
  for await (const observation of tape.observations) agent.observe(observation);
  const json = async (path: string) => JSON.stringify(await (await fetch(`http://127.0.0.1:${agent.port}${path}`)).json(), null, 1);
  const answers = {
    exposition: stable(await renderExposition(agent.passes.snapshot!)),
    containers: await json('/api/v1/containers'),
    connections: await json('/api/v1/connections'),
    services: await json('/api/v1/services'),
  };
  await agent.stop();
  return answers;
}

for (const [name, file] of [['shop', 'docs/demo/shop.tape.gz']] as const) {
  test(`${name}: exposition and API are as they were`, async () => {
    const { exposition, ...answers } = await play(file);
    const files = {
      [`${name}.prom`]: exposition,
      ...Object.fromEntries(Object.entries(answers).map(([part, text]) => [`${name}.${part}.json`, `${text}\n`])),
    };
    for (const [golden, text] of Object.entries(files)) {
      if (process.env.COROOT_UPDATE_GOLDEN) {
        mkdirSync(folder, { recursive: true });
        writeFileSync(`${folder}/${golden}`, text);
      }
      assert.equal(text, readFileSync(`${folder}/${golden}`, 'utf8'), `${golden}; npm run golden rewrites it`);
    }
  });
}
