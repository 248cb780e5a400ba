// The page lists under Wine: refused by a double unless the agent has enabled the privilege in its real token.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { whyNoCompiler } from '../../scripts/lib/mingw.ts';
import { openWine, whyNoWine } from '../../scripts/lib/wine.ts';
import { startWineAgent } from '../helpers/wine-agent.ts';
import { useDoubles } from './doubles/doubles.ts';

const skip = (await whyNoWine()) || (await whyNoCompiler());
const PAGE_BYTES = 4096;

test('the privilege for page lists under Wine', { skip }, async (t) => {
  await using wine = await openWine();
  const doubles = await useDoubles(wine, ['pageLists', 'privileges']);
  /** Memory of the node, and what is missing of it. */
  const memoryWith = async (adjust: string) => {
    const env = { ...doubles.env, COROOT_TEST_PAGE_LISTS: '1000 2000', COROOT_TEST_ADJUST: adjust };
    const agent = await startWineAgent(wine, { ...doubles, env });
    const { memory } = await agent.client.node();
    const { missing } = await agent.client.status();
    assert.equal((await agent.stop()).code, 0);
    return { memory, missing: missing.find(({ part }) => part === 'exact free and cached memory') };
  };

  await t.test('is held disabled, is enabled by the agent, and the lists are exact', async () => {
    const { memory, missing } = await memoryWith('');
    assert.deepEqual(
      [memory.source, memory.freeBytes, memory.cachedBytes, missing],
      ['page lists', 1000 * PAGE_BYTES, 2000 * PAGE_BYTES, undefined],
    );
  });

  await t.test('that is not held is named as the missing right', async () => {
    const { memory, missing } = await memoryWith('not-held');
    assert.equal(memory.source, 'system cache');
    assert.match(missing!.reason, /a privilege is not held/);
    assert.match(missing!.requiredRight, /^SeProfileSingleProcessPrivilege/);
  });

  await t.test('that is held but cannot be enabled is reported with the reason', async () => {
    const { memory, missing } = await memoryWith('denied');
    assert.equal(memory.source, 'system cache');
    assert.equal(
      missing!.reason,
      'SeProfileSingleProcessPrivilege is held but could not be enabled (AdjustTokenPrivileges: access denied (5))',
    );
    assert.match(missing!.requiredRight, /^TOKEN_ADJUST_PRIVILEGES/);
  });
});
