// Upgrade of older tapes, with a schema 0 that exists only in these tests.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Upgrader, upgradeChain } from '../../../src/sources/tape/upgrade.ts';
import { aHeader, observation } from '../../helpers/observations.ts';
import { endLine, HEADER_LINE, readAll, SYSTEM_LINE, tapeText } from './support.ts';

/** Schema 0 has `uptimeSeconds`, and `version` in the header; the upgrader throws on a line without them. */
const fromZero: Upgrader = (line) => {
  if (line.tape !== undefined) return { ...line, agentVersion: line.version };
  if (line.kind !== 'system') return line;
  const { uptimeSeconds } = line.data as { uptimeSeconds: number };
  return { ...line, data: { uptimeMs: uptimeSeconds * 1000 } };
};

const OLD_HEADER = HEADER_LINE.replace('"schema":1', '"schema":0').replace('agentVersion', 'version');
const OLD_SYSTEM = SYSTEM_LINE.replace('"uptimeMs":3600000', '"uptimeSeconds":3600');

describe('an older tape', () => {
  it('is upgraded line by line', async () => {
    const text = tapeText(OLD_HEADER, OLD_SYSTEM, endLine(1));
    const { header, observations, error } = await readAll(text, { upgraders: new Map([[0, fromZero]]) });
    assert.equal(error, undefined);
    assert.deepEqual(header, aHeader());
    assert.deepEqual(observations, [observation('system', { uptimeMs: 3_600_000 })]);
  });

  it('is reported as damaged where the upgrader throws', async () => {
    const text = tapeText(OLD_HEADER, OLD_SYSTEM, OLD_SYSTEM.replace('"data"', '"none"'), endLine(2));
    const { observations, error } = await readAll(text, { upgraders: new Map([[0, fromZero]]) });
    assert.equal(observations.length, 1);
    assert.match(error?.message ?? '', /damaged: the line is not one that can be upgraded at line 3/);
  });
});

describe('the chain', () => {
  const add =
    (name: string): Upgrader =>
    (line) => ({ steps: `${line.steps ?? ''}${name}` });
  const table = new Map([
    [1, add('b')],
    [2, add('c')],
    [3, add('d')],
  ]);

  it('applies the upgraders in order', () => {
    assert.deepEqual(upgradeChain('f', 1, 4, table)({}), { steps: 'bcd' });
    assert.deepEqual(upgradeChain('f', 3, 4, table)({}), { steps: 'd' });
    assert.deepEqual(upgradeChain('f', 4, 4, table)({}), {});
  });

  it('refuses a gap, a newer schema, and a schema before the first upgrader', () => {
    for (const schema of [0, 5]) {
      assert.throws(() => upgradeChain('f', schema, 4, table), {
        code: 'TAPE_SCHEMA',
        message: `tape f has schema ${schema}, this agent reads up to 4`,
      });
    }
  });
});
