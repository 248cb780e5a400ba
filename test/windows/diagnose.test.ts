// The Windows build creates a bundle of a live host under Wine, with and without a running agent.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { hostname, networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { windowsBuild } from '../../scripts/lib/windows-build.ts';
import { openWine, whyNoWine } from '../../scripts/lib/wine.ts';
import type { Manifest } from '../../src/diagnostics/contents.ts';
import { decodeTape } from '../../src/sources/tape/read-tape.ts';
import { startWineAgent } from '../helpers/wine-agent.ts';
import { readZip } from '../helpers/zip.ts';

const skip = await whyNoWine();

test('diagnose under Wine', { skip }, async (t) => {
  await using wine = await openWine();
  const { node, main } = await windowsBuild();
  const folder = mkdtempSync('/tmp/coroot-agent-diagnose-');
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const diagnose = async (name: string, ...args: string[]) => {
    const file = join(folder, name);
    const options = ['--for', '2s', '--scrape-interval', '1s', '--min-container-age', '0', ...args];
    const { code, stdout, stderr } = await wine.run(node, [
      wine.toWindowsPath(main),
      'diagnose',
      wine.toWindowsPath(file),
      ...options,
    ]);
    assert.equal(code, 0, `${stdout}${stderr}`);
    const files = readZip(readFileSync(file));
    const json = (part: string): never => JSON.parse(files.get(part)!.toString()) as never;
    return { files, json, manifest: json('manifest.json') as Manifest };
  };
  /** The addresses of this machine without loopback. */
  const addresses = Object.values(networkInterfaces())
    .flatMap((entries) => entries ?? [])
    .filter(({ internal }) => !internal)
    .map(({ address }) => address.replace(/%.*$/, ''));
  const assertRedacted = (files: ReadonlyMap<string, Buffer>): void => {
    for (const [name, content] of files) {
      const text = (name.endsWith('.gz') ? gunzipSync(content) : content).toString();
      for (const address of addresses) assert.ok(!text.includes(`"${address}"`), `${name} has ${address}`);
      assert.doesNotMatch(text, new RegExp(`"${hostname()}"`, 'i'), name);
    }
  };

  await t.test('takes the API answers from the recording without a running agent', async () => {
    const { files, json, manifest } = await diagnose('alone.zip', '--address', '127.0.0.1:1');
    assert.match(manifest.answersFrom, /no agent was running/);
    assert.deepEqual(manifest.leftOut.map(({ part }) => part).sort(), ['crashes', 'log']);
    await using tape = await decodeTape(Readable.from([files.get('host.tape.gz')!]), 'bundle');
    assert.match(tape.header.os.platform, /^wine /);
    let ticks = 0;
    for await (const { kind } of tape.observations) if (kind === 'tick') ticks++;
    assert.equal(ticks, 3);
    const { services } = json('services.json') as { services: { name: string }[] };
    assert.ok(services.some(({ name }) => name === 'RpcSs'));
    assert.equal((json('environment.json') as { system: { platform: string } }).system.platform, 'win32');
    assertRedacted(files);
  });

  await t.test('takes the API answers from a running agent, which continues to run', async () => {
    const agent = await startWineAgent(wine);
    const { files, json, manifest } = await diagnose('beside.zip', '--address', agent.address);
    assert.equal(manifest.answersFrom, `the agent at ${agent.address}`);
    assert.ok((json('status.json') as { passes: { count: number } }).passes.count > 0);
    assert.ok(files.has('host.tape.gz'), JSON.stringify(manifest.leftOut));
    assertRedacted(files);
    await agent.passes(1);
    assert.equal((await agent.stop()).code, 0);
  });
});
