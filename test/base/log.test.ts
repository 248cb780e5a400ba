// The log on a console.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';

/** What the statements print to standard error by a logger of the foreground. */
function logged(statements: string): string {
  const program = `import { createLogger } from './src/base/log.ts';
    const logger = await createLogger({ level: 'info', console: true, colour: false });
    ${statements}`;
  const { stderr, stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' });
  assert.equal(stdout, '');
  return stderr;
}

test('makes unsafe characters in messages, fields and errors visible on a console', () => {
  const text = logged(String.raw`
    logger.info('a\u202eb\u001b[2Jc\nINFO: forged');
    logger.warn({ part: 'd\u009be', nested: { list: ['f\u200bg'] } }, 'fields');
    logger.error({ err: new Error('h\u2066i\u001b]0;title\u0007') }, 'failed');
  `);
  assert.ok(!/[\p{Cc}\p{Cf}]/u.test(text.replaceAll('\n', '')), JSON.stringify(text));
  for (const shown of ['a<U+202E>b␛[2Jc␊INFO: forged', 'd<U+009B>e', 'f<U+200B>g', 'h<U+2066>i␛]0;title␇'])
    assert.ok(text.includes(shown), `${shown} in ${text}`);
  // The stack keeps its lines.
  assert.match(text, /\n\s+at /);
});
