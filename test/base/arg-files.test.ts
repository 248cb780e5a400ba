// Expansion of `@FILE` arguments on a command line, and its limits.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { expandArgFiles } from '../../src/base/arg-files.ts';
import { AgentError } from '../../src/base/errors.ts';

const reader =
  (files: Record<string, string>) =>
  (path: string): string => {
    if (!(path in files)) throw new Error(`no file ${path}`);
    return files[path]!;
  };

const usage = (pattern: RegExp) => (error: unknown) =>
  error instanceof AgentError && error.code === 'USAGE' && error.exitCode === 2 && pattern.test(error.message);

describe('argument files', () => {
  it('are replaced by their lines, one argument a line', () => {
    const files = { 'a.txt': '--listen\r\n127.0.0.1:1\n--api-key=two words\n' };
    assert.deepEqual(expandArgFiles(['run', '@a.txt', '--loop'], reader(files)), [
      'run',
      '--listen',
      '127.0.0.1:1',
      '--api-key=two words',
      '--loop',
    ]);
  });

  it('may refer to other files; comments and empty lines are skipped', () => {
    const files = { a: '\uFEFF# ours\n--loop\n\n@b\nlast', b: '--speed=max' };
    assert.deepEqual(expandArgFiles(['@a'], reader(files)), ['--loop', '--speed=max', 'last']);
  });

  it('are not expanded after --, on the command line or within a file', () => {
    assert.deepEqual(expandArgFiles(['--', '@a'], reader({})), ['--', '@a']);
    assert.deepEqual(expandArgFiles(['@a', '@b'], reader({ a: '--\n@c' })), ['--', '@c', '@b']);
  });

  it('are not recognised for a single @ or an @ within an argument', () =>
    assert.deepEqual(expandArgFiles(['@', 'user@host', '--x=@a'], reader({})), ['@', 'user@host', '--x=@a']));

  it('are named in the error if they cannot be read', () =>
    assert.throws(() => expandArgFiles(['@gone'], reader({})), usage(/@gone .*no file gone/)));

  it('may be nested ten levels deep and not deeper', () => {
    const chain = Object.fromEntries(Array.from({ length: 11 }, (_, index) => [`${index}`, `@${index + 1}`]));
    assert.deepEqual(expandArgFiles(['@0'], reader({ ...chain, 9: 'end' })), ['end']);
    assert.throws(() => expandArgFiles(['@0'], reader({ ...chain, 10: 'end' })), usage(/nested/));
    assert.throws(() => expandArgFiles(['@a'], reader({ a: '@a' })), usage(/nested/));
  });

  it('may be 1 MiB large and not larger', () => {
    assert.equal(expandArgFiles(['@a'], reader({ a: 'x'.repeat(1_048_576) })).length, 1);
    assert.throws(() => expandArgFiles(['@a'], reader({ a: 'x'.repeat(1_048_577) })), usage(/@a .*larger/));
  });

  it('have a limit on the total number of arguments', () => {
    const files = { a: '@b\n'.repeat(1000), b: '@c\n'.repeat(1000), c: 'x\n'.repeat(1000) };
    assert.throws(() => expandArgFiles(['@a'], reader(files)), usage(/more than/));
  });
});
