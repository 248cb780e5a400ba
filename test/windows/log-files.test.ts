// Log files on the file system of Windows: the tests of the reader run by the Windows build of Node under Wine.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { windowsBuild } from '../../scripts/lib/windows-build.ts';
import { openWine, whyNoWine } from '../../scripts/lib/wine.ts';

const skip = await whyNoWine();
const TIMEOUT_MS = 240_000;

/** They rename, delete and truncate files while these are followed: that needs the share modes of the reader. */
const files = ['file-reader', 'docker-format', 'encodings', 'w3c'];

/** Those with many files or lines take minutes. */
const OPTIONS = ['--test-reporter=tap', '--test-skip-pattern=/500 containers|limited number/'];

test('files are followed, renamed, deleted and truncated under Wine', { skip, timeout: TIMEOUT_MS }, async (t) => {
  await using wine = await openWine();
  const { node } = await windowsBuild();
  for (const file of files) {
    await t.test(`${file}.test.ts passes`, async () => {
      const path = wine.toWindowsPath(`${import.meta.dirname}/../sources/log-files/${file}.test.ts`);
      const { code, stdout, stderr } = await wine.run(node, [...OPTIONS, path], { timeoutMs: 120_000 });
      assert.equal(code, 0, `${stdout}\n${stderr}`);
      assert.match(stdout, /^# pass [1-9]/m);
      assert.match(stdout, /^# fail 0$/m);
    });
  }
});
