// The encoder of remote write in Node for Windows, with the WebAssembly module of snappy beside the bundle.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { build as bundle } from 'esbuild';
import { copyBundleAssets } from '../../scripts/lib/bundle-assets.ts';
import { bundleOptions } from '../../scripts/lib/bundle-options.ts';
import { windowsBuild } from '../../scripts/lib/windows-build.ts';
import { openWine, whyNoWine } from '../../scripts/lib/wine.ts';
import { decodeWriteRequest, seriesText } from '../helpers/write-request.ts';

const skip = await whyNoWine();

test('the bundle encodes a pass under Wine', { skip }, async (t) => {
  await using wine = await openWine();
  const { node } = await windowsBuild();
  const folder = mkdtempSync('/tmp/coroot-agent-remote-write-');
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  await bundle({
    ...bundleOptions,
    entryPoints: { program: join(import.meta.dirname, 'remote-write', 'program.ts') },
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    define: { COROOT_BUNDLED: 'true' },
  });
  copyBundleAssets(folder);
  const { stdout, stderr } = await wine.run(node, [wine.toWindowsPath(join(folder, 'program.mjs'))]);
  const { timeseries } = decodeWriteRequest(Buffer.from(stdout, 'base64'));
  const own = 'instance="M1",job="coroot-node-agent"';
  assert.deepEqual(
    timeseries.map(seriesText),
    [
      `{__name__="things",folder="C:\\\\Windows",${own}} 2.5 @1764288000123`,
      `{__name__="things",folder="C:\\\\Müller",${own}} 2.5 @1764288000123`,
      `{__name__="up",${own}} 1 @1764288000123`,
    ],
    stderr,
  );
});
