// The default proxy configuration of WinHTTP under Wine, from the registry value that `netsh winhttp` writes.
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { build } from 'esbuild';
import { windowsBuild } from '../../scripts/lib/windows-build.ts';
import { openWine, whyNoWine } from '../../scripts/lib/wine.ts';

const skip = await whyNoWine();
const KEY = 'HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Internet Settings\\Connections';

/** The value WinHttpSettings: size of the head, zero, flags (2 for a proxy), then two texts with their lengths. */
function settingsOf(flags: number, proxy: string, bypass: string): string {
  const head = Buffer.alloc(12);
  head.writeUInt32LE(0x18, 0);
  head.writeUInt32LE(flags, 8);
  const texts = [proxy, bypass].flatMap((text) => {
    const length = Buffer.alloc(4);
    length.writeUInt32LE(text.length);
    return [length, Buffer.from(text, 'latin1')];
  });
  return Buffer.concat([head, ...texts]).toString('hex');
}

test('reads proxy and bypass list of WinHTTP, and no proxy', { skip }, async (t) => {
  const { node, app } = await windowsBuild();
  // Beside the packages for Windows, where koffi is found.
  const program = join(app, `winhttp-proxy-${process.pid}.mjs`);
  t.after(() => rmSync(program, { force: true }));
  const source = new URL('../../src/sources/winhttp-proxy.ts', import.meta.url).pathname;
  const contents = `import { readWinHttpProxy } from ${JSON.stringify(source)};
    for (let call = 0; call < 1000; call++) readWinHttpProxy();
    console.log(JSON.stringify(readWinHttpProxy() ?? null));`;
  await build({
    stdin: { contents, resolveDir: app, loader: 'ts' },
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
    external: ['koffi'],
  });
  await using wine = await openWine();
  const read = async (settings: string): Promise<unknown> => {
    const add = ['add', KEY, '/v', 'WinHttpSettings', '/t', 'REG_BINARY', '/d', settings, '/f'];
    assert.equal((await wine.run('reg', add)).code, 0);
    const { code, stdout, stderr } = await wine.run(node, [wine.toWindowsPath(program)]);
    assert.equal(code, 0, stderr);
    return JSON.parse(stdout);
  };
  const long = Array.from({ length: 300 }, (_, at) => `host${at}.corp.test`).join(';');
  for (const [proxy, bypass] of [
    ['http=proxy.test:3128;https=secure.test:3129', '<local>;*.corp.test'],
    ['proxy.test:8080', long],
  ] as const)
    assert.deepEqual(await read(settingsOf(3, proxy, bypass)), { proxy, bypass });
  assert.equal(await read(settingsOf(1, '', '')), null);
});
