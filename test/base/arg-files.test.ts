// `@FILE` on a command line: what it stands for, and its bounds.
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
  it('stand for their lines, one argument a line, in place', () => {
    const files = { 'a.txt': '--listen\r\n127.0.0.1:1\n--api-key=two words\n' };
    assert.deepEqual(expandArgFiles(['run', '@a.txt', '--loop'], reader(files)), [
      'run',
      '--listen',
      '127.0.0.1:1',
      '--api-key=two words',
      '--loop',
    ]);
  });

  it('may name others; comments and empty lines are none', () => {
    const files = { a: '\uFEFF# ours\n--loop\n\n@b\nlast', b: '--speed=max' };
    assert.deepEqual(expandArgFiles(['@a'], reader(files)), ['--loop', '--speed=max', 'last']);
  });

  it('end at --, also one in a file', () => {
    assert.deepEqual(expandArgFiles(['--', '@a'], reader({})), ['--', '@a']);
    assert.deepEqual(expandArgFiles(['@a', '@b'], reader({ a: '--\n@c' })), ['--', '@c', '@b']);
  });

  it('leave @ alone and in the middle of an argument', () =>
    assert.deepEqual(expandArgFiles(['@', 'user@host', '--x=@a'], reader({})), ['@', 'user@host', '--x=@a']));

  it('say which one cannot be read', () =>
    assert.throws(() => expandArgFiles(['@gone'], reader({})), usage(/@gone .*no file gone/)));

  it('are nested at most ten deep', () => {
    const chain = Object.fromEntries(Array.from({ length: 11 }, (_, index) => [`${index}`, `@${index + 1}`]));
    assert.deepEqual(expandArgFiles(['@0'], reader({ ...chain, 9: 'end' })), ['end']);
    assert.throws(() => expandArgFiles(['@0'], reader({ ...chain, 10: 'end' })), usage(/nested/));
    assert.throws(() => expandArgFiles(['@a'], reader({ a: '@a' })), usage(/nested/));
  });

  it('are at most 1 MiB large', () => {
    assert.equal(expandArgFiles(['@a'], reader({ a: 'x'.repeat(1_048_576) })).length, 1);
    assert.throws(() => expandArgFiles(['@a'], reader({ a: 'x'.repeat(1_048_577) })), usage(/@a .*larger/));
  });

  it('cannot multiply without end', () => {
    const files = { a: '@b\n'.repeat(1000), b: '@c\n'.repeat(1000), c: 'x\n'.repeat(1000) };
    assert.throws(() => expandArgFiles(['@a'], reader(files)), usage(/more than/));
  });
});
